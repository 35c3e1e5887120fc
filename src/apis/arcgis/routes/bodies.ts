// arcgis: the vendor's JSON for backups and jobs, with its fields in the documented order.
import type { ArcgisBackup, ArcgisJob } from '../../../../schemas/arcgis.ts'
import { type EndState, type JobStatus, jobAt } from '../../../sandbox/jobs/plan.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import { type Origin, SUBMITTED } from '../service/jobs.ts'
import type { FinishedBackup } from '../state.ts'

const NEVER = -1

export function backupBody({ name, retentionAt, contents }: FinishedBackup): ArcgisBackup {
  return {
    release: contents.release,
    siteName: contents.siteName,
    description: contents.description,
    completeTime: contents.finishedAt,
    backupStore: contents.storeName,
    retentionDate: retentionAt ?? NEVER,
    encryptKey: contents.encryptionKey,
    backupType: contents.backupType,
    relationalStore: contents.relationalStores.map(store => ({
      metadata: store.metadata,
      geodatabases: store.geodatabases.map(({ name, id }) => ({ gdbName: name, egdbID: id })),
      systemDatabases: store.systemDatabases,
      startTime: store.startedAt,
      clusterID: store.clusterId,
      endTime: store.finishedAt,
      status: store.status,
    })),
    scheduleType: contents.trigger === 'manual' ? 'MANUAL' : 'SCHEDULED',
    objectStore: contents.objectStores.map(store => ({
      metadata: store.metadata,
      buckets: store.buckets,
      startTime: store.startedAt,
      clusterID: store.clusterId,
      endTime: store.finishedAt,
      status: store.status,
    })),
    namespace: contents.namespace,
    startTime: contents.startedAt,
    infrastructures: {
      startTime: contents.infrastructure.startedAt,
      endTime: contents.infrastructure.finishedAt,
      status: contents.infrastructure.status,
    },
    category: contents.category,
    backupName: name,
    status: contents.status,
  }
}

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

/** The job as of `now` (epoch ms). */
export function jobBody(job: Job, now: number): ArcgisJob {
  const status = jobAt(job, now)
  const { username, operationUri } = job.subject as Origin
  return {
    updatedtime: status.since,
    jobid: job.id,
    endtime: status.endedAt ?? 0,
    starttime: job.submittedAt,
    operationURI: operationUri,
    status: statusOf(status),
    username,
    ...resultOf(job, status),
  }
}

function statusOf(status: JobStatus): Status {
  if (status.state !== 'running') return STATUS_OF[status.state]
  return status.phase === SUBMITTED ? 'SUBMITTED' : 'EXECUTING'
}

function resultOf(job: Job, { state }: JobStatus): Pick<ArcgisJob, 'result' | 'messages'> {
  if (state === 'running' || job.ending.withoutResult) return {}
  const result = { stages: stagesOf(job, state) }
  return state === 'completed' ? { result } : { result, messages: [job.ending.reason ?? DEFAULT_REASON[state]] }
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

function durationText(durationMs: number): string {
  return `${durationMs} millis (~ ${Math.floor(durationMs / 60_000)} minutes)`
}
