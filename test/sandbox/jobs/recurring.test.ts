// Recurring events, and the maximum of events that one call applies.
import t from 'tap'
import { hostNow } from '../../../src/sandbox/clock/clock.ts'
import { FiredEvents } from '../../../src/sandbox/jobs/fired-events.ts'
import { bake, bakeries, DAY, openBakery, SECOND, START } from '../bakery.ts'
import { papersOf, print } from './bakery.ts'

t.test('a recurring event whose next occurrence is not later throws', async t => {
  const sandbox = openBakery(t)
  print(sandbox, 'broken', { series: 'broken', everyMs: 0, daysKept: 1 }, START)
  t.throws(() => sandbox.settle(), {
    name: 'RangeError',
    message: /^the occurrence of a recurring event after 2026-06-10T12:00.* is not later$/,
  })
})

t.test('every occurrence runs, even if a later one removes its result', async t => {
  const sandbox = openBakery(t)
  print(sandbox, 'daily', { series: 'daily', everyMs: DAY, daysKept: 7 }, START + DAY)
  const { counts, listed } = sandbox.advanceTo(START + 365 * DAY)
  t.same(counts, { bakery: { print: 365 } })
  t.equal(listed.length, 365)
  t.same(
    papersOf(sandbox).map(at => (at - START) / DAY),
    [359, 360, 361, 362, 363, 364, 365],
  )
  t.equal(sandbox.jobs.nextDueAt, START + 366 * DAY)
})

t.test('a recurring event ends after its last occurrence, and when it is disarmed', async t => {
  const sandbox = openBakery(t)
  const series = { everyMs: DAY, daysKept: 100 }
  print(sandbox, 'limited', { ...series, series: 'limited', until: START + 3 * DAY }, START + DAY)
  print(sandbox, 'disarmed', { ...series, series: 'disarmed' }, START + DAY)
  t.equal(sandbox.jobs.scheduledAt('bakery', 'limited'), START + DAY)
  sandbox.advanceTo(START + DAY)
  sandbox.jobs.disarm('bakery', 'disarmed')
  sandbox.jobs.disarm('bakery', 'never armed')
  t.same(sandbox.advanceTo(START + 365 * DAY).counts, { bakery: { print: 2 } })
  t.equal(sandbox.jobs.scheduledAt('bakery', 'limited'), undefined)
  t.same(sandbox.jobs.schedules(), [])
  t.equal(sandbox.jobs.nextDueAt, Infinity)
})

t.test('a call stops at its maximum of events, and the next call continues', async t => {
  const sandbox = openBakery(t)
  print(sandbox, 'each second', { series: 'seconds', everyMs: SECOND, daysKept: 0 }, START + SECOND)
  const first = sandbox.advanceTo(START + DAY, { events: new FiredEvents(500) })
  t.match(first, { stopped: true, now: START + 500 * SECOND, counts: { bakery: { print: 500 } } })
  t.equal(sandbox.clock.now(), START + 500 * SECOND)
  const second = sandbox.advanceTo(START + 2000 * SECOND)
  t.match(second, { stopped: false, now: START + 2000 * SECOND, counts: { bakery: { print: 1500 } } })
  t.equal(second.listed.length, 1000, 'only the first are listed')
  t.equal(second.listed.at(-1)?.at, START + 1500 * SECOND)
})

t.test('a call that stops has applied everything that is due at the instant it reached', async t => {
  const sandbox = openBakery(t)
  for (const id of ['a', 'b', 'c']) bake(sandbox, id)
  const events = sandbox.advanceTo(START + DAY, { events: new FiredEvents(1) })
  t.match(events, { stopped: true, now: START + 10 * SECOND, counts: { bakery: { bake: 3 } } })
  t.equal(sandbox.jobs.nextDueAt, START + 70 * SECOND)
})

t.test('a clock that is too far ahead for one request continues from the instant that the request reached', async t => {
  const registry = bakeries(t)
  registry.create('fast', { clock: { rate: 1e6, at: START } })
  const sandbox = registry.get('fast')
  // The clock advances a million ms, and therefore a million papers, per ms of this machine's time.
  const dueAt = sandbox.settle() + 1
  print(sandbox, 'dense', { series: 'dense', everyMs: 1, daysKept: 0 }, dueAt)
  for (const request of [1, 2]) {
    const until = hostNow() + 2
    while (hostNow() < until);
    t.equal(sandbox.settle(), dueAt + request * 10_000 - 1, 'one request stops at its maximum of events')
  }
  sandbox.advanceTo(now => now, { rate: 0 })
  t.ok(sandbox.jobs.nextDueAt > sandbox.settle())
})
