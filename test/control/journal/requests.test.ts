// The journal through the control API and the embedded one: what is in it, and how it is read and emptied.
import { get } from 'node:http'
import t from 'tap'
import { start } from '../../../src/index.ts'
import { boot, createSandbox } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, latest, log, PREPARE, prepare, type Server, send } from './journaled.ts'

const NOW = '2026-06-10T12:00:00.000Z'

t.test('listRequests, readRequest: what was sent, what was got, and what is known of it', async t => {
  const server = await boot(t)
  const before = Date.now()
  await prepare(server, { path: `${PREPARE}?a=1&a=2&b`, headers: { ...BEARER, 'X-Two': 'words', cookie: 'c=1; d=2' } })
  const event = await latest(server)
  t.match(event, {
    request: {
      url: `${PREPARE}?a=1&a=2&b`,
      absoluteUrl: `${server.url}${PREPARE}?a=1&a=2&b`,
      method: 'POST',
      clientIp: '127.0.0.1',
      headers: { 'X-Two': 'words', 'content-type': 'application/json' },
      cookies: { c: '[redacted]', d: '[redacted]' },
      queryParams: { a: { key: 'a', values: ['1', '2'] }, b: { key: 'b', values: [''] } },
      body: '{"encryption_key":"[redacted]"}',
      protocol: 'HTTP/1.1',
    },
    responseDefinition: { status: 200 },
    response: {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': '54' },
      body: '{"backup_guid":"3a2e59ee-40cb-472a-91d0-502ab259918c"}',
    },
    wasMatched: true,
  })
  t.same(event.firedrill, {
    sandbox: 'default',
    api: 'a9s',
    operation: 'prepareDisasterRecovery',
    path: `${PREPARE}?a=1&a=2&b`,
    principal: 'demo-t…',
    virtualTime: NOW,
    fault: null,
    forced: null,
    error: null,
    durationMs: event.firedrill.durationMs,
    requestBody: { sizeBytes: 42, shown: 'whole' },
    responseBody: { sizeBytes: 54, shown: 'whole' },
  })
  t.ok(Number(event.firedrill.durationMs) > 0)
  t.ok(event.request.loggedDate >= before && event.request.loggedDate <= Date.now())
  t.equal(Date.parse(event.request.loggedDateString), event.request.loggedDate)
  t.equal(Buffer.from(event.request.bodyAsBase64, 'base64').toString(), event.request.body)
  t.equal(Buffer.from(event.response?.bodyAsBase64 ?? '', 'base64').toString(), event.response?.body)
  t.same((await ask(server, 'GET', `/requests/${event.id}`)).json, event)
  t.same(server.default.requests.get(event.id), event)
  t.same(await log(server), server.default.requests.list())
})

t.test('the headers of an answer are those that were sent, whatever set them, and streams have theirs', async t => {
  const server = await boot(t)
  const headers = { authorization: 'Bearer YOUR_API_KEY' }
  const path = '/backend/api/v1/disasterRecoveryFiles/123'
  for (const accept of ['application/json', 'application/x-7z-compressed']) {
    const answer = await send(server, path, { headers: { ...headers, accept } })
    const { response } = await latest(server)
    t.equal(response?.headers.vary, 'Accept')
    for (const name of ['content-type', 'content-length', 'vary', 'date', 'etag', 'content-disposition']) {
      t.equal(response?.headers[name], answer.headers[name], `${accept}: ${name}`)
    }
  }
})

