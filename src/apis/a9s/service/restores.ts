// a9s: restores: into another instance (perform), and what is known of each. Synchronous; throws errors of the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { Outcome } from '../../../../schemas/outcome.ts'
import type { Scope } from '../../../http/scope.ts'
import type { JobKind } from '../../../sandbox/jobs/kinds.ts'
import { type JobStatus, type JobTiming, jobAt } from '../../../sandbox/jobs/plan.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { FixtureError } from '../../../sandbox/tables.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { API, optionsOf, requireUsableInstance } from './access.ts'

const RestoreSubject = Type.Object({ instanceId: Type.String(), restoreId: Type.Integer() })
type RestoreSubject = Static<typeof RestoreSubject>

const RESTORE = 'restore'

export const restoreKind: JobKind<RestoreSubject> = {
  operation: 'performDisasterRecovery',
  subject: RestoreSubject,
  phases: [
    { name: 'queued', ms: 1_000 },
    { name: 'running', ms: 9_000 },
  ],
  timeLimitMs: 3_600_000,
}

/** Every restore needs its job, which determines its status. Throws FixtureError. */
export function checkRestores({ store, jobs }: Sandbox): void {
  const orphan = state.listAllRestores(store).find(({ jobId }) => jobs.find(API, jobId)?.kind !== RESTORE)
  if (!orphan) return
  const { instanceId, id, jobId } = orphan
  throw new FixtureError(
    `a9s: restores: restore ${id} of ${instanceId} needs the job "${jobId}" of kind ${API}/${RESTORE}; jobs has none`,
  )
}

/** Starts a restore in the destination and returns its id there. With a wrong key, the restore fails later. */
export function perform(scope: Scope, destination: string, backupGuid: string, encryptionKey: string): number {
  const { sandbox, now } = scope
  const { id: instanceId } = requireUsableInstance(scope, destination)
  const latest = state.findLatestRestore(sandbox.store, instanceId)
  if (latest && jobAt(jobOf(sandbox, latest), now).state === 'running') {
    throw catalogue.error('RestoreInProgress', { message: `Restore of ${latest.backupId} is already in progress` })
  }
  const backup = findBackup(scope, backupGuid)
  const outcome: Outcome =
    backup.encryptionKey === encryptionKey
      ? { result: 'success' }
      : { result: 'fail', phase: 'running', reason: 'The backup could not be decrypted with the given encryption key.' }
  const id = (latest?.id ?? 0) + 1
  const jobId = `restore/${instanceId}/${id}`
  const subject: RestoreSubject = { instanceId, restoreId: id }
  sandbox.store.transaction(() => {
    sandbox.jobs.submit({ api: API, id: jobId, kind: RESTORE, subject, outcome, ...timingOf(sandbox) }, now)
    state.insertRestore(sandbox.store, { instanceId, id, backupId: backup.id, restoredFrom: backup.triggeredAt, jobId })
  })
  return id
}

/** A restore is complete before perform answers 200. */
function timingOf(sandbox: Sandbox): { timing?: JobTiming } {
  if (optionsOf(sandbox).a9sPerformStatus === 202) return {}
  return { timing: { ...sandbox.settings.timing, progression: { by: 'immediate' } } }
}

const BACKUP_ID = /^(.+)-(\d{10,16})$/

/** `<guid>` means the latest restorable backup, `<guid>-<epoch ms>` the one triggered at that instant. */
function findBackup({ sandbox: { store } }: Scope, backupGuid: string): state.Backup {
  const [, guid, triggeredAt] = BACKUP_ID.exec(backupGuid) ?? []
  const backup =
    state.findLatestBackup(store, backupGuid) ??
    (guid !== undefined ? state.findBackupOf(store, guid, Number(triggeredAt)) : undefined)
  if (!backup) throw catalogue.error('NotFound', { message: `The backup ${backupGuid} was not found.` })
  return backup
}

export interface RestoreView {
  restore: state.Restore
  job: Job
  status: JobStatus
}

/** Newest first. */
export function listRestores(scope: Scope, instanceId: string): RestoreView[] {
  const instance = requireUsableInstance(scope, instanceId)
  return state.listRestores(scope.sandbox.store, instance.id).map(restore => viewOf(scope, restore))
}

export function getRestore(scope: Scope, instanceId: string, restoreId: string): RestoreView {
  const instance = requireUsableInstance(scope, instanceId)
  const id = /^\d{1,15}$/.test(restoreId) ? Number(restoreId) : 0
  const restore = state.findRestore(scope.sandbox.store, instance.id, id)
  if (!restore) throw catalogue.error('NotFound', { message: `The restore ${restoreId} was not found.` })
  return viewOf(scope, restore)
}

/** The restore with its current status. With progression `polls:N` each call counts as a poll. */
function viewOf({ sandbox, now }: Scope, restore: state.Restore): RestoreView {
  const job = sandbox.jobs.polled(jobOf(sandbox, restore), now)
  return { restore, job, status: jobAt(job, now) }
}

function jobOf({ jobs }: Sandbox, { jobId }: state.Restore): Job {
  const job = jobs.find(API, jobId)
  if (!job) throw new RangeError(`no job ${jobId}`)
  return job
}
