// Rewinding: a new sandbox begins with what another one contained at a moment of its history.
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { SandboxControl } from '../../../src/index.ts'
import { FILES, KEY, SEVEN_ZIP } from '../../apis/disaster-recovery-files/client.ts'
import { exchange, REQUESTS, startExchange } from '../../fault-requests.ts'
import { boot, call, createSandbox } from '../../helpers.ts'
import { at, bootWithHistory, idOf, listRestores, NOON, perform } from './rewinding.ts'

t.test('at a request: the sandbox as it was right after the response', async t => {
  const { server, t1, list, perform, restores, rewind } = await bootWithHistory(t)
  const before = await list()
  const performed = await perform()
  const afterwards = t1.state.export()
  t1.clock.advance({ by: '1h' })
  t.same(await restores(), ['done'])
  rewind(before, 'c0')
  t.same(await restores('c0'), [], 'before the restore')
  const copy = rewind(performed)
  t.same(copy.state.export(), afterwards, 'the state is the same, with jobs, ids and the clock')
  t.match(copy.clock.get(), { mode: 'frozen', now: NOON })
  t.same(await restores('copy'), ['queued'])
  copy.clock.advance({ by: '1h' })
  t.same(await restores('copy'), ['done'], 'the restore ends as it did')
  t.same(server.default.requests.list().requests, [])
  t.equal(copy.requests.list().requests.length, 2, 'the journal of the copy begins empty')
  t.same(t1.clock.get().now, '2026-06-10T13:00:00.000Z', 'the sandbox itself is as it was')
})

t.test('at an instant: everything that had happened until then, effects that were due included', async t => {
  const { t1, perform, restores, rewind } = await bootWithHistory(t)
  const performed = await perform()
  t1.faults.arm({ operation: 'listRestores', api: 'a9s', fault: 'status', status: 503 })
  t1.clock.advance({ by: '26h' })
  for (const minutes of [0, 1, 5, 90]) {
    const name = `at-${minutes}`
    const at = new Date(Date.parse(NOON) + minutes * 60_000).toISOString()
    const copy = rewind(at, name)
    t.equal(copy.clock.get().now, at)
    t.equal(copy.faults.list().length, 1, 'what a control operation changed at that instant is included')
    const advanced = rewind(NOON, `to-${minutes}`)
    advanced.clock.advance({ by: `${minutes}m` })
    t.same(copy.state.export(), advanced.state.export(), 'the same as advancing to it')
  }
  t.same(rewind(performed, 'request').faults.list(), [], 'a request names the moment before the fault was armed')
  rewind('-25h', 'relative').faults.clear()
  t.same(await restores('relative'), ['done'], 'relative to now')
})

t.test('moves of the clock, faults, job rules and jobs that were ended by hand are part of history', async t => {
  const { t1, perform, rewind } = await bootWithHistory(t)
  await perform()
  t1.clock.advance({ by: '1s' })
  const job = t1.jobs.list().find(({ state }) => state === 'running')
  t1.jobs.fail(job?.id as string)
  t1.clock.set({ mode: 'scaled', factor: 0.001 })
  t1.jobs.addRule({ operation: 'createBackup', outcome: { result: 'stuck' } })
  t1.clock.set({ mode: 'frozen' })
  t1.clock.advance({ by: '1d' })
  const stateIn = (sandbox: SandboxControl) => sandbox.jobs.list().find(({ id }) => id === job?.id)?.state
  t.equal(stateIn(rewind('-86401s', 'running')), 'running')
  const later = rewind('-1d', 'failed')
  t.equal(stateIn(later), 'failed')
  t.equal(later.jobs.rules().length, 1)
})

