// Bundles the published package: a file per entry point, and shared chunks, of which most are loaded when they are first used.
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'rolldown'
import { minifySync, parseSync, Visitor } from 'rolldown/utils'
import { thirdPartyLicenses, withoutPackages } from './licenses.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = join(ROOT, 'src') + sep

interface ModuleGraph {
  getModuleInfo(id: string): { isEntry: boolean; importedIds: readonly string[] } | null
}

/**
 * The server and what it shares with the library, the schemas and the commands are one file each, and so is the control API, which
 * is loaded when it is first used: a file less is a millisecond less at each start. What only commands, TLS, archives or the OpenAPI document need is left to the bundler.
 */
function chunkOf(id: string, graph: ModuleGraph): string | null {
  if (graph.getModuleInfo(id)?.isEntry) return null
  const isFor = (...paths: string[]) => paths.some(path => loadedBy(path, graph).has(id))
  // Without the native module, and loadable by any Node.js, which is how an older one can be refused.
  if (isFor('src/cli.ts', 'src/index.ts', 'src/package.ts')) return 'base'
  const isForServer = isFor('src/listen.ts', 'src/config.ts')
  const isForControl = isFor('src/control/index.ts', 'src/start.ts')
  if (isFor('schemas/index.ts')) return isForServer ? 'schemas' : 'more-schemas'
  if (!isForServer && !isForControl) return null
  return `${isFor('src/cli/index.ts') ? 'shared-' : ''}${isForServer ? 'server' : 'control'}`
}

const loaded = new Map<string, Set<string>>()

/** The module and everything that it imports statically. */
function loadedBy(path: string, graph: ModuleGraph): Set<string> {
  const known = loaded.get(path)
  if (known) return known
  const found = new Set<string>()
  const add = (id: string) => {
    if (found.has(id)) return
    found.add(id)
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) add(imported)
  }
  add(join(ROOT, path))
  loaded.set(path, found)
  return found
}

/**
 * `import … from 'node:http'` reads each of the exports of a module of Node.js, and some of them load other modules when they are
 * read, such as undici. The entry points keep their imports.
 */
const withoutUnusedExports: Plugin = {
  name: 'without-unused-exports',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk' && !chunk.isEntry) chunk.code = withBuiltInModules(chunk.code)
  },
}

/** The code, with modules of Node.js taken from the process instead of imported. */
function withBuiltInModules(code: string): string {
  let changed = code
  for (const node of parseSync('chunk.js', code).program.body.reverse())
    if (node.type === 'ImportDeclaration' && node.source.value.startsWith('node:'))
      changed = changed.slice(0, node.start) + constantsOf(node) + changed.slice(node.end)
  return changed
}

type Statement = ReturnType<typeof parseSync>['program']['body'][number]

/** Older versions of Node.js, which the program refuses, have no such function, and must be able to load the code that refuses them. */
function constantsOf({ source, specifiers }: Extract<Statement, { type: 'ImportDeclaration' }>): string {
  const module = `process.getBuiltinModule?.(${JSON.stringify(source.value)}) ?? {}`
  const constants = specifiers.map(({ local: { name }, ...specifier }) => {
    if (!('imported' in specifier)) return `const ${name} = ${module};`
    const { imported } = specifier
    return `const { ${'name' in imported ? imported.name : imported.value}: ${name} } = ${module};`
  })
  return constants.join(' ')
}

const LEFT_OUT = '\0left-out:'
const UNUSED = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request', 'pino']

/** Fastify requires these at its start, for options that the server does not use. They load TLS. */
const UNUSED_BUILT_IN = ['node:https', 'node:http2']
const EMPTY = '\0empty'

/** Fastify requires these only for options and methods that the server does not use (compilers, `inject`, a logger). */
const withoutUnused: Plugin = {
  name: 'without-unused',
  resolveId(id, importer) {
    if (UNUSED_BUILT_IN.includes(id) && importer?.includes('/node_modules/fastify/')) return EMPTY
    return UNUSED.includes(id) ? LEFT_OUT + id : null
  },
  load(id) {
    if (id === EMPTY) return 'module.exports = {}'
    return id.startsWith(LEFT_OUT)
      ? `throw new Error('the bundle does not contain ${id.slice(LEFT_OUT.length)}')`
      : null
  },
}

