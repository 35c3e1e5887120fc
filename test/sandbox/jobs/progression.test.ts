// What makes a job progress: time, polls, or only a command.
import t from 'tap'
import { type JobTiming, jobAt } from '../../../src/sandbox/jobs/plan.ts'
import { bake, DAY, loavesOf, openBakery, SECOND, START } from '../bakery.ts'
import { summary } from './bakery.ts'

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
  for (let poll = 0; poll < 6; poll += 1) {
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

t.test('polls: they do not advance a stuck job, and a job that times out does so by time', async t => {
  const sandbox = openBakery(t)
  const timing: JobTiming = { progression: { by: 'polls', polls: 1 }, speed: 1 }
  let stuck = bake(sandbox, 'stuck', { timing, outcome: { result: 'stuck' } })
  let late = bake(sandbox, 'late', { timing, outcome: { result: 'time-out' } })
  for (let poll = 0; poll < 5; poll += 1) {
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
