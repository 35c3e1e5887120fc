// What goes wrong in and around a room: always in its errorFormat, and nobody outside learns more than they should.
import { once } from 'node:events'
import { connect } from 'node:net'
import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'
import { configFromOptions } from '../../src/config.ts'
import { openRegistry } from '../../src/fixtures.ts'
import type { ReportUnexpected } from '../../src/http/failures.ts'
import { buildServer } from '../../src/server.ts'
import { boot, call } from '../helpers.ts'
import { catalogue, errorFormat, openSmallApi } from './small-api.ts'

const SECRET = 'the password is hunter2'
const broken = { oops: 'Broken', message: 'something broke', details: [] }

t.test('an unexpected failure: 500 in the errorFormat, reported with its stack, its message not sent', async t => {
  const fail = () => {
    throw new Error(SECRET)
  }
  const { app, reported } = await openSmallApi(t, room => {
    room.get('/sync', fail)
    room.get('/async', async () => fail())
    room.get('/text', async () => {
      throw SECRET
    })
    room.get('/hook', { preHandler: async () => fail() }, () => 'never')
    room.get('/validation', { preValidation: (_request, _reply, _done) => fail() }, () => 'never')
    room.get('/sent', (_request, reply) => reply.send(new Error(SECRET)))
    room.get('/status', async () => {
      throw Object.assign(new Error(SECRET), { statusCode: 404 })
    })
    room.get('/unsendable', async () => ({ big: 1n }))
  })
  for (const path of ['sync', 'async', 'text', 'hook', 'validation', 'sent', 'status', 'unsendable']) {
    const { statusCode, body } = await app.inject({ url: `/small/${path}?q=1` })
    t.equal(statusCode, 500, path)
    t.same(JSON.parse(body), broken)
    const { error, method, url } = reported.pop() ?? {}
    t.same({ method, url }, { method: 'GET', url: `/small/${path}?q=1` })
    if (error instanceof Error && path !== 'unsendable') t.match(error.stack, 'failures.test.ts')
    t.match(error instanceof Error ? error.message : error, path === 'unsendable' ? 'BigInt' : SECRET)
  }
  t.same(reported, [], 'each was reported once')
})

t.test('an error of the catalogue is what its row says, and nothing is reported', async t => {
  const { app, reported } = await openSmallApi(t, room => {
    room.get('/taken', () => {
      throw catalogue.error('Taken', { message: 'taken by you', headers: { 'retry-after': '3' }, details: ['a'] })
    })
    room.get('/plain', () => {
      throw catalogue.error('Taken')
    })
    room.get('/broken', () => {
      throw catalogue.error('Broken')
    })
  })
  const taken = await app.inject({ url: '/small/taken' })
  t.match(taken, { statusCode: 409, headers: { 'retry-after': '3' } })
  t.same(taken.json(), { oops: 'Taken', message: 'taken by you', details: ['a'] })
  t.same((await app.inject({ url: '/small/plain' })).json(), { oops: 'Taken', message: 'taken', details: [] })
  t.equal((await app.inject({ url: '/small/broken' })).statusCode, 500, 'on purpose')
  t.same(reported, [])
})

t.test('a room can have words of its own for foreign errors', async t => {
  const fail = async () => {
    throw new RangeError('full')
  }
  const translate = (error: unknown) => (error instanceof RangeError ? catalogue.error('Taken') : undefined)
  const routes = (room: Parameters<Parameters<typeof openSmallApi>[1]>[0]) => void room.get('/', fail)
  const { app, reported } = await openSmallApi(t, routes, { errorFormat: { ...errorFormat, translate } })
  t.equal((await app.inject({ url: '/small' })).statusCode, 409)
  t.same(reported, [])
})

