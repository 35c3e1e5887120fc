// Checks that patterns cannot block the server: they are matched in linear time, limited or refused.
import t from 'tap'
import type { RequestPattern, StringPattern } from '../../../schemas/control.ts'
import type { Firedrill } from '../../../src/index.ts'
import { exchange, REQUESTS } from '../../fault-requests.ts'
import { boot } from '../../helpers.ts'
import { caught } from '../../sandbox/bakery.ts'
import { ask, prepare, send } from './journaled.ts'

/** For these, backtracking engines take time exponential in the length of a text of `a`s. */
const HOSTILE = ['(a+)+$', '(a|a)*', '(a|aa)+', '(.*a){20}', '([a-z]+)*', '(a?){30}a{30}', '(?:.*.*)+=']

/** Far more than linear matching takes, even on a busy machine; far less than backtracking would take. */
const MAX_MATCH_MS = 5000

async function quickly<Result>(t: Tap, what: string, work: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now()
  const result = await work()
  const tookMs = performance.now() - startedAt
  t.ok(tookMs < MAX_MATCH_MS, `${what}: ${tookMs.toFixed()} ms`)
  return result
}
type Tap = Parameters<typeof boot>[0]

const LONG = `${'a'.repeat(60_000)}!`

t.test('hostile regular expressions are matched quickly in every field', async t => {
  const server = await boot(t)
  await send(server, `/${'a'.repeat(4000)}!?q=${'a'.repeat(4000)}!`, { headers: { 'x-a': `${'a'.repeat(4000)}!` } })
  await send(server, '/body', { method: 'POST', body: LONG })
  for (const expression of HOSTILE) {
    const text = { matches: expression }
    const patterns: RequestPattern[] = [
      { urlPathPattern: `/${expression}` },
      { urlPattern: `/${expression}` },
      { headers: { 'x-a': text } },
      { queryParameters: { q: text } },
      { bodyPatterns: [text] },
      { bodyPatterns: [{ doesNotMatch: expression }], urlPath: '/body' },
    ]
    for (const pattern of patterns) {
      const what = JSON.stringify(pattern)
      const { status } = await quickly(t, what, () => ask(server, 'POST', '/requests/find', pattern))
      t.equal(status, 200, what)
    }
    const match = { urlPathPattern: `/${expression}`, headers: { 'x-a': text } }
    t.match(await quickly(t, 'wait', () => ask(server, 'POST', '/requests/wait', { match, timeoutMs: 0 })), {
      status: 408,
    })
    server.default.faults.arm({ operation: '*', match, fault: 'status', status: 418 })
  }
  const { path, headers } = REQUESTS.listApplicationBackups
  const long = { path: `${path}?${'a'.repeat(4000)}!`, headers: { ...headers, 'x-a': `${'a'.repeat(4000)}!` } }
  t.equal((await quickly(t, 'a request with faults', () => exchange(server, long))).status, 200)
})

t.test('linear matching gives the same results as backtracking', async t => {
  const server = await boot(t)
  await send(server, '/aaaab?caf\u00e9'.normalize().replace('\u00e9', '%C3%A9'), { headers: { 'x-a': 'Line-1' } })
  const cases: { pattern: RequestPattern; count: number }[] = [
    { pattern: { urlPathPattern: '/(a+)+b' }, count: 1 },
    { pattern: { urlPathPattern: '/(a+)+' }, count: 0 },
    { pattern: { urlPathPattern: '(?i)/A{4}B' }, count: 1 },
    { pattern: { urlPathPattern: '/(?<run>a{2,4})b' }, count: 1 },
    { pattern: { urlPathPattern: '\\/\\w+' }, count: 1 },
    { pattern: { urlPathPattern: '/\\u0061{4}\\x62' }, count: 1 },
    { pattern: { urlPathPattern: '/\\\\u0061.*' }, count: 0 },
    { pattern: { headers: { 'x-a': { matches: '[\\p{L}\\d-]+' } } }, count: 1 },
    { pattern: { headers: { 'x-a': { matches: '^Line-\\d$' } } }, count: 1 },
  ]
  for (const { pattern, count } of cases) {
    t.equal(server.default.requests.count(pattern).count, count, JSON.stringify(pattern))
  }
})