/**
 * V8 stores a file in twice the memory, and reads it more slowly, when one of its characters is not in Latin-1. In strings and in
 * templates without a tag, an escape is the same as the character.
 */
const inAscii: Plugin = {
  name: 'in-ascii',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunk.code = escaped(chunk.code)
  },
}

/** Throws where an escape would not be the same. */
function escaped(code: string): string {
  const tagged: { start: number; end: number }[] = []
  new Visitor({
    TaggedTemplateExpression({ quasi: { start, end } }) {
      tagged.push({ start, end })
    },
  }).visit(parseSync('chunk.js', code).program)
  return code.replace(/[\u0080-\uffff]/g, (unit, at: number) => {
    if (tagged.some(({ start, end }) => start < at && at < end))
      throw new Error(`escape "${unit}" in a tagged template`)
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Chunks that are mostly packages lose their white space. Others keep it, so that stack traces name lines. */
const withoutWhitespace: Plugin = {
  name: 'without-whitespace',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || packageShare(chunk.modules) < 0.9) continue
      const options = { compress: false, mangle: false, codegen: { removeWhitespace: true } }
      chunk.code = minifySync(chunk.fileName, chunk.code, options).code
    }
  },
}

/** The share of a chunk's code that comes from packages. */
function packageShare(modules: Readonly<Record<string, { renderedLength: number }>>): number {
  const lengthOf = (entries: [string, { renderedLength: number }][]) =>
    entries.reduce((sum, [, { renderedLength }]) => sum + renderedLength, 0)
  const all = Object.entries(modules)
  return lengthOf(all.filter(([id]) => id.includes('/node_modules/'))) / lengthOf(all)
}

/** A package that a source requires when it is first needed is bundled, too, and still runs only then. */
const bundledRequire: Plugin = {
  name: 'bundled-require',
  transform(code, id) {
    if (!id.startsWith(SOURCES) || !code.includes('createRequire(')) return null
    const bundled = code.replace(/^const require = createRequire\(import\.meta\.url\)$/m, '')
    if (bundled === code) this.error(`${id} has to say: const require = createRequire(import.meta.url)`)
    return bundled
  },
}

const WORKERS = { 'key-worker': 'src/apis/dscloud/archive/key-worker.ts' }

/** The file of a worker thread is bundled, too, and lies beside the chunk that starts the thread. */
const bundledWorker: Plugin = {
  name: 'bundled-worker',
  transform(code, id) {
    if (!id.startsWith(SOURCES)) return null
    return code.replace(/(?<=new URL\('\.\/)([\w-]+)\.ts(?=', import\.meta\.url\))/g, (_, name: string) => {
      if (!Object.keys(WORKERS).includes(name)) this.error(`${id} starts ${name}.ts, which is not in WORKERS`)
      return `${name}.js`
    })
  },
}

const toPackage = defineConfig({
  input: {
    cli: 'src/cli.ts',
    index: 'src/index.ts',
    schemas: 'schemas/index.ts',
    tap: 'src/testing/tap.ts',
    'node-test': 'src/testing/node-test.ts',
    vitest: 'src/testing/vitest.ts',
    jest: 'src/testing/jest.ts',
  },
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  // A native module cannot be bundled; the environment of a Jest test extends a class of the Jest that runs it.
  external: ['better-sqlite3', 'jest-environment-node'],
  checks: { ineffectiveDynamicImport: false },
  plugins: [
    withoutUnused,
    bundledRequire,
    bundledWorker,
    withoutUnusedExports,
    withoutWhitespace,
    inAscii,
    thirdPartyLicenses(),
  ],
  output: {
    dir: 'dist',
    cleanDir: true,
    chunkFileNames: 'chunks/[name]-[hash].js',
    comments: false,
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: chunkOf, debugName: 'by use' }] },
  },
})

/** Each is one file that shares none with the server, because a thread would load all of a shared file. */
const toWorkers = defineConfig({
  input: WORKERS,
  platform: 'node',
  plugins: [inAscii, withoutPackages()],
  output: { dir: 'dist/chunks', comments: false, codeSplitting: false },
})

export default [toPackage, toWorkers]
