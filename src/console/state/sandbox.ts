// What the shown sandbox holds: its clock, jobs and faults; and the sandboxes of the server.
import { effect } from '@preact/signals'
import type { ArmedFaultPlan, Clock, Fault, Job, JobRule, Sandbox } from '../../../schemas/control.ts'
import { changes, noteChange } from './events.ts'
import { sandboxResource, serverResource } from './resource.ts'
import { type CallOptions, call, inSandbox } from './server.ts'

export const clock = sandboxResource<Clock>('/clock')
export const jobs = sandboxResource<Job[]>('/jobs')
export const jobRules = sandboxResource<JobRule[]>('/job-rules')
export const faults = sandboxResource<Fault[]>('/faults')
export const faultPlans = sandboxResource<ArmedFaultPlan[]>('/faults/plans')
export const sandboxes = serverResource<Sandbox[]>('/sandboxes')

/** Calls an operation that changes the shown sandbox, and has everything on the page read again. */
export async function change<Result>(path: string, options: CallOptions): Promise<Result> {
  try {
    return await call<Result>(inSandbox(path), options)
  } finally {
    changes.value = changes.peek() + 1
  }
}

const RUNNING_DELAY_MS = 1000

/** While the clock runs, jobs progress without requests. */
export function startRefresh(): void {
  effect(() => {
    if (!clock.value.value || clock.value.value.factor === 0) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') noteChange()
    }, RUNNING_DELAY_MS)
    return () => clearInterval(timer)
  })
}
