import t from 'tap'
import type { Outcome } from '../../../schemas/outcome.ts'
import { hostNow } from '../../../src/sandbox/clock/clock.ts'
import { FiredEvents } from '../../../src/sandbox/jobs/fired-events.ts'
import { type JobTiming, jobAt } from '../../../src/sandbox/jobs/plan.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { bake, bakeries, DAY, everything, loavesOf, openBakery, SECOND, type Series, START } from '../world.ts'

const BAKED = 100 * SECOND

function submit(sandbox: Sandbox, kind: string, id: string) {
  return sandbox.jobs.submit(
    { api: 'bakery', id, kind, subject: null, outcome: { result: 'success' } },
    sandbox.settle(),
  )
}

function print(sandbox: Sandbox, id: string, subject: Series, dueAt: number) {
  sandbox.jobs.arm({ api: 'bakery', id, kind: 'print', subject, dueAt })
}

function papersOf({ store }: Sandbox): number[] {
  return store
    .all<{ printedAt: number }>('SELECT printedAt FROM paper ORDER BY rowid')
    .map(({ printedAt }) => printedAt)
}

const summary = ({ listed }: FiredEvents) =>
  listed.map(({ at, id, phase, state }) => [at - START, id, phase ?? '', state])

t.test('effects of jobs and recurring events are applied in due order, each at its own due time', async t => {
  const sandbox = openBakery(t)
  print(sandbox, 'weekly', { series: 'weekly', everyMs: 45 * SECOND, daysKept: 9 }, START + 20 * SECOND)
  bake(sandbox, 'slow', { timing: { progression: { by: 'time' }, speed: 0.5 } })
  bake(sandbox, 'fast', { timing: { progression: { by: 'time' }, speed: 2 } })
  const fired = sandbox.advanceTo(START + 200 * SECOND)
  t.same(summary(fired), [
    [5000, 'fast', 'knead', 'running'],
    [20_000, 'slow', 'knead', 'running'],
    [20_000, 'weekly', '', 'ran'],
    [35_000, 'fast', 'rise', 'running'],
    [50_000, 'fast', 'oven', 'completed'],
    [65_000, 'weekly', '', 'ran'],
    [110_000, 'weekly', '', 'ran'],
    [140_000, 'slow', 'rise', 'running'],
    [155_000, 'weekly', '', 'ran'],
    [200_000, 'slow', 'oven', 'completed'],
    [200_000, 'weekly', '', 'ran'],
  ])
  t.same(loavesOf(sandbox), [
    { number: 1, name: 'fast completed', bakedAt: START + 50 * SECOND },
    { number: 2, name: 'slow completed', bakedAt: START + 200 * SECOND },
  ])
  t.same(
    papersOf(sandbox).map(at => at - START),
    [20_000, 65_000, 110_000, 155_000, 200_000],
  )
})

t.test('jobs that are due at the same instant are applied in order of submission', async t => {
  const sandbox = openBakery(t)
  for (const id of ['c', 'a', 'b']) bake(sandbox, id)
  sandbox.advanceTo(START + BAKED)
  t.same(
    loavesOf(sandbox).map(({ name }) => name),
    ['c completed', 'a completed', 'b completed'],
  )
})

t.test('a job that an effect submits is applied in the same step', async t => {
  const sandbox = openBakery(t)
  submit(sandbox, 'order', 'o')
  bake(sandbox, 'early')
  const fired = sandbox.advanceTo(START + 1000 * SECOND)
  t.same(
    fired.listed.filter(({ state }) => state === 'completed').map(({ id, at }) => [id, at - START]),
    [
      ['o', 5000],
      ['early', 100_000],
      ['o-loaf', 105_000],
    ],
  )
  t.equal(
    sandbox.jobs.find('bakery', 'o-loaf')?.submittedAt,
    START + 5000,
    'at the due time of the effect that submitted it',
  )
})

