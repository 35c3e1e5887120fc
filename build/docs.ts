// Builds the page at /docs, which a browser loads, into dist/docs: its script and style, and Swagger UI, which is stored compressed.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeCompressed } from './compressed.ts'
import { filesIn, isCurrent } from './is-current.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = join(ROOT, 'src/docs')
const BUILT = join(ROOT, 'dist/docs')
const SWAGGER_UI = join(ROOT, 'node_modules/swagger-ui-dist')

const swaggerUi = (name: string) => readFileSync(join(SWAGGER_UI, name))

async function build(): Promise<void> {
  const { build: bundle } = await import('rolldown')
  const { withoutPackages } = await import('./licenses.ts')
  mkdirSync(BUILT, { recursive: true })
  for (const name of ['index.html', 'docs.css']) copyFileSync(join(SOURCES, name), join(BUILT, name))
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css']) writeCompressed(join(BUILT, name), swaggerUi(name))
  const licenses = ['NOTICE', 'LICENSE', 'swagger-ui-bundle.js.LICENSE.txt'].map(name => `${swaggerUi(name)}`.trim())
  writeFileSync(join(BUILT, 'THIRD-PARTY-LICENSES'), `${licenses.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`)
  // The last one, because isCurrent() looks at it.
  await bundle({
    cwd: ROOT,
    input: { docs: join(SOURCES, 'main.ts') },
    platform: 'browser',
    tsconfig: join(SOURCES, 'tsconfig.json'),
    plugins: [withoutPackages()],
    output: { dir: BUILT, format: 'esm', minify: true, comments: false },
  })
}

const sources = [...filesIn(SOURCES), fileURLToPath(import.meta.url), join(ROOT, 'package-lock.json')]
if (!process.argv.includes('--if-changed') || !isCurrent(join(BUILT, 'docs.js'), sources)) await build()
