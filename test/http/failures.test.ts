import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'
import { configFromOptions } from '../../src/config.ts'
import { openRegistry } from '../../src/fixtures.ts'
import type { ReportUnexpected } from '../../src/http/errors.ts'
import { openapiDocument } from '../../src/openapi.ts'
import { buildServer } from '../../src/server.ts'
import { boot, call } from '../helpers.ts'
import { catalogue, errorFormat, openSmallApi } from './small-api.ts'

const SECRET = 'the password is hunter2'
const broken = { oops: 'Broken', message: 'something broke', details: [] }

t.test('an unexpected failure: 500 in the errorFormat, reported with its stack, its message not sent', async t => {
  const fail = () => {
    throw new Error(SECRET)
  }
  const { app, reported } = await openSmallApi(t, mounted => {
    mounted.get('/sync', fail)
    mounted.get('/async', async () => fail())
    mounted.get('/text', async () => {
      throw SECRET
    })
    mounted.get('/hook', { preHandler: async () => fail() }, () => 'never')
    mounted.get('/validation', { preValidation: (_request, _reply, _done) => fail() }, () => 'never')
    mounted.get('/sent', (_request, reply) => reply.send(new Error(SECRET)))
    mounted.get('/status', async () => {
      throw Object.assign(new Error(SECRET), { statusCode: 404 })
    })
    mounted.get('/unsendable', async () => ({ big: 1n }))
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

t.test('an error of the catalogue is sent as its row says, and is not reported', async t => {
  const { app, reported } = await openSmallApi(t, mounted => {
    mounted.get('/taken', () => {
      throw catalogue.error('Taken', { message: 'taken by you', headers: { 'retry-after': '3' }, details: ['a'] })
    })
    mounted.get('/plain', () => {
      throw catalogue.error('Taken')
    })
    mounted.get('/broken', () => {
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

t.test('an API can translate errors that are not its own', async t => {
  const fail = async () => {
    throw new RangeError('full')
  }
  const translate = (error: unknown) => (error instanceof RangeError ? catalogue.error('Taken') : undefined)
  const routes = (mounted: Parameters<Parameters<typeof openSmallApi>[1]>[0]) => void mounted.get('/', fail)
  const { app, reported } = await openSmallApi(t, routes, { errorFormat: { ...errorFormat, translate } })
  t.equal((await app.inject({ url: '/small' })).statusCode, 409)
  t.same(reported, [])
})

t.test('bodies that cannot be read', async t => {
  const { app, reported } = await openSmallApi(t, mounted => {
    mounted.post('/', { schema: { body: Type.Object({}) } }, () => 'ok')
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
  t.same(reported, [], 'a client error is not reported')
})

t.test('unknown paths and wrong methods, whatever the body', async t => {
  const { app } = await openSmallApi(t, mounted => {
    mounted.get('/things', () => 'ok')
    mounted.put('/things', () => 'ok')
    mounted.post('/', () => 'ok')
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

t.test('a request that the guard refuses does not learn which paths exist', async t => {
  const guard = () => {
    throw catalogue.error('Unauthenticated', { headers: { 'www-guard': 'Bearer' } })
  }
  const routes = (mounted: Parameters<Parameters<typeof openSmallApi>[1]>[0]) => void mounted.get('/', () => 'ok')
  const { app } = await openSmallApi(t, routes, { guard })
  for (const [method, url] of [
    ['GET', '/small'],
    ['POST', '/small'],
    ['GET', '/small/nope'],
  ] as const) {
    t.match(await app.inject({ method, url }), { statusCode: 401, headers: { 'www-guard': 'Bearer' } }, url)
  }
})

t.test('a failing hook of the server is answered in the error format of the requested API', async t => {
  const routes = (mounted: Parameters<Parameters<typeof openSmallApi>[1]>[0]) => void mounted.get('/', () => 'ok')
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

/** A server in which every request fails: an effect that throws is always due. */
async function bootBroken(t: Test) {
  const config = configFromOptions({ port: 0, clock: 'scaled:1000000' })
  const registry = openRegistry(config)
  const { jobs, clock } = registry.get('default')
  // Documents with such a job are refused.
  const job = { api: 'a9s', id: 'broken', kind: 'prepare', subject: null, outcome: { result: 'success' } } as const
  jobs.submit(job, clock.now())
  const reported: { error: unknown; url: string }[] = []
  const report: ReportUnexpected = (error, { url }) => reported.push({ error, url })
  const { app, close } = await buildServer({
    config,
    registry,
    report,
    describeControl: async () => ({}),
    describeApis: () => openapiDocument('apis'),
    toYaml: async () => '',
  })
  t.teardown(async () => {
    await close()
    registry.close()
  })
  const server = { url: await app.listen({ port: 0, host: '127.0.0.1' }) }
  return { server, reported }
}

t.test('a failing effect: every API answers in its own format, and paths of no API as problem details', async t => {
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

t.test('paths of no API list the APIs, whatever was sent', async t => {
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

t.test('paths that cannot be routed are answered by the API that they belong to', async t => {
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
