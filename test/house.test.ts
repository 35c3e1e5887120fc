// The rules of the house, read off its files: who may know whom, and what may be used where.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { importsOf, type Token, tokenize } from './source.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface SourceFile {
  /** From the root of the repository. */
  path: string
  source: string
  tokens: Token[]
}

interface Neighbours {
  /** Whom files that match may import besides their own folder: folders end in a slash. `{room}` is the file's own room. */
  local: readonly string[]
  /** Which packages; `node:` is all that Node brings. */
  packages: readonly string[]
}

/** The first that matches a file's path holds for it. */
const NEIGHBOURS: [RegExp, Neighbours][] = [
  [/^schemas\//, { local: [], packages: ['@sinclair/typebox'] }],
  [
    /^src\/(sandbox|archives)\//,
    {
      local: [
        'schemas/literals.ts',
        'schemas/outcome.ts',
        'schemas/patterns.ts',
        'schemas/strict.ts',
        'src/sandbox/random.ts',
      ],
      packages: ['node:', 'better-sqlite3', 'archiver', 'cookie', 'lru-cache', 're2js', '@sinclair/typebox'],
    },
  ],
  [
    /^src\/http\//,
    {
      local: ['src/sandbox/', 'src/archives/', 'schemas/literals.ts', 'schemas/secret.ts', 'schemas/strict.ts'],
      packages: [
        'node:',
        'fastify',
        '@fastify/swagger',
        '@sinclair/typebox',
        'fastest-levenshtein',
        'ghtml',
        'negotiator',
      ],
    },
  ],
  [/^src\/apis\/index\.ts$/, { local: ['src/apis/*/index.ts', 'src/apis/api.ts'], packages: [] }],
  [
    /^src\/apis\/api\.ts$/,
    { local: ['src/option.ts', 'src/sandbox/', 'src/archives/', 'src/http/'], packages: ['fastify'] },
  ],
  [/^src\/apis\/options\.ts$/, { local: ['src/apis/*/options.ts'], packages: [] }],
  [/^src\/option\.ts$/, { local: ['src/sandbox/'], packages: [] }],
  [
    /^src\/apis\/(?<room>[^/]+)\//,
    {
      local: [
        'src/apis/{room}/',
        'src/apis/api.ts',
        'src/option.ts',
        'src/sandbox/',
        'src/archives/',
        'src/http/',
        'schemas/',
        'fixtures/{room}.json',
      ],
      packages: ['node:', 'fastify', '@sinclair/typebox', 'cookie', 'ghtml', 'lru-cache'],
    },
  ],
  [
    /^src\/(control|console)\//,
    {
      local: [
        'src/apis/api.ts',
        'src/sandbox/',
        'src/archives/',
        'src/http/',
        'src/option.ts',
        'src/package.ts',
        'schemas/',
        'fixtures/',
      ],
      packages: ['node:', 'fastify', '@sinclair/typebox', 'fastest-levenshtein', 'ghtml'],
    },
  ],
  [/^src\/testing\//, { local: ['src/index.ts'], packages: ['node:', 'jest-environment-node'] }],
  [/^src\/package\.ts$/, { local: [], packages: ['node:'] }],
  [/^src\/variables\.ts$/, { local: ['src/cli/flags.ts'], packages: [] }],
  [
    /^src\/config\.ts$/,
    {
      local: ['src/apis/options.ts', 'src/option.ts', 'src/cli/flags.ts', 'src/variables.ts', 'src/sandbox/'],
      packages: [],
    },
  ],
  [
    /^src\/fixtures\.ts$/,
    {
      local: ['src/apis/index.ts', 'src/config.ts', 'src/http/', 'src/option.ts', 'src/package.ts', 'src/sandbox/'],
      packages: ['node:'],
    },
  ],
  [
    /^src\/server\.ts$/,
    {
      local: [
        'src/control/',
        'src/console/',
        'src/apis/index.ts',
        'src/apis/api.ts',
        'src/config.ts',
        'src/package.ts',
        'src/sandbox/',
        'src/http/',
      ],
      packages: ['node:', 'fastify'],
    },
  ],
  [
    /^src\/openapi\.ts$/,
    {
      local: ['src/server.ts', 'src/control/', 'src/apis/index.ts', 'src/config.ts', 'src/fixtures.ts'],
      packages: ['@fastify/swagger', '@sinclair/typebox', 'yaml'],
    },
  ],
  [/^src\/node-version\.ts$/, { local: [], packages: [] }],
  [
    /^src\/index\.ts$/,
    {
      local: ['src/start.ts', 'src/node-version.ts', 'src/cli/flags.ts', 'src/sandbox/', 'schemas/'],
      packages: [],
    },
  ],
  [
    /^src\/start\.ts$/,
    {
      local: [
        'src/server.ts',
        'src/openapi.ts',
        'src/control/',
        'src/apis/index.ts',
        'src/config.ts',
        'src/option.ts',
        'src/fixtures.ts',
        'src/sandbox/',
        'src/http/',
        'schemas/',
      ],
      packages: [],
    },
  ],
  [
    /^src\/cli\//,
    {
      local: [
        'src/start.ts',
        'src/config.ts',
        'src/variables.ts',
        'src/package.ts',
        'src/control/',
        'src/http/',
        'schemas/',
      ],
      packages: ['node:'],
    },
  ],
  [
    /^src\/cli\.ts$/,
    {
      local: [
        'src/start.ts',
        'src/node-version.ts',
        'src/openapi.ts',
        'src/cli/',
        'src/apis/index.ts',
        'src/config.ts',
        'src/cli/flags.ts',
        'src/package.ts',
      ],
      packages: ['node:'],
    },
  ],
]

/** In a room, files know those further down and never those further up. */
const ROOM_LAYERS = ['index', 'routes', 'service', 'state']

interface Ban {
  what: string
  kind: Token['kind']
  pattern: RegExp
  /** Where it is allowed nevertheless. */
  except?: RegExp
}

const BANS: Ban[] = [
  {
    what: 'the time',
    kind: 'code',
    pattern:
      /\bDate\s*\.\s*now\b|\bnew\s+Date\b(?!\s*\(\s*[^\s)])|(?<!new\s+)\bDate\s*\(|\bperformance\b|\bhrtime\b|\bset(Timeout|Interval)\b/,
    except: /^src\/sandbox\/clock\/clock\.ts$/,
  },
  {
    what: 'timers',
    kind: 'text',
    pattern: /^(node:)?(timers(\/promises)?|perf_hooks)$/,
    // Archives let others have their turn, which takes setImmediate and no time.
    except: /^src\/(sandbox\/clock\/clock\.ts$|archives\/)/,
  },
  {
    what: 'randomness',
    kind: 'code',
    pattern: /\bMath\s*\.\s*random\b|\brandom(UUID|Bytes|Int|Fill|FillSync)\b|\bgetRandomValues\b/,
    except: /^src\/sandbox\/random\.ts$/,
  },
  { what: 'the environment', kind: 'code', pattern: /\bprocess\s*\.\s*env\b/, except: /^src\/config\.ts$/ },
  {
    what: 'printing or exiting',
    kind: 'code',
    pattern: /\bconsole\s*\.|\bprocess\s*\.\s*(exit|exitCode|abort|stdout|stderr)\b/,
    except: /^src\/cli\.ts$/,
  },
  {
    what: 'SQL',
    kind: 'text',
    pattern:
      /\b(SELECT\b[\s\S]*\bFROM|SELECT 1|INSERT (OR \w+ )?INTO|UPDATE \S+ SET|DELETE FROM|(CREATE|DROP|ALTER) (UNIQUE )?(TABLE|INDEX|VIEW|TRIGGER)|PRAGMA|(ORDER|GROUP) BY)\b/,
    except: /^src\/(sandbox\/|apis\/[^/]+\/state(\.ts$|\/))/,
  },
  { what: 'work that is left', kind: 'comment', pattern: /\b(TODO|FIXME|XXX|HACK)\b/ },
  { what: 'a rule that is switched off', kind: 'comment', pattern: /@ts-|biome-ignore|eslint-|c8 ignore|v8 ignore/ },
  { what: 'any', kind: 'code', pattern: /(?<!\.)\bany\b/ },
]

function read(paths: readonly string[]): SourceFile[] {
  return paths.map(path => {
    const source = readFileSync(join(ROOT, path), 'utf8')
    return { path, source, tokens: tokenize(source) }
  })
}

function allFiles(): SourceFile[] {
  const paths = ['src', 'schemas'].flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)),
  )
  return read(paths.filter(path => path.endsWith('.ts')).sort())
}

