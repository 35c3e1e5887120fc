// The architecture: who may import whom, what may be used where, and that two servers in one process share no state.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BIOME = join(ROOT, 'node_modules/.bin/biome')

/** The lines that Biome reports, as `path:line`. */
function lintedLines(cwd: string): Set<string> {
  const args = ['lint', '--reporter=github', '--max-diagnostics=none', 'src', 'schemas']
  const { status, stdout, stderr } = spawnSync(BIOME, args, { cwd, encoding: 'utf8' })
  if (status !== 0 && !stdout) throw new Error(`Biome did not run: ${stderr}`)
  const found = stdout.matchAll(/^::\w+ title=([^,]+),file=([^,]+),line=(\d+)/gm)
  return new Set([...found].map(([, , file, line]) => `${(file as string).replace(`${cwd}/`, '')}:${line}`))
}

/** What the rules of biome.jsonc and lint/ refuse, and what looks similar and is fine: one line each. `npm run lint` applies them. */
const SAMPLES: Record<string, { refused?: string[]; allowed?: string[] }> = {
  'schemas/a9s.ts': {
    refused: [
      "import '../src/http/errors.ts'",
      "import '../fixtures/a9s.json'",
      "import 'node:fs'",
      'export const x: any = 1',
      'export const x = y as any',
    ],
    allowed: ["import '@sinclair/typebox/value'", "import './strict.ts'"],
  },
  'schemas/control/clock.ts': { refused: ["import '../../src/http/errors.ts'"], allowed: ["import '../strict.ts'"] },
  'src/apis/a9s/service.ts': {
    refused: [
      "import '../dscloud/service.ts'",
      "import '../arcgis/state/x.ts'",
      "import '../index.ts'",
      "import '../options.ts'",
      "import './index.ts'",
      "import './routes.ts'",
      "import './routes/x.ts'",
      "import '../../control/index.ts'",
      "import '../../config.ts'",
      "import '../../server.ts'",
      "await import('../../server.ts')",
      "await import('../../server.ts', { with: {} })",
      "export * from '../../server.ts'",
      "export type Config = import('../../config.ts').Config",
      "import type { A } from '../../control/index.ts'",
      "import 'better-sqlite3'",
      "import 'node:timers'",
      'export const id = Math.random()',
    ],
    allowed: [
      "import '../api.ts'",
      "import '../../option.ts'",
      "import '../../http/scope.ts'",
      "import '../../sandbox/jobs/jobs.ts'",
      "import '../../../schemas/a9s.ts'",
      "import './state.ts'",
      "import 'fastify'",
    ],
  },
  'src/apis/a9s/state.ts': {
    refused: ["import './service.ts'", "import './routes.ts'", "import './service/backups.ts'"],
    allowed: ["import './errors.ts'"],
  },
  'src/apis/a9s/state/tokens.ts': {
    refused: ["import '../service.ts'", "import '../index.ts'", "import '../../dscloud/state.ts'"],
    allowed: ["import '../errors.ts'", "import './keys.ts'"],
  },
  'src/apis/a9s/routes/x.ts': {
    refused: ["import '../../../server.ts'", "import '../../index.ts'"],
    allowed: ["import './index.ts'", "import '../../../http/scope.ts'", "import '../pages/index.ts'"],
  },
  'src/apis/a9s/index.ts': {
    refused: ["import '../../../fixtures/dscloud.json' with { type: 'json' }"],
    allowed: ["export { default } from '../../../fixtures/a9s.json' with { type: 'json' }"],
  },
  'src/apis/index.ts': { refused: ["import './a9s/service.ts'"], allowed: ["import './a9s/index.ts'"] },
  'src/apis/options.ts': { refused: ["import './a9s/index.ts'"], allowed: ["import './a9s/options.ts'"] },
  'src/apis/api.ts': { refused: ["import './a9s/index.ts'"], allowed: ["import '../http/scope.ts'"] },
  'src/apis/other.ts': { refused: ["import './a9s/index.ts'"] },
  'src/sandbox/store.ts': {
    refused: [
      "import 'fastify'",
      "import '../http/mount.ts'",
      "import '../archives/zip.ts'",
      "import '../config.ts'",
      "import '../index.ts'",
      "import '../../schemas/a9s.ts'",
      'await import(name)',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the sample is a template.
      'await import(`./${name}.ts`)',
    ],
    allowed: ["import 'better-sqlite3'", "import '../../schemas/strict.ts'"],
  },
  'src/sandbox/jobs/jobs.ts': {
    refused: [
      "import '../../http/journal/hooks.ts'",
      "import '../../server.ts'",
      "import '../../index.ts'",
      'export const now = Date.now()',
      'export const now = new Date()',
      'export const now = new Date',
      'export const now = Date()',
      'export const id = randomUUID()',
      'export const id = crypto.randomUUID()',
    ],
    allowed: ["import '../journal/journal.ts'", "import './index.ts'", 'export const at = new Date(instant)'],
  },
  'src/sandbox/clock/clock.ts': { allowed: ['Date.now(); new Date(); setTimeout(f)'] },
  'src/sandbox/random.ts': { allowed: ['randomBytes(1)'] },
  'src/archives/zip.ts': {
    refused: ["import '../sandbox/ids.ts'", "import 'fastify'", 'export const iv = randomBytes(16)'],
    allowed: ["import '../sandbox/random.ts'", "import 'node:timers/promises'"],
  },
  'src/http/mount.ts': {
    refused: [
      "import '../config.ts'",
      "import '../apis/api.ts'",
      "import '../control/faults/faults.ts'",
      "import '../../schemas/a9s.ts'",
    ],
    allowed: ["import '../sandbox/jobs/jobs.ts'", "import './faults/hooks.ts'"],
  },
  'src/http/faults/kinds/x.ts': {
    refused: ["import '../../../apis/api.ts'", "import '../../../server.ts'", "import '../../../server-hooks.ts'"],
    allowed: ["import '../../../sandbox/ids.ts'", "import '../../journal/hooks.ts'", "import './index.ts'"],
  },
  'src/control/index.ts': { refused: ["import '../apis/a9s/index.ts'", "import '../apis/index.ts'"] },
  'src/control/clock/clock.ts': {
    refused: ["import 'fastify'", "import '../../apis/a9s/state.ts'", "import '../../cli/flags.ts'"],
    allowed: ["import '../../apis/api.ts'", "import '../server/server.ts'", "import '../index.ts'"],
  },
  'src/console/state/clock.ts': {
    refused: [
      "import '../../../schemas/control.ts'",
      "import { Clock } from '../../../schemas/control.ts'",
      "import '../../server.ts'",
      "import '../../sandbox/ids.ts'",
      "import '../../http/negotiate.ts'",
      "import 'fastify'",
      "import 'node:fs'",
      'element.innerHTML = text',
      "element.insertAdjacentHTML('beforeend', text)",
      'export const now = Date.now()',
    ],
    allowed: [
      "import type { Job } from '../../../schemas/control.ts'; export const job = {} as Job",
      "import type { getClock } from '../../control/clock/operations.ts'; export const row = {} as getClock",
      "import '../components/button.tsx'",
      "import '../app.tsx'",
      "import './url.ts'",
      "import 'preact/hooks'",
      "import '@preact/signals'",
      'setTimeout(retry, 5)',
    ],
  },
  'src/console/app.tsx': {
    refused: [
      "import '../server.ts'",
      "import '../http/negotiate.ts'",
      'export const shown = <p dangerouslySetInnerHTML={{ __html: text }} />',
    ],
    allowed: ["import './views/index.ts'"],
  },
  'src/docs/main.ts': {
    refused: ["import '../server.ts'", "import '../../schemas/a9s.ts'", "import 'fastify'", 'element.innerHTML = text'],
    allowed: ["import './settings.ts'"],
  },
  'src/console/views/timeline/chart/axis.tsx': {
    refused: ["import '../../../../sandbox/ids.ts'", "import '../../../http/html.ts'"],
    allowed: ["import '../layout/scale.ts'", "import '../window.ts'", "import '../../../state/url.ts'"],
  },
  'src/cli/clock.ts': { refused: ["import '../sandbox/ids.ts'", "import '../apis/index.ts'", "import 'fastify'"] },
  'src/certify/run.ts': {
    refused: ["import '../sandbox/registry.ts'", "import '../start.ts'", "import '../control/drills/drills.ts'"],
    allowed: ["import 'node:child_process'", "import '../control/methods.ts'"],
  },
  'src/testing/tap.ts': { refused: ["import '../start.ts'", "import 'tap'"], allowed: ["import '../index.ts'"] },
  'src/server.ts': {
    refused: [
      "import './index.ts'",
      "import './apis/a9s/index.ts'",
      'setTimeout(work, 5)',
      'performance.now()',
      'process.hrtime.bigint()',
      "import 'node:timers/promises'",
      'process.env.PORT',
      'console.log(1)',
    ],
    allowed: [
      '// console.log(new Date()) in a comment, with any Math.random',
      "export const text = 'Date.now(), process.exit and any'",
      'export const pattern = /console.log\\/* "\' [/] any/g',
      'export const at = new Date(instant), all = Promise.any(some)',
      'export const where = import.meta.url',
    ],
  },
  'src/server-hooks.ts': { refused: ["import './start.ts'"], allowed: ["import './server-urls.ts'"] },
  'src/index.ts': {
    refused: ["import './cli.ts'", 'process.exit(1)', 'process.stderr.write("x")'],
    allowed: ["await import('./start.ts')"],
  },
  'src/start.ts': { refused: ["import './index.ts'"] },
  'src/listen.ts': { refused: ["import './index.ts'", "import './cli/exec.ts'"] },
  'src/openapi.ts': { refused: ["import './start.ts'"] },
  'src/fixtures.ts': { refused: ["import './server.ts'"] },
  'src/option.ts': { refused: ["import './config.ts'"] },
  'src/tls.ts': { refused: ["import './server.ts'"], allowed: ["import './http/tls/authority.ts'"] },
  'src/variables.ts': { refused: ["import './config.ts'"] },
  'src/package.ts': { refused: ["import './config.ts'"] },
  'src/node-version.ts': { refused: ["import './config.ts'"] },
  'src/config.ts': { refused: ["import './server.ts'"], allowed: ['export const env = process.env'] },
  'src/cli.ts': {
    refused: ["import './server.ts'"],
    allowed: ["process.exit(1); console.error('x'); await import('./listen.ts')"],
  },
  'src/other.ts': { refused: ["import './config.ts'"] },
  'src/other/x.ts': { refused: ["import '../config.ts'"] },
}

