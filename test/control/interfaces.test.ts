// Every control operation is on every interface (HTTP, embedded, command line), and refuses the same input with the same message.
import t, { type Test } from 'tap'
import { CommandError, runCommand } from '../../src/cli/index.ts'
import { commands } from '../../src/cli/table.ts'
import type { Operation } from '../../src/control/operation.ts'
import { controlOperations } from '../../src/control/operations.ts'
import { type Firedrill, Refusal } from '../../src/index.ts'
import { contextOf } from '../cli/server.ts'
import { boot, call } from '../helpers.ts'
import { caught } from '../sandbox/bakery.ts'

interface Case {
  /** operationId */
  operation: string
  /** By name, those of the path included. */
  input: Record<string, unknown>
  refusal: string | RegExp
}

const JOBS = { operation: 'createBackup' }
const CASES: Case[] = [
  { operation: 'addJobRule', input: { ...JOBS, times: -1 }, refusal: 'times must be at least 1' },
  { operation: 'addJobRule', input: { ...JOBS, times: 1.5 }, refusal: 'times must be a whole number' },
  { operation: 'addJobRule', input: { ...JOBS, speed: 0 }, refusal: /^speed must be / },
  {
    operation: 'addJobRule',
    input: { ...JOBS, outcome: { result: 'nope' } },
    refusal: 'outcome.result must be one of success, fail, cancel, stuck, time-out, no-result',
  },
  {
    operation: 'addJobRule',
    input: { ...JOBS, outcome: 'fail' },
    refusal:
      'outcome must be an object such as {"result":"success"}; result is one of success, fail, cancel, stuck, time-out, no-result',
  },
  {
    operation: 'addJobRule',
    input: { ...JOBS, tims: 1 },
    refusal: /^unknown field "tims"; known fields are operation, /,
  },
  { operation: 'addJobRule', input: {}, refusal: 'operation is required' },
  { operation: 'addJobRule', input: { operation: 'nope' }, refusal: /"nope"/ },
  { operation: 'setClock', input: { factor: -5 }, refusal: /^factor must be / },
  { operation: 'setClock', input: { factor: 2 }, refusal: 'A factor can only be set with mode scaled' },
  { operation: 'setClock', input: { mode: 'scaled' }, refusal: 'Mode scaled needs a factor' },
  { operation: 'setClock', input: { mode: 'slow' }, refusal: 'mode must be one of real, frozen, scaled' },
  {
    operation: 'setClock',
    input: { nwo: '+5m' },
    refusal: /^unknown field "nwo"; known fields are mode, factor, now$/,
  },
  { operation: 'setClock', input: { now: '2000-01-01T00:00:00Z' }, refusal: /only moves forward/ },
  { operation: 'advanceClock', input: {}, refusal: /by/ },
  {
    operation: 'advanceClock',
    input: { by: 'five' },
    refusal: '"five" is not a duration; use 5m, 1h30m, 250ms or PT5M',
  },
  { operation: 'advanceClock', input: { by: 5 }, refusal: /^by must be text with a unit/ },
  { operation: 'runUntilIdle', input: { max: 'soon' }, refusal: /"soon"/ },
  {
    operation: 'createSandbox',
    input: { name: 'T_1!' },
    refusal:
      'invalid sandbox name "T_1!": use 1–63 characters from a-z, 0-9, - and _, starting with a letter or a digit',
  },
  { operation: 'createSandbox', input: { name: 't', clock: 'fast' }, refusal: /^clock must be real, frozen, / },
  { operation: 'createSandbox', input: { name: 't', from: { scenario: 'nope' } }, refusal: /"nope"/ },
  { operation: 'dropSandbox', input: { sandbox: 'missing' }, refusal: /"missing"/ },
  { operation: 'readJob', input: { id: 'missing' }, refusal: /"missing"/ },
  { operation: 'failJob', input: { id: 'missing', reson: 'x' }, refusal: /^unknown field "reson"/ },
  { operation: 'armFault', input: { operation: 'nope', fault: 'hang' }, refusal: /"nope"/ },
  { operation: 'armFault', input: { operation: 'getJob', fault: 'nope' }, refusal: /"nope"/ },
  {
    operation: 'armFault',
    input: { operation: 'getJob', fault: 'hang', probability: 2 },
    refusal: 'probability must be at most 1',
  },
  { operation: 'countRequests', input: { urlPaht: '/' }, refusal: /"urlPaht"/ },
  { operation: 'listRequests', input: { limit: -1 }, refusal: 'limit must be at least 0' },
  {
    operation: 'importState',
    input: { a9s: { instnces: [] } },
    refusal: /^a9s: unknown field "instnces"; known fields are /,
  },
  { operation: 'takeSnapshot', input: { name: 'T_1!' }, refusal: /"T_1!"/ },
  { operation: 'restoreSnapshot', input: { name: 'missing' }, refusal: /"missing"/ },
  { operation: 'getDrill', input: { id: 'missing' }, refusal: /"missing"/ },
  {
    operation: 'getDrillVerdict',
    input: { id: 'retry-502', outcome: 'maybe' },
    refusal: 'outcome must be one of success, failure',
  },
]