/** Every rule that the file breaks, in words. */
function problemsOf(file: SourceFile): string[] {
  return [...importProblems(file), ...banProblems(file), ...headProblems(file)].map(text => `${file.path}: ${text}`)
}

function importProblems({ path, tokens }: SourceFile): string[] {
  const [pattern, neighbours] = NEIGHBOURS.find(([pattern]) => pattern.test(path)) ?? []
  if (!pattern || !neighbours) return ['no rule says whom it may know']
  const room = pattern.exec(path)?.groups?.room ?? ''
  return importsOf(tokens).flatMap(target => {
    if (target === undefined) return ['imports what nobody can tell']
    if (!target.startsWith('.')) {
      const allowed = neighbours.packages.some(name =>
        name === 'node:' ? target.startsWith(name) : isPackage(target, name),
      )
      return allowed ? [] : [`imports the package ${target}`]
    }
    const imported = normalize(join(dirname(path), target))
    const own = /^(src\/[^/]+\/|schemas\/)/.exec(path)?.[0]
    const isOwn = own !== undefined && own !== 'src/apis/' && imported.startsWith(own)
    const allowed = isOwn || neighbours.local.some(place => covers(place.replaceAll('{room}', room), imported))
    if (!allowed) return [`imports ${imported}`]
    return isUpward(path, imported) ? [`imports ${imported}, which is above it`] : []
  })
}