t.test('a job is due at its instant and not before', async t => {
  const sandbox = openBakery(t)
  bake(sandbox, 'a')
  t.equal(sandbox.jobs.nextDueAt, START + 10 * SECOND)
  t.same(summary(sandbox.advanceTo(START + 10 * SECOND - 1)), [])
  t.same(summary(sandbox.advanceTo(START + 10 * SECOND)), [[10_000, 'a', 'knead', 'running']])
  t.equal(sandbox.jobs.nextDueAt, START + 70 * SECOND)
  sandbox.advanceTo(START + BAKED)
  t.equal(sandbox.jobs.nextDueAt, Number.POSITIVE_INFINITY)
})

t.test('settling again does nothing', async t => {
  const sandbox = openBakery(t)
  bake(sandbox, 'a')
  sandbox.advanceTo(START + BAKED)
  const before = everything(sandbox)
  t.equal(sandbox.jobs.settle(START + BAKED), START + BAKED)
  t.same(summary(sandbox.advanceTo(START + BAKED)), [])
  sandbox.settle()
  t.same(everything(sandbox), before)
})

t.test('an effect that throws is rolled back and stays due', async t => {
  const sandbox = openBakery(t)
  bake(sandbox, 'good', { timing: { progression: { by: 'time' }, speed: 10 } })
  submit(sandbox, 'burn', 'bad')
  bake(sandbox, 'later')
  const before = everything(sandbox)
  const onFire = { message: 'the oven is on fire' }
  t.throws(() => sandbox.advanceTo(START + DAY), onFire)
  t.same(everything(sandbox), before, 'rows, clock and sequences are unchanged')
  t.equal(sandbox.jobs.nextDueAt, START + SECOND, 'the next due instant is unchanged')
  t.throws(() => sandbox.advanceTo(START + DAY), onFire, 'it fails every time')
  t.same(summary(sandbox.advanceTo(START + 20 * SECOND - 1)).at(-1), [10_000, 'later', 'knead', 'running'])
  t.equal(loavesOf(sandbox).length, 1, 'time can advance up to that instant')
})

t.test('every request fails once a moving clock passes an effect that throws', async t => {
  const sandbox = openBakery(t)
  bake(sandbox, 'good', { timing: { progression: { by: 'time' }, speed: 10 } })
  submit(sandbox, 'burn', 'bad')
  for (const _ of [1, 2]) t.throws(() => sandbox.jobs.settle(START + DAY), { message: 'the oven is on fire' })
  t.same(loavesOf(sandbox), [])
})

t.test('every outcome ends as decided and applies its effect once', async t => {
  const sandbox = openBakery(t)
  const outcomes: Outcome[] = [
    { result: 'success' },
    { result: 'fail', phase: 'rise', reason: 'too cold' },
    { result: 'cancel', phase: 'knead' },
    { result: 'time-out' },
    { result: 'stuck', phase: 'rise' },
    { result: 'no-result' },
  ]
  for (const [index, outcome] of outcomes.entries()) bake(sandbox, `${index}`, { outcome })
  sandbox.advanceTo(START + DAY)
  t.same(
    sandbox.jobs.list('bakery').map(job => {
      const { state, phase, endedAt } = jobAt(job, START + DAY)
      return [state, phase, endedAt === null ? null : endedAt - START]
    }),
    [
      ['completed', 'oven', 100_000],
      ['failed', 'rise', 70_000],
      ['cancelled', 'knead', 10_000],
      ['timed-out', 'oven', 300_000],
      ['running', 'rise', null],
      ['completed', 'oven', 100_000],
    ],
  )
  t.same(
    loavesOf(sandbox).map(({ name }) => name),
    ['2 cancelled', '1 failed', '0 completed', '3 timed-out'],
    'neither the stuck one nor the one without result has any',
  )
})

t.test('a job without a timing of its own uses that of the sandbox', async t => {
  const sandbox = openBakery(t, { settings: { timing: { progression: { by: 'immediate' }, speed: 1 } } })
  const job = bake(sandbox, 'a')
  t.equal(jobAt(job, START).state, 'completed')
  sandbox.settle()
  t.same(loavesOf(sandbox), [{ number: 1, name: 'a completed', bakedAt: START }])
})

