// Checks what the journal contains: unanswered requests, those of each sandbox, and what remains after removals and within limits.
import { get } from 'node:http'
import t from 'tap'
import { start } from '../../../src/index.ts'
import { boot } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, latest, log, PREPARE, prepare, type Server, send } from './journaled.ts'

/** Sends a request that gets no response; resolves when its connection is closed. */
function sendWithoutResponse({ url }: Server, path: string, abort?: Promise<unknown>): Promise<void> {
  return new Promise(resolve => {
    const outgoing = get(url + path, { headers: BEARER }, response => response.resume().on('error', () => {}))
    outgoing.on('error', () => {}).on('close', resolve)
    abort?.then(() => outgoing.destroy())
  })
}

t.test('requests that faults reset have no response; requests that hang are in the journal meanwhile', async t => {
  const server = await boot(t)
  const { requests, faults } = server.default
  for (const when of ['before-headers', 'after-headers'] as const) {
    faults.arm({ operation: 'listRestores', fault: 'reset', when, times: 1 })
    await sendWithoutResponse(server, `${INSTANCE}/restores`)
    await requests.wait({ match: { operation: 'listRestores' } })
    const [event] = requests.list().requests
    t.match(event, { wasMatched: true, responseDefinition: {}, firedrill: { fault: { fault: 'reset' } } }, when)
    t.notOk(event && 'response' in event)
    t.type(event?.firedrill.durationMs, 'number')
    requests.clear()
  }
  faults.arm({ operation: 'listRestores', fault: 'hang', times: 1 })
  const { promise: seen, resolve: markSeen } = Promise.withResolvers<void>()
  const closed = sendWithoutResponse(server, `${INSTANCE}/restores`, seen)
  while (requests.count().count === 0) await new Promise(resolve => setImmediate(resolve))
  t.match(requests.list().requests, [{ firedrill: { fault: { fault: 'hang' }, durationMs: null, responseBody: null } }])
  const ended = requests.wait({ match: {} })
  markSeen()
  await Promise.all([closed, ended])
  t.type(requests.list().requests[0]?.firedrill.durationMs, 'number')
})

t.test('an entry is complete before its client has read the whole response', async t => {
  const server = await boot(t)
  const paths = [`${INSTANCE}/restores`, '/nowhere', '/%zz', '/arcgis/admin/login']
  for (const [index, path] of paths.entries()) {
    const count = await new Promise<number>((resolve, reject) => {
      get(server.url + path, { headers: BEARER }, response => {
        response.once('data', () =>
          resolve(server.default.requests.list().requests.filter(({ response }) => response).length),
        )
      }).on('error', reject)
    })
    t.equal(count, index + 1, path)
  }
})

t.test('each sandbox has its own requests, whether addressed by path, header or host', async t => {
  const server = await boot(t)
  const host = (name: string) => ({ ...BEARER, host: `${name}.localhost` })
  const cases: { name: string; path: string; headers: Record<string, string> }[] = [
    { name: 'one', path: `/@one${PREPARE}`, headers: BEARER },
    { name: 'two', path: PREPARE, headers: { ...BEARER, 'x-firedrill-sandbox': 'two' } },
    { name: 'three', path: PREPARE, headers: host('three') },
  ]
  for (const { name, path, headers } of cases) {
    await prepare(server, { path, headers })
    const byPath = (await send(server, `/@${name}/__admin/requests`)).json
    t.match(byPath, { meta: { total: 1 }, requests: [{ firedrill: { sandbox: name }, request: { url: PREPARE } }] })
    t.same((await ask(server, 'GET', `/sandboxes/${name}/requests`)).json, byPath)
    t.same(server.sandbox(name).requests.list(), byPath)
  }
  t.equal((await log(server)).meta.total, 0)
  const [first, second] = ['one', 'two'].map(name => server.sandbox(name).requests)
  t.not(first?.list().requests[0]?.id, second?.list().requests[0]?.id, 'each has ids of its own')
  await ask(server, 'DELETE', '/sandboxes/one/requests')
  t.same([first?.count().count, second?.count().count], [0, 1])
  server.sandbox('two').reset()
  t.equal(server.sandbox('two').requests.count().count, 0)
})

t.test('dropRequest, clearRequests, resetRequests, removeRequests', async t => {
  const server = await boot(t)
  const sendSome = async () => {
    for (const path of ['/a', '/b', '/b', '/c']) await send(server, path)
  }
  const remaining = async () => (await log(server)).requests.map(({ request }) => request.url)
  await sendSome()
  const { id } = await latest(server)
  t.same((await ask(server, 'DELETE', `/requests/${id}`)).json, {})
  t.equal((await ask(server, 'DELETE', `/requests/${id}`)).status, 404)
  t.same(await remaining(), ['/b', '/b', '/a'])
  const removed = await ask(server, 'POST', '/requests/remove', { url: '/b' })
  t.match(removed.json, { serveEvents: [{ request: { url: '/b' } }, { request: { url: '/b' } }] })
  t.same(await remaining(), ['/a'])
  t.same((await ask(server, 'DELETE', '/requests')).json, {})
  t.same(await remaining(), [])
  await sendSome()
  t.same((await ask(server, 'POST', '/requests/reset')).json, {})
  t.same(await remaining(), [])
})

t.test('limits of entries and bytes; without entries the journal is disabled', async t => {
  const few = await boot(t, { journalEntries: 3 })
  for (const path of ['/1', '/2', '/3', '/4', '/5']) await send(few, path)
  t.same(
    (await log(few)).requests.map(({ request }) => request.url),
    ['/5', '/4', '/3'],
  )
  const small = await boot(t, { journalBytes: 100_000 })
  for (let count = 0; count < 20; count += 1) await send(small, '/', { method: 'POST', body: 'x'.repeat(20_000) })
  const { total } = (await log(small)).meta
  t.ok(total >= 2 && total <= 4, String(total))
  const off = await boot(t, { journalEntries: 0 })
  const { headers } = await prepare(off)
  t.equal(headers.date, 'Wed, 10 Jun 2026 12:00:00 GMT')
  t.same(await log(off), { requests: [], meta: { total: 0 }, requestJournalDisabled: true })
  t.same((await ask(off, 'POST', '/requests/count', {})).json, { count: 0, requestJournalDisabled: true })
  for (const path of ['/requests/wait', '/requests/verify'])
    t.equal((await ask(off, 'POST', path, {})).status, 409, path)
  const invalid: object[] = [{ journalEntries: -1 }, { journalBytes: 'many' }]
  for (const options of invalid) await t.rejects(start(options), /journal/)
})
