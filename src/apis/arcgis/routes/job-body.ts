// arcgis: the vendor's JSON for jobs, with its fields in the documented order.
import type { ArcgisJob } from '../../../../schemas/arcgis.ts'
import { type EndState, type JobStatus, jobAt } from '../../../sandbox/jobs/plan.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import { type Origin, SUBMITTED } from '../service/jobs.ts'

type Status = ArcgisJob['status']

const STATUS_OF: Record<EndState, Status> = {
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
  'timed-out': 'TIMED OUT',
}

/** How long before its end a cancelled job is rolled back. */
const ROLLBACK_MS = 5_000
/** After that time, the status of a job that makes no progress is unavailable. */
const AVAILABLE_MS = 2 * 3_600_000

/** The job as of `now` (epoch ms). */
export function jobBody(job: Job, now: number): ArcgisJob {
  const status = jobAt(job, now)
  const { username, operationUri } = job.subject as Origin
  const shown = statusOf(job, status, now)
  return {
    updatedtime: shown.since,
    jobid: job.id,
    endtime: status.endedAt ?? 0,
    starttime: job.submittedAt,
    operationURI: operationUri,
    status: shown.status,
    username,
    ...resultOf(job, status),
  }
}

/** `since`: epoch ms. */
function statusOf(job: Job, status: JobStatus, now: number): { status: Status; since: number } {
  const { since, phase, phaseIndex } = status
  if (status.state !== 'running') return { status: STATUS_OF[status.state], since }
  const endAt = job.phases[phaseIndex]?.endAt ?? null
  const unavailableFrom = job.submittedAt + AVAILABLE_MS
  if (endAt === null && now >= unavailableFrom)
    return { status: 'UNAVAILABLE', since: Math.max(since, unavailableFrom) }
  if (job.ending.state === 'cancelled' && phaseIndex === job.phases.length - 1) {
    const rollbackFrom = endAt === null ? since : Math.max(since, endAt - ROLLBACK_MS)
    if (now >= rollbackFrom) return { status: 'CANCELLING', since: rollbackFrom }
  }
  return { status: phase === SUBMITTED ? 'SUBMITTED' : 'EXECUTING', since }
}

function resultOf(job: Job, status: JobStatus): Pick<ArcgisJob, 'result' | 'messages'> {
  const { state } = status
  if (state === 'running' || job.ending.withoutResult) return {}
  const result = { stages: stagesOf(job, state) }
  return state === 'completed' ? { result } : { result, messages: [reasonOf(job, status.endedAt)] }
}

const NOUN_OF: Record<string, string> = {
  backup: 'backup',
  restore: 'restore',
  register: 'registration',
  delete: 'deletion',
}

/** Why a job that ended at `endedAt` (epoch ms) did not complete. */
export function reasonOf({ kind, ending, submittedAt }: Job, endedAt: number): string {
  const subject = `The ${NOUN_OF[kind] ?? 'job'}`
  if (ending.reason !== undefined) return ending.reason
  if (ending.state !== 'timed-out') return `${subject} ${ending.state === 'failed' ? 'failed' : 'was cancelled'}.`
  const seconds = Math.round((endedAt - submittedAt) / 1000)
  return `${subject} took longer than ${seconds === 7200 ? 'two hours' : `${seconds} seconds`} and was cancelled.`
}

type Stages = NonNullable<ArcgisJob['result']>['stages']

/** The phases after SUBMITTED. The last one has the result of the job; all before it completed. */
function stagesOf({ phases }: Job, state: EndState): Stages {
  const ends = phases.map(({ endAt }) => endAt ?? 0)
  const [, ...stages] = phases
  return stages.map(({ name }, index) => ({
    name,
    state: index === stages.length - 1 ? lastStageState(state) : 'completed',
    duration: durationText((ends[index + 1] as number) - (ends[index] as number)),
  }))
}

function lastStageState(state: EndState): Stages[number]['state'] {
  return state === 'completed' || state === 'failed' ? state : 'cancelled'
}

export function durationText(durationMs: number): string {
  return `${durationMs} millis (~ ${Math.floor(durationMs / 60_000)} minutes)`
}
