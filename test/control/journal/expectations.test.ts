// Checks how requests are waited for, verified and watched.
import { request } from 'node:http'
import t from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot, createSandbox } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, latest, PREPARE, prepare, type Server, send } from './journaled.ts'

t.test('waitForRequests: earlier requests count; resolves when enough requests have ended', async t => {
  const server = await boot(t)
  const wait = (body: object) => ask(server, 'POST', '/requests/wait', body)
  await prepare(server)
  const match = { operation: 'prepareDisasterRecovery' }
  t.match((await wait({ match })).json, { requests: [{ url: PREPARE }], requestJournalDisabled: false })
  t.equal((await wait({})).json.requests.length, 1)
  const two = wait({ match, count: 3, timeoutMs: 60_000 })
  let isDone = false
  two.then(() => (isDone = true))
  await send(server, '/nowhere')
  await prepare(server)
  t.notOk(isDone)
  await prepare(server)
  t.equal((await two).json.requests.length, 3)
  t.equal((await server.default.requests.wait({ match, count: 3 })).requests.length, 3)
})

t.test('waitForRequests: times out and says what is missing; ends with its sandbox and its server', async t => {
  const server = await boot(t)
  await prepare(server)
  const late = await ask(server, 'POST', '/requests/wait', { match: { method: 'PUT' }, count: 2, timeoutMs: 0 })
  t.match(late, { status: 408, json: { status: 408, title: 'Request Timeout' } })
  t.match(
    late.json.detail,
    /^Timed out after 0 ms with too few matching requests\. Expected at least 2 matching: the method "PUT"\. Found 0 among the 1 requests .*expected "PUT", found "POST"/s,
  )
  t.equal((await ask(server, 'POST', '/requests/wait', { timeoutMs: 60_001 })).status, 400)
  t.equal((await ask(server, 'POST', '/requests/wait', { match: { nothing: 1 } })).status, 400)
  const { requests } = server.default
  const match = { url: '/never' }
  const dropped = createSandbox(server, { name: 'short-lived' }).requests.wait({ match, timeoutMs: 60_000 })
  server.sandboxes.drop('short-lived')
  await t.rejects(dropped, { message: /The sandbox was dropped, or the server was closed/ })
  const aborter = new AbortController()
  const aborted = requests.wait({ match, timeoutMs: 60_000 }, { signal: aborter.signal })
  aborter.abort()
  await t.rejects(aborted, { message: /The wait was aborted/ })
  const closing = requests.wait({ match, timeoutMs: 60_000 })
  const remote = ask(server, 'POST', '/requests/wait', { match, timeoutMs: 60_000 })
  // The request sent before it has arrived by then.
  await ask(server, 'GET', '/health')
  const [, { status }] = await Promise.all([
    t.rejects(closing, { message: /The sandbox was dropped, or the server was closed/ }),
    remote,
    server.close(),
  ])
  t.equal(status, 408)
})

t.test('verifyRequests: count, atLeast, atMost; describes the difference', async t => {
  const server = await boot(t)
  await prepare(server)
  await prepare(server)
  await send(server, `${INSTANCE}/restores`, { headers: { ...BEARER, accept: 'text/html' } })
  const match = { operation: 'prepareDisasterRecovery' }
  const cases: { expectation: object; passed: boolean }[] = [
    { expectation: {}, passed: true },
    { expectation: { count: 2 }, passed: true },
    { expectation: { count: 1 }, passed: false },
    { expectation: { count: 3 }, passed: false },
    { expectation: { count: 0 }, passed: false },
    { expectation: { atLeast: 2 }, passed: true },
    { expectation: { atLeast: 3 }, passed: false },
    { expectation: { atMost: 2 }, passed: true },
    { expectation: { atMost: 1 }, passed: false },
    { expectation: { atLeast: 1, atMost: 3 }, passed: true },
    { expectation: { atLeast: 3, atMost: 4 }, passed: false },
  ]
  for (const { expectation, passed } of cases) {
    const { json } = await ask(server, 'POST', '/requests/verify', { match, ...expectation })
    t.match(json, { passed, found: 2, difference: passed ? null : String }, JSON.stringify(expectation))
    t.same(server.default.requests.verify({ match, ...expectation }), json)
  }
  for (const wrong of [
    { count: 1, atLeast: 1 },
    { atLeast: 2, atMost: 1 },
  ]) {
    t.equal((await ask(server, 'POST', '/requests/verify', wrong)).status, 400)
  }
  const restores = { method: 'GET', urlPath: `${INSTANCE}/restores`, headers: { Accept: { contains: 'json' } } }
  const { difference } = server.default.requests.verify({ match: restores, count: 1 })
  t.match(
    difference,
    `Expected exactly 1 matching: the method "GET", the path "${INSTANCE}/restores", header Accept contains "json".`,
  )
  const [mostSimilar = '', second = ''] = String(difference).split('\n').slice(1)
  t.match(
    mostSimilar,
    new RegExp(
      `^Similar: GET ${INSTANCE}/restores \\([0-9a-f-]{36}\\): header Accept: expected contains "json", found "text/html"\\.$`,
    ),
  )
  t.match(second, /the method: expected "GET", found "POST"; the path: .*; header Accept: .* found none\.$/)
  t.equal(
    server.default.requests.verify({ match, atMost: 1 }).difference?.split('\n').length,
    1,
    'no similar requests if there are too many',
  )
})

interface Stream {
  next(): Promise<Record<string, string>>
  ended: Promise<unknown>
  close(): void
}

/** Reads server-sent events; each is a record of its fields. */
function listen(server: Server, path: string): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const outgoing = request(server.url + path, response => {
      const events: Record<string, string>[] = []
      const waiting: ((event: Record<string, string>) => void)[] = []
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        const blocks = (text + chunk).split('\n\n')
        text = blocks.pop() ?? ''
        for (const block of blocks) {
          const event = Object.fromEntries(block.split('\n').map(line => line.split(/: (.*)/s)))
          const first = waiting.shift()
          if (first) first(event)
          else events.push(event)
        }
      })
      const ended = new Promise(end => response.on('close', end).on('error', () => {}))
      const next = () =>
        new Promise<Record<string, string>>(got => {
          const event = events.shift()
          if (event) got(event)
          else waiting.push(got)
        })
      t.match(response.headers['content-type'], 'text/event-stream')
      resolve({ next, ended, close: () => outgoing.destroy() })
    })
    outgoing.on('error', reject).end()
  })
}

t.test('watchRequests: each request of the sandbox as it ends, until client or server closes', async t => {
  const server: Firedrill = await boot(t)
  const live = await listen(server, '/__admin/requests/live')
  createSandbox(server, { name: 'other' })
  const other = await listen(server, '/__admin/sandboxes/other/requests/live')
  t.same(await live.next(), { retry: '1000' })
  t.same(await other.next(), { retry: '1000' })
  await prepare(server)
  const event = await live.next()
  const { id, ...known } = await latest(server)
  t.same([event.id, event.event, JSON.parse(event.data ?? '')], [id, 'request', { id, ...known }])
  t.notMatch(event.data, 'second-encryption-key')
  await send(server, '/@other/nowhere')
  t.match(await other.next(), { event: 'request' })
  await send(server, '/nowhere')
  t.match(JSON.parse((await live.next()).data ?? ''), { request: { url: '/nowhere' } })
  live.close()
  await live.ended
  await send(server, '/nowhere')
  await server.close()
  await other.ended
})
