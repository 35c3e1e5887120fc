// Property tests of jobs: how time is divided into steps changes nothing, and the computed status is what is settled.
import { deepStrictEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Outcome } from '../../../schemas/outcome.ts'
import { type Fired, FiredEvents } from '../../../src/sandbox/jobs/fired-events.ts'
import { type JobTiming, jobAt } from '../../../src/sandbox/jobs/plan.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { bake, bakeries, DAY, everything, loavesOf, SECOND, type Series } from '../bakery.ts'
import { print, submit } from './bakery.ts'

type Step =
  | { wait: number; cuts: number[] }
  | { bake: { outcome: Outcome; timing: JobTiming } }
  | { order: true }
  | { print: Series; dueIn: number }
  | { poll: number }

const OUTCOMES: Outcome[] = [
  { result: 'success' },
  { result: 'fail', phase: 'rise', reason: 'too cold' },
  { result: 'fail', reason: 'burnt' },
  { result: 'cancel', phase: 'knead' },
  { result: 'stuck', phase: 'rise' },
  { result: 'time-out' },
  { result: 'no-result' },
]

const timings = fc.record({
  progression: fc.oneof(
    { weight: 4, arbitrary: fc.constant({ by: 'time' as const }) },
    fc.constant({ by: 'immediate' as const }),
    fc.constant({ by: 'manual' as const }),
    fc.record({ by: fc.constant('polls' as const), polls: fc.integer({ min: 1, max: 5 }) }),
  ),
  speed: fc.constantFrom(0.001, 0.1, 1, 7, 1000),
})

/** From single milliseconds to weeks, often ending exactly when something is due. */
const waits = fc.oneof(
  fc.nat(5),
  fc.nat(200).map(s => s * SECOND),
  fc.nat(40).map(half => (half * DAY) / 2),
)

const steps = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ wait: waits, cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }) }),
  },
  { weight: 3, arbitrary: fc.record({ bake: fc.record({ outcome: fc.constantFrom(...OUTCOMES), timing: timings }) }) },
  fc.constant({ order: true as const }),
  fc.record({
    print: fc.record({
      series: fc.constantFrom('news', 'ads'),
      everyMs: fc.constantFrom(DAY / 4, DAY, 3 * DAY),
      daysKept: fc.constantFrom(0, 0.3, 1, 2.5, 7, 1000),
    }),
    dueIn: waits,
  }),
  fc.record({ poll: fc.nat(3) }),
)

/** Runs the steps, with `wait` advancing the clock. Returns the events that fired, in order. */
function run(
  sandbox: Sandbox,
  story: readonly Step[],
  wait: (step: { wait: number; cuts: number[] }) => Fired[],
): Fired[] {
  return story.flatMap((step, index) => {
    if ('wait' in step) return wait(step)
    if ('bake' in step) bake(sandbox, `${index}`, step.bake)
    else if ('order' in step) submit(sandbox, 'order', `${index}`)
    else if ('print' in step)
      print(
        sandbox,
        `${index}`,
        { ...step.print, series: `${step.print.series}${index}` },
        sandbox.settle() + step.dueIn,
      )
    else {
      const job = sandbox.jobs.list('bakery')[step.poll]
      if (job) sandbox.jobs.poll(job, sandbox.settle())
    }
    return []
  })
}

t.test('advance(a); advance(b) equals advance(a + b), and reading in between changes nothing', async t => {
  const registry = bakeries(t)
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 14 }), story => {
      const whole = registry.get('whole')
      const cut = registry.get('cut')
      const firedWhole = run(whole, story, ({ wait }) => whole.advanceTo(now => now + wait).listed)
      const firedCut = run(cut, story, ({ wait, cuts }) => {
        const from = cut.clock.now()
        const stops = [...cuts.map(part => from + Math.floor(part * wait)), from + wait].sort((a, b) => a - b)
        return stops.flatMap(stop => {
          const fired = advanceByFew(cut, stop)
          look(cut)
          return fired
        })
      })
      deepStrictEqual(everything(cut), everything(whole))
      deepStrictEqual(firedCut, firedWhole, 'the same events in the same order')
      for (const name of ['whole', 'cut']) registry.reset(name)
    }),
    { numRuns: 300 },
  )
})

/** Advances in several calls, each of which stops after two events. */
function advanceByFew(sandbox: Sandbox, target: number): Fired[] {
  const all: Fired[] = []
  for (;;) {
    const { stopped, listed } = sandbox.advanceTo(target, { events: new FiredEvents(2) })
    all.push(...listed)
    if (!stopped) return all
  }
}

/** What requests that only read do. */
function look(sandbox: Sandbox): void {
  const before = everything(sandbox)
  const now = sandbox.settle()
  for (const job of sandbox.jobs.list('bakery')) jobAt(job, now)
  sandbox.jobs.find('bakery', '0')
  deepStrictEqual(everything(sandbox), before)
}

t.test('the computed status of a job always agrees with what the engine has settled', async t => {
  const registry = bakeries(t)
  fc.assert(
    fc.property(fc.constantFrom(...OUTCOMES), timings, fc.array(waits, { maxLength: 6 }), (outcome, timing, stops) => {
      const sandbox = registry.get('one')
      const submitted = bake(sandbox, 'a', { outcome, timing })
      for (const wait of stops) {
        sandbox.advanceTo(now => now + wait)
        const now = sandbox.settle()
        const job = sandbox.jobs.find('bakery', 'a')
        const status = jobAt(submitted, now)
        deepStrictEqual(jobAt(job as never, now), status, 'the plan alone gives the status')
        const settled = status.endedAt === null ? status.phaseIndex : submitted.phases.length
        equal(job?.settledPhases, settled)
        equal(loavesOf(sandbox).length, status.endedAt === null || outcome.result === 'no-result' ? 0 : 1)
      }
      registry.reset('one')
    }),
    { numRuns: 200 },
  )
})