t.test(
  'a reset, an import and a snapshot begin a period; an instant means the latest period that contains it',
  async t => {
    const { server, t1, perform, restores, rewind } = await bootWithHistory(t)
    const before = await perform()
    t1.clock.advance({ by: '2h' })
    t1.reset()
    t.throws(
      () => rewind(before),
      { message: /^sandbox "t1" has received no request/ },
      'the journal is empty, and so are the ids',
    )
    t1.clock.advance({ by: '1h' })
    t.same(await restores(rewind('2026-06-10T12:30:00Z', 'after').name), [], 'after the reset')
    t.same(await restores(rewind('2026-06-10T13:30:00Z', 'before').name), ['done'], 'before the reset')
    const { clock: _, ...document } = t1.state.export()
    t1.state.import({ ...document, clock: { now: '2027-01-01T00:00:00.000Z', rate: 0 } })
    t.throws(() => rewind('2026-12-01T00:00:00Z'), {
      message:
        /^sandbox "t1" was never at 2026-12-01T00:00:00.000Z: a reset, an import or a snapshot moved its clock past it;/,
    })
    t.equal(rewind('-0s', 'imported').clock.get().now, '2027-01-01T00:00:00.000Z')
    server.sandboxes.drop('t1')
    t.same(await restores('before'), ['done'], 'copies do not need the sandbox that they come from')
  },
)

t.test('a copy can be copied, reset and given a clock of its own', async t => {
  const { server, perform, restores, rewind } = await bootWithHistory(t)
  const copy = rewind(await perform())
  const id = idOf(await call(server, at('copy', listRestores)))
  t.equal(id, idOf(await call(server, at('t1', listRestores))), 'ids of requests continue as in the sandbox')
  copy.clock.advance({ by: '1h' })
  createSandbox(server, { name: 'second', from: { sandbox: 'copy', at: id } })
  t.same(await restores('second'), ['queued'])
  copy.reset()
  t.same(await restores('copy'), ['queued'], 'a reset leads back to the beginning of the copy')
  t.match(copy.clock.get(), { now: NOON })
  const from = { sandbox: 't1', at: NOON }
  const later = createSandbox(server, { name: 'later', from, clock: 'frozen:2026-06-11T00:00:00Z' })
  t.equal(later.clock.get().now, '2026-06-11T00:00:00.000Z')
  t.same(await restores('later'), ['done'])
})

t.test(
  'a copy has the tokens and the salt of the sandbox, but neither its bound credentials nor its held requests',
  async t => {
    const server = await boot(t, { history: 10 })
    const t1 = createSandbox(server, { name: 't1', credentials: { 'my-own-key': 'demo-token' } })
    const tokenIn = async (sandbox: string) => (await call(server, at(sandbox, REQUESTS.generateToken))).json.token
    const token = await tokenIn('t1')
    const hold = t1.faults.arm({ operation: 'listRestores', api: 'a9s', fault: 'hold', at: 'request', times: 1 })

    const held = startExchange(server, at('t1', listRestores))
    const { requests } = await t1.faults.held(hold.id, {})
    const id = requests[0]?.id as string
    t.throws(() => server.sandboxes.create({ name: 'copy', from: { sandbox: 't1', at: id } }), {
      kind: 'conflict',
      message: `the response to request "${id}" has not been sent yet`,
    })
    const copy = createSandbox(server, { name: 'copy', from: { sandbox: 't1', at: '-0s' } })
    t.same(copy.faults.list(), t1.faults.list(), 'the fault is armed and has counted the request')
    t.throws(() => copy.faults.release(hold.id, {}), { message: /holds no request now/ })
    t1.faults.release(hold.id, {})
    t.equal((await held.outcome).status, 200)
    t.equal(await tokenIn('copy'), await tokenIn('t1'), 'both issue the same tokens from then on')
    const jobs = `/@copy/arcgis/admin/jobs?f=json&token=${token}`
    t.notMatch((await call(server, { path: jobs })).json, { error: {} }, 'tokens that were issued before are valid')
    await call(server, { ...listRestores, headers: { authorization: 'bearer my-own-key' } })
    t.equal(t1.requests.list().meta.total, 4, 'the bound credential still leads to t1')
  },
)

