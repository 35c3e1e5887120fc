// Lists what a test left behind in a sandbox, in words.
import { isCompleted, limitOf } from '../../sandbox/faults/faults.ts'
import { stageAt } from '../../sandbox/faults/plans.ts'
import type { FaultRule } from '../../sandbox/faults/tables.ts'
import { jobAt } from '../../sandbox/jobs/plan.ts'
import type { JobRule } from '../../sandbox/jobs/tables.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { loggedRequest } from '../journal/views.ts'

/** What the requests of a client left behind: limited faults that did not fire, running jobs, unmatched requests. */
export function leftByClient(sandbox: Sandbox, now: number): string[] {
  return [...unfiredFaults(sandbox), ...runningJobs(sandbox, now), ...unmatchedRequests(sandbox)]
}

/** Faults and job rules that would still apply to the requests and jobs of the next test; not those of stages that are over. */
export function stillArmed({ faults, jobs }: Sandbox, now: number): string[] {
  const stages = new Map(faults.plans.list().map(plan => [plan.id, stageAt(plan, now) ?? 0]))
  const isOver = ({ plan, stage }: FaultRule) => (stage ?? 0) < (stages.get(plan ?? '') ?? 0)
  const unlimited = faults.list().filter(rule => !Number.isFinite(limitOf(rule)) && !isOver(rule))
  return [
    ...unlimited.map(rule => `${faultText(rule)} is still armed, without a limit`),
    ...jobs.rules.list().flatMap(jobRuleProblem),
  ]
}

function unfiredFaults({ faults }: Sandbox): string[] {
  const left = faults.list().filter(rule => Number.isFinite(limitOf(rule)) && !isCompleted(rule))
  return left.map(rule => `${faultText(rule)} fired ${rule.hits} of ${limitOf(rule)} times`)
}

function faultText(rule: FaultRule): string {
  const place = rule.api === null ? rule.operation : `${rule.api} ${rule.operation}`
  return `fault ${rule.id} (${kindOf(rule)} on ${place})`
}

function kindOf({ fault, sequence }: FaultRule): string {
  return fault?.fault ?? (sequence ?? []).map(step => step.fault).join(', ')
}

/** A rule that is used up is not a problem. */
function jobRuleProblem({ id, operation, times, used, profile }: JobRule): string[] {
  const source = profile === null ? '' : `, of profile ${profile}`
  const rule = `job rule ${id} (for jobs of ${operation}${source})`
  if (times === null) return [`${rule} still applies, without a limit`]
  return used < times ? [`${rule} was applied to ${used} of ${times} jobs`] : []
}

function runningJobs({ jobs }: Sandbox, now: number): string[] {
  return jobs.listAll().flatMap(job => {
    const { state, phase } = jobAt(job, now)
    return state === 'running' ? [`job ${job.id} (${jobs.operationOf(job)} in ${job.api}) is running: ${phase}`] : []
  })
}

function unmatchedRequests({ journal }: Sandbox): string[] {
  const unmatched = journal.entries().filter(entry => !entry.matched)
  return unmatched.map(loggedRequest).map(({ method, url }) => `nothing is served at ${method} ${url}`)
}
