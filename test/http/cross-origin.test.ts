// CORS: with --cors, pages of other origins may use the APIs, and nothing else.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { configFromCommandLine } from '../../src/config.ts'
import { launch } from '../console/browser.ts'
import { boot, type Call, call } from '../helpers.ts'

const PAGE = 'https://app.example'
const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
const BACKUPS = '/v3/apps/64d0c750212742ca8704fb458c9771af/backups'
const FILE = '/backend/api/v1/disasterRecoveryFiles/123'
const EXPOSED = 'Content-Range, ETag, Retry-After, Content-Disposition, x-firedrill-request-id, x-firedrill-hint'

const preflight = (path: string, origin = PAGE): Call => ({
  method: 'OPTIONS',
  path,
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
  contract: false,
})

const KINDS: Readonly<Record<string, Call>> = {
  success: { path: INSTANCE, headers: { authorization: 'Bearer demo-token' } },
  'wrong credentials': { path: BACKUPS },
  'unknown path': { path: '/v3/nope' },
  'a path that cannot be decoded': { path: '/v1/instances/%zz' },
  'wrong method': { method: 'DELETE', path: BACKUPS },
  'invalid body': { method: 'POST', path: `${INSTANCE}/disaster-recovery/prepare`, body: '{' },
  'a part of a download': {
    path: FILE,
    headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed', range: 'bytes=0-9' },
  },
  'an error page': { path: '/arcgis/admin/nope' },
  'a sandbox that cannot exist': { path: `/@..%2F${INSTANCE}` },
  'options without a preflight': { method: 'OPTIONS', path: INSTANCE },
}

t.test('without the option there are no CORS headers', async t => {
  const server = await boot(t)
  for (const what of [preflight(INSTANCE), ...Object.values(KINDS)]) {
    const { headers } = await call(server, { ...what, headers: { ...what.headers, origin: PAGE }, contract: false })
    t.same(
      Object.keys(headers).filter(name => name.startsWith('access-control')),
      [],
    )
  }
  t.equal(server.default.requests.list().requests[0]?.request.method, 'OPTIONS', 'preflights are ordinary requests')
})

t.test('an allowed page may read every response of the APIs', async t => {
  const server = await boot(t, { cors: [PAGE, 'http://localhost:3000'] })
  for (const [why, what] of Object.entries(KINDS)) {
    for (const origin of [PAGE, 'http://localhost:3000']) {
      const { headers } = await call(server, { ...what, headers: { ...what.headers, origin }, contract: false })
      t.match(headers, { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED }, why)
      t.match(headers.vary, /\bOrigin$/, why)
      t.notOk('access-control-allow-credentials' in headers)
    }
    const other = { ...what.headers, origin: 'https://other.example' }
    const { headers } = await call(server, { ...what, headers: other, contract: false })
    t.notOk('access-control-allow-origin' in headers, `${why}: not to another page`)
    t.match(headers.vary, /\bOrigin$/, why)
  }
  t.match(
    (await call(server, { ...KINDS['a part of a download'], path: FILE, contract: false })).headers.vary,
    /Accept/,
  )
  for (const fault of [{ fault: 'proxy-error' }, { fault: 'status', status: 503 }, { fault: 'truncate' }] as const) {
    server.default.faults.arm({ operation: 'getInstance', times: 1, ...fault })
    const what = { ...KINDS.success, path: INSTANCE, headers: { authorization: 'Bearer demo-token', origin: PAGE } }
    const { headers } = await call(server, { ...what, contract: false })
    t.equal(headers['access-control-allow-origin'], PAGE, fault.fault)
  }
  const [{ response } = {}] = server.default.requests.list().requests
  t.match(response?.headers, { 'access-control-allow-origin': PAGE }, 'the journal has them')
})