function isPackage(target: string, name: string): boolean {
  return target === name || target.startsWith(`${name}/`)
}

function covers(place: string, path: string): boolean {
  if (place.endsWith('/')) return path.startsWith(place)
  return new RegExp(`^${place.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`).test(path)
}

function isUpward(path: string, imported: string): boolean {
  const [, room, layer] = /^src\/apis\/([^/]+)\/(\w+)/.exec(path) ?? []
  const [, otherRoom, otherLayer] = /^src\/apis\/([^/]+)\/(\w+)/.exec(imported) ?? []
  if (room === undefined || room !== otherRoom) return false
  const [from, to] = [layer, otherLayer].map(name => ROOM_LAYERS.indexOf(name ?? ''))
  return to === 0 || (from !== -1 && to !== -1 && (to as number) < (from as number))
}

function banProblems({ path, tokens }: SourceFile): string[] {
  return BANS.filter(({ except }) => !except?.test(path)).flatMap(({ what, kind, pattern }) =>
    tokens.flatMap(({ kind: found, content, line }) => {
      const use = found === kind ? pattern.exec(content) : null
      return use ? [`uses ${what} in line ${line + linesBefore(content, use.index)}: ${use[0]}`] : []
    }),
  )
}

function linesBefore(text: string, index: number): number {
  return text.slice(0, index).split('\n').length - 1
}

