// Is a sandbox as a test should leave it? What is left over, in words.
import { isCompleted, limitOf } from '../sandbox/faults.ts'
import type { FaultRule } from '../sandbox/faulttables.ts'
import { jobAt } from '../sandbox/plan.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** Faults that were to fire so often and did not; those without a limit never have to. */
export function unfiredFaults({ faults }: Sandbox): string[] {
  const left = faults.list().filter(rule => Number.isFinite(limitOf(rule)) && !isCompleted(rule))
  return left.map(rule => {
    const place = rule.api === null ? rule.operation : `${rule.api} ${rule.operation}`
    return `fault ${rule.id} (${kindOf(rule)} on ${place}) fired ${rule.hits} of ${limitOf(rule)} times`
  })
}

function kindOf({ fault, sequence }: FaultRule): string {
  return fault?.fault ?? (sequence ?? []).map(step => step.fault).join(', ')
}

export function runningJobs({ jobs }: Sandbox, now: number): string[] {
  return jobs.listAll().flatMap(job => {
    const { state, phase } = jobAt(job, now)
    return state === 'running' ? [`job ${job.id} (${jobs.operationOf(job)} in ${job.api}) is running: ${phase}`] : []
  })
}
