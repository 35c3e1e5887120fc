// Sandboxes that do not exist: which requests create one, and how the others are refused.
import t from 'tap'
import type { Firedrill } from '../../src/index.ts'
import { boot, type Call, call, createSandbox } from '../helpers.ts'

const MISSING = 'missing'
const DETAIL = /^there is no sandbox "missing"/i
const FAULT = { operation: 'listApplicationBackups', fault: 'status', status: 418 } as const
const RULE = { operation: 'createBackup', outcome: { result: 'fail', reason: 'disk full' } } as const

const names = async (server: Firedrill, headers = {}) =>
  (await call(server, { path: '/__admin/sandboxes', headers })).json.map(({ name }: { name: string }) => name)

/** Requests for a path of the control API, one for each way to address a sandbox. */
function ways(sandbox: string, path: string): Call[] {
  return [
    { path: `/@${sandbox}/__admin${path}` },
    { path: `/__admin${path}`, headers: { 'x-firedrill-sandbox': sandbox } },
    { path: `/__admin${path}`, headers: { host: `${sandbox}.localhost` } },
    { path: `/__admin/sandboxes/${sandbox}${path}` },
  ]
}

/** An operation of the OpenAPI document. */
interface Read {
  tags: string[]
  parameters?: { name: string; in: string; required?: boolean }[]
}

