// Every API's jobs in one place: read, moved by hand, and ruled before they are submitted.
import * as wire from '../../../schemas/control.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { ruleProblem } from '../../sandbox/jobs/rules.ts'
import type { Job, JobRule } from '../../sandbox/jobs/tables.ts'
import { type JobResult, jobAt } from '../../sandbox/jobs/plan.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { SandboxAccess } from '../access.ts'
import { checked } from '../check.ts'
import { durationOf, isoOrNull } from '../instants.ts'

/** Methods throw Refusal for what cannot be done, and then nothing has changed. */
export class JobsControl {
  readonly #sandbox: SandboxAccess

  constructor(sandbox: SandboxAccess) {
    this.#sandbox = sandbox
  }

  list(): wire.Job[] {
    const sandbox = this.#sandbox.find()
    const now = sandbox.settle()
    return sandbox.jobs.listAll().map(job => jobView(sandbox, job, now))
  }

  /** `id` alone where only one API has such a job, else `api:id`. */
  get(id: string): wire.Job {
    const sandbox = this.#sandbox.find()
    const now = sandbox.settle()
    return jobView(sandbox, findJob(sandbox, id), now)
  }

  /** Ends its current phase (`step`), all of them (`finish`), or the job. */
  move(id: string, how: 'step' | 'finish' | JobResult): wire.Job {
    const sandbox = this.#sandbox.find()
    const now = sandbox.settle()
    return jobView(sandbox, sandbox.jobs.move(findJob(sandbox, id), how, now), now)
  }

  /** `profile`: the fault profile that the rule is a part of. */
  addRule(rule: wire.JobRuleRequest, profile: string | null = null): wire.JobRule {
    return this.#sandbox.change(sandbox => addRule(sandbox, rule, profile))
  }

  rules(): wire.JobRule[] {
    return this.#sandbox.find().jobs.rules.list().map(ruleView)
  }

  removeRule(id: string): void {
    if (!this.#sandbox.find().jobs.rules.remove(id)) throw new Refusal('missing', `there is no job rule "${id}"`)
  }

  clearRules(): void {
    this.#sandbox.find().jobs.rules.clear()
  }
}

function addRule({ jobs }: Sandbox, request: wire.JobRuleRequest, profile: string | null): wire.JobRule {
  const rule = checked<wire.JobRuleRequest>(wire.JobRuleRequest, request)
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
  if (!job) throw new Refusal('missing', `there is no job "${id}"`)
  if (found.length > 1) {
    throw new Refusal(
      'conflict',
      `"${id}" is in several APIs; say one of ${found.map(({ api }) => `${api}:${id}`).join(', ')}`,
    )
  }
  return job
}

function jobView({ jobs }: Sandbox, job: Job, now: number): wire.Job {
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