t.test('preflights are answered first: no credentials, no journal, no fault, no sandbox', async t => {
  const server = await boot(t, { cors: PAGE })
  server.default.faults.arm({ operation: '*', fault: 'status', status: 503 })
  for (const path of [INSTANCE, `/@t1${INSTANCE}`, BACKUPS, FILE, '/arcgis/admin/jobs', '/v3/nope']) {
    const { status, headers, text } = await call(server, preflight(path))
    t.match(
      { status, headers, text },
      {
        status: 204,
        text: '',
        headers: {
          'access-control-allow-origin': PAGE,
          'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
          'access-control-allow-headers': 'authorization,content-type',
          'access-control-max-age': '600',
          vary: 'Access-Control-Request-Headers, Origin',
        },
      },
    )
    const refused = await call(server, preflight(path, 'https://other.example'))
    t.equal(refused.status, 204)
    t.same(
      Object.keys(refused.headers).filter(name => name.startsWith('access-control')),
      [],
      'another page is not allowed',
    )
  }
  t.same(server.default.requests.list().requests, [])
  t.match(server.default.faults.list(), [{ hits: 0 }])
  t.same(
    server.sandboxes.list().map(({ name }) => name),
    ['default'],
  )
})

t.test('all origins', async t => {
  const server = await boot(t, { cors: '*' })
  const { headers } = await call(server, { path: BACKUPS })
  t.equal(headers['access-control-allow-origin'], '*', 'also without an Origin, so that caches can keep it')
  t.equal(headers.vary, undefined)
  t.match(await call(server, preflight(BACKUPS, 'null')), {
    status: 204,
    headers: { 'access-control-allow-origin': '*' },
  })
})

t.test('never for the control API, the console, the documents and unknown paths', async t => {
  const server = await boot(t, { cors: '*' })
  for (const path of ['/__admin/clock', '/__admin/health', '/', '/docs', '/docs/docs.js', '/openapi.json', '/nope']) {
    for (const what of [preflight(path), { path, headers: { origin: PAGE }, contract: false }]) {
      const { headers } = await call(server, what)
      t.notOk('access-control-allow-origin' in headers, `${what.method ?? 'GET'} ${path}`)
    }
  }
  t.equal((await call(server, { path: '/__admin/clock', headers: { origin: PAGE }, contract: false })).status, 403)
})

t.test('origins that are none are refused in one line', async t => {
  const refusals: Readonly<Record<string, RegExp>> = {
    'app.example': /^cors must be an http or https URL/,
    'https://app.example/path': /^cors must be an origin without a path/,
    '*,https://app.example': /^cors must be \* alone, or origins/,
  }
  for (const [cors, message] of Object.entries(refusals)) await t.rejects(boot(t, { cors }), { message })
})

t.test('the option can be given several times', async t => {
  const { config } = configFromCommandLine(['--cors', PAGE, '--cors=http://localhost:3000'], {})
  t.same(config.cors, [PAGE, 'http://localhost:3000'])
  t.same(configFromCommandLine([], { FIREDRILL_CORS: `${PAGE}, http://localhost:3000` }).config.cors, config.cors)
  t.equal(configFromCommandLine([], {}).config.cors, undefined)
})

t.test('a page of another origin reads a part of a download in a browser', async t => {
  const pages = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>A page'))
  await once(pages.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => pages.close())
  const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
  const server = await boot(t, { cors: origin })
  const page = await (await launch(t)).newPage()
  await page.goto(origin)
  const read = (url: string) =>
    page.evaluate(
      async ({ url, headers }) => {
        const response = await fetch(url, { headers })
        return [response.status, response.headers.get('content-range'), (await response.arrayBuffer()).byteLength]
      },
      { url, headers: { ...KINDS['a part of a download']?.headers } },
    )
  t.match(await read(server.url + FILE), [206, /^bytes 0-9\//, 10])
  t.equal(server.default.requests.list().requests.length, 1, 'its preflight is not in the journal')
  await t.rejects(read(`${server.url}/__admin/clock`))
})