t.test('listRequests: the latest first, by limit, since and unmatched; control requests are not in it', async t => {
  const server = await boot(t)
  for (const path of ['/nowhere/1', `${INSTANCE}/restores`, '/nowhere/2']) await send(server, path, { headers: BEARER })
  await ask(server, 'GET', '/clock')
  await send(server, '/__admin/nothing')
  await send(server, '/__admin')
  const urls = async (query: string) => (await log(server, query)).requests.map(({ request }) => request.url)
  const all = ['/nowhere/2', `${INSTANCE}/restores`, '/nowhere/1']
  t.same(await urls(''), all)
  t.same(await urls('?limit=2'), all.slice(0, 2))
  t.same(await urls('?limit=0'), [])
  t.same(await urls('?unmatched=true'), [all[0], all[2]])
  t.same(await urls('?unmatched=true&limit=1'), [all[0]])
  t.same(await urls('?since=2000-01-01T00:00:00Z'), all)
  t.same(await urls('?since=2999-01-01T00:00:00Z'), [])
  t.equal((await log(server, '?limit=1')).meta.total, 3)
  const { json } = await ask(server, 'GET', '/requests/unmatched')
  t.match(json, { requests: [{ url: '/nowhere/1' }, { url: '/nowhere/2' }], requestJournalDisabled: false })
  t.same(json, server.default.requests.unmatched())
  t.equal((await ask(server, 'GET', '/requests?since=yesterday')).status, 400)
  t.equal((await ask(server, 'GET', '/requests?limit=-1')).status, 400)
  t.equal((await ask(server, 'GET', '/requests/none')).status, 404)
})

t.test('what is matched: an operation, a page, HEAD; what is not: paths, methods, escapes, hosts', async t => {
  const server = await boot(t)
  const rows: [method: string, path: string, matched: boolean, api: string | null, operation: string | null][] = [
    ['GET', `${INSTANCE}/restores`, true, 'a9s', 'listRestores'],
    ['HEAD', `${INSTANCE}/restores`, true, 'a9s', 'listRestores'],
    ['GET', '/arcgis/admin/login', true, 'arcgis', null],
    ['GET', '/@other/v3/apps/1/backups', true, 'dscloud', 'listApplicationBackups'],
    ['DELETE', `${INSTANCE}/restores`, false, 'a9s', null],
    ['GET', `${INSTANCE}/nothing`, false, 'a9s', null],
    ['GET', '/v1/instances/%zz/restores', false, 'a9s', null],
    ['GET', '/%zz', false, null, null],
    ['GET', '/__administrator', false, null, null],
  ]
  for (const [method, path, matched, api, operation] of rows) {
    await send(server, path, { method, headers: BEARER })
    const { requests } = path.startsWith('/@other') ? server.sandbox('other') : server.default
    const [event] = requests.list().requests
    t.match(event, { wasMatched: matched, firedrill: { api, operation }, request: { method } }, `${method} ${path}`)
    t.equal(event?.request.url, path.replace('/@other', ''))
    t.equal(event?.request.absoluteUrl, server.url + path)
  }
})

t.test('bodies: broken ones, refused ones, large ones, none, and streams', async t => {
  const server = await boot(t)
  const json = { ...BEARER, 'content-type': 'application/json' }
  const sent = async (body: string | Buffer, headers: Record<string, string>, path = PREPARE) => {
    const { status } = await send(server, path, { method: 'POST', headers, body })
    return { status, event: await latest(server) }
  }
  const rows: [body: string, headers: Record<string, string>, status: number][] = [
    ['{"broken":', json, 400],
    ['plain', { ...BEARER, 'content-type': 'text/plain' }, 415],
    ['{"a":1}', { 'content-type': 'application/json' }, 401],
    ['{"unknown":1}', json, 400],
  ]
  for (const [body, headers, status] of rows) {
    const { status: got, event } = await sent(body, headers)
    t.same([got, event.request.body, event.response?.status], [status, body, status])
    t.same(event.firedrill.requestBody, { sizeBytes: body.length, shown: 'whole' })
  }
  t.equal((await sent('a=1', { 'content-type': 'text/plain' }, '/nowhere')).event.request.body, 'a=1')
  const long = `{"pad":"${'ä'.repeat(40_000)}"}`
  const { event: cut } = await sent(long, json)
  t.same(cut.firedrill.requestBody, { sizeBytes: Buffer.byteLength(long), shown: 'start' })
  t.equal(cut.request.body, long.slice(0, cut.request.body.length))
  t.ok(Buffer.byteLength(cut.request.body) >= 65_535)
  const { event: binary } = await sent(Buffer.from([0xff, 0xfe, 0x00]), json)
  t.same([binary.request.body, binary.firedrill.requestBody], ['', { sizeBytes: 3, shown: 'none' }])
  for (const [body, more] of [
    [Buffer.from('{"a":1}', 'utf16le'), {}],
    ['{"a":1}', { 'content-encoding': 'gzip' }],
  ] as const) {
    t.match((await sent(body, { ...json, ...more })).event, {
      request: { body: '' },
      firedrill: { requestBody: { shown: 'none' } },
    })
  }
  const key = '85592d2b15ff867407964790224dcbb3a95ce82b'
  const path = `/backups.dscloud.pt/23457145698959364_${encodeURIComponent('Backup at 2024-12-07 22:07:11')}.zip?${key}`
  await send(server, path, { headers: { range: 'bytes=0-99' } })
  const { response, firedrill } = await latest(server)
  t.match(response, { status: 206, body: '', headers: { 'content-length': '100' } })
  t.same(firedrill.responseBody, { sizeBytes: 100, shown: 'none' })
  await send(server, path, { method: 'HEAD' })
  t.same((await latest(server)).firedrill.responseBody, { sizeBytes: 0, shown: 'whole' })
  await send(server, `${INSTANCE}/restores`, { method: 'HEAD', headers: BEARER })
  t.match((await latest(server)).response, { body: '', headers: { 'content-length': '2' } })
})

