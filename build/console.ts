// Builds the console, which a browser loads, into dist/console: one script and one style sheet, compressed, the page and the icon.
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeCompressed } from './compressed.ts'
import { filesIn, isCurrent } from './is-current.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = join(ROOT, 'src/console')
const BUILT = join(ROOT, 'dist/console')
const SCRIPT = join(BUILT, 'app.js')
const FILES = ['index.html', 'icon.svg']

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
  writeCompressed(join(BUILT, 'app.css'), styleSheet())
  await bundle({
    cwd: ROOT,
    input: { app: join(SOURCES, 'main.tsx') },
    platform: 'browser',
    tsconfig: join(SOURCES, 'tsconfig.json'),
    plugins: [thirdPartyLicenses()],
    output: { dir: BUILT, format: 'esm', minify: true, comments: false },
  })
  // The last one, because isCurrent() looks at it.
  writeCompressed(SCRIPT, readFileSync(SCRIPT))
}

const sources = [...filesIn(SOURCES), fileURLToPath(import.meta.url), join(ROOT, 'package-lock.json')]
if (!process.argv.includes('--if-changed') || !isCurrent(`${SCRIPT}.gz`, sources)) await build()