t.test('the linter refuses what the architecture does not allow', async t => {
  const folder = t.testdir({})
  for (const name of ['biome.jsonc', 'lint']) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  const config = readFileSync(join(folder, 'biome.jsonc'), 'utf8').replace(
    '"vcs": { "enabled": true',
    '"vcs": { "enabled": false',
  )
  writeFileSync(join(folder, 'biome.jsonc'), config)
  const lines = Object.entries(SAMPLES).flatMap(([path, { refused = [], allowed = [] }]) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${[...refused, ...allowed].join('\n')}\n`)
    return [...refused, ...allowed].map((text, index) => ({
      text: `${path}: ${text}`,
      place: `${path}:${index + 1}`,
      isRefused: index < refused.length,
    }))
  })
  const reported = lintedLines(folder)
  for (const { text, place, isRefused } of lines) t.equal(reported.has(place), isRefused, text)
})

interface SourceFile {
  path: string
  source: string
}

/** Rules that the linter cannot state. Top-level code is recognized by its lack of indentation, which the formatter sees to. */
const TEXT_RULES: { what: string; pattern: RegExp; except?: RegExp }[] = [
  { what: 'open work', pattern: /(?:\/\/|\/?\*).*\b(?:TODO|FIXME|XXX|HACK)\b/ },
  { what: 'a suppressed rule', pattern: /(?:\/\/|\/?\*).*(?:@ts-|biome-ignore|eslint-|c8 ignore|v8 ignore)/ },
  {
    what: 'SQL',
    pattern:
      /^(?!\s*(?:\/\/|\/?\*)).*\b(?:SELECT|INSERT (?:OR \w+ )?INTO|UPDATE \S+ SET|DELETE FROM|(?:CREATE|DROP|ALTER) (?:UNIQUE )?(?:TABLE|INDEX|VIEW|TRIGGER)|PRAGMA|(?:ORDER|GROUP) BY)\b/,
    except: /^src\/(?:sandbox\/|apis\/[^/]+\/state(?:\.ts$|\/))/,
  },
  { what: 'a variable at the top level', pattern: /^(?:export )?(?:let|var) / },
  {
    what: 'a cache at the top level',
    // A WeakMap or WeakSet is fine: its keys belong to one server, as requests and sandboxes do.
    // The adapter for Jest has one server per process, and a page of the console shows one server.
    except: /^src\/(?:testing\/jest\.ts$|console\/)/,
    pattern: /^(?:export )?const [^=]+= (?:memoizeLast\(|new (?:Map|Set|LRUCache|Array)\b[^(]*\(\s*\)|new LRUCache\b)/,
  },
]

function sourceFiles(): SourceFile[] {
  const paths = ['src', 'schemas'].flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)),
  )
  return paths
    .filter(path => /\.tsx?$/.test(path))
    .map(path => ({ path, source: readFileSync(join(ROOT, path), 'utf8') }))
}

function problemsOf({ path, source }: SourceFile): string[] {
  const lines = source.replace(/^#!.*\n/, '').split('\n')
  const isDescribed = /^\/\/ \S.*[.?!]$/.test(lines[0] ?? '')
  return [
    ...(isDescribed ? [] : [`${path}: does not begin with a sentence that says what it is for`]),
    ...lines.flatMap(line =>
      TEXT_RULES.filter(({ pattern, except }) => pattern.test(line) && !except?.test(path)).map(
        ({ what }) => `${path}: ${what}: ${line}`,
      ),
    ),
  ]
}

t.test('files begin with what they are for, leave no work open and keep no state outside of a server', async t => {
  const files = sourceFiles()
  t.ok(files.length > 50, `${files.length} files were read`)
  t.same(files.flatMap(problemsOf), [])
})

t.test('the rules on text can be broken', async t => {
  const problems = [
    '// TODO: later',
    '/* FIXME */',
    '// @ts-expect-error: x',
    '// biome-ignore lint: x',
    'let count = 0',
    'export let count = 0',
    'const cache = new Map<string, number>()',
    'export const names: Set<string> = new Set()',
    'const cache = new LRUCache<string, string>({ max: 5 })',
    'const origin = memoizeLast((host: string) => host)',
    "get('SELECT * FROM job')",
    "  'DELETE FROM job'",
    '  run(`UPDATE ${' + 'table} SET x = 1`)',
    '   ORDER BY id`',
  ]
  for (const line of problems) {
    t.equal(problemsOf({ path: 'src/x.ts', source: `// A file.\n${line}\n` }).length, 1, line)
  }
  t.same(problemsOf({ path: 'src/apis/a9s/state.ts', source: "// A file.\nget('SELECT * FROM job')\n" }), [])
  const fine = [
    "const text = 'please select what comes from here and update it'",
    '  // SELECT in a comment',
    '  let count = 0',
    "const NAMES: ReadonlySet<string> = new Set(['a'])",
    'const keys = new WeakMap<Sandbox, string>()',
  ]
  for (const line of fine) t.same(problemsOf({ path: 'src/x.ts', source: `// A file.\n${line}\n` }), [], line)
  for (const source of ['const x = 1\n', '\n// Late.\n', '//\n', '// no end\n', '']) {
    t.match(problemsOf({ path: 'src/x.ts', source }), [/does not begin/], JSON.stringify(source))
  }
  t.same(problemsOf({ path: 'src/cli.ts', source: '#!/usr/bin/env node\n// The command line.\n' }), [])
})
