// The clock over the control API, and what fires when it moves.
import t from 'tap'
import type { Advanced } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'
import { perform, RESTORE_ID, START, send } from '../jobs/requests.ts'

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
  const event = { api: 'a9s', kind: 'restore', id: decodeURIComponent(RESTORE_ID) }
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
