// The timeline over the control API: jobs, events, requests and plans in a window of virtual time.
import t from 'tap'
import { boot, call } from '../../helpers.ts'
import { perform, START, send } from '../jobs/requests.ts'

const INSTANCES = '/v1/instances'
const RECOVERY_FILES = '/backend/api/v1/disasterRecoveryFiles/'

t.test('readTimeline: the jobs that overlap the window, and the events in it', async t => {
  const server = await boot(t)
  const { timeline, advance } = server.default.clock
  await perform(server)
  const at = (seconds: number) => `2026-06-10T12:00:${String(seconds).padStart(2, '0')}.000Z`
  t.match(timeline(), { clock: { now: START }, last: at(10) })

  advance({ by: '1h' })
  const restore = { api: 'a9s', kind: 'restore' }
  const all = timeline({ from: START })
  t.match(all.jobs, [{ ...restore, state: 'completed', endedAt: at(10) }])
  t.match(all.happened, [
    { at: at(1), ...restore, phase: 'queued', state: 'running' },
    { at: at(10), ...restore, phase: 'running', state: 'completed' },
  ])
  t.match(timeline({ from: at(1), to: at(5) }).happened, [{ at: at(1) }], 'both ends are part of the window')
  t.equal(timeline({ from: at(1), to: at(5) }).jobs.length, 1, 'a job that ends after the window')
  t.equal(timeline({ from: at(11) }).jobs.length, 0, 'a job that ended before the window')
  t.match(timeline({ from: START, limit: 1 }), { happened: [{ at: at(10) }], omitted: { happened: 1 } })
  t.match((await send(server, 'GET', `/timeline?from=${START}`)).json, { happened: all.happened }, 'over HTTP')
})

t.test('readTimeline: events that fired while the clock ran by itself', async t => {
  const server = await boot(t)
  await perform(server)
  server.default.clock.set({ mode: 'scaled', factor: 1_000_000 })
  // At this speed the job ends within a fraction of a millisecond.
  while (server.default.clock.get().now < '2026-06-10T12:01:00Z') await call(server, { path: '/__admin/health' })
  t.match(server.default.clock.timeline({ from: START }).happened, [{ state: 'running' }, { state: 'completed' }])
})

t.test('readTimeline: the recurring events that are due in the window, in order, without running them', async t => {
  const server = await boot(t)
  const { timeline } = server.default.clock
  const { upcoming } = timeline({ from: '+0s', to: '+3d' })
  t.ok(upcoming.length > 3)
  t.same(
    upcoming.map(({ at }) => at),
    upcoming.map(({ at }) => at).toSorted(),
  )
  const { fired } = server.default.clock.advance({ by: '3d' })
  t.same(
    fired.map(({ at, api, kind, id }) => ({ at, api, kind, id })),
    upcoming,
    'what was upcoming is what fires',
  )
  const later = { from: '2027-01-01T00:00:00Z', to: '2027-01-03T00:00:00Z' }
  const inAYear = timeline(later).upcoming
  t.ok(inAYear.length > 0)
  const limited = timeline({ ...later, limit: 2 })
  t.same(limited.upcoming, inAYear.slice(0, 2))
  t.ok(limited.upcomingUntil >= (limited.upcoming[1]?.at ?? '') && limited.upcomingUntil < '2027-01-03')
  server.default.clock.advance({ to: '2026-12-31T23:59:59.999Z' })
  t.same(
    server.default.clock.advance({ to: '2027-01-03T00:00:00Z' }).fired.map(({ at }) => at),
    inAYear.map(({ at }) => at),
  )
})

t.test('readTimeline: requests by themselves, and in groups by part of the window, API and fault', async t => {
  const server = await boot(t)
  const { clock, faults } = server.default
  const rejected = () => call(server, { path: `${INSTANCES}/unknown/backups` })
  await rejected()
  await rejected()
  faults.arm({ operation: '*', api: 'a9s', fault: 'status', status: 503, times: 1 })
  await call(server, { path: `${INSTANCES}/unknown/backups`, contract: false })
  clock.advance({ by: '30s' })
  await call(server, { path: RECOVERY_FILES, headers: { authorization: 'Bearer YOUR_API_KEY' } })
  await call(server, { path: '/nothing-here', contract: false })
  clock.advance({ by: '30s' })

  const each = clock.timeline({ from: START }).requests
  t.equal(each.length, 5)
  t.match(each[0], { api: 'a9s', fault: null, from: START, to: START, count: 1, failed: 1, method: 'GET', status: 401 })
  t.match(each[2], { api: 'a9s', fault: 'status', status: 503 })
  t.match(each[3], { api: 'disaster-recovery-files', failed: 0, status: 200, from: '2026-06-10T12:00:30.000Z' })
  t.match(each[4], { api: null, operation: null, status: 404 })
  const ids = server.default.requests
    .list()
    .requests.map(({ id }) => id)
    .toReversed()
  t.same(
    each.map(({ first }) => first),
    ids,
  )

  const grouped = clock.timeline({ from: START, to: '+0s', resolution: 10 }).requests
  t.match(
    grouped.map(({ api, fault, count, failed }) => ({ api, fault, count, failed })),
    [
      { api: 'a9s', fault: null, count: 2, failed: 2 },
      { api: 'a9s', fault: 'status', count: 1, failed: 1 },
      { api: 'disaster-recovery-files', fault: null, count: 1, failed: 0 },
      { api: null, fault: null, count: 1, failed: 1 },
    ],
  )
  t.match(grouped[0], { first: ids[0], last: ids[1], status: 401 })
  const [one, none] = clock.timeline({ from: START, to: '+0s', resolution: 1 }).requests
  t.match([one, none], [{ api: 'a9s', count: 2 }, { fault: 'status' }])
  t.match(clock.timeline({ from: START, limit: 2 }), {
    requests: [{ first: ids[3] }, { first: ids[4] }],
    omitted: { requests: 3 },
  })
  t.same(clock.timeline({ from: '+1s', to: '+2s' }).requests, [])
})

t.test('readTimeline: the stages of armed plans', async t => {
  const server = await boot(t)
  server.default.faults.armPlan({ name: 'outage-of-ten-minutes' })
  const { plans } = server.default.clock.timeline()
  t.match(plans, [
    {
      name: 'outage-of-ten-minutes',
      stages: [
        { from: START, until: '2026-06-10T12:02:00.000Z', faults: [] },
        { from: '2026-06-10T12:02:00.000Z', until: '2026-06-10T12:12:00.000Z', faults: ['proxy-error'] },
        { from: '2026-06-10T12:12:00.000Z', until: null, faults: [] },
      ],
    },
  ])
})

t.test('readTimeline: refuses a window that ends before it starts, and changes nothing', async t => {
  const server = await boot(t)
  const answer = await send(server, 'GET', '/timeline?from=%2B1h&to=%2B1m')
  t.match(answer, { status: 400, json: { detail: /ends before it starts: from 2026-06-10T13:00:00\.000Z to / } })
  t.match(await send(server, 'GET', '/timeline?from=noon'), {
    status: 400,
    json: { detail: /"noon" is not an instant/ },
  })
  t.match(await send(server, 'GET', '/timeline?resolution=0'), { status: 400, json: { detail: /resolution/ } })
  t.match(await send(server, 'GET', '/sandboxes/missing/timeline'), { status: 404 })
  const before = JSON.stringify(server.default.state.export())
  server.default.clock.timeline({ to: '+90d' })
  t.equal(JSON.stringify(server.default.state.export()), before, 'reading changes nothing')
})
