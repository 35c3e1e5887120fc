// Builds the console, which a browser loads, into dist/console: one script, one style sheet, the page and the icon.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn, isCurrent } from './is-current.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = join(ROOT, 'src/console')
const BUILT = join(ROOT, 'dist/console')
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

const sources = [...filesIn(SOURCES), fileURLToPath(import.meta.url), join(ROOT, 'package-lock.json')]
if (!process.argv.includes('--if-changed') || !isCurrent(join(BUILT, 'app.js'), sources)) await build()