t.test('where HTTP has no body there is none in the journal', async t => {
  const server = await boot(t)
  for (const status of [204, 304]) {
    server.default.faults.arm({
      operation: 'prepareDisasterRecovery',
      fault: 'status',
      status,
      body: 'words',
      times: 1,
    })
    t.equal((await send(server, PREPARE, { method: 'POST', headers: BEARER })).text, '')
    const { response, firedrill } = await latest(server)
    t.match({ response, firedrill }, { response: { status, body: '' }, firedrill: { responseBody: { sizeBytes: 0 } } })
  }
})

t.test('an error has its name in the catalogue, a forced answer its own, a fault its id', async t => {
  const server = await boot(t)
  const rows: [path: string, headers: Record<string, string>, error: string][] = [
    [`${INSTANCE}/restores`, {}, 'Unauthorized'],
    [`${INSTANCE}/restores/9`, BEARER, 'NotFound'],
    ['/arcgis/admin/jobs?f=json', {}, 'TokenRequired'],
    ['/arcgis/admin/nothing?f=json', {}, 'UnknownPath'],
    ['/v3/apps/1/backups', { authorization: '23457145698959364-demo' }, 'APP_NOT_FOUND'],
    ['/backend/api/v1/disasterRecoveryFiles/9', { authorization: 'Bearer YOUR_API_KEY' }, 'FileNotFound'],
  ]
  for (const [path, headers, error] of rows) {
    await send(server, path, { headers })
    t.equal((await latest(server)).firedrill.error, error, path)
  }
  await send(server, `${INSTANCE}/restores`, { headers: { ...BEARER, prefer: 'code=502' } })
  t.match((await latest(server)).firedrill, { forced: 'BadGateway', error: null, fault: null })
  const { id } = server.default.faults.arm({
    operation: 'listRestores',
    fault: 'error',
    name: 'GatewayTimeout',
    times: 1,
  })
  await send(server, `${INSTANCE}/restores`, { headers: BEARER })
  t.match((await latest(server)).firedrill, { fault: { id, fault: 'error' }, error: 'GatewayTimeout', forced: null })
})

/** Sends a request of which no answer is expected; resolves when its connection has gone. */
function lost({ url }: Server, path: string, abort?: Promise<unknown>): Promise<void> {
  return new Promise(resolve => {
    const outgoing = get(url + path, { headers: BEARER }, response => response.resume().on('error', () => {}))
    outgoing.on('error', () => {}).on('close', resolve)
    abort?.then(() => outgoing.destroy())
  })
}

t.test('requests that faults cut off are there without an answer; those that hang are there while they do', async t => {
  const server = await boot(t)
  const { requests, faults } = server.default
  for (const when of ['before-headers', 'after-headers'] as const) {
    faults.arm({ operation: 'listRestores', fault: 'reset', when, times: 1 })
    await lost(server, `${INSTANCE}/restores`)
    await requests.wait({ match: { operation: 'listRestores' } })
    const [event] = requests.list().requests
    t.match(event, { wasMatched: true, responseDefinition: {}, firedrill: { fault: { fault: 'reset' } } }, when)
    t.notOk(event && 'response' in event)
    t.type(event?.firedrill.durationMs, 'number')
    requests.clear()
  }
  faults.arm({ operation: 'listRestores', fault: 'hang', times: 1 })
  const { promise: seen, resolve: hasBeenSeen } = Promise.withResolvers<void>()
  const gone = lost(server, `${INSTANCE}/restores`, seen)
  while (requests.count().count === 0) await new Promise(resolve => setImmediate(resolve))
  t.match(requests.list().requests, [{ firedrill: { fault: { fault: 'hang' }, durationMs: null, responseBody: null } }])
  const ended = requests.wait({ match: {} })
  hasBeenSeen()
  await Promise.all([gone, ended])
  t.type(requests.list().requests[0]?.firedrill.durationMs, 'number')
})

