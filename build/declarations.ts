// Part of the build: writes the type declarations that the package's entry points need to dist/types, and no others.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }

const TYPES = 'dist/types'
const folder = mkdtempSync(join(tmpdir(), 'firedrill-declarations-'))
try {
  execFileSync('tsc', ['-p', 'tsconfig.build.json', '--outDir', folder], { stdio: 'inherit' })
  const needed = new Set<string>()
  for (const entry of Object.values(packageJson.exports)) {
    if (typeof entry === 'object') need(join(folder, relative(TYPES, entry.types)), needed)
  }
  for (const path of needed) cpSync(path, join(TYPES, relative(folder, path)))
} finally {
  rmSync(folder, { recursive: true })
}

function need(path: string, needed: Set<string>): void {
  if (needed.has(path)) return
  needed.add(path)
  // Declarations name their imports as the sources do: with the extension .ts, which stands for .d.ts.
  for (const [, imported = ''] of readFileSync(path, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]*)\.ts['"]/g)) {
    need(`${join(dirname(path), imported)}.d.ts`, needed)
  }
}