t.test('expressions that a linear-time engine does not support, or that would take too long, are refused', async t => {
  const server = await boot(t)
  const cases: { text: StringPattern; detail: RegExp }[] = [
    {
      text: { matches: 'a(?=b)' },
      detail: /^Header x: look-around .* is not supported: .* the syntax of RE2, which is matched in linear time\.$/,
    },
    { text: { matches: 'a(?!b)' }, detail: /look-around/ },
    { text: { doesNotMatch: '(?<=b)a' }, detail: /look-around/ },
    { text: { matches: '(?<!b)a' }, detail: /look-around/ },
    { text: { matches: '(a)\\1' }, detail: /^Header x: a back-reference .* is not supported/ },
    { text: { matches: '(?<n>a)\\k<n>' }, detail: /back-reference/ },
    { text: { matches: '(?>a)' }, detail: /an atomic group or a possessive quantifier .* is not supported/ },
    { text: { matches: 'a++' }, detail: /possessive/ },
    { text: { matches: '\\Z' }, detail: /invalid regular expression: invalid escape sequence in "\\Z"\.$/ },
    { text: { matches: 'Bearer s3cret(' }, detail: /invalid regular expression: missing closing \)\.$/ },
    { text: { matches: 'a'.repeat(1001) }, detail: /has 1001 characters; at most 1000 are allowed\.$/ },
    { text: { matches: 'a{1,400}' }, detail: /compiles to 801 instructions; at most 500 are allowed/ },
    { text: { matches: '(a{1000}){1000}' }, detail: /invalid regular expression: invalid repeat count/ },
    {
      text: { matches: 'a{300}', doesNotMatch: 'b{300}' },
      detail: /Matching a request would take too long \(604 of at most 500 units\)/,
    },
    { text: { contains: 'x'.repeat(17_000) }, detail: /would take too long \(532 of/ },
    { text: { equalToJson: Array(3000).fill(0), ignoreArrayOrder: true }, detail: /would take too long \(751 of/ },
    {
      text: { equalToJson: '['.repeat(102) + ']'.repeat(102) },
      detail: /equalToJson accepts at most 100 levels of nesting/,
    },
  ]
  for (const { text, detail } of cases) {
    const pattern = { headers: { x: text } }
    const refused = await ask(server, 'POST', '/requests/count', pattern)
    t.match(refused, { status: 400, json: { detail } }, JSON.stringify(text).slice(0, 100))
    t.match(
      caught(() => server.default.faults.arm({ operation: '*', match: pattern, fault: 'hang' })),
      { kind: 'invalid' },
    )
    t.notMatch(refused.text, 's3cret')
  }
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-${index}`, { absent: true }]))
  t.match((await ask(server, 'POST', '/requests/count', { headers: many })).json, {
    detail: /^The pattern has 101 conditions; at most 100 are allowed/,
  })
})

t.test('a search that takes too long is stopped', async t => {
  const server = await boot(t, { journalBytes: 64 * 1024 * 1024 })
  const noise = randomLetters(60_000)
  for (let count = 0; count < 40; count++) await send(server, '/', { method: 'POST', body: noise })
  const pattern = { bodyPatterns: [{ matches: '(?:.*a.{1,60}b){3}c' }] }
  const { status, json } = await quickly(t, 'find', () => ask(server, 'POST', '/requests/find', pattern))
  t.match({ status, json }, { status: 400, json: { detail: /search was stopped after 2000 ms: use a simpler/ } })
  t.equal(server.default.requests.count({ ...pattern, method: 'GET' }).count, 0, 'cheap conditions are matched first')
})

/** Repeatable, and so irregular that a matcher can reuse no state. */
function randomLetters(count: number): string {
  let state = 1
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state < 2 ** 30 ? 'a' : 'b'
  }).join('')
}

t.test('comparing JSON in any order and searching for long texts are limited', async t => {
  const server = await boot(t)
  const numbers = Array.from({ length: 12_000 }, (_, index) => index)
  await prepare(server, { body: numbers, contract: false })
  await prepare(server, { body: 'a'.repeat(65_000), contract: false })
  await prepare(server, { body: `${'['.repeat(30_000)}${']'.repeat(30_000)}`, contract: false })
  const cases: { pattern: StringPattern; count: number }[] = [
    { pattern: { equalToJson: numbers.slice(-1800), ignoreArrayOrder: true, ignoreExtraElements: true }, count: 1 },
    { pattern: { contains: `${'a'.repeat(100)}b${'a'.repeat(15_000)}` }, count: 0 },
    { pattern: { equalToJson: [[[]]], ignoreArrayOrder: true }, count: 0 },
  ]
  for (const { pattern, count } of cases) {
    const what = JSON.stringify(pattern).slice(0, 60)
    const { json } = await quickly(t, what, () => ask(server, 'POST', '/requests/count', { bodyPatterns: [pattern] }))
    t.equal(json.count, count, what)
  }
})

t.test('the cost of all faults of a sandbox together is limited', async t => {
  const server = await boot(t)
  const rule = { operation: '*', match: { urlPathPattern: 'a{480}' }, fault: 'hang' } as const
  const arm = ({ default: sandbox }: Firedrill) => sandbox.faults.arm(rule)
  for (let count = 0; count < 20; count++) arm(server)
  t.match(
    caught(() => arm(server)),
    {
      kind: 'conflict',
      message:
        /may cost up to 10000 instructions; with this fault they would cost \d+; disarm others, or match with urlPath/,
    },
  )
  const [armed] = server.default.state.export().faults as object[]
  const faults = Array.from({ length: 21 }, (_, index) => ({ ...armed, id: String(index) }))
  t.throws(() => server.default.state.import({ faults }), /faults: the regular expressions and contains of all faults/)
  t.equal(server.default.faults.list().length, 20)
  server.default.faults.clear()
  t.ok(arm(server).id)
})
