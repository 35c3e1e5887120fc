// Checks that the schemas of a document cannot express: refuses jobs, recurring events, rules and faults that would fail later requests.
import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { ruleProblem } from './faults/checks.ts'
import { isCompleted } from './faults/faults.ts'
import { checkTotalCost, compileMatch } from './faults/matches.ts'
import { stagesProblem } from './faults/plans.ts'
import { ruleProblem as jobRuleProblem } from './jobs/rules.ts'
import type { Job } from './jobs/tables.ts'
import { Refusal } from './refusal.ts'
import type { Sandbox } from './sandbox.ts'
import { FixtureError } from './tables.ts'

/** Call this after the rows of the core tables have been inserted. Throws FixtureError. */
export function checkRows(sandbox: Sandbox): void {
  const { jobs } = sandbox
  checkFaultCount(sandbox)
  for (const job of jobs.listAll()) checkJob(sandbox, job)
  for (const { api, id, kind, subject } of jobs.schedules()) {
    const known = jobs.scheduleKind(api, kind)
    if (!known) throw new FixtureError(`schedules: unknown kind of recurring event "${api}/${kind}"`)
    checkSubject(`schedules: ${id}`, known.subject, subject)
  }
  checkJobRules(sandbox)
  checkFaultPlans(sandbox)
  checkFaults(sandbox)
  checkMatches(sandbox)
}

function checkFaultCount({ faults, settings: { maxFaults } }: Sandbox): void {
  const { length } = faults.list()
  if (length <= maxFaults) return
  throw new FixtureError(`faults: ${length} rules are too many; the limit is ${maxFaults}, see --max-faults`)
}

/** An invalid job would fail every request from its due time on. */
function checkJob({ jobs }: Sandbox, { api, id, kind, subject, phases, settledPhases }: Job): void {
  const known = jobs.jobKind(api, kind)
  if (!known) throw new FixtureError(`jobs: unknown kind of job "${api}/${kind}"`)
  checkSubject(`jobs: ${id}`, known.subject, subject)
  const names = known.phases.map(({ name }) => name)
  const unknown = phases.find(({ name }) => !names.includes(name))
  if (unknown) throw new FixtureError(`jobs: ${id}: unknown phase "${unknown.name}"; phases are ${names.join(', ')}`)
  if (phases.length === 0)
    throw new FixtureError(`jobs: ${id}: phases must contain at least one of ${names.join(', ')}`)
  if (settledPhases < 0 || settledPhases > phases.length) {
    throw new FixtureError(`jobs: ${id}: settledPhases must be from 0 to ${phases.length}, the number of its phases`)
  }
}

function checkSubject(place: string, schema: TSchema | undefined, subject: unknown): void {
  const [problem] = schema ? Value.Errors(schema, subject) : []
  if (problem) throw new FixtureError(`${place}: subject${problem.path}: ${problem.message}`)
}

/** An invalid rule would fail the requests that submit jobs. */
function checkJobRules({ jobs }: Sandbox): void {
  for (const rule of jobs.rules.list()) {
    withFixtureErrors(`jobRules: ${rule.id}`, () => {
      const problem = jobRuleProblem(rule, jobs.kindOf(rule.operation).phases)
      if (problem !== undefined) throw new Refusal('invalid', problem)
    })
  }
}

/** A match that cannot be compiled would never fire, and all matches together must not slow requests down. */
function checkMatches({ faults }: Sandbox): void {
  const matchers = faults
    .list()
    .map(rule => ({ rule, matcher: withFixtureErrors(`faults: ${rule.id}`, () => compileMatch(rule.match)) }))
  const armed = matchers.filter(({ rule }) => !isCompleted(rule)).map(({ matcher }) => matcher)
  withFixtureErrors('faults', () => checkTotalCost(armed))
}

function withFixtureErrors<Result>(place: string, work: () => Result): Result {
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

/** A fault of an unknown stage would apply at any time. */
function checkFaultPlans({ faults }: Sandbox): void {
  const plans = faults.plans.list()
  for (const { id, stages } of plans) {
    const problem = stagesProblem(stages)
    if (problem !== undefined) throw new FixtureError(`faultPlans: ${id}: ${problem}`)
  }
  for (const { id, plan, stage } of faults.list()) {
    if (plan === null && stage === null) continue
    const stages = plans.find(each => each.id === plan)?.stages ?? []
    if (stage === null || stage > stages.length)
      throw new FixtureError(`faults: ${id}: there is no such stage of a plan`)
  }
}
