// Plans: every outcome with every progression, and the status of a job at each instant.
import fc from 'fast-check'
import t from 'tap'
import type { Outcome } from '../../../schemas/outcome.ts'
import {
  type JobTiming,
  jobAt,
  limitedPlan,
  type Plan,
  parseProgression,
  plan,
  polledPlan,
} from '../../../src/sandbox/jobs/plan.ts'

const AT = 1_000_000
const PHASES = [
  { name: 'copy', ms: 1000 },
  { name: 'check', ms: 2000 },
  { name: 'seal', ms: 3000 },
]
const LIMIT_MS = 60_000
const TIME: JobTiming = { progression: { by: 'time' }, speed: 1 }
const IMMEDIATE: JobTiming = { progression: { by: 'immediate' }, speed: 1 }
const POLLS: JobTiming = { progression: { by: 'polls', polls: 4 }, speed: 1 }
const MANUAL: JobTiming = { progression: { by: 'manual' }, speed: 1 }

const planned = (outcome: Outcome, timing: JobTiming) => plan(PHASES, outcome, timing, AT, LIMIT_MS)
/** The instants at which the phases end, counted from submission. */
const ends = ({ phases }: Plan) => phases.map(({ endAt }) => (endAt === null ? null : endAt - AT))

t.test('every outcome with every progression', async t => {
  const completed = { state: 'completed' }
  const failed = { state: 'failed', reason: 'no space left' }
  const cases: [Outcome, object, Record<'time' | 'immediate' | 'polls' | 'manual', (number | null)[]>][] = [
    [
      { result: 'success' },
      completed,
      { time: [1000, 3000, 6000], immediate: [0, 0, 0], polls: [null, null, null], manual: [null, null, null] },
    ],
    [
      { result: 'no-result' },
      { state: 'completed', withoutResult: true },
      { time: [1000, 3000, 6000], immediate: [0, 0, 0], polls: [null, null, null], manual: [null, null, null] },
    ],
    [
      { result: 'fail', reason: 'no space left' },
      failed,
      { time: [1000, 3000, 6000], immediate: [0, 0, 0], polls: [null, null, null], manual: [null, null, null] },
    ],
    [
      { result: 'fail', phase: 'check', reason: 'no space left' },
      failed,
      { time: [1000, 3000], immediate: [0, 0], polls: [null, null], manual: [null, null] },
    ],
    [
      { result: 'cancel', phase: 'copy', reason: 'by the operator' },
      { state: 'cancelled', reason: 'by the operator' },
      { time: [1000], immediate: [0], polls: [null], manual: [null] },
    ],
    [
      { result: 'cancel' },
      { state: 'cancelled' },
      { time: [1000, 3000, 6000], immediate: [0, 0, 0], polls: [null, null, null], manual: [null, null, null] },
    ],
    [
      { result: 'stuck' },
      completed,
      { time: [1000, 3000, null], immediate: [0, 0, null], polls: [null, null, null], manual: [null, null, null] },
    ],
    [
      { result: 'stuck', phase: 'check' },
      completed,
      { time: [1000, null, null], immediate: [0, null, null], polls: [null, null, null], manual: [null, null, null] },
    ],
    [
      { result: 'time-out' },
      { state: 'timed-out' },
      {
        time: [1000, 3000, 60_000],
        immediate: [0, 0, 60_000],
        polls: [60_000, 60_000, 60_000],
        manual: [60_000, 60_000, 60_000],
      },
    ],
  ]
  for (const [outcome, ending, expected] of cases) {
    for (const [name, timing] of Object.entries({ time: TIME, immediate: IMMEDIATE, polls: POLLS, manual: MANUAL })) {
      const actual = planned(outcome, timing)
      t.same(ends(actual), expected[name as keyof typeof expected], `${JSON.stringify(outcome)} by ${name}`)
      t.same(actual.ending, ending)
    }
  }
})

t.test('speed divides durations and the time limit, to whole milliseconds', async t => {
  t.same(ends(planned({ result: 'success' }, { ...TIME, speed: 10 })), [100, 300, 600])
  t.same(ends(planned({ result: 'success' }, { ...TIME, speed: 0.5 })), [2000, 6000, 12_000])
  t.same(ends(planned({ result: 'success' }, { ...TIME, speed: 3 })), [333, 1000, 2000])
  t.same(ends(planned({ result: 'time-out' }, { ...TIME, speed: 10 })), [100, 300, 6000])
})

t.test('a time limit shorter than the earlier phases does not shorten them', async t => {
  t.same(ends(plan(PHASES, { result: 'time-out' }, TIME, AT, 500)), [1000, 3000, 3000])
})

t.test('a limited plan ends at its limit unless it has ended before', async t => {
  const limited = (outcome: Outcome, timing: JobTiming, afterMs: number) =>
    limitedPlan(planned(outcome, timing), AT + afterMs)
  const cut = limited({ result: 'success' }, TIME, 2500)
  t.same([ends(cut), cut.ending], [[1000, 2500], { state: 'timed-out' }])
  for (const afterMs of [6000, 9000]) {
    const whole = limited({ result: 'success' }, TIME, afterMs)
    t.same([ends(whole), whole.ending], [[1000, 3000, 6000], { state: 'completed' }])
  }
  t.same(limited({ result: 'fail', phase: 'copy', reason: 'x' }, TIME, 2500).ending, { state: 'failed', reason: 'x' })
  t.same(ends(limited({ result: 'stuck' }, TIME, 3500)), [1000, 3000, null], 'a stuck job stays stuck')
  t.same(ends(limited({ result: 'success' }, MANUAL, 1)), [null, null, null])
})

