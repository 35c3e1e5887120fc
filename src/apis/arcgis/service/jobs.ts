// arcgis: what clients see of the jobs. Synchronous; throws from the catalogue.
import type { ArcgisJob } from '../../../../schemas/arcgis.ts'
import type { Scope } from '../../../http/scope.ts'
import { type EndState, type JobStatus, jobAt } from '../../../sandbox/jobs/plan.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import { catalogue } from '../errors.ts'
import { API, SUBMITTED } from './backups.ts'
import type { BackupSubject } from './record.ts'

type Status = ArcgisJob['status']

const STATUS_OF: Record<EndState, Status> = {
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
  'timed-out': 'TIMED OUT',
}

const DEFAULT_REASON: Record<EndState, string> = {
  completed: '',
  failed: 'The backup failed.',
  cancelled: 'The backup was cancelled.',
  'timed-out': 'The backup took longer than two hours and was cancelled.',
}

/** Ids, in order of submission. */
export function listJobs({ sandbox }: Scope): string[] {
  return sandbox.jobs.list(API).map(({ id }) => id)
}

/** What a client sees of it; under progression `polls:N` its looking is what moves the job on. Throws UnknownJob. */
export function getJob({ sandbox, now }: Scope, id: string): ArcgisJob {
  const found = sandbox.jobs.find(API, id)
  if (!found) throw catalogue.error('UnknownJob', { message: `The job ${id} was not found.` })
  const job = sandbox.jobs.polled(found, now)
  const status = jobAt(job, now)
  const { username, operationUri } = job.subject as BackupSubject
  return {
    updatedtime: status.since,
    jobid: job.id,
    endtime: status.endedAt ?? 0,
    starttime: job.submittedAt,
    operationURI: operationUri,
    status: statusOf(status),
    username,
    ...endOf(job, status),
  }
}

function statusOf(status: JobStatus): Status {
  if (status.state !== 'running') return STATUS_OF[status.state]
  return status.phase === SUBMITTED ? 'SUBMITTED' : 'EXECUTING'
}

function endOf(job: Job, { state }: JobStatus): Pick<ArcgisJob, 'result' | 'messages'> {
  if (state === 'running' || job.ending.withoutResult) return {}
  const result = { stages: stagesOf(job, state) }
  return state === 'completed' ? { result } : { result, messages: [job.ending.reason ?? DEFAULT_REASON[state]] }
}

type Stages = NonNullable<ArcgisJob['result']>['stages']

/** What came after SUBMITTED; the last stage ended as the job did, those before it went well. */
function stagesOf({ phases }: Job, state: EndState): Stages {
  const ends = phases.map(({ endAt }) => endAt ?? 0)
  const [, ...stages] = phases
  return stages.map(({ name }, index) => ({
    name,
    state: index === stages.length - 1 ? lastStage(state) : 'completed',
    duration: durationText((ends[index + 1] as number) - (ends[index] as number)),
  }))
}

function lastStage(state: EndState): Stages[number]['state'] {
  return state === 'completed' || state === 'failed' ? state : 'cancelled'
}

function durationText(ms: number): string {
  return `${ms} millis (~ ${Math.floor(ms / 60_000)} minutes)`
}
