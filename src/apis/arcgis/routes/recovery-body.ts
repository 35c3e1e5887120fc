// arcgis: the vendor's JSON for the status and the settings of disaster recovery, with its fields in the documented order.
import type { ArcgisRecoverySettings, ArcgisRecoveryStatus } from '../../../../schemas/arcgis.ts'
import { type JobStatus, jobAt } from '../../../sandbox/jobs/plan.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import type { Settings, StorageVolume } from '../state.ts'
import { durationText, reasonOf } from './job-body.ts'

type Status = ArcgisRecoveryStatus['status']

/** 3 is documented, 1 is that of the status of the root; the others are assumed. */
const CODE_OF: Record<Status['state'], number> = {
  not_started: 0,
  in_progress: 1,
  failed: 2,
  success: 3,
  completed_with_warnings: 4,
}

/** The status of the job as of `now` (epoch ms); undefined when none was ever submitted. */
export function statusBody(job: Job | undefined, now: number): ArcgisRecoveryStatus {
  if (!job) return { status: { code: CODE_OF.not_started, stages: [], state: 'not_started', message: '' } }
  const status = jobAt(job, now)
  const state = stateOf(job, status)
  const { storeName, name, trigger } = job.subject as { storeName: string; name: string; trigger: string }
  return {
    status: {
      code: CODE_OF[state],
      scheduleType: trigger === 'scheduled' ? 'SCHEDULED' : 'MANUAL',
      stages: stagesOf(job, status, now),
      completeTime: status.endedAt ?? 0,
      startTime: job.submittedAt,
      state,
      backupStore: storeName,
      message: messageOf(job, status),
      operation: job.kind === 'restore' ? 'Restore' : 'Backup',
      overallDuration: overallText((status.endedAt ?? now) - job.submittedAt),
      backupName: name,
    },
  }
}

function stateOf({ ending }: Job, { state }: JobStatus): Status['state'] {
  if (state === 'running') return 'in_progress'
  if (state !== 'completed') return 'failed'
  return ending.withoutResult ? 'completed_with_warnings' : 'success'
}

function messageOf(job: Job, { state, endedAt }: JobStatus): string {
  if (state === 'running') return ''
  if (state !== 'completed') return reasonOf(job, endedAt)
  return job.ending.withoutResult ? `The ${job.kind} ended without a result.` : ''
}

/** The stages that have begun. The first phase of a job is not a stage. */
function stagesOf({ phases, submittedAt }: Job, { state, phaseIndex }: JobStatus, now: number): Status['stages'] {
  return phases.slice(0, phaseIndex + 1).flatMap(({ name, endAt }, index) => {
    if (index === 0) return []
    const startedAt = phases[index - 1]?.endAt ?? submittedAt
    const isLast = index === phaseIndex
    const lastUpdated = endAt === null || endAt > now ? now : endAt
    const stageState = !isLast || state === 'completed' ? 'completed' : state === 'running' ? 'in_progress' : 'failed'
    return [{ duration: durationText(lastUpdated - startedAt), lastUpdated, name, state: stageState }]
  })
}

/** `00hr:01min:04sec:221millisec` */
function overallText(durationMs: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const seconds = Math.floor(durationMs / 1000)
  const [hr, min, sec] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${two(hr as number)}hr:${two(min as number)}min:${two(sec as number)}sec:${durationMs % 1000}millisec`
}

export function settingsBody({ stagingVolume, stagingUpdatedAt, timeoutSeconds }: Settings): ArcgisRecoverySettings {
  return {
    ...(stagingVolume && {
      stagingVolumeConfig: { component: 'DR_JOB', ...volumeBody(stagingVolume), g: stagingUpdatedAt ?? 0 },
    }),
    ...(timeoutSeconds !== null && { timeoutInSeconds: timeoutSeconds }),
  }
}

export function volumeBody({ storageClass, size, provisioning, labels }: StorageVolume) {
  const provisioningType = provisioning === 'static' ? ('STATIC' as const) : ('DYNAMIC' as const)
  return { storageClass, size, provisioningType, ...(labels && { labels }) }
}
