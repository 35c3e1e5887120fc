// a9s: making, listing and deleting backups, and the nightly backups. Synchronous; throws errors of the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { Scope } from '../../../http/scope.ts'
import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import type { JobKind, ScheduleKind } from '../../../sandbox/jobs/kinds.ts'
import { hasResult, jobAt } from '../../../sandbox/jobs/plan.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { FixtureError } from '../../../sandbox/tables.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { API, requireUsableInstance } from './access.ts'
import { requireBackup, storageIdOf } from './backup-lookup.ts'
import { dataAt } from './instances.ts'
import { keyOf } from './keys.ts'
import { isInUse } from './restores.ts'

const BackupSubject = Type.Object({ instanceId: Type.String(), backupId: Type.Integer() })
type BackupSubject = Static<typeof BackupSubject>

const BACKUP = 'backup'
const QUEUED = 'queued'
const QUEUED_MS = 1_000
const BACKUP_MS = 28_000

/** The durations are those of the vendor's samples. */
export const backupKind: JobKind<BackupSubject> = {
  operation: 'createInstanceBackup',
  subject: BackupSubject,
  phases: [
    { name: QUEUED, ms: QUEUED_MS },
    { name: 'running', ms: BACKUP_MS - QUEUED_MS },
  ],
  timeLimitMs: 3_600_000,
  ended({ store }, job, at) {
    const { instanceId, backupId } = job.subject
    state.setEnding(store, { instanceId, id: backupId }, progressOf(job, at))
  },
}

/** The progress of a backup at `now` (epoch ms). One whose job completes without a result has no contents. */
function progressOf(job: Job, now: number): state.Ending {
  const { state: jobState, phase, endedAt } = jobAt(job, now)
  const [queued, running] = job.phases
  const startedAt = running !== undefined && queued?.endAt != null && queued.endAt <= now ? queued.endAt : null
  if (jobState === 'running') return { status: phase === QUEUED ? 'queued' : 'running', startedAt, finishedAt: null }
  if (jobState !== 'completed') return { status: 'failed', startedAt, finishedAt: endedAt }
  return { status: hasResult(job.ending) ? 'done' : 'deleted', startedAt, finishedAt: endedAt }
}

export const NIGHTLY = 'nightly'
const NIGHTLY_END_MS = 90 * 60_000 + BACKUP_MS

/**
 * Records the nightly backups when they have ended: they begin at 01:30 UTC, like those of the vendor's samples. They are not jobs,
 * so that a test that runs at this hour does not find a running job that no client submitted.
 */
export const nightly: ScheduleKind = {
  next: (_subject, after) => nextNight(after),
  run(sandbox, _subject, at) {
    const { store } = sandbox
    const triggeredAt = at - BACKUP_MS
    for (const instance of state.listNightlyInstances(store)) {
      const ending: state.Ending = { status: 'done', startedAt: triggeredAt + QUEUED_MS, finishedAt: at }
      state.insertBackup(store, { ...newBackup(sandbox, instance, triggeredAt), ...ending })
    }
    for (const backup of state.listExpiredBackups(store, at)) {
      if (!isInUse(sandbox, backup, at)) state.setDeleted(store, backup)
    }
  },
}

function nextNight(after: number): number {
  return (Math.floor((after - NIGHTLY_END_MS) / DAY_MS) + 1) * DAY_MS + NIGHTLY_END_MS
}

/** Schedules the nightly backups from `at` (epoch ms) on. */
export function seed({ jobs }: Sandbox, at: number): void {
  jobs.arm({ api: API, id: NIGHTLY, kind: NIGHTLY, subject: null, dueAt: nextNight(at) })
}

/** Every unfinished backup that names a job needs it. Throws FixtureError. */
export function checkBackups({ store, jobs }: Sandbox): void {
  for (const { instanceId, id, jobId } of state.listUnfinishedBackups(store)) {
    if (jobs.find(API, jobId ?? '')?.kind === BACKUP) continue
    throw new FixtureError(
      `a9s: backups: backup ${id} of ${instanceId} needs the job "${jobId}" of kind ${API}/${BACKUP}; jobs has none`,
    )
  }
}