t.test('an entry is in the journal before its client has read the answer to its end', async t => {
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

t.test('sandboxes do not see each other’s requests, and each is read by path, name and door', async t => {
  const server = await boot(t)
  const host = (name: string) => ({ ...BEARER, host: `${name}.localhost` })
  const ways: [name: string, path: string, headers: Record<string, string>][] = [
    ['one', `/@one${PREPARE}`, BEARER],
    ['two', PREPARE, { ...BEARER, 'x-firedrill-sandbox': 'two' }],
    ['three', PREPARE, host('three')],
  ]
  for (const [name, path, headers] of ways) {
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
  const fill = async () => {
    for (const path of ['/a', '/b', '/b', '/c']) await send(server, path)
  }
  const left = async () => (await log(server)).requests.map(({ request }) => request.url)
  await fill()
  const { id } = await latest(server)
  t.same((await ask(server, 'DELETE', `/requests/${id}`)).json, {})
  t.equal((await ask(server, 'DELETE', `/requests/${id}`)).status, 404)
  t.same(await left(), ['/b', '/b', '/a'])
  const removed = await ask(server, 'POST', '/requests/remove', { url: '/b' })
  t.match(removed.json, { serveEvents: [{ request: { url: '/b' } }, { request: { url: '/b' } }] })
  t.same(await left(), ['/a'])
  t.same((await ask(server, 'DELETE', '/requests')).json, {})
  t.same(await left(), [])
  await fill()
  t.same((await ask(server, 'POST', '/requests/reset')).json, {})
  t.same(await left(), [])
})

t.test('bounds: so many entries, so many bytes, or none at all', async t => {
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

t.test('the Date of every API’s answer is the sandbox’s; that of the control API is not', async t => {
  const server = await boot(t)
  const date = async (path: string, headers: Record<string, string> = {}) =>
    (await send(server, path, { headers })).headers.date
  const paths = [
    `${INSTANCE}/restores`,
    '/v1/instances/%zz',
    '/nowhere',
    '/arcgis/admin/login',
    '/backups.dscloud.pt/1.zip',
  ]
  for (const path of paths) t.equal(await date(path), 'Wed, 10 Jun 2026 12:00:00 GMT', path)
  server.default.clock.advance({ by: '90s' })
  for (const path of paths) t.equal(await date(path), 'Wed, 10 Jun 2026 12:01:30 GMT', path)
  createSandbox(server, { name: 'other' })
  t.equal(await date('/@other/nowhere'), 'Wed, 10 Jun 2026 12:00:00 GMT')
  server.default.faults.arm({ operation: 'listRestores', fault: 'proxy-error' })
  t.equal(await date(`${INSTANCE}/restores`, BEARER), 'Wed, 10 Jun 2026 12:01:30 GMT')
  t.notMatch(await date('/__admin/clock'), 'Wed, 10 Jun 2026')
})

t.test('assertClean: requests at which nothing is served are not', async t => {
  const server = await boot(t)
  await prepare(server)
  t.same(server.default.assertClean(), { clean: true, problems: [] })
  for (const path of ['/favicon.ico', '/favicon.ico?v=2', '/@default/favicon.ico']) await send(server, path)
  t.same(server.default.assertClean(), { clean: true, problems: [] }, 'browsers ask for their icon by themselves')
  t.equal(server.default.requests.unmatched().requests.length, 3, 'which the journal shows')
  await send(server, '/nowhere?token=s3cret-value')
  const { clean, problems } = server.default.assertClean()
  t.same([clean, problems], [false, ['nothing is served at GET /nowhere?token=[redacted]']])
})