function headProblems({ source }: SourceFile): string[] {
  const [first = ''] = source.replace(/^#!.*\n/, '').split('\n')
  return /^\/\/ \S.*[.?!]$/.test(first) ? [] : ['does not begin with a sentence that says what it is for']
}

t.test('every file keeps the rules', async t => {
  const files = allFiles()
  t.ok(files.length > 50, `${files.length} files were read`)
  t.same(files.flatMap(problemsOf), [])
})

t.test('the rules can be broken', async t => {
  const broken: [string, string, string][] = [
    // Who may know whom.
    ['src/apis/a9s/service.ts', "import '../dscloud/service.ts'", 'imports src/apis/dscloud/service.ts'],
    ['src/apis/a9s/service.ts', "await import('../../server.ts')", 'imports src/server.ts'],
    ['src/apis/a9s/service.ts', "type Config = import('../../config.ts').Config", 'imports src/config.ts'],
    ['src/apis/a9s/service.ts', "import type { A } from '../../control/index.ts'", 'imports src/control/index.ts'],
    ['src/apis/a9s/service.ts', "export * from '../index.ts'", 'imports src/apis/index.ts'],
    ['src/apis/a9s/index.ts', "import '../../../fixtures/dscloud.json'", 'imports fixtures/dscloud.json'],
    ['src/apis/a9s/index.ts', "import 'better-sqlite3'", 'imports the package better-sqlite3'],
    ['src/apis/a9s/state.ts', "import './service.ts'", 'imports src/apis/a9s/service.ts, which is above it'],
    ['src/apis/a9s/service.ts', "import './routes/x.ts'", 'imports src/apis/a9s/routes/x.ts, which is above it'],
    ['src/apis/a9s/errors.ts', "import './index.ts'", 'imports src/apis/a9s/index.ts, which is above it'],
    ['src/apis/index.ts', "import './a9s/service.ts'", 'imports src/apis/a9s/service.ts'],
    ['src/apis/api.ts', "import './a9s/index.ts'", 'imports src/apis/a9s/index.ts'],
    ['src/sandbox/store.ts', "import 'fastify'", 'imports the package fastify'],
    ['src/sandbox/store.ts', "import '../http/mount.ts'", 'imports src/http/mount.ts'],
    ['src/sandbox/store.ts', "import '../archives/zip.ts'", 'imports src/archives/zip.ts'],
    ['src/archives/zip.ts', "import '../sandbox/ids.ts'", 'imports src/sandbox/ids.ts'],
    ['src/archives/zip.ts', "import 'fastify'", 'imports the package fastify'],
    ['src/http/mount.ts', "import '../config.ts'", 'imports src/config.ts'],
    ['src/http/mount.ts', "import '../apis/api.ts'", 'imports src/apis/api.ts'],
    ['src/control/index.ts', "import '../apis/a9s/index.ts'", 'imports src/apis/a9s/index.ts'],
    ['src/control/index.ts', "import '../apis/index.ts'", 'imports src/apis/index.ts'],
    ['src/server.ts', "import './index.ts'", 'imports src/index.ts'],
    ['src/server.ts', "import './apis/a9s/index.ts'", 'imports src/apis/a9s/index.ts'],
    ['src/config.ts', "import './server.ts'", 'imports src/server.ts'],
    ['src/index.ts', "import './cli.ts'", 'imports src/cli.ts'],
    ['src/cli.ts', "import './server.ts'", 'imports src/server.ts'],
    ['schemas/a9s.ts', "import '../src/http/errors.ts'", 'imports src/http/errors.ts'],
    ['schemas/a9s.ts', "import 'node:fs'", 'imports the package node:fs'],
    ['src/sandbox/store.ts', 'await import(name)', 'imports what nobody can tell'],
    ['src/sandbox/store.ts', `await import(\`./\${name}.ts\`)`, 'imports what nobody can tell'],
    ['src/newcomer.ts', '', 'no rule says whom it may know'],
    // What may be used where.
    ['src/sandbox/jobs/jobs.ts', 'const now = Date.now()', 'uses the time in line 2: Date.now'],
    ['src/sandbox/jobs/jobs.ts', 'const now = new Date()', 'uses the time in line 2: new Date'],
    ['src/sandbox/jobs/jobs.ts', 'const now = new Date', 'uses the time in line 2: new Date'],
    ['src/sandbox/jobs/jobs.ts', 'const now = Date()', 'uses the time in line 2: Date('],
    ['src/server.ts', 'setTimeout(work, 5)', 'uses the time in line 2: setTimeout'],
    ['src/server.ts', 'performance.now()', 'uses the time in line 2: performance'],
    ['src/server.ts', 'process.hrtime.bigint()', 'uses the time in line 2: hrtime'],
    ['src/server.ts', "import 'node:timers/promises'", 'uses timers in line 2: node:timers/promises'],
    ['src/apis/a9s/service.ts', 'const id = Math.random()', 'uses randomness in line 2: Math.random'],
    ['src/sandbox/jobs/jobs.ts', 'const id = randomUUID()', 'uses randomness in line 2: randomUUID'],
    ['src/archives/zip.ts', 'const iv = randomBytes(16)', 'uses randomness in line 2: randomBytes'],
    ['src/server.ts', 'process.env.PORT', 'uses the environment in line 2: process.env'],
    ['src/server.ts', 'console.log(1)', 'uses printing or exiting in line 2: console.'],
    ['src/index.ts', 'process.exit(1)', 'uses printing or exiting in line 2: process.exit'],
    ['src/index.ts', 'process.stderr.write("x")', 'uses printing or exiting in line 2: process.stderr'],
    ['src/apis/a9s/service.ts', 'get("SELECT * FROM job")', 'uses SQL in line 2: SELECT * FROM'],
    ['src/apis/a9s/service.ts', `run(\`UPDATE \${table} SET x = 1 ORDER BY y\`)`, 'uses SQL in line 2: ORDER BY'],
    ['src/http/mount.ts', "run('DELETE FROM job')", 'uses SQL in line 2: DELETE FROM'],
    ['src/server.ts', '// TODO: later', 'uses work that is left in line 2: TODO'],
    ['src/server.ts', '/* FIXME */', 'uses work that is left in line 2: FIXME'],
    ['src/server.ts', '// @ts-expect-error: x', 'uses a rule that is switched off in line 2: @ts-'],
    ['schemas/a9s.ts', '// biome-ignore lint: x', 'uses a rule that is switched off in line 2: biome-ignore'],
    ['src/server.ts', 'const x: any = 1', 'uses any in line 2: any'],
    ['schemas/a9s.ts', 'const x = y as any', 'uses any in line 2: any'],
  ]
  for (const [path, line, problem] of broken) {
    const source = `// A file.\n${line}\n`
    t.ok(problemsOf({ path, source, tokens: tokenize(source) }).includes(`${path}: ${problem}`), `${path}: ${line}`)
  }
  for (const source of ['const x = 1\n', '\n// Late.\n', '//\n', '// no end\n', '']) {
    t.match(headProblems({ path: 'src/x.ts', source, tokens: [] }), [/does not begin/], JSON.stringify(source))
  }
})

t.test('what only looks like breaking them', async t => {
  const fine: [string, string][] = [
    ['src/server.ts', '// console.log(new Date()) in a comment, with any Math.random'],
    ['src/server.ts', "const text = 'Date.now(), process.exit and any'"],
    ['src/server.ts', `const text = \`process.env \${1 + 1} // console.log\``],
    ['src/server.ts', 'const pattern = /console.log\\/* "\' [/] any/g'],
    ['src/server.ts', 'const half = total / 2 // and / so on'],
    ['src/server.ts', 'const at = new Date(instant), all = Promise.any(some)'],
    ['src/server.ts', "const text = 'please select what comes from here and update it'"],
    ['src/server.ts', 'const where = import.meta.url'],
    ['src/cli.ts', "process.exit(1); console.error('x'); await import('./start.ts')"],
    ['src/config.ts', 'process.env'],
    ['src/sandbox/clock/clock.ts', 'Date.now(); new Date(); setTimeout(f)'],
    ['src/sandbox/random.ts', 'randomBytes(1)'],
    ['src/apis/a9s/state.ts', "get('SELECT * FROM a9sToken')"],
    ['src/apis/a9s/state/tokens.ts', "get('SELECT * FROM a9sToken'); import '../errors.ts'"],
    ['src/apis/a9s/index.ts', "import fixture from '../../../fixtures/a9s.json' with { type: 'json' }"],
  ]
  for (const [path, line] of fine) {
    const source = `// A file.\n${line}\n`
    t.same(problemsOf({ path, source, tokens: tokenize(source) }), [], `${path}: ${line}`)
  }
  t.same(headProblems({ path: 'src/cli.ts', source: '#!/usr/bin/env node\n// The command line.\n', tokens: [] }), [])
})

t.test('sources are taken apart without loss', async t => {
  for (const { path, source, tokens } of allFiles()) {
    const rest = tokens.reduce((left, { content }) => {
      const at = left.indexOf(content)
      return at === -1 ? '' : left.slice(at + content.length)
    }, source)
    t.match(rest, /^['"`]?\s*$/, `${path}: nothing is left over`)
    const code = tokens.filter(({ kind }) => kind === 'code').map(({ content }) => content)
    t.notMatch(code.join(' '), /['"`]|\/\/|\/\*/, `${path}: no end of a text was missed`)
  }
})