t.test('an outcome in an unknown phase is refused with the known phases', async t => {
  t.throws(() => planned({ result: 'stuck', phase: 'nope' }, TIME), {
    name: 'RangeError',
    message: 'unknown phase "nope"; phases are copy, check, seal',
  })
})

t.test('status of a job', async t => {
  const job = { ...planned({ result: 'fail', phase: 'check', reason: 'x' }, TIME), submittedAt: AT }
  const cases: [number, object][] = [
    [-5000, { state: 'running', phase: 'copy', phaseIndex: 0, since: AT, endedAt: null }],
    [0, { state: 'running', phase: 'copy', phaseIndex: 0, since: AT, endedAt: null }],
    [999, { state: 'running', phase: 'copy', phaseIndex: 0, since: AT, endedAt: null }],
    [1000, { state: 'running', phase: 'check', phaseIndex: 1, since: AT + 1000, endedAt: null }],
    [2999, { state: 'running', phase: 'check', phaseIndex: 1, since: AT + 1000, endedAt: null }],
    [3000, { state: 'failed', phase: 'check', phaseIndex: 1, since: AT + 3000, endedAt: AT + 3000 }],
    [9e9, { state: 'failed', phase: 'check', phaseIndex: 1, since: AT + 3000, endedAt: AT + 3000 }],
  ]
  for (const [after, status] of cases) t.same(jobAt(job, AT + after), status, `after ${after} ms`)
})

t.test('status of a job that does not advance', async t => {
  const stuck = { ...planned({ result: 'stuck', phase: 'check' }, TIME), submittedAt: AT }
  t.match(jobAt(stuck, AT + 9e9), { state: 'running', phase: 'check', since: AT + 1000 })
  const manual = { ...planned({ result: 'success' }, MANUAL), submittedAt: AT }
  t.match(jobAt(manual, AT + 9e9), { state: 'running', phase: 'copy', since: AT })
})

t.test('status of a job that took no time', async t => {
  const job = { ...planned({ result: 'success' }, IMMEDIATE), submittedAt: AT }
  t.same(jobAt(job, AT), { state: 'completed', phase: 'seal', phaseIndex: 2, since: AT, endedAt: AT })
})

t.test('polls advance a job evenly, and the last one ends it', async t => {
  const polled = (of: number) => {
    let { phases } = planned({ result: 'success' }, POLLS)
    return Array.from({ length: of + 1 }, (_, poll) => {
      phases = polledPlan(phases, poll + 1, of, AT + poll)
      return ends({ phases, ending: { state: 'completed' } })
    })
  }
  t.same(polled(1), [
    [0, 0, 0],
    [0, 0, 0],
  ])
  t.same(polled(2), [
    [0, null, null],
    [0, 1, 1],
    [0, 1, 1],
  ])
  t.same(polled(3), [
    [0, null, null],
    [0, 1, null],
    [0, 1, 2],
    [0, 1, 2],
  ])
  t.same(polled(6), [
    [null, null, null],
    [1, null, null],
    [1, null, null],
    [1, 3, null],
    [1, 3, null],
    [1, 3, 5],
    [1, 3, 5],
  ])
})

t.test('polls do not end a job that times out', async t => {
  const { phases } = planned({ result: 'time-out' }, POLLS)
  t.same(polledPlan(phases, 9, 4, AT), phases)
})

t.test('the phases of a plan end in order', async t => {
  const outcome = fc.constantFrom<Outcome>(
    { result: 'success' },
    { result: 'fail', phase: 'check', reason: 'x' },
    { result: 'cancel' },
    { result: 'stuck', phase: 'copy' },
    { result: 'time-out' },
  )
  const timing = fc.record({
    progression: fc.constantFrom(TIME, IMMEDIATE, POLLS, MANUAL).map(({ progression }) => progression),
    speed: fc.double({ min: 0.001, max: 1000, noNaN: true }),
  })
  fc.assert(
    fc.property(outcome, timing, fc.nat(100_000), (outcome, timing, limitMs) => {
      const { phases } = plan(PHASES, outcome, timing, AT, limitMs)
      const instants = [AT, ...phases.map(({ endAt }) => endAt).filter(endAt => endAt !== null)]
      t.same(
        instants,
        instants.toSorted((a, b) => a - b),
      )
      t.ok(instants.every(Number.isInteger))
    }),
    { numRuns: 200 },
  )
})

t.test('progressions as options write them', async t => {
  t.same(['time', 'immediate', 'manual', 'polls:1', 'polls:999999'].map(parseProgression), [
    { by: 'time' },
    { by: 'immediate' },
    { by: 'manual' },
    { by: 'polls', polls: 1 },
    { by: 'polls', polls: 999_999 },
  ])
  for (const text of ['', 'Time', 'polls', 'polls:', 'polls:0', 'polls:01', 'polls:-1', 'polls:1.5', 'polls:1000000']) {
    t.equal(parseProgression(text), undefined, `"${text}"`)
  }
})