/** Queues a backup of what the instance holds now, under its current key, and returns its id. */
export function createBackup(scope: Scope, instanceId: string): number {
  const { sandbox, now } = scope
  const { store, jobs } = sandbox
  const { id } = requireUsableInstance(scope, instanceId)
  return store.transaction(() => {
    const instance = state.readBackedUpInstance(store, id)
    const backup = newBackup(sandbox, instance, now)
    const jobId = `backup/${instance.id}/${backup.id}`
    const subject: BackupSubject = { instanceId: instance.id, backupId: backup.id }
    jobs.submit({ api: API, id: jobId, kind: BACKUP, subject, outcome: { result: 'success' } }, now)
    state.insertBackup(store, { ...backup, jobId })
    return backup.id
  })
}

/** A queued backup of what the instance holds at `at` (epoch ms), under the key that it has now. */
function newBackup(sandbox: Sandbox, instance: state.BackedUpInstance, at: number): state.Backup {
  const last = state.lastBackup(sandbox.store, instance.id)
  return {
    instanceId: instance.id,
    id: last.id + 1,
    status: 'queued',
    encryptionKey: keyOf(sandbox, instance),
    keyChanges: instance.keyChanges,
    ...dataAt(instance, at),
    triggeredAt: at,
    startedAt: null,
    finishedAt: null,
    // Two backups of the same millisecond have different ids in the storage.
    storedAt: Math.max(at, last.storedAt + 1),
    jobId: null,
  }
}

export interface BackupView {
  backup: state.Backup
  progress: state.Ending
  /** `<guid>-<epoch ms>` */
  storageId: string
  isDownloadable: boolean
}

/** Newest first. */
export function listBackups(scope: Scope, instanceId: string): BackupView[] {
  const instance = requireUsableInstance(scope, instanceId)
  return state.listBackups(scope.sandbox.store, instance.id).map(backup => viewOf(scope, instance, backup))
}

export function getBackup(scope: Scope, instanceId: string, backupId: string): BackupView {
  const instance = requireUsableInstance(scope, instanceId)
  return viewOf(scope, instance, requireBackup(scope, instance.id, backupId, notFound(backupId)))
}

function notFound(backupId: string): string {
  return `The backup ${backupId} was not found.`
}

/** With progression `polls:N` each call counts as a poll. */
function viewOf(scope: Scope, instance: state.InstanceAccess, backup: state.Backup): BackupView {
  const progress = currentProgress(scope, backup)
  const { keyChanges } = instance
  return {
    backup,
    progress,
    storageId: storageIdOf(instance, backup),
    isDownloadable: progress.status === 'done' && keyChanges > 0 && backup.keyChanges === keyChanges,
  }
}

function currentProgress({ sandbox: { jobs }, now }: Scope, backup: state.Backup): state.Ending {
  if (!isUnfinished(backup)) return backup
  const job = backup.jobId === null ? undefined : jobs.find(API, backup.jobId)
  return job ? progressOf(jobs.poll(job, now), now) : backup
}

function isUnfinished({ status }: state.Backup): boolean {
  return status === 'queued' || status === 'running'
}

/** Deletes the contents of a backup; it remains in the list. Throws Locked, Conflict or BadRequest. */
export function deleteBackup(scope: Scope, instanceId: string, backupId: string): void {
  const { sandbox, now } = scope
  const { id } = requireUsableInstance(scope, instanceId)
  const backup = requireBackup(scope, id, backupId, notFound(backupId))
  if (isUnfinished(backup)) throw catalogue.error('Conflict')
  if (backup.status === 'deleted') {
    throw catalogue.error('BadRequest', {
      message: `The backup ${backupId} could not be deleted inside the storage.`,
    })
  }
  if (isInUse(sandbox, backup, now)) {
    throw catalogue.error('Locked', {
      message: `The backup ${backupId} currently can't be deleted. It is used for a running restore. Please try again later.`,
    })
  }
  state.setDeleted(sandbox.store, backup)
}
