// What the schemas of a document cannot say of its jobs, recurring events, rules and faults: whatever would fail a request later is refused.
import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { ruleProblem } from './faults/checks.ts'
import { isCompleted } from './faults/faults.ts'
import { checkTotalCost, compileMatch } from './faults/matches.ts'
import { ruleProblem as jobRuleProblem } from './jobs/rules.ts'
import type { Job } from './jobs/tables.ts'
import { Refusal } from './refusal.ts'
import type { Sandbox } from './sandbox.ts'
import { FixtureError } from './tables.ts'

/** Call it when the rows of the floor's own tables are in. Throws FixtureError. */
export function checkRows(sandbox: Sandbox): void {
  const { jobs } = sandbox
  checkFaultCount(sandbox)
  for (const job of jobs.listAll()) checkJob(sandbox, job)
  for (const { api, id, kind, subject } of jobs.schedules()) {
    const known = jobs.scheduleKind(api, kind)
    if (!known) throw new FixtureError(`schedules: there is no kind of recurring event "${api}/${kind}"`)
    checkSubject(`schedules: ${id}`, known.subject, subject)
  }
  checkJobRules(sandbox)
  checkFaults(sandbox)
  checkMatches(sandbox)
}

function checkFaultCount({ faults, settings: { maxFaults } }: Sandbox): void {
  const { length } = faults.list()
  if (length <= maxFaults) return
  throw new FixtureError(`faults: there are ${length} rules; a sandbox holds up to ${maxFaults}, see --max-faults`)
}

/** A job that cannot be ended or shown would fail every request from its due time on. */
function checkJob({ jobs }: Sandbox, { api, id, kind, subject, phases, settledPhases }: Job): void {
  const known = jobs.jobKind(api, kind)
  if (!known) throw new FixtureError(`jobs: there is no kind of job "${api}/${kind}"`)
  checkSubject(`jobs: ${id}`, known.subject, subject)
  const names = known.phases.map(({ name }) => name)
  const unknown = phases.find(({ name }) => !names.includes(name))
  if (unknown) throw new FixtureError(`jobs: ${id}: there is no phase "${unknown.name}"; there are ${names.join(', ')}`)
  if (phases.length === 0) throw new FixtureError(`jobs: ${id}: it needs at least one phase of ${names.join(', ')}`)
  if (settledPhases < 0 || settledPhases > phases.length) {
    throw new FixtureError(`jobs: ${id}: settledPhases must be from 0 to ${phases.length}, the number of its phases`)
  }
}

function checkSubject(place: string, schema: TSchema | undefined, subject: unknown): void {
  const [problem] = schema ? Value.Errors(schema, subject) : []
  if (problem) throw new FixtureError(`${place}: subject${problem.path}: ${problem.message}`)
}

/** A rule that cannot be applied would fail the requests that submit jobs. */
function checkJobRules({ jobs }: Sandbox): void {
  for (const rule of jobs.rules.list()) {
    asFixtureError(`jobRules: ${rule.id}`, () => {
      const problem = jobRuleProblem(rule, jobs.kindOf(rule.operation).phases)
      if (problem !== undefined) throw new Refusal('invalid', problem)
    })
  }
}

/** A match that cannot be compiled would never fire, and all of them together must not keep requests waiting. */
function checkMatches({ faults }: Sandbox): void {
  const matchers = faults
    .list()
    .map(rule => ({ rule, matcher: asFixtureError(`faults: ${rule.id}`, () => compileMatch(rule.match)) }))
  const armed = matchers.filter(({ rule }) => !isCompleted(rule)).map(({ matcher }) => matcher)
  asFixtureError('faults', () => checkTotalCost(armed))
}

function asFixtureError<Result>(place: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    throw new FixtureError(`${place}: ${cause.message}`, { cause })
  }
}

/** A fault that cannot be applied would never fire. */
function checkFaults({ faults, settings: { checkFault } }: Sandbox): void {
  for (const rule of faults.list()) {
    const problem = ruleProblem(rule, checkFault)
    if (problem !== undefined) throw new FixtureError(`faults: ${rule.id}: ${problem}`)
  }
}