t.test('polls: being read advances a job, time does not', async t => {
  const sandbox = openBakery(t)
  bake(sandbox, 'a', { timing: { progression: { by: 'polls', polls: 4 }, speed: 1 } })
  sandbox.advanceTo(START + DAY)
  const phases: string[] = []
  for (let look = 0; look < 6; look += 1) {
    const now = sandbox.settle()
    const found = sandbox.jobs.find('bakery', 'a')
    const job = found && sandbox.jobs.poll(found, now)
    const { state, phase } = jobAt(job as never, now)
    phases.push(`${state} ${phase}`)
    sandbox.advanceTo(now + SECOND)
  }
  t.same(phases, [
    'running knead',
    'running rise',
    'running oven',
    'completed oven',
    'completed oven',
    'completed oven',
  ])
  t.same(loavesOf(sandbox), [{ number: 1, name: 'a completed', bakedAt: START + DAY + 3 * SECOND }])
  t.equal(sandbox.jobs.find('bakery', 'a')?.pollsSeen, 4, 'polls after the end are not counted')
})

t.test('polls: several phases that one poll ends are settled together', async t => {
  const sandbox = openBakery(t)
  const job = bake(sandbox, 'a', { timing: { progression: { by: 'polls', polls: 1 }, speed: 1 } })
  sandbox.jobs.poll(job, START)
  t.equal(sandbox.jobs.nextDueAt, START)
  sandbox.settle()
  t.equal(sandbox.jobs.find('bakery', 'a')?.settledPhases, 3)
  t.equal(loavesOf(sandbox).length, 1)
})

t.test('polls: polls do not advance a stuck job, and a job that times out does so by time', async t => {
  const sandbox = openBakery(t)
  const timing: JobTiming = { progression: { by: 'polls', polls: 1 }, speed: 1 }
  let stuck = bake(sandbox, 'stuck', { timing, outcome: { result: 'stuck' } })
  let late = bake(sandbox, 'late', { timing, outcome: { result: 'time-out' } })
  for (let look = 0; look < 5; look += 1) {
    stuck = sandbox.jobs.poll(stuck, START)
    late = sandbox.jobs.poll(late, START)
  }
  t.equal(jobAt(stuck, START + DAY).state, 'running')
  t.equal(jobAt(late, START + 300 * SECOND - 1).state, 'running')
  sandbox.advanceTo(START + DAY)
  t.same(loavesOf(sandbox), [{ number: 1, name: 'late timed-out', bakedAt: START + 300 * SECOND }])
})

t.test('manual: neither time nor polls advance a job', async t => {
  const sandbox = openBakery(t)
  const job = bake(sandbox, 'a', { timing: { progression: { by: 'manual' }, speed: 1 } })
  t.same(summary(sandbox.advanceTo(START + 400 * DAY)), [])
  t.same(sandbox.jobs.poll(job, START + DAY), job)
  t.match(jobAt(job, START + 400 * DAY), { state: 'running', phase: 'knead' })
})

t.test('unknown kinds and duplicate ids are refused', async t => {
  const { jobs } = openBakery(t)
  const job = { api: 'bakery', id: 'a', kind: 'bake', subject: null, outcome: { result: 'success' } } as const
  t.throws(() => jobs.submit({ ...job, kind: 'fry' }, START), { message: 'unknown kind of job "bakery/fry"' })
  t.throws(() => jobs.submit({ ...job, api: 'butcher' }, START), { message: 'unknown kind of job "butcher/bake"' })
  jobs.submit(job, START)
  t.throws(() => jobs.submit(job, START), /UNIQUE/, 'ids are unique')
  t.equal(jobs.list('bakery').length, 1)
  t.equal(jobs.find('butcher', 'a'), undefined)
})

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
  // A million papers for each millisecond of this machine's time.
  const dueAt = sandbox.settle() + 1
  print(sandbox, 'dense', { series: 'dense', everyMs: 1, daysKept: 0 }, dueAt)
  for (const request of [1, 2]) {
    const until = hostNow() + 2
    while (hostNow() < until);
    t.equal(sandbox.settle(), dueAt + request * 10_000 - 1, 'as far as the maximum of one request')
  }
  sandbox.advanceTo(now => now, { rate: 0 })
  t.ok(sandbox.jobs.nextDueAt > sandbox.settle())
})