const rowOf = (id: string) => controlOperations.find(row => row.id === id) as Operation

/** The input's parts as the row has them. */
function partsOf(row: Operation, input: Case['input']) {
  const { path, query } = row.in ?? {}
  const pick = (names: readonly string[]) => Object.entries(input).filter(([name]) => names.includes(name))
  const [pathNames, queryNames] = [path, query].map(part => Object.keys(part?.properties ?? {}))
  const inPath = pick(pathNames ?? [])
  const rest = Object.entries(input).filter(([name]) => !pathNames?.includes(name))
  return { path: Object.fromEntries(inPath), query: pick(queryNames ?? []), rest: Object.fromEntries(rest) }
}

async function refusalOverHttp(t: Test, server: Firedrill, row: Operation, input: Case['input']): Promise<string> {
  const { path, query, rest } = partsOf(row, input)
  const filled = row.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(path[name])))
  const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, String(value)]))
  const answer = await call(server, {
    method: row.method,
    path: `/__admin${filled}${query.length === 0 ? '' : `?${search}`}`,
    ...(row.in?.body ? { body: rest } : {}),
  })
  t.ok(answer.status >= 400, `${row.id} over HTTP: ${answer.status}`)
  return answer.json.detail
}

async function refusalEmbedded(t: Test, server: Firedrill, row: Operation, input: Case['input']): Promise<string> {
  const { path, rest } = partsOf(row, input)
  const method = embeddedMethod(server, row) as (...args: unknown[]) => unknown
  const error = await Promise.resolve()
    .then(() => method(...Object.values(path), rest))
    .catch((error: unknown) => error)
  t.ok(error instanceof Error, `${row.id} embedded`)
  return (error as Error).message
}

function embeddedMethod(server: Firedrill, { scope, embedded }: Operation): unknown {
  return embedded
    .split('.')
    .reduce<unknown>(
      (object, name) => (object as Record<string, unknown>)[name],
      scope === 'server' ? server : server.default,
    )
}

async function refusalOfCommand(t: Test, server: Firedrill, row: Operation, input: Case['input']): Promise<string> {
  const context = contextOf(t, { env: { FIREDRILL_URL: server.url } })
  const error = await runCommand(['call', row.id, JSON.stringify(input)], context).catch((error: unknown) => error)
  t.ok(error instanceof CommandError, `${row.id} as a command`)
  return (error as Error).message
}

/** Over HTTP a refusal may be a sentence: with a capital letter and a full stop. */
function wordsOf(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')
}

t.test('every interface refuses the same input with the same message', async t => {
  const server = await boot(t)
  for (const { operation, input, refusal } of CASES) {
    const row = rowOf(operation)
    const embedded = await refusalEmbedded(t, server, row, input)
    t.match(embedded, refusal, `${operation} ${JSON.stringify(input)}`)
    t.equal(wordsOf(await refusalOverHttp(t, server, row, input)), wordsOf(embedded), `${operation} over HTTP`)
    t.equal(wordsOf(await refusalOfCommand(t, server, row, input)), wordsOf(embedded), `${operation} as a command`)
  }
  t.same(server.default.jobs.rules(), [], 'a refused input changes nothing')
  t.same(
    server.sandboxes.list().map(({ name }) => name),
    ['default'],
  )
})

t.test('the embedded API throws Refusal, with all problems of the input', async t => {
  const server = await boot(t)
  const add = server.default.jobs.addRule as (rule: object) => unknown
  const error = caught(() => add({ times: -1, tims: 1 }))
  t.ok(error instanceof Refusal)
  t.match(error, { kind: 'invalid', details: [String, String, String] })
})

t.test('every control operation is on every interface', async t => {
  const server = await boot(t)
  const { paths } = (await call(server, { path: '/__admin/openapi.json' })).json
  const documented = Object.values<Record<string, { operationId: string }>>(paths).flatMap(path =>
    Object.values(path).map(({ operationId }) => operationId),
  )
  const ofCommands = new Set(commands.flatMap(({ operations = [] }) => operations.map(({ id }) => id)))
  t.ok(controlOperations.length > 40)
  for (const row of controlOperations) {
    t.ok(documented.includes(row.id), `${row.id} over HTTP`)
    t.type(embeddedMethod(server, row), 'function', `${row.id} embedded, as ${row.embedded}`)
    t.ok(ofCommands.has(row.id), `${row.id} as a command`)
  }
})
