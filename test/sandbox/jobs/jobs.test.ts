// Jobs: effects are applied in due order, each at its own due time, and once.
import t from 'tap'
import type { Outcome } from '../../../schemas/outcome.ts'
import { jobAt } from '../../../src/sandbox/jobs/plan.ts'
import type { Job } from '../../../src/sandbox/jobs/tables.ts'
import { bake, DAY, everything, loavesOf, openBakery, SECOND, START } from '../bakery.ts'
import { papersOf, print, submit, summary } from './bakery.ts'

const BAKED = 100 * SECOND

t.test('effects of jobs and recurring events are applied in due order, each at its own due time', async t => {
  const sandbox = openBakery(t)
  print(sandbox, 'weekly', { series: 'weekly', everyMs: 45 * SECOND, daysKept: 9 }, START + 20 * SECOND)
  bake(sandbox, 'slow', { timing: { progression: { by: 'time' }, speed: 0.5 } })
  bake(sandbox, 'fast', { timing: { progression: { by: 'time' }, speed: 2 } })
  const fired = sandbox.advanceTo(START + 200 * SECOND)
  t.same(summary(fired), [
    '5s fast knead running',
    '20s slow knead running',
    '20s weekly ran',
    '35s fast rise running',
    '50s fast oven completed',
    '65s weekly ran',
    '110s weekly ran',
    '140s slow rise running',
    '155s weekly ran',
    '200s slow oven completed',
    '200s weekly ran',
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
    summary(fired).filter(line => line.endsWith('completed')),
    ['5s o ring completed', '100s early oven completed', '105s o-loaf oven completed'],
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
  t.same(summary(sandbox.advanceTo(START + 10 * SECOND)), ['10s a knead running'])
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
  t.same(summary(sandbox.advanceTo(START + 20 * SECOND - 1)).at(-1), '10s later knead running')
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
  const cases: { outcome: Outcome; state: string; phase: string; endsAfterMs: number | null }[] = [
    { outcome: { result: 'success' }, state: 'completed', phase: 'oven', endsAfterMs: 100_000 },
    {
      outcome: { result: 'fail', phase: 'rise', reason: 'too cold' },
      state: 'failed',
      phase: 'rise',
      endsAfterMs: 70_000,
    },
    { outcome: { result: 'cancel', phase: 'knead' }, state: 'cancelled', phase: 'knead', endsAfterMs: 10_000 },
    { outcome: { result: 'time-out' }, state: 'timed-out', phase: 'oven', endsAfterMs: 300_000 },
    { outcome: { result: 'stuck', phase: 'rise' }, state: 'running', phase: 'rise', endsAfterMs: null },
    { outcome: { result: 'no-result' }, state: 'completed', phase: 'oven', endsAfterMs: 100_000 },
  ]
  for (const { outcome } of cases) bake(sandbox, outcome.result, { outcome })
  sandbox.advanceTo(START + DAY)
  for (const { outcome, state, phase, endsAfterMs } of cases) {
    const endedAt = endsAfterMs === null ? null : START + endsAfterMs
    t.match(
      jobAt(sandbox.jobs.find('bakery', outcome.result) as Job, START + DAY),
      { state, phase, endedAt },
      outcome.result,
    )
  }
  t.same(
    loavesOf(sandbox).map(({ name }) => name),
    ['cancel cancelled', 'fail failed', 'success completed', 'time-out timed-out'],
    'the stuck job and the one without a result have no loaf',
  )
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

t.test('ids and the latest job, by kind', async t => {
  const sandbox = openBakery(t)
  t.equal(sandbox.jobs.latest('bakery', ['bake', 'order']), undefined)
  bake(sandbox, 'first')
  bake(sandbox, 'ring', { kind: 'order' })
  bake(sandbox, 'second')
  t.same(sandbox.jobs.ids('bakery'), ['first', 'ring', 'second'])
  t.same(sandbox.jobs.ids('other'), [])
  t.equal(sandbox.jobs.latest('bakery', ['bake', 'order'])?.id, 'second')
  t.equal(sandbox.jobs.latest('bakery', ['order'])?.id, 'ring')
  t.equal(sandbox.jobs.latest('bakery', ['burn']), undefined)
})

t.test('a job with a time limit of its own is cancelled when it takes longer', async t => {
  const sandbox = openBakery(t)
  bake(sandbox, 'slow', { cancelAfterMs: 50 * SECOND })
  bake(sandbox, 'quick', { cancelAfterMs: 100 * SECOND })
  sandbox.advanceTo(START + DAY)
  t.same(loavesOf(sandbox), [
    { number: 1, name: 'slow timed-out', bakedAt: START + 50 * SECOND },
    { number: 2, name: 'quick completed', bakedAt: START + 100 * SECOND },
  ])
})
