// Checks how requests and responses are listed and read in the journal.
import t from 'tap'
import { boot, createSandbox } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, latest, log, PREPARE, prepare, send } from './journaled.ts'

const NOW = '2026-06-10T12:00:00.000Z'

t.test('listRequests, readRequest: the request, the response and the metadata', async t => {
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
    sent: null,
    responseBody: { sizeBytes: 54, shown: 'whole' },
    canRewind: false,
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

t.test('the headers of a response are those that were sent, also of a stream', async t => {
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

t.test('listRequests: the latest first, by limit, since and unmatched; without control requests', async t => {
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

t.test('operations, pages and HEAD are matched; unknown paths, wrong methods and invalid escapes are not', async t => {
  const server = await boot(t)
  const cases: { method: string; path: string; matched: boolean; api: string | null; operation: string | null }[] = [
    { method: 'GET', path: `${INSTANCE}/restores`, matched: true, api: 'a9s', operation: 'listRestores' },
    { method: 'HEAD', path: `${INSTANCE}/restores`, matched: true, api: 'a9s', operation: 'listRestores' },
    { method: 'GET', path: '/arcgis/admin/login', matched: true, api: 'arcgis', operation: null },
    {
      method: 'GET',
      path: '/@other/v3/apps/1/backups',
      matched: true,
      api: 'dscloud',
      operation: 'listApplicationBackups',
    },
    { method: 'DELETE', path: `${INSTANCE}/restores`, matched: false, api: 'a9s', operation: null },
    { method: 'GET', path: `${INSTANCE}/nothing`, matched: false, api: 'a9s', operation: null },
    { method: 'GET', path: '/v1/instances/%zz/restores', matched: false, api: 'a9s', operation: null },
    { method: 'GET', path: '/%zz', matched: false, api: null, operation: null },
    { method: 'GET', path: '/__administrator', matched: false, api: null, operation: null },
  ]
  for (const { method, path, matched, api, operation } of cases) {
    await send(server, path, { method, headers: BEARER })
    const { requests } = path.startsWith('/@other') ? server.sandbox('other') : server.default
    const [event] = requests.list().requests
    t.match(event, { wasMatched: matched, firedrill: { api, operation }, request: { method } }, `${method} ${path}`)
    t.equal(event?.request.url, path.replace('/@other', ''))
    t.equal(event?.request.absoluteUrl, server.url + path)
  }
})

t.test('the metadata has the name of an error, of a forced response, and the id of a fault', async t => {
  const server = await boot(t)
  const cases: { path: string; headers: Record<string, string>; error: string }[] = [
    { path: `${INSTANCE}/restores`, headers: {}, error: 'Unauthorized' },
    { path: `${INSTANCE}/restores/9`, headers: BEARER, error: 'NotFound' },
    { path: '/arcgis/admin/jobs?f=json', headers: {}, error: 'TokenRequired' },
    { path: '/arcgis/sharing/rest/nothing?f=json', headers: {}, error: 'UnknownPath' },
    { path: '/v3/apps/1/backups', headers: { authorization: '23457145698959364-demo' }, error: 'APP_NOT_FOUND' },
    {
      path: '/backend/api/v1/disasterRecoveryFiles/9',
      headers: { authorization: 'Bearer YOUR_API_KEY' },
      error: 'FileNotFound',
    },
  ]
  for (const { path, headers, error } of cases) {
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

t.test('the Date of responses of the APIs is the time of the sandbox; that of the control API is not', async t => {
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

t.test('assertClean: requests that no route matches are problems', async t => {
  const server = await boot(t)
  await prepare(server)
  t.same(server.default.assertClean(), { clean: true, problems: [] })
  for (const path of ['/favicon.ico', '/favicon.ico?v=2', '/@default/favicon.ico']) await send(server, path)
  t.same(server.default.assertClean(), { clean: true, problems: [] }, 'browsers request their icon by themselves')
  t.equal(server.default.requests.unmatched().requests.length, 0, 'no requests for the icon are in the journal')
  await send(server, '/nowhere?token=s3cret-value')
  const { clean, problems } = server.default.assertClean()
  t.same([clean, problems], [false, ['nothing is served at GET /nowhere?token=[redacted]']])
})

t.test('listRequests: the journal can be read in parts', async t => {
  const server = await boot(t)
  for (const name of ['a', 'b', 'c', 'd']) await send(server, `/${name}`)
  const first = await log(server, '?limit=2')
  t.same(
    first.requests.map(({ request }) => request.url),
    ['/d', '/c'],
  )
  const id = first.requests[1]?.id ?? ''
  const rest = await log(server, `?limit=2&before=${id}`)
  t.same(
    rest.requests.map(({ request }) => request.url),
    ['/b', '/a'],
  )
  t.equal(rest.meta.total, 4)
  t.same(server.default.requests.list({ limit: 2, before: id }), rest)
  const missing = await ask(server, 'GET', '/requests?before=none')
  t.equal(missing.status, 404)
  t.match(missing.json.detail, /request "none" is not in the journal/i)
})