/** A path and query for it, without the prefix of the control API. */
function readOf(path: string, { parameters = [] }: Read): string {
  const query = parameters.filter(each => each.in === 'query' && each.required).map(({ name }) => `${name}=1`)
  const filled = path.replace('/__admin', '').replace(/\{.*?\}/g, 'x')
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`
}

t.test('control API: reading a sandbox that does not exist is 404, however it is addressed', async t => {
  const server = await boot(t)
  const { paths } = (await call(server, { path: '/__admin/openapi.json' })).json
  const perSandbox = ['clock', 'jobs', 'faults', 'journal', 'state']
  const reads = Object.entries<{ get?: Read }>(paths).flatMap(([path, { get }]) =>
    get?.tags.some(tag => perSandbox.includes(tag)) ? [readOf(path, get)] : [],
  )
  t.ok(reads.length > 15, 'the document has such operations')
  for (const path of reads) {
    for (const way of ways(MISSING, path)) {
      t.match(await call(server, { ...way, contract: false }), { status: 404, json: { detail: DETAIL } }, way.path)
    }
  }
  for (const path of ['/requests/count', '/requests/find', '/requests/verify', '/requests/wait', '/assert-clean']) {
    for (const way of ways(MISSING, path)) {
      t.match(await call(server, { ...way, method: 'POST', body: {} }), { status: 404, json: { detail: DETAIL } })
    }
  }
  t.same(await names(server), ['default'])
})

const changes: Record<string, { method: 'POST' | 'PUT'; path: string; body?: unknown }> = {
  setClock: { method: 'PUT', path: '/clock', body: { now: '+5m' } },
  advanceClock: { method: 'POST', path: '/clock/advance', body: { by: '5m' } },
  runUntilIdle: { method: 'POST', path: '/clock/run-until-idle' },
  armFault: { method: 'POST', path: '/faults', body: FAULT },
  armFaultProfile: { method: 'POST', path: '/faults/profiles/flaky-network' },
  addJobRule: { method: 'POST', path: '/job-rules', body: RULE },
  importState: { method: 'PUT', path: '/state', body: {} },
  restoreSnapshot: { method: 'POST', path: '/snapshots/prepared/restore' },
}

t.test('control API: a change creates the sandbox, however it is addressed', async t => {
  const server = await boot(t)
  server.default.snapshots.take({ name: 'prepared' })
  const created = ['default']
  for (const [operation, { method, path, body }] of Object.entries(changes)) {
    for (const index of [0, 1, 2, 3]) {
      const name = `${operation.toLowerCase()}${index}`
      const way = ways(name, path)[index] as Call
      const answer = await call(server, { ...way, method, ...(body === undefined ? {} : { body }) })
      t.ok(answer.status < 300, `${operation}: ${answer.text}`)
      created.push(name)
    }
  }
  t.same(await names(server), created.sort())
})

t.test('control API: a refused change creates no sandbox', async t => {
  const server = await boot(t)
  const refused: { method: string; path: string; body?: unknown; status: number }[] = [
    { method: 'PUT', path: '/clock', body: { now: '2000-01-01T00:00:00Z' }, status: 409 },
    { method: 'PUT', path: '/clock', body: { mode: 'scaled' }, status: 400 },
    { method: 'POST', path: '/clock/advance', body: { by: 'soon' }, status: 400 },
    { method: 'POST', path: '/clock/advance', body: '{', status: 400 },
    { method: 'POST', path: '/clock/run-until-idle', body: { max: 'soon' }, status: 400 },
    { method: 'POST', path: '/faults', body: { ...FAULT, operation: 'nope' }, status: 400 },
    { method: 'POST', path: '/faults/profiles/nope', status: 404 },
    { method: 'POST', path: '/job-rules', body: { ...RULE, operation: 'nope' }, status: 400 },
    { method: 'POST', path: '/job-rules', body: { ...RULE, progression: 'nope' }, status: 400 },
    { method: 'PUT', path: '/state', body: { format: 2 }, status: 400 },
    { method: 'POST', path: '/snapshots/nope/restore', status: 404 },
    // These need an existing sandbox.
    { method: 'POST', path: '/snapshots', body: { name: 'kept' }, status: 404 },
    { method: 'POST', path: '/reset', status: 404 },
    { method: 'DELETE', path: '/faults', status: 404 },
    { method: 'DELETE', path: '/faults/x', status: 404 },
    { method: 'DELETE', path: '/job-rules', status: 404 },
    { method: 'DELETE', path: '/requests', status: 404 },
    { method: 'POST', path: '/requests/reset', status: 404 },
    { method: 'POST', path: '/requests/remove', body: {}, status: 404 },
    { method: 'POST', path: '/jobs/x/finish', status: 404 },
    { method: 'PATCH', path: '/clock', status: 405 },
    { method: 'GET', path: '/nope', status: 404 },
  ]
  for (const { method, path, body, status } of refused) {
    for (const way of ways(MISSING, path)) {
      const headers = { ...way.headers, ...(body === '{' ? { 'content-type': 'application/json' } : {}) }
      const answer = await call(server, { ...way, headers, method, body, contract: false })
      t.equal(answer.status, status, `${method} ${way.path}: ${answer.text}`)
    }
  }
  const create = { name: MISSING, credentials: { 'my-key': 'demo-token' } }
  createSandbox(server, { ...create, name: 'holder' })
  t.match(await call(server, { method: 'POST', path: '/__admin/sandboxes', body: create }), { status: 409 })
  t.same(await names(server), ['default', 'holder'])
  t.same(server.default.faults.list(), [])
})

t.test('control API: the guard is checked before a sandbox is created', async t => {
  const server = await boot(t, { adminToken: 'secret', maxSandboxes: 2 })
  const authorization = 'Bearer secret'
  for (const { headers, status } of [
    { headers: {}, status: 401 },
    { headers: { authorization: 'Bearer wrong' }, status: 401 },
    { headers: { authorization, origin: 'https://evil.example' }, status: 403 },
  ]) {
    for (const { method, path, body } of Object.values(changes)) {
      for (const way of [...ways(MISSING, path), ...ways('UPPER', path)]) {
        const sent = { ...way, method, headers: { ...way.headers, ...headers }, contract: false }
        t.equal((await call(server, { ...sent, ...(body === undefined ? {} : { body }) })).status, status, way.path)
      }
    }
  }
  t.same(await names(server, { authorization }), ['default'])
  server.sandbox('new').clock.advance({ by: '1s' })
  t.same(await names(server, { authorization }), ['default', 'new'], 'refused requests did not use up --max-sandboxes')
})

t.test('the APIs: a request for an operation creates the sandbox, whatever its credentials', async t => {
  const server = await boot(t)
  const operations = [
    '/v1/instances/10000000-0000-4000-8000-000000000002/restores',
    '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
    '/arcgis/admin/jobs?f=json',
    '/backend/api/v1/disasterRecoveryFiles/',
  ]
  for (const [index, path] of operations.entries()) {
    const answer = await call(server, { path: `/@created${index}${path}`, headers: { authorization: 'Bearer wrong' } })
    t.notSame((await names(server)).indexOf(`created${index}`), -1, `${path}: ${answer.status}`)
  }
})

t.test(
  'the APIs: a request that matches no operation creates no sandbox, and is answered like one for an existing sandbox',
  async t => {
    const server = await boot(t)
    const unrouted = [
      { method: 'GET', path: '/v1/instances/10000000-0000-4000-8000-000000000002/nope' },
      { method: 'GET', path: '/v1/instances' },
      { method: 'PATCH', path: '/v1/instances/10000000-0000-4000-8000-000000000002/restores' },
      { method: 'GET', path: '/v1/instances/%zz' },
      { method: 'GET', path: '/v3/apps/64d0c750212742ca8704fb458c9771af/nope' },
      { method: 'PUT', path: '/v3/apps/64d0c750212742ca8704fb458c9771af/backups' },
      { method: 'GET', path: '/arcgis/admin/nope?f=json' },
      { method: 'GET', path: '/arcgis/admin/nope' },
      { method: 'PUT', path: '/arcgis/admin/jobs?f=json' },
      { method: 'GET', path: '/nope' },
      { method: 'GET', path: '/' },
    ]
    for (const { method, path } of unrouted) {
      const authorization = path.startsWith('/v3') ? '23457145698959364-demo' : 'Bearer demo-token'
      const send = (sandbox: string) =>
        call(server, { method, path: `/@${sandbox}${path}`, headers: { authorization }, contract: false })
      const [existing, missing] = [await send('default'), await send(MISSING)]
      t.equal(missing.status, existing.status, `${method} ${path}`)
      const comparable = ({ text }: typeof existing) => text.replaceAll(/@(missing|default)\/?/g, '')
      if (path !== '/') t.equal(comparable(missing), comparable(existing))
      t.equal(missing.headers['content-type'], existing.headers['content-type'])
      t.equal(missing.headers.allow, existing.headers.allow)
    }
    t.same(await names(server), ['default'])
  },
)

t.test('embedded: reading is refused, a change creates the sandbox', async t => {
  const server = await boot(t)
  const missing = server.sandbox(MISSING)
  const reads: (() => unknown)[] = [
    () => missing.clock.get(),
    () => missing.jobs.list(),
    () => missing.jobs.rules(),
    () => missing.faults.list(),
    () => missing.requests.list(),
    () => missing.requests.har(),
    () => missing.requests.watch({ event: () => {} }),
    () => missing.state.export(),
    () => missing.assertClean(),
    () => missing.snapshots.take({ name: 'x' }),
    () => missing.faults.clear(),
    () => missing.reset(),
  ]
  for (const read of reads) t.throws(read, { name: 'Error', kind: 'missing', message: DETAIL })
  await t.rejects(missing.requests.wait({ timeoutMs: 1 }), { message: /no sandbox "missing"/ })
  t.throws(() => missing.faults.arm({ operation: 'nope' as '*', fault: 'hang' }), { message: /operation "nope"/ })
  t.throws(() => missing.state.import({ format: 2 }))
  t.same(await names(server), ['default'])
  missing.faults.arm(FAULT)
  t.equal(missing.faults.list().length, 1)
  t.same(await names(server), ['default', MISSING])
})
