// The clock over the control API, and the jobs that it moves.
import t from 'tap'
import type { Advanced, Firedrill } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'

const START = '2026-06-10T12:00:00.000Z'
const send = (server: Firedrill, method: string, path: string, body?: unknown) =>
  call(server, { method, path: `/__admin${path}`, body })

async function perform(server: Firedrill, n = 2): Promise<void> {
  await call(server, {
    method: 'POST',
    path: `/v1/instances/10000000-0000-4000-8000-00000000000${n}/disaster-recovery/perform`,
    headers: { authorization: 'bearer demo-token' },
    body: { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' },
  })
}
const ID = 'restore%2F10000000-0000-4000-8000-000000000002%2F1'

t.test('getClock, setClock', async t => {
  const server = await boot(t)
  t.match((await send(server, 'GET', '/clock')).json, { mode: 'frozen', now: START, factor: 0 })
  const later = '2026-07-01T00:00:00.000Z'
  t.match((await send(server, 'PUT', '/clock', { mode: 'frozen', now: '2026-07-01T00:00:00Z' })).json, { now: later })
  t.match((await send(server, 'PUT', '/clock', { now: '+5m' })).json, {
    mode: 'frozen',
    now: '2026-07-01T00:05:00.000Z',
  })
  t.match((await send(server, 'PUT', '/clock', { mode: 'scaled', factor: 60 })).json, { mode: 'scaled', factor: 60 })
  t.match((await send(server, 'PUT', '/clock', { mode: 'real' })).json, { mode: 'real', factor: 1 })
  t.match((await send(server, 'PUT', '/clock', { mode: 'frozen' })).json, { mode: 'frozen' })
})

t.test('setClock, advanceClock: invalid input is refused', async t => {
  const server = await boot(t)
  for (const { path, body, status, detail } of [
    { path: '/clock', body: { now: '2020-01-01T00:00:00Z' }, status: 409, detail: /only moves forward/ },
    { path: '/clock', body: { mode: 'scaled' }, status: 400, detail: /needs a factor/ },
    { path: '/clock', body: { mode: 'real', factor: 2 }, status: 400, detail: /only be set with mode scaled/ },
    { path: '/clock', body: { mode: 'backwards' }, status: 400, detail: /mode/ },
    { path: '/clock', body: { now: 'noon' }, status: 400, detail: /not an instant/ },
    { path: '/clock/advance', body: { by: '5 minutes' }, status: 400, detail: /not a duration/ },
    { path: '/clock/advance', body: { by: -1 }, status: 400, detail: /by|Advance|valid/ },
    { path: '/clock/advance', body: { to: '2020-01-01T00:00:00Z' }, status: 409, detail: /only moves forward/ },
    { path: '/clock/advance', body: {}, status: 400, detail: /./ },
    { path: '/clock/advance', body: { by: '5m', typo: true }, status: 400, detail: /./ },
  ] as const) {
    const answer = await send(server, path === '/clock' ? 'PUT' : 'POST', path, body)
    t.match(answer, { status, json: { detail } }, JSON.stringify(body))
  }
  t.equal(server.default.clock.get().now, START, 'the clock has not moved')
})

t.test('advanceClock: by, to and toNextEvent return what fired, in order', async t => {
  const server = await boot(t)
  await perform(server)
  const none = await send(server, 'POST', '/clock/advance', { by: '999ms' })
  t.same(none.json, { now: '2026-06-10T12:00:00.999Z', stopped: false, fired: [], counts: {} })
  const next = await send(server, 'POST', '/clock/advance', { toNextEvent: true })
  const event = { api: 'a9s', kind: 'restore', id: decodeURIComponent(ID) }
  t.same(next.json, {
    now: '2026-06-10T12:00:01.000Z',
    stopped: false,
    fired: [{ at: '2026-06-10T12:00:01.000Z', ...event, phase: 'queued', state: 'running' }],
    counts: { a9s: { restore: 1 } },
  })
  const rest = await send(server, 'POST', '/clock/advance', { to: '2026-06-10T13:00:00Z' })
  t.match(rest.json.fired, [{ at: '2026-06-10T12:00:10.000Z', ...event, phase: 'running', state: 'completed' }])
  t.match((await send(server, 'POST', '/clock/advance', { by: 'PT1H' })).json, { now: '2026-06-10T14:00:00.000Z' })
})

t.test('runUntilIdle: until no job has anything due, not counting recurring events', async t => {
  const server = await boot(t)
  await perform(server)
  await perform(server, 1)
  const { json } = await send(server, 'POST', '/clock/run-until-idle')
  t.equal(json.now, '2026-06-10T12:00:10.000Z')
  t.equal(json.fired.length, 4)
  await perform(server)
  const short = await send(server, 'POST', '/clock/run-until-idle', { max: '2s' })
  t.match(short.json, { now: '2026-06-10T12:00:11.000Z', fired: [{ phase: 'queued' }] })
})

t.test(
  'advanceClock, setClock: a call for a far time stops early, and other requests are answered meanwhile',
  async t => {
    const server = await boot(t)
    const total = ({ counts }: Advanced) =>
      Object.values(counts)
        .flatMap(Object.values)
        .reduce((sum, n) => sum + n, 0)
    let isRunning = true
    const far = send(server, 'POST', '/clock/advance', { by: '3650000d' }).finally(() => {
      isRunning = false
    })
    let answered = 0
    for (; isRunning; answered += 1) await call(server, { path: '/__admin/health' })
    t.ok(answered >= 5, `${answered} other requests were answered meanwhile`)
    const { status, json } = await far
    t.match({ status, json }, { status: 200, json: { stopped: true } })
    t.equal(total(json), 100_000)
    t.equal(json.fired.length, 1000)
    t.ok(json.now > '2060' && json.now < '2120', json.now)
    t.equal(server.default.clock.get().now, json.now)

    const set = await send(server, 'PUT', '/clock', { now: '9999-12-31' })
    t.match(set.json, { mode: 'frozen', stopped: true })
    t.ok(set.json.now > json.now && set.json.now < '2200', set.json.now)
    t.match((await send(server, 'PUT', '/clock', { now: '+1d' })).json, { stopped: false })
  },
)

t.test('advanceClock: time ends with the year 9999', async t => {
  const server = await boot(t, { clock: 'frozen:9999-12-31T12:00:00Z' })
  await perform(server)
  const end = '9999-12-31T23:59:59.999Z'
  t.match((await send(server, 'POST', '/clock/advance', { by: '1d' })).json, { now: end, stopped: true })
  t.match((await send(server, 'POST', '/clock/advance', { to: end })).json, { now: end, stopped: false })
  t.match((await send(server, 'GET', '/clock')).json, { now: end, nextEventAt: null })
  t.match(await send(server, 'POST', '/clock/advance', { toNextEvent: true }), { status: 409 })
  await perform(server)
  t.match((await send(server, 'POST', '/clock/run-until-idle')).json, { now: end, stopped: false })
  t.match((await send(server, 'GET', '/jobs')).json.at(-1), { state: 'completed', endedAt: end })
  const state = (await send(server, 'GET', '/state')).json
  t.equal((await send(server, 'PUT', '/state', state)).status, 204, 'its export can be imported')
})

t.test('advanceClock: the counts do not depend on the number of calls', async t => {
  const once = await boot(t)
  const daily = await boot(t)
  for (const server of [once, daily]) await perform(server)
  const days = Array.from({ length: 60 }, () => daily.default.clock.advance({ by: '1d' }))
  const sums: Record<string, number> = {}
  for (const { counts } of days) {
    for (const [api, kinds] of Object.entries(counts)) {
      for (const [kind, count] of Object.entries(kinds)) sums[`${api}/${kind}`] = (sums[`${api}/${kind}`] ?? 0) + count
    }
  }
  const { counts, fired } = once.default.clock.advance({ by: '60d' })
  const flat = Object.entries(counts).flatMap(([api, kinds]) =>
    Object.entries(kinds).map(([kind, count]) => [`${api}/${kind}`, count] as const),
  )
  t.same(Object.fromEntries(flat), sums)
  t.same(
    fired,
    days.flatMap(each => each.fired),
  )
})

t.test('setClock, advanceClock, addJobRule, armFault: the embedded API has the same limits', async t => {
  const server = await boot(t)
  const { clock, jobs, faults } = server.default
  const operations: Record<string, { method: string; path: string; embedded: (body: never) => unknown }> = {
    set: { method: 'PUT', path: '/clock', embedded: body => clock.set(body) },
    advance: { method: 'POST', path: '/clock/advance', embedded: body => clock.advance(body) },
    idle: { method: 'POST', path: '/clock/run-until-idle', embedded: body => clock.runUntilIdle(body) },
    rule: {
      method: 'POST',
      path: '/job-rules',
      embedded: body => jobs.addRule(Object.assign(body, { operation: 'performDisasterRecovery' })),
    },
    fault: {
      method: 'POST',
      path: '/faults',
      embedded: body => faults.arm(Object.assign(body, { operation: '*', fault: 'hang' })),
    },
  }
  const FACTOR = /factor .*(1000000|0\.000001)/
  const NO_UNIT = /by must be text with a unit, as in "300ms"/
  const cases: { operation: string; body: object; detail: RegExp }[] = [
    ...[1e15, 1_000_001, 1e-7, 1e-300, 0, -1].map(factor => ({
      operation: 'set',
      body: { mode: 'scaled', factor },
      detail: FACTOR,
    })),
    {
      operation: 'set',
      body: { now: '1969-12-31' },
      detail: /not an instant; .* 1970-01-01 to 9999-12-31T23:59:59\.999Z/,
    },
    ...[300, 0, -1, 8.64e15].map(by => ({ operation: 'advance', body: { by }, detail: NO_UNIT })),
    { operation: 'advance', body: { by: '300' }, detail: /"300" is not a duration/ },
    { operation: 'advance', body: { by: '8640000000000000ms' }, detail: /too long; at most 3652424d/ },
    { operation: 'advance', body: { to: 8.64e15 }, detail: /not an instant; .* to 9999-12-31/ },
    { operation: 'advance', body: { to: 1e300 }, detail: /not an instant; .* to 9999-12-31/ },
    { operation: 'advance', body: { to: -1 }, detail: /not an instant; .* 1970-01-01 to/ },
    { operation: 'idle', body: { max: 300 }, detail: /max must be text with a unit/ },
    { operation: 'rule', body: { speed: 1e-300 }, detail: /speed .*0\.000001/ },
    { operation: 'rule', body: { speed: 1e300 }, detail: /speed .*1000000/ },
    { operation: 'rule', body: { times: 1e21 }, detail: /times .*1000000000/ },
    { operation: 'rule', body: { times: 1.5 }, detail: /times must be a whole number/ },
    { operation: 'rule', body: { durations: { running: 8.64e15 } }, detail: /durations\.running/ },
    { operation: 'rule', body: { durations: { running: '8640000000000000ms' } }, detail: /too long; at most 3652424d/ },
    { operation: 'rule', body: { durations: { running: 0.5 } }, detail: /durations\.running/ },
    { operation: 'fault', body: { times: 1e21 }, detail: /times .*1000000000/ },
    { operation: 'fault', body: { nth: 1e21 }, detail: /nth .*1000000000/ },
  ]
  for (const { operation, body, detail } of cases) {
    const { method, path, embedded } = operations[operation] as (typeof operations)[string]
    const name = `${path} ${JSON.stringify(body)}`
    // The embedded call adds the fields that the body needs for both.
    t.throws(() => embedded(body as never), { kind: 'invalid', message: detail }, `${name} embedded`)
    t.match(await send(server, method, path, body), { status: 400, json: { detail } }, name)
  }
  t.equal(server.default.clock.get().now, START)
  t.same([jobs.rules(), faults.list()], [[], []])
})

t.test('addJobRule: a phase that would end after the year 9999 ends with it', async t => {
  const server = await boot(t)
  await send(server, 'POST', '/job-rules', {
    operation: 'performDisasterRecovery',
    durations: { queued: '3652424d', running: '3652424d' },
    speed: 1e-6,
  })
  await perform(server)
  t.match((await send(server, 'GET', `/jobs/${ID}`)).json, { state: 'running', dueAt: '9999-12-31T23:59:59.999Z' })
})

t.test('listAllJobs, readJob, stepJob, finishJob, failJob, cancelJob', async t => {
  const server = await boot(t)
  const job = async () => (await send(server, 'GET', `/jobs/${ID}`)).json
  await perform(server)
  const running = { id: decodeURIComponent(ID), api: 'a9s', kind: 'restore', operation: 'performDisasterRecovery' }
  t.match(await job(), {
    ...running,
    state: 'running',
    phase: 'queued',
    dueAt: '2026-06-10T12:00:01.000Z',
    endedAt: null,
  })
  t.match((await send(server, 'GET', '/jobs')).json.at(-1), running)
  t.match((await send(server, 'POST', `/jobs/${ID}/step`)).json, { state: 'running', phase: 'running' })
  t.match((await send(server, 'POST', `/jobs/${ID}/finish`)).json, { state: 'completed', endedAt: START })
  for (const move of ['step', 'finish', 'fail', 'cancel']) {
    t.match(await send(server, 'POST', `/jobs/${ID}/${move}`), { status: 409, json: { detail: /has already ended/ } })
  }
  await perform(server)
  const failed = await send(server, 'POST', `/jobs/a9s:${ID.replace(/1$/, '2')}/fail`, { reason: 'disk full' })
  t.match(failed.json, { state: 'failed', reason: 'disk full', endedAt: START })
  await perform(server)
  t.match((await send(server, 'POST', `/jobs/${ID.replace(/1$/, '3')}/cancel`)).json, { state: 'cancelled' })
  t.match(await send(server, 'GET', '/jobs/nope'), { status: 404, json: { detail: 'There is no job "nope".' } })
  t.match(await send(server, 'POST', `/jobs/${ID}/fail`, { typo: 1 }), { status: 400 })
})

t.test('addJobRule: progression, durations and outcome of future jobs', async t => {
  const server = await boot(t)
  const rule = (body: object) => send(server, 'POST', '/job-rules', { operation: 'performDisasterRecovery', ...body })
  const outcomeOf = async (body: object, by: string) => {
    server.default.reset()
    t.equal((await rule(body)).status, 201)
    await perform(server)
    server.default.clock.advance({ by })
    return (await send(server, 'GET', `/jobs/${ID}`)).json
  }
  t.match(await outcomeOf({ outcome: { result: 'fail', phase: 'queued', reason: 'no disk' } }, '1s'), {
    state: 'failed',
    phase: 'queued',
    reason: 'no disk',
  })
  t.match(await outcomeOf({ outcome: { result: 'stuck', phase: 'running' } }, '365d'), {
    state: 'running',
    dueAt: null,
  })
  t.match(await outcomeOf({ outcome: { result: 'time-out' } }, '59m'), { state: 'running' })
  t.match(await outcomeOf({ outcome: { result: 'time-out' } }, '60m'), { state: 'timed-out' })
  t.match(await outcomeOf({ outcome: { result: 'cancel' } }, '10s'), { state: 'cancelled' })
  t.match(await outcomeOf({ outcome: { result: 'no-result' } }, '10s'), { state: 'completed' })
  t.match(await outcomeOf({ durations: { running: '1h' } }, '1h'), { state: 'running' })
  t.match(await outcomeOf({ durations: { running: '1h' } }, '1h1s'), { state: 'completed' })
  t.match(await outcomeOf({ speed: 10 }, '1s'), { state: 'completed' })
  t.match(await outcomeOf({ progression: 'immediate' }, '0s'), { state: 'completed' })
  t.match(await outcomeOf({ progression: 'manual' }, '365d'), { state: 'running' })
})

t.test('addJobRule: for the next job only, the latest rule first, removed by id or all at once', async t => {
  const server = await boot(t)
  const rule = { operation: 'performDisasterRecovery', outcome: { result: 'stuck' }, times: 1 }
  await send(server, 'POST', '/job-rules', rule)
  await perform(server)
  await perform(server, 1)
  server.default.clock.advance({ by: '1h' })
  const states = (await send(server, 'GET', '/jobs')).json.slice(-2).map(({ state }: { state: string }) => state)
  t.same(states, ['running', 'completed'])
  t.match((await send(server, 'GET', '/job-rules')).json, [{ ...rule, used: 1 }])
  const { id } = (await send(server, 'POST', '/job-rules', { operation: 'createBackup', speed: 2 })).json
  t.equal((await send(server, 'DELETE', `/job-rules/${id}`)).status, 204)
  t.equal((await send(server, 'DELETE', `/job-rules/${id}`)).status, 404)
  t.equal((await send(server, 'DELETE', '/job-rules')).status, 204)
  t.same((await send(server, 'GET', '/job-rules')).json, [])
})

t.test('addJobRule: the message of a refusal names valid values', async t => {
  const server = await boot(t)
  for (const { body, detail } of [
    { body: { operation: 'nope' }, detail: /submits no jobs; operations that do are .*performDisasterRecovery/ },
    { body: { operation: 'listRestores' }, detail: /submits no jobs/ },
    { body: { operation: 'createBackup', progression: 'polls:0' }, detail: /polls:N/ },
    {
      body: { operation: 'createBackup', outcome: { result: 'stuck', phase: 'nope' } },
      detail: /^Unknown phase "nope"; phases are SUBMITTED, Validation/,
    },
    { body: { operation: 'createBackup', durations: { nope: 1 } }, detail: /^Unknown phase "nope"; phases are / },
    { body: { operation: 'createBackup', durations: { Validation: 'soon' } }, detail: /not a duration/ },
    { body: { operation: 'createBackup', typo: 1 }, detail: /unknown field "typo"/ },
  ] as const) {
    t.match(await send(server, 'POST', '/job-rules', body), { status: 400, json: { detail } }, JSON.stringify(body))
  }
  t.same((await send(server, 'GET', '/job-rules')).json, [])
})
