// Implements the control operations on jobs: reads them, ends them by hand, and adds rules for future jobs.
import type * as wire from '../../../schemas/control.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { type JobResult, jobAt } from '../../sandbox/jobs/plan.ts'
import { ruleProblem } from '../../sandbox/jobs/rules.ts'
import type { Job, JobRule } from '../../sandbox/jobs/tables.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { durationOf, isoOrNull } from '../instants.ts'
import { type Implementation, implement } from '../invoke.ts'
import * as rows from './operations.ts'

export const jobImplementations: readonly Implementation[] = [
  implement(rows.listAllJobs, ({ sandbox }) => listJobs(sandbox())),
  implement(rows.readJob, ({ sandbox }, { path }) => readJob(sandbox(), path.id)),
  implement(rows.stepJob, ({ sandbox }, { path }) => moveJob(sandbox(), path.id, 'step')),
  implement(rows.finishJob, ({ sandbox }, { path }) => moveJob(sandbox(), path.id, 'finish')),
  implement(rows.failJob, ({ sandbox }, { path, body }) => moveJob(sandbox(), path.id, { state: 'failed', ...body })),
  implement(rows.cancelJob, ({ sandbox }, { path, body }) =>
    moveJob(sandbox(), path.id, { state: 'cancelled', ...body }),
  ),
  implement(rows.listJobRules, ({ sandbox }) => sandbox().jobs.rules.list().map(ruleView)),
  implement(rows.addJobRule, ({ sandbox }, { body }) => addJobRule(sandbox(), body)),
  implement(rows.clearJobRules, ({ sandbox }) => sandbox().jobs.rules.clear()),
  implement(rows.removeJobRule, ({ sandbox }, { path }) => {
    if (!sandbox().jobs.rules.remove(path.id)) throw new Refusal('missing', `There is no job rule "${path.id}"`)
  }),
]

/** Every API's jobs, in order of submission. */
export function listJobs(sandbox: Sandbox): wire.Job[] {
  const now = sandbox.settle()
  return sandbox.jobs.listAll().map(job => jobView(sandbox, job, now))
}

function readJob(sandbox: Sandbox, id: string): wire.Job {
  const now = sandbox.settle()
  return jobView(sandbox, findJob(sandbox, id), now)
}

function moveJob(sandbox: Sandbox, id: string, how: 'step' | 'finish' | JobResult): wire.Job {
  const now = sandbox.settle()
  return jobView(sandbox, sandbox.jobs.move(findJob(sandbox, id), how, now), now)
}

/** `profile`: the fault profile that the rule is a part of. Throws Refusal. */
export function addJobRule({ jobs }: Sandbox, rule: wire.JobRuleRequest, profile: string | null = null): wire.JobRule {
  const { phases } = jobs.kindOf(rule.operation)
  const durations = rule.durations && Object.entries(rule.durations).map(([phase, text]) => [phase, durationOf(text)])
  const row = {
    operation: rule.operation,
    progression: rule.progression ?? null,
    speed: rule.speed ?? null,
    durations: durations ? Object.fromEntries(durations) : null,
    outcome: rule.outcome ?? null,
    times: rule.times ?? null,
    profile,
  }
  const problem = ruleProblem(row, phases)
  if (problem !== undefined) throw new Refusal('invalid', problem)
  return ruleView(jobs.rules.add(row))
}

function findJob({ jobs }: Sandbox, id: string): Job {
  const found = jobs.listAll().filter(job => job.id === id || `${job.api}:${job.id}` === id)
  const [job] = found
  if (!job) throw new Refusal('missing', `There is no job "${id}"`)
  if (found.length > 1) {
    throw new Refusal(
      'conflict',
      `Several APIs have a job "${id}"; use one of ${found.map(({ api }) => `${api}:${id}`).join(', ')}`,
    )
  }
  return job
}

/** The job as it is at `now`, epoch ms. */
export function jobView({ jobs }: Sandbox, job: Job, now: number): wire.Job {
  const status = jobAt(job, now)
  return {
    id: job.id,
    api: job.api,
    kind: job.kind,
    operation: jobs.operationOf(job),
    state: status.state,
    phase: status.phase,
    submittedAt: isoInstant(job.submittedAt),
    dueAt: isoOrNull(job.dueAt),
    endedAt: isoOrNull(status.endedAt),
    reason: job.ending.reason ?? null,
    phases: job.phases.map(({ name, endAt }) => ({ name, endAt: isoOrNull(endAt) })),
  }
}

function ruleView(rule: JobRule): wire.JobRule {
  const { id, operation, progression, speed, durations, outcome, times, used, profile } = rule
  return {
    id,
    operation,
    ...(progression === null ? {} : { progression }),
    ...(speed === null ? {} : { speed }),
    ...(durations === null ? {} : { durations }),
    ...(outcome === null ? {} : { outcome }),
    ...(times === null ? {} : { times }),
    used,
    ...(profile === null ? {} : { profile }),
  }
}