t.test('bodies that cannot be read', async t => {
  const { app, reported } = await openSmallApi(t, room => {
    room.post('/', { schema: { body: Type.Object({}) } }, () => 'ok')
  })
  const cases: [string, string, number, string][] = [
    ['application/json', '{"a":', 400, 'Malformed'],
    ['application/json', '', 400, 'Malformed'],
    ['application/json', '{"__proto__": {"x": 1}}', 400, 'Malformed'],
    ['application/json; charset=utf-8', 'x', 400, 'Malformed'],
    ['text/plain', 'x', 415, 'NotThat'],
    ['application/x-www-form-urlencoded', 'a=b', 415, 'NotThat'],
    ['no type at all', 'x', 415, 'NotThat'],
    ['application/json', JSON.stringify({ a: 'x'.repeat(1000) }), 413, 'TooMuch'],
  ]
  for (const [type, payload, status, oops] of cases) {
    const answer = await app.inject({ method: 'POST', url: '/small', headers: { 'content-type': type }, payload })
    t.match(answer, { statusCode: status }, `${type} ${payload.slice(0, 20)}`)
    t.match(answer.json(), { oops })
  }
  t.same(reported, [], 'that is nobody’s fault here')
})

t.test('unknown paths and wrong methods, whatever the body', async t => {
  const { app } = await openSmallApi(t, room => {
    room.get('/things', () => 'ok')
    room.put('/things', () => 'ok')
    room.post('/', () => 'ok')
  })
  for (const [method, url] of [
    ['GET', '/small/nope'],
    ['POST', '/small/nope'],
    ['POST', '/small/things/1'],
  ] as const) {
    const answer = await app.inject({ method, url, headers: { 'content-type': 'application/json' }, payload: '{bad' })
    t.match(answer, { statusCode: 404 }, `${method} ${url}`)
    t.same(answer.json(), { oops: 'Nowhere', message: 'not here', details: [] })
  }
  for (const [method, url, allow] of [
    ['POST', '/small/things', 'GET, HEAD, PUT'],
    ['DELETE', '/small/things', 'GET, HEAD, PUT'],
    ['OPTIONS', '/small/things', 'GET, HEAD, PUT'],
    ['PATCH', '/small', 'POST'],
  ] as const) {
    const answer = await app.inject({ method, url, headers: { 'content-type': 'text/xml' }, payload: '<x/>' })
    t.match(answer, { statusCode: 405, headers: { allow } }, `${method} ${url}`)
    t.match(answer.json(), { oops: 'NotSo' })
  }
  t.equal((await app.inject({ method: 'HEAD', url: '/small/things' })).statusCode, 200)
})

t.test('who may not come in learns nothing of what is inside', async t => {
  const guard = () => {
    throw catalogue.error('Nobody', { headers: { 'www-guard': 'Bearer' } })
  }
  const routes = (room: Parameters<Parameters<typeof openSmallApi>[1]>[0]) => void room.get('/', () => 'ok')
  const { app } = await openSmallApi(t, routes, { guard })
  for (const [method, url] of [
    ['GET', '/small'],
    ['POST', '/small'],
    ['GET', '/small/nope'],
  ] as const) {
    t.match(await app.inject({ method, url }), { statusCode: 401, headers: { 'www-guard': 'Bearer' } }, url)
  }
})

t.test('a hook of the server that fails speaks the errorFormat of the room that was asked for', async t => {
  const routes = (room: Parameters<Parameters<typeof openSmallApi>[1]>[0]) => void room.get('/', () => 'ok')
  const before = (app: Parameters<NonNullable<NonNullable<Parameters<typeof openSmallApi>[2]>['before']>>[0]) => {
    app.addHook('onRequest', () => {
      throw new Error(SECRET)
    })
  }
  const { app, reported } = await openSmallApi(t, routes, { before })
  const answer = await app.inject({ url: '/small' })
  t.equal(answer.statusCode, 500)
  t.same(answer.json(), broken)
  t.match(reported, [{ error: { message: SECRET } }])
})

