// a9s: restores: starting them, also into another instance (perform), and reading them. Synchronous; throws errors of the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { Outcome } from '../../../../schemas/outcome.ts'
import type { Scope } from '../../../http/scope.ts'
import type { JobKind } from '../../../sandbox/jobs/kinds.ts'
import { hasResult, type JobStatus, type JobTiming, jobAt } from '../../../sandbox/jobs/plan.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { FixtureError } from '../../../sandbox/tables.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { API, optionsOf, requireUsableInstance } from './access.ts'
import { requireBackup, requireRestorableBackup } from './backup-lookup.ts'
import { keyOf } from './keys.ts'

const RestoreSubject = Type.Object({ instanceId: Type.String(), restoreId: Type.Integer() })
type RestoreSubject = Static<typeof RestoreSubject>

const RESTORE = 'restore'
const BACKUP_RESTORE = 'backup-restore'

/** The durations are invented; in the vendor's samples, a restore of a small backup takes some seconds. */
const restoring: Omit<JobKind<RestoreSubject>, 'operation'> = {
  subject: RestoreSubject,
  phases: [
    { name: 'queued', ms: 1_000 },
    { name: 'running', ms: 9_000 },
  ],
  timeLimitMs: 3_600_000,
  ended({ store }, { subject, ending }, at) {
    const restore = hasResult(ending) ? state.findRestore(store, subject.instanceId, subject.restoreId) : undefined
    if (!restore || restore.sourceInstanceId === null) return
    const backup = state.findBackup(store, restore.sourceInstanceId, restore.backupId)
    if (backup) state.setData(store, subject.instanceId, backup, at)
  },
}

/** Restores into another instance. */
export const restoreKind: JobKind<RestoreSubject> = { operation: 'performDisasterRecovery', ...restoring }

/** Restores from a backup of the instance itself. */
export const backupRestoreKind: JobKind<RestoreSubject> = { operation: 'restoreInstanceBackup', ...restoring }

/** Every restore needs its job, which determines its status. Throws FixtureError. */
export function checkRestores({ store, jobs }: Sandbox): void {
  const kinds: unknown[] = [RESTORE, BACKUP_RESTORE]
  const orphan = state.listAllRestores(store).find(({ jobId }) => !kinds.includes(jobs.find(API, jobId)?.kind))
  if (!orphan) return
  const { instanceId, id, jobId } = orphan
  throw new FixtureError(
    `a9s: restores: restore ${id} of ${instanceId} needs the job "${jobId}" of kind ${API}/${RESTORE}; jobs has none`,
  )
}

/** Starts a restore in the destination and returns its id there. With a wrong key, the restore fails later. */
export function perform(scope: Scope, destination: string, backupGuid: string, encryptionKey: string): number {
  const { sandbox } = scope
  const { id } = requireUsableInstance(scope, destination)
  const latest = latestEndedRestore(scope, id)
  const restore = { instanceId: id, latest, backup: requireRestorableBackup(scope, backupGuid), key: encryptionKey }
  // A restore is complete before perform answers 200.
  const isImmediate = optionsOf(sandbox).a9sPerformStatus !== 202
  const timing: JobTiming = { ...sandbox.settings.timing, progression: { by: 'immediate' } }
  return startRestore(scope, { ...restore, kind: RESTORE, ...(isImmediate ? { timing } : {}) })
}

/** Starts a restore of the instance from one of its own backups and returns the id of the restore. */
export function restoreBackup(scope: Scope, instanceId: string, backupId: string): number {
  const { sandbox } = scope
  const instance = requireUsableInstance(scope, instanceId)
  const { id } = instance
  const backup = requireBackup(
    scope,
    id,
    backupId,
    `The backup ${backupId} was not found for the instance ${instanceId}.`,
  )
  const latest = latestEndedRestore(scope, id)
  if (backup.status !== 'done') {
    throw catalogue.error('BackupNonRestorableState', {
      message: `Backup ${backup.id} is in a non-restorable state`,
    })
  }
  const key = keyOf(sandbox, instance)
  return startRestore(scope, { instanceId: id, latest, backup, key, kind: BACKUP_RESTORE })
}

/** The latest restore of the instance, if it has one. Throws RestoreInProgress while that one is running. */
function latestEndedRestore({ sandbox, now }: Scope, instanceId: string): state.Restore | undefined {
  const latest = state.findLatestRestore(sandbox.store, instanceId)
  if (latest && isRunning(sandbox, latest, now)) {
    throw catalogue.error('RestoreInProgress', { message: `Restore of ${latest.backupId} is already in progress` })
  }
  return latest
}

interface NewRestore {
  instanceId: string
  latest: state.Restore | undefined
  backup: state.Backup
  key: string
  kind: typeof RESTORE | typeof BACKUP_RESTORE
  timing?: JobTiming
}

function startRestore({ sandbox, now }: Scope, restore: NewRestore): number {
  const { instanceId, latest, backup, key, kind, timing } = restore
  const id = (latest?.id ?? 0) + 1
  const jobId = `restore/${instanceId}/${id}`
  const subject: RestoreSubject = { instanceId, restoreId: id }
  const outcome = outcomeOf(backup, key)
  sandbox.store.transaction(() => {
    sandbox.jobs.submit({ api: API, id: jobId, kind, subject, outcome, ...(timing ? { timing } : {}) }, now)
    state.insertRestore(sandbox.store, {
      instanceId,
      id,
      sourceInstanceId: backup.instanceId,
      backupId: backup.id,
      restoredFrom: backup.triggeredAt,
      jobId,
    })
  })
  return id
}

function outcomeOf({ encryptionKey }: state.Backup, key: string): Outcome {
  if (encryptionKey === key) return { result: 'success' }
  return {
    result: 'fail',
    phase: 'running',
    reason: 'The backup could not be decrypted with the given encryption key.',
  }
}

/** Whether a restore from the backup is running at `at` (epoch ms). */
export function isInUse(sandbox: Sandbox, backup: state.Backup, at: number): boolean {
  return state.listRestoresFrom(sandbox.store, backup).some(restore => isRunning(sandbox, restore, at))
}

function isRunning(sandbox: Sandbox, restore: state.Restore, at: number): boolean {
  return jobAt(jobOf(sandbox, restore), at).state === 'running'
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
  const job = sandbox.jobs.poll(jobOf(sandbox, restore), now)
  return { restore, job, status: jobAt(job, now) }
}

function jobOf({ jobs }: Sandbox, { jobId }: state.Restore): Job {
  const job = jobs.find(API, jobId)
  if (!job) throw new RangeError(`no job ${jobId}`)
  return job
}
