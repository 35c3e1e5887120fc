// Fault rules on every interface: armed, counted and used up.
import t from 'tap'
import { exchange, OPERATIONS, REQUESTS } from '../../fault-requests.ts'
import { boot, call } from '../../helpers.ts'
import { faultedRequests, send, TEAPOT } from './requests.ts'

t.test('armFault, listFaults, readFault, disarmFault, clearFaults: a rule and the proof that it fired', async t => {
  const server = await boot(t)
  const rule = { operation: 'listApplicationBackups', match: { method: 'get' }, ...TEAPOT, times: 2 }
  const armed = await send(server, 'POST', '/faults', rule)
  const { id } = armed.json
  t.same([armed.status, armed.json], [201, { id, api: 'dscloud', ...rule, matched: 0, hits: 0, completed: false }])
  t.same(await faultedRequests(server, 1), [1])
  t.match((await send(server, 'GET', `/faults/${id}`)).json, { matched: 1, hits: 1, completed: false })
  t.same(await faultedRequests(server, 3), [1])
  const proof = { id, matched: 2, hits: 2, completed: true }
  t.match((await send(server, 'GET', '/faults')).json, [proof], 'a rule that is used up counts no more requests')
  const other = (await send(server, 'POST', '/faults', { operation: '*', fault: 'empty-body' })).json
  t.notOk('api' in other)
  t.equal((await send(server, 'DELETE', `/faults/${other.id}`)).status, 204)
  t.match((await send(server, 'DELETE', `/faults/${other.id}`)).json, {
    status: 404,
    detail: new RegExp(`^there is no fault "${other.id}"`, 'i'),
  })
  t.equal((await send(server, 'GET', `/faults/${other.id}`)).status, 404)
  t.same(await faultedRequests(server, 2), [])
  server.default.faults.arm({ operation: '*', ...TEAPOT })
  t.same(await faultedRequests(server, 2), [1, 2])
  t.equal((await send(server, 'DELETE', '/faults')).status, 204)
  t.same([(await send(server, 'GET', '/faults')).json, await faultedRequests(server, 2)], [[], []])
})

t.test('times, nth, sequence: counted over the requests that match', async t => {
  const server = await boot(t)
  for (const { limit, hits, completed } of [
    { limit: { times: 2 }, hits: [1, 2], completed: true },
    { limit: { nth: 3 }, hits: [3], completed: true },
    { limit: {}, hits: [1, 2, 3, 4, 5], completed: false },
  ]) {
    for (const operation of OPERATIONS) {
      const { id } = server.default.faults.arm({ operation, ...TEAPOT, ...limit })
      t.same(await faultedRequests(server, 5, operation), hits, `${operation} ${JSON.stringify(limit)}`)
      t.match(server.default.faults.get(id), { hits: hits.length, completed })
      server.default.faults.disarm(id)
    }
  }
  const { id } = server.default.faults.arm({
    operation: '*',
    sequence: [TEAPOT, { fault: 'none' }, { fault: 'reset' }],
  })
  t.same(await faultedRequests(server, 1), [1])
  t.match(server.default.faults.get(id), { matched: 1, hits: 1, completed: false })
  t.same(await faultedRequests(server, 4, 'generateToken'), [2])
  t.match(server.default.faults.get(id), { matched: 3, hits: 2, completed: true })
})

t.test('several rules: the first armed applies, all that match count the request', async t => {
  const server = await boot(t)
  const { faults } = server.default
  const first = faults.arm({ operation: 'listApplicationBackups', fault: 'status', status: 500, nth: 2 })
  const second = faults.arm({ operation: '*', fault: 'status', status: 418, times: 2 })
  const third = faults.arm({ api: 'dscloud', operation: '*', fault: 'status', status: 404, nth: 1 })
  const statuses = []
  for (let count = 0; count < 4; count++)
    statuses.push((await exchange(server, REQUESTS.listApplicationBackups)).status)
  t.same(statuses, [418, 500, 418, 200])
  t.match(faults.get(first.id), { matched: 2, hits: 1, completed: true })
  t.match(faults.get(second.id), { matched: 3, hits: 2, completed: true })
  t.match(faults.get(third.id), { matched: 4, hits: 0, completed: false }, 'another rule applied to its request')
})

t.test('probability: the same for the same seed', async t => {
  const draws = async (seed: string, probability: number, count: number) => {
    const server = await boot(t, { seed })
    const { id } = server.default.faults.arm({ operation: '*', ...TEAPOT, probability })
    const hits = await faultedRequests(server, count)
    t.match(server.default.faults.get(id), { matched: count, hits: hits.length })
    return hits
  }
  const one = await draws('one', 0.4, 40)
  t.same(await draws('one', 0.4, 40), one)
  t.notSame(await draws('two', 0.4, 40), one)
  t.ok(one.length > 6 && one.length < 26, `${one.length} of 40`)
  t.equal((await draws('one', 0, 10)).length, 0)
  t.equal((await draws('one', 1, 10)).length, 10)
})

t.test('a fault applies to an operation with any method', async t => {
  const server = await boot(t)
  const { token } = (await call(server, REQUESTS.generateToken)).json
  const get = { path: `/arcgis/admin/jobs?f=json&token=${token}` }
  const post = { ...REQUESTS.generateToken, path: '/arcgis/admin/jobs', body: `f=json&token=${token}` }
  for (const name of ['listJobs', 'listJobsByPost'] as const) {
    const { id, operation } = server.default.faults.arm({ operation: name, ...TEAPOT, times: 2 })
    t.equal(operation, 'listJobs')
    t.same([(await exchange(server, get)).status, (await exchange(server, post)).status], [418, 418], name)
    t.match(server.default.faults.get(id), { matched: 2, completed: true })
  }
  server.default.faults.arm({ operation: 'listJobs', match: { method: 'post' }, ...TEAPOT })
  t.same([(await exchange(server, get)).status, (await exchange(server, post)).status], [200, 418], 'by its match')
  const { apis } = server.default.faults.catalogue()
  const named = apis.flatMap(({ operations }) => operations).filter(name => /Jobs?(ByPost)?$/.test(name))
  t.same(named, ['listJobs', 'getJob'])
})

t.test('a fault applies only in its own sandbox', async t => {
  const server = await boot(t)
  await send(server, 'POST', '/sandboxes/t1/faults', { operation: '*', ...TEAPOT, times: 1 })
  t.same(await faultedRequests(server, 2), [])
  t.same((await send(server, 'GET', '/faults')).json, [])
  t.same(await faultedRequests(server.sandbox('t1'), 0), [])
  const { path, headers } = REQUESTS.listApplicationBackups
  t.equal((await exchange(server, { path: `/@t1${path}`, headers })).status, 418)
  t.match((await call(server, { path: '/@t1/__admin/faults' })).json, [{ hits: 1, completed: true }])
})

t.test('no control operation has the name of an operation of an API', async t => {
  const server = await boot(t)
  const { paths } = (await send(server, 'GET', '/openapi.json')).json
  const own = Object.values<Record<string, { operationId: string }>>(paths).flatMap(path => Object.values(path))
  const vendors = server.default.faults.catalogue().apis.flatMap(({ operations }) => operations)
  t.same(
    own.map(({ operationId }) => operationId).filter(id => vendors.includes(id)),
    [],
  )
})