/** A server in which every request fails: at once something is due whose effect cannot be. */
async function bootBroken(t: Test) {
  const config = configFromOptions({ port: 0, clock: 'scaled:1000000' })
  const registry = openRegistry(config)
  const { jobs, clock } = registry.get('default')
  // No document is taken that holds such a job.
  const job = { api: 'a9s', id: 'broken', kind: 'prepare', subject: null, outcome: { result: 'success' } } as const
  jobs.submit(job, clock.now())
  const reported: { error: unknown; url: string }[] = []
  const report: ReportUnexpected = (error, { url }) => reported.push({ error, url })
  const { app } = await buildServer({
    config,
    registry,
    report,
    describeControl: async () => ({}),
    describeApis: async () => '',
  })
  t.teardown(async () => {
    await app.close()
    registry.close()
  })
  const server = { url: await app.listen({ port: 0, host: '127.0.0.1' }) }
  return { server, reported }
}

t.test('an effect that fails: every API answers in its own words, and paths of none in plain ones', async t => {
  const { server, reported } = await bootBroken(t)
  const ask = (path: string, headers = {}) => call(server, { path, headers, contract: false })
  const a9s = await ask('/v1/instances/x/restores', { authorization: 'bearer demo-token' })
  t.match(a9s, { status: 500, json: { error: 'InternalServerError', description: /^An unexpected error / } })
  const files = await ask('/backend/api/v1/disasterRecoveryFiles')
  t.match(files.status, 500)
  const nowhere = await ask('/nowhere')
  t.match(nowhere, {
    status: 500,
    headers: { 'content-type': /^application\/problem\+json/ },
    json: { title: 'Internal Server Error', status: 500 },
  })
  t.match(reported, [
    { url: '/v1/instances/x/restores', error: { stack: /settle/ } },
    { url: '/backend/api/v1/disasterRecoveryFiles' },
    { url: '/nowhere' },
  ])
  for (const { text } of [a9s, files, nowhere]) t.notMatch(text, /null|TypeError|encryptionKey|\.ts/)
})