t.test('the moment after a download includes what was sent', async t => {
  const { server, t1, rewind } = await bootWithHistory(t)
  const headers = { ...KEY, accept: SEVEN_ZIP, range: 'bytes=0-99' }
  const answer = await call(server, at('t1', { path: `${FILES}/123`, headers }))
  t.equal(answer.status, 206)
  const id = idOf(answer)
  while (!t1.requests.get(id).firedrill.canRewind) await setImmediate()
  t.match(rewind(id).state.export(), { 'disaster-recovery-files': { sentParts: [{ fileId: 123, end: 100 }] } })
  t.equal((await call(server, { path: `/@copy${FILES}/`, headers: KEY })).status, 200)
})

t.test('when requests overlap, a copy holds what others had done by then', async t => {
  const { server, t1, list, restores, rewind } = await bootWithHistory(t)
  const operation = 'performDisasterRecovery'
  const { id } = t1.faults.arm({ operation, fault: 'hold', at: 'response', times: 1 })
  const pending = call(server, at('t1', perform))
  await t1.faults.held(id, {})
  const during = await list()
  t1.clock.advance({ by: '1s' })
  t1.faults.release(id, {})
  const performed = idOf(await pending)
  t.same(await restores(rewind(during, 'during').name), ['queued'], 'the restore had been started')
  t.equal(server.sandbox('during').clock.get().now, NOON)
  t.equal(rewind(performed, 'after').clock.get().now, '2026-06-10T12:00:01.000Z', 'right after the response')
})

t.test('a running clock continues from the moment, at its rate', async t => {
  const server = await boot(t, { history: 10, clock: 'scaled:1000:2026-06-10T12:00:00Z' })
  const t1 = createSandbox(server, { name: 't1' })
  const { headers } = await exchange(server, at('t1', REQUESTS.listDisasterRecoveryFiles))
  const moment = headers['x-firedrill-request-id'] as string
  t1.clock.set({ mode: 'frozen', now: '+1d' })
  const { clock } = createSandbox(server, { name: 'copy', from: { sandbox: 't1', at: moment } })
  t.match(clock.get(), { mode: 'scaled', factor: 1000 })
  t.ok(clock.get().now < '2026-06-11', 'from the moment of the request')
})

t.test('while the clock runs, control operations belong to the instant at which they were done', async t => {
  const { t1, rewind } = await bootWithHistory(t, { clock: 'scaled:1000:2026-06-10T12:00:00Z' })
  const laterThan = (instant: string) => {
    let { now } = t1.clock.get()
    while (now === instant) now = t1.clock.get().now
    return now
  }
  const before = t1.clock.get().now
  laterThan(before)
  t1.faults.arm({ operation: '*', fault: 'status', status: 503 })
  const { now } = t1.clock.get()
  laterThan(now)
  t1.clock.advance({ by: '1d' })
  t.equal(rewind(before, 'before').faults.list().length, 0)
  t.equal(rewind(now, 'armed').faults.list().length, 1)
})

t.test('a drill can be rewound to its beginning, with its faults', async t => {
  const server = await boot(t, { history: 10 })
  const { sandbox } = server.drills.start('expired-while-downloading')
  const copy = createSandbox(server, { name: 'copy', from: { sandbox, at: NOON } })
  t.equal(copy.faults.list().length, 1)
  t.equal(copy.clock.get().mode, 'frozen')
})

t.test('with a data directory copies are kept, and history begins anew after a restart', async t => {
  const data = t.testdir({})
  const first = await bootWithHistory(t, { data })
  const id = await first.perform()
  first.t1.clock.advance({ by: '1h' })
  const state = first.rewind(id).state.export()
  first.server.sandbox('copy').clock.advance({ by: '1h' })
  await first.server.close()
  const second = await boot(t, { data, history: 10 })
  const copy = second.sandbox('copy')
  t.equal(copy.clock.get().now, '2026-06-10T13:00:00.000Z')
  copy.reset()
  t.same(copy.state.export(), state, 'a reset leads back to the beginning of the copy, after a restart too')
  t.throws(() => second.sandboxes.create({ name: 'c2', from: { sandbox: 't1', at: '-30m' } }), {
    kind: 'conflict',
    message: /too early: .* after a restart it begins anew$/,
  })
  second.sandboxes.drop('copy')
  createSandbox(second, { name: 'copy' }).clock.get()
})
