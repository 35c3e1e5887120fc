// Builds the console, which a browser loads, into dist/console: one script, one style sheet, the page and the icon.
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = join(ROOT, 'src/console')
const BUILT = join(ROOT, 'dist/console')
const FILES = ['index.html', 'icon.svg']

/** In the folder and below it, in an order that does not depend on the file system. */
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => join(folder, name))

/** Undefined if there is no such file. */
const changedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs

/** A file that was removed changes the time of its folder. */
function isCurrent(): boolean {
  const builtAt = changedAt(join(BUILT, 'app.js'))
  if (builtAt === undefined) return false
  const sources = [...filesIn(SOURCES), fileURLToPath(import.meta.url), join(ROOT, 'package-lock.json')]
  return sources.every(path => (changedAt(path) ?? 0) < builtAt)
}

/** Each file uses a cascade layer, so that their order does not matter. */
function styleSheet(): string {
  const paths = filesIn(SOURCES).filter(path => path.endsWith('.css'))
  return ['@layer base, components, views;\n', ...paths.map(path => readFileSync(path, 'utf8'))].join('\n')
}

async function build(): Promise<void> {
  const { build: bundle } = await import('rolldown')
  const { thirdPartyLicenses } = await import('./licenses.ts')
  mkdirSync(BUILT, { recursive: true })
  for (const name of FILES) cpSync(join(SOURCES, name), join(BUILT, name))
  writeFileSync(join(BUILT, 'app.css'), styleSheet())
  // The last one, because isCurrent() looks at it.
  await bundle({
    cwd: ROOT,
    input: { app: join(SOURCES, 'main.tsx') },
    platform: 'browser',
    tsconfig: join(SOURCES, 'tsconfig.json'),
    plugins: [thirdPartyLicenses()],
    output: { dir: BUILT, format: 'esm', minify: true, comments: false },
  })
}

if (!process.argv.includes('--if-changed') || !isCurrent()) await build()