t.test('paths of no API say what there is, whatever was sent there', async t => {
  const server = await boot(t)
  for (const what of [
    { path: '/', method: 'POST' },
    { path: '/nope?secret=1' },
    { path: '/%zz' },
    { path: '/nope', method: 'POST', headers: { 'content-type': 'application/json' }, body: '{bad' },
    { path: '/nope', method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<x/>' },
    { path: '/nope', method: 'QUERY' },
    { path: '/nope', method: 'QUERY', body: '{}', headers: {} },
    { path: '/nope', method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(2_000_000) },
  ]) {
    const answer = await call(server, { ...what, contract: false })
    t.match(answer, { status: 404, headers: { 'content-type': /^application\/problem\+json/ } }, what.path)
    t.match(answer.json, { title: 'No API here', status: 404 })
    t.same(answer.json.apis.map(({ name }: { name: string }) => name).toSorted(), [
      'a9s',
      'arcgis',
      'disaster-recovery-files',
      'dscloud',
    ])
    t.notMatch(answer.text, 'secret')
  }
})

t.test('paths that cannot be routed still have an owner', async t => {
  const server = await boot(t)
  const headers = { authorization: 'bearer demo-token' }
  for (const path of [
    '/v1/instances/%zz',
    '/v1/instances/%c3%28/restores',
    `/v1/instances/${'x'.repeat(5000)}/restores`,
  ]) {
    const answer = await call(server, { path, headers, contract: false })
    t.match(answer, { status: 404, json: { error: 'NotFound' } }, path.slice(0, 40))
  }
  // The router has limits of its own for paths that it does not know, and for methods.
  const long = 'x'.repeat(2000)
  for (const [method, path] of [
    ['GET', `/${long}/admin/nope`],
    ['PUT', `/${'x'.repeat(200)}/admin/nope`],
    ['PROPFIND', `/${long}/sharing/rest/generateToken`],
    ['GET', '/arcgis/admin/%zz'],
  ] as const) {
    const answer = await call(server, { method, path: `${path}?f=json`, contract: false })
    t.match(answer, { status: 200, json: { error: { code: 404 } } }, `${method} ${path.slice(-20)}`)
  }
  for (const path of [
    '/__admin/jobs/%zz',
    '/__admin/%zz',
    `/__admin/jobs/${'x'.repeat(5000)}`,
    '/@s/__admin/jobs/%zz',
  ]) {
    const problem = { title: 'Not Found', status: 404, detail: /openapi\.json/ }
    t.match(await call(server, { path, contract: false }), { status: 404, json: problem }, path.slice(0, 40))
    const stranger = await call(server, { path, headers: { origin: 'http://evil.example' }, contract: false })
    t.match(stranger, { status: 403, json: { title: 'Forbidden' } }, 'the guard comes first')
  }
})

const PATHS: [path: string, shape: (status: number) => object][] = [
  ['/v1/instances/10000000-0000-4000-8000-000000000001/restores', () => ({ error: String, description: String })],
  ['/backend/api/v1/disasterRecoveryFiles/', status => ({ error: { code: status * 1000 + 101, message: String } })],
  ['/v3/apps/x/backups', () => ({ status: 'error', code: String, message: String })],
  ['/arcgis/admin/jobs?f=json', status => ({ error: { code: status, message: String } })],
  ['/arcgis/sharing/rest/generateToken?f=json', status => ({ error: { code: status, message: String } })],
  ['/__admin/clock', status => ({ type: 'about:blank', title: String, status, detail: String })],
  ['/nowhere', status => ({ type: 'about:blank', title: String, status, detail: String })],
]

interface RawAnswer {
  status: number
  head: string
  json: unknown
}

async function exchange(url: string, head: string): Promise<RawAnswer> {
  const [answerHead = '', body = ''] = (await sendRaw(url, `${head}\r\nConnection: close\r\n\r\n`)).split('\r\n\r\n')
  return { status: Number(answerHead.split(' ')[1]), head: answerHead, json: JSON.parse(body) }
}

t.test('what HTTP itself refuses is answered in the shape of the API whose path it is', async t => {
  const server = await boot(t)
  const host = 'Host: localhost'
  const cases: [what: string, status: number, head: (path: string) => string, words: RegExp][] = [
    [
      'an expectation',
      417,
      path => `GET ${path} HTTP/1.1\r\n${host}\r\nExpect: x`,
      /Unsupported expectation .*x.*; use 100-continue/,
    ],
    ['no host', 400, path => `GET ${path} HTTP/1.1\r\nX: y`, /The Host header is missing/],
    [
      'a port',
      400,
      path => `GET ${path} HTTP/1.1\r\nHost: a:99999`,
      /The Host header .*a:99999.* is not a host and port/,
    ],
    ['an address', 400, path => `GET ${path} HTTP/1.1\r\nHost: 1.2.3.999`, /The Host header/],
    ['IPv6', 400, path => `GET ${path} HTTP/1.1\r\nHost: [:::]`, /The Host header/],
    [
      'a forwarded port',
      400,
      path => `GET ${path} HTTP/1.1\r\n${host}\r\nX-Forwarded-Host: a:99999`,
      /The forwarded host .*a:99999/,
    ],
    ['another', 400, path => `GET ${path} HTTP/1.1\r\n${host}\r\nForwarded: host="[:::]"`, /The forwarded host/],
    [
      'a long path',
      431,
      path => `GET ${path}${path.includes('?') ? '&' : '?'}${'x'.repeat(20_000)} HTTP/1.1\r\n${host}`,
      /larger than 16 KiB/,
    ],
    ['no header', 400, path => `GET ${path} HTTP/1.1\r\n${host}\r\nBad Header: y`, /not a valid HTTP request/],
    ['no method', 400, path => `NOPE ${path} HTTP/1.1\r\n${host}`, /not a valid HTTP request/],
    [
      'as to a proxy',
      400,
      path => `GET http://localhost${path} HTTP/1.1\r\n${host}\r\nBad Header: y`,
      /not a valid HTTP request/,
    ],
    ['in a sandbox', 417, path => `GET /@s${path} HTTP/1.1\r\n${host}\r\nExpect: x`, /Unsupported expectation/],
  ]
  for (const [what, status, head, words] of cases) {
    for (const [path, shape] of PATHS) {
      const answer = await exchange(server.url, head(path))
      const isArcgis = path.startsWith('/arcgis')
      t.equal(answer.status, isArcgis ? 200 : status, `${what}: ${path}`)
      t.match(answer.json, shape(status), answer.head)
      t.match(JSON.stringify(answer.json), words)
    }
  }
  const refused = server.default.requests.list({ limit: 1000 }).requests
  t.ok(
    refused.some(({ response }) => response?.status === 417),
    'what could be read is in the journal',
  )
})

t.test(
  'an expectation that can be met, a host that is none but not needed, and what is forwarded when nobody asks',
  async t => {
    const server = await boot(t, { publicUrl: 'https://public.example' })
    const path = '/__admin/version'
    t.equal((await call(server, { path, headers: { expect: '100-continue' } })).status, 200)
    t.equal((await call(server, { path, headers: { 'x-forwarded-host': 'a:99999' } })).status, 200)
    t.match(await sendRaw(server.url, 'GET /nope HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 404/)
    t.match(await sendRaw(server.url, 'GET /nope HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 404/)
  },
)

t.test('requests that arrive while the server stops are answered 503 in the shape of their API', async t => {
  const server = await boot(t)
  const waiting = await Promise.all(
    PATHS.map(async ([path, shape]) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      await once(socket, 'connect')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n`)
      return { path, shape, socket }
    }),
  )
  await call(server, { path: '/nope', contract: false })
  const closed = server.close()
  for (const { path, shape, socket } of waiting) {
    const chunks: Buffer[] = []
    socket.on('data', chunk => chunks.push(chunk))
    socket.write('\r\n')
    await once(socket, 'close')
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n')
    t.match(head, `HTTP/1.1 ${path.startsWith('/arcgis') ? 200 : 503} `, path)
    t.match(head, /\r\nconnection: close/i)
    t.match(JSON.parse(body), shape(503))
    t.match(body, /The server is stopping/)
  }
  await closed
})

/** Sends bytes and returns what comes back until the server hangs up. */
async function sendRaw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  socket.write(bytes)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

t.test('bytes that are no HTTP request', async t => {
  const server = await boot(t)
  const cases: [string, number, string][] = [
    ['GARBAGE\r\n\r\n', 400, 'Bad Request'],
    ['GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400, 'Bad Request'],
    ['GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n', 400, 'Bad Request'],
  ]
  for (const [bytes, status, title] of cases) {
    const [head = '', body = ''] = (await sendRaw(server.url, bytes)).split('\r\n\r\n')
    const detail = 'The received bytes are not a valid HTTP request.'
    t.match(head, `HTTP/1.1 ${status} ${title}\r\n`)
    t.match(head, `\r\nContent-Length: ${body.length}\r\n`)
    t.same(JSON.parse(body), { type: 'about:blank', title, status, detail }, bytes.slice(0, 30))
  }
  t.equal((await call(server, { path: '/nope', contract: false })).status, 404, 'the server goes on')
})

t.test('a client that goes away while it sends is no failure of ours', async t => {
  const server = await boot(t)
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  const path = '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare'
  const headers = [
    'Host: x',
    'Authorization: bearer demo-token',
    'Content-Type: application/json',
    'Content-Length: 99',
  ]
  socket.write(`POST ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\nExpect: 100-continue\r\n\r\n`)
  await once(socket, 'data')
  socket.write('{"a')
  socket.destroy()
  await once(socket, 'close')
  // boot fails the test when the server reports anything; by the next answer it has noticed.
  t.equal((await call(server, { path: '/nope', contract: false })).status, 404)
  await server.close()
})
