// Sandboxes that are not there: which requests make one, and what the others are told instead.
import t from 'tap'
import type { Firedrill } from '../../src/index.ts'
import { boot, type Call, call, createSandbox } from '../helpers.ts'

const GHOST = 'ghost'
const DETAIL = /^there is no sandbox "ghost"/i
const FAULT = { operation: 'listApplicationBackups', fault: 'status', status: 418 } as const
const RULE = { operation: 'createBackup', outcome: { result: 'fail', reason: 'disk full' } } as const

const names = async (server: Firedrill, headers = {}) =>
  (await call(server, { path: '/__admin/sandboxes', headers })).json.map(({ name }: { name: string }) => name)

/** `path` as of the sandbox, below the control API's own path; in each of the ways in which a sandbox can be addressed. */
function ways(sandbox: string, path: string): Call[] {
  return [
    { path: `/@${sandbox}/__admin${path}` },
    { path: `/__admin${path}`, headers: { 'x-firedrill-sandbox': sandbox } },
    { path: `/__admin${path}`, headers: { host: `${sandbox}.localhost` } },
    { path: `/__admin/sandboxes/${sandbox}${path}` },
  ]
}

t.test('control API: what is read of a sandbox that is not there is 404, however it is addressed', async t => {
  const server = await boot(t)
  const { paths } = (await call(server, { path: '/__admin/openapi.json' })).json
  const perSandbox = ['clock', 'jobs', 'faults', 'journal', 'state']
  const reads = Object.entries<{ get?: { tags: string[] } }>(paths).filter(([, { get }]) =>
    get?.tags.some(tag => perSandbox.includes(tag)),
  )
  t.ok(reads.length > 15, 'the document lists them')
  for (const [path] of reads) {
    for (const way of ways(GHOST, path.replace('/__admin', '').replace(/\{.*?\}/g, 'x'))) {
      t.match(await call(server, { ...way, contract: false }), { status: 404, json: { detail: DETAIL } }, way.path)
    }
  }
  for (const path of ['/requests/count', '/requests/find', '/requests/verify', '/requests/wait', '/assert-clean']) {
    for (const way of ways(GHOST, path)) {
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

t.test('control API: a change makes the sandbox, however it is addressed', async t => {
  const server = await boot(t)
  server.default.snapshots.take({ name: 'prepared' })
  const made = ['default']
  for (const [operation, { method, path, body }] of Object.entries(changes)) {
    for (const index of [0, 1, 2, 3]) {
      const name = `${operation.toLowerCase()}${index}`
      const way = ways(name, path)[index] as Call
      const answer = await call(server, { ...way, method, ...(body === undefined ? {} : { body }) })
      t.ok(answer.status < 300, `${operation}: ${answer.text}`)
      made.push(name)
    }
  }
  t.same(await names(server), made.sort())
})

t.test('control API: a change that is refused makes none', async t => {
  const server = await boot(t)
  const refused: [string, string, unknown, number][] = [
    ['PUT', '/clock', { now: '2000-01-01T00:00:00Z' }, 409],
    ['PUT', '/clock', { mode: 'scaled' }, 400],
    ['POST', '/clock/advance', { by: 'soon' }, 400],
    ['POST', '/clock/advance', '{', 400],
    ['POST', '/clock/run-until-idle', { max: 'soon' }, 400],
    ['POST', '/faults', { ...FAULT, operation: 'nope' }, 400],
    ['POST', '/faults/profiles/nope', undefined, 404],
    ['POST', '/job-rules', { ...RULE, operation: 'nope' }, 400],
    ['POST', '/job-rules', { ...RULE, progression: 'nope' }, 400],
    ['PUT', '/state', { format: 2 }, 400],
    ['POST', '/snapshots/nope/restore', undefined, 404],
    // There is nothing to be taken away or to be kept.
    ['POST', '/snapshots', { name: 'kept' }, 404],
    ['POST', '/reset', undefined, 404],
    ['DELETE', '/faults', undefined, 404],
    ['DELETE', '/faults/x', undefined, 404],
    ['DELETE', '/job-rules', undefined, 404],
    ['DELETE', '/requests', undefined, 404],
    ['POST', '/requests/reset', undefined, 404],
    ['POST', '/requests/remove', {}, 404],
    ['POST', '/jobs/x/finish', undefined, 404],
    ['PATCH', '/clock', undefined, 405],
    ['GET', '/nope', undefined, 404],
  ]
  for (const [method, path, body, status] of refused) {
    for (const way of ways(GHOST, path)) {
      const headers = { ...way.headers, ...(body === '{' ? { 'content-type': 'application/json' } : {}) }
      const answer = await call(server, { ...way, headers, method, body, contract: false })
      t.equal(answer.status, status, `${method} ${way.path}: ${answer.text}`)
    }
  }
  const create = { name: GHOST, credentials: { 'my-key': 'demo-token' } }
  createSandbox(server, { ...create, name: 'holder' })
  t.match(await call(server, { method: 'POST', path: '/__admin/sandboxes', body: create }), { status: 409 })
  t.same(await names(server), ['default', 'holder'])
  t.same(server.default.faults.list(), [])
})

t.test('control API: the guard comes first', async t => {
  const server = await boot(t, { adminToken: 'secret', maxSandboxes: 2 })
  const authorization = 'Bearer secret'
  for (const [headers, status] of [
    [{}, 401],
    [{ authorization: 'Bearer wrong' }, 401],
    [{ authorization, origin: 'https://evil.example' }, 403],
  ] as const) {
    for (const { method, path, body } of Object.values(changes)) {
      for (const way of [...ways(GHOST, path), ...ways('UPPER', path)]) {
        const sent = { ...way, method, headers: { ...way.headers, ...headers }, contract: false }
        t.equal((await call(server, { ...sent, ...(body === undefined ? {} : { body }) })).status, status, way.path)
      }
    }
  }
  t.same(await names(server, { authorization }), ['default'])
  server.sandbox('new').clock.advance({ by: '1s' })
  t.same(await names(server, { authorization }), ['default', 'new'], 'there is still room for it')
})

t.test('the APIs: a request for an operation makes the sandbox, whatever its credentials', async t => {
  const server = await boot(t)
  const operations = [
    '/v1/instances/10000000-0000-4000-8000-000000000002/restores',
    '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
    '/arcgis/admin/jobs?f=json',
    '/backend/api/v1/disasterRecoveryFiles/',
  ]
  for (const [index, path] of operations.entries()) {
    const answer = await call(server, { path: `/@made${index}${path}`, headers: { authorization: 'Bearer wrong' } })
    t.notSame((await names(server)).indexOf(`made${index}`), -1, `${path}: ${answer.status}`)
  }
})

t.test('the APIs: a request for no operation makes none, and is told so in the shape of the API', async t => {
  const server = await boot(t)
  const unrouted: [string, string][] = [
    ['GET', '/v1/instances/10000000-0000-4000-8000-000000000002/nope'],
    ['GET', '/v1/instances'],
    ['PATCH', '/v1/instances/10000000-0000-4000-8000-000000000002/restores'],
    ['GET', '/v1/instances/%zz'],
    ['GET', '/v3/apps/64d0c750212742ca8704fb458c9771af/nope'],
    ['PUT', '/v3/apps/64d0c750212742ca8704fb458c9771af/backups'],
    ['GET', '/arcgis/admin/nope?f=json'],
    ['GET', '/arcgis/admin/nope'],
    ['PUT', '/arcgis/admin/jobs?f=json'],
    ['GET', '/nope'],
    ['GET', '/'],
  ]
  for (const [method, path] of unrouted) {
    const authorization = path.startsWith('/v3') ? '23457145698959364-demo' : 'Bearer demo-token'
    const send = (sandbox: string) =>
      call(server, { method, path: `/@${sandbox}${path}`, headers: { authorization }, contract: false })
    const [there, missing] = [await send('default'), await send(GHOST)]
    t.equal(missing.status, there.status, `${method} ${path}`)
    const comparable = ({ text }: typeof there) => text.replaceAll(/@(ghost|default)\/?/g, '')
    if (path !== '/') t.equal(comparable(missing), comparable(there))
    t.equal(missing.headers['content-type'], there.headers['content-type'])
    t.equal(missing.headers.allow, there.headers.allow)
  }
  t.same(await names(server), ['default'])
})

t.test('embedded: the same', async t => {
  const server = await boot(t)
  const ghost = server.sandbox(GHOST)
  const reads: (() => unknown)[] = [
    () => ghost.clock.get(),
    () => ghost.jobs.list(),
    () => ghost.jobs.rules(),
    () => ghost.faults.list(),
    () => ghost.requests.list(),
    () => ghost.requests.har(),
    () => ghost.requests.watch({ event: () => {} }),
    () => ghost.state.export(),
    () => ghost.assertClean(),
    () => ghost.snapshots.take({ name: 'x' }),
    () => ghost.faults.clear(),
    () => ghost.reset(),
  ]
  for (const read of reads) t.throws(read, { name: 'Error', kind: 'missing', message: DETAIL })
  await t.rejects(ghost.requests.wait({ timeoutMs: 1 }), { message: /no sandbox "ghost"/ })
  t.throws(() => ghost.faults.arm({ operation: 'nope' as '*', fault: 'hang' }), { message: /operation "nope"/ })
  t.throws(() => ghost.state.import({ format: 2 }))
  t.same(await names(server), ['default'])
  ghost.faults.arm(FAULT)
  t.equal(ghost.faults.list().length, 1)
  t.same(await names(server), ['default', GHOST])
})
