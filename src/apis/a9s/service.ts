// a9s: the rules of preparing and performing a disaster recovery. Synchronous; throws errors of the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { Scope } from '../../http/scope.ts'
import type { JobKind } from '../../sandbox/jobs/kinds.ts'
import { hasResult, type JobStatus, type JobTiming, jobAt } from '../../sandbox/jobs/plan.ts'
import type { Job } from '../../sandbox/jobs/tables.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { FixtureError } from '../../sandbox/tables.ts'
import { catalogue } from './errors.ts'
import type { Options } from './options.ts'
import * as state from './state.ts'

export const API = 'a9s'

/** The values of this API's options. */
export function optionsOf({ settings }: Sandbox): Options {
  return settings.apiOptions[API] as Options
}

const PrepareSubject = Type.Object({
  instanceId: Type.String(),
  encryptionKey: Type.Union([Type.String(), Type.Null()]),
})
type PrepareSubject = Static<typeof PrepareSubject>

const RestoreSubject = Type.Object({ instanceId: Type.String(), restoreId: Type.Integer() })
type RestoreSubject = Static<typeof RestoreSubject>

/** The durations are invented; in the vendor's samples, a restore of a small backup takes some seconds. */
export const prepareKind: JobKind<PrepareSubject> = {
  operation: 'prepareDisasterRecovery',
  subject: PrepareSubject,
  phases: [{ name: 'preparing', ms: 5_000 }],
  timeLimitMs: 60_000,
  ended({ store }, { subject, ending }) {
    if (!hasResult(ending) || subject.encryptionKey === null) return
    state.setEncryptionKey(store, subject.instanceId, subject.encryptionKey)
  },
}

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

/** The token of the caller: the scope's `principal`. Throws Unauthorized or Forbidden. */
export function authenticate({ sandbox }: Scope, token: string | undefined): state.Token {
  const known = token === undefined ? undefined : state.findToken(sandbox.store, token)
  if (!known) throw catalogue.error('Unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
  if (!known.canManage) throw catalogue.error('Forbidden')
  return known
}

/** The instance, if it exists and the caller may manage it. Throws NotFound or Forbidden. */
export function requireInstance({ sandbox }: Scope, id: string): state.Instance {
  const instance = state.findInstance(sandbox.store, id)
  if (!instance || instance.deleted) throw catalogue.error('NotFound', { message: `The instance ${id} was not found.` })
  if (instance.foreign) throw catalogue.error('Forbidden')
  return instance
}

/** The instance, if it is usable. Throws NotFound, Forbidden or the upstream failure that its row names. */
export function requireUsableInstance(scope: Scope, id: string): state.Instance {
  const instance = requireInstance(scope, id)
  if (instance.upstreamFailure !== null) throw catalogue.error(instance.upstreamFailure)
  return instance
}

/** Returns the GUID of the instance's backups. A given key replaces that of the instance for later backups. */
export function prepare(scope: Scope, id: string, encryptionKey: string | undefined): string {
  const { sandbox } = scope
  const instance = requireUsableInstance(scope, id)
  const instanceId = instance.id
  if (isPreparing(scope, instance)) throw catalogue.error('Conflict')
  if (optionsOf(sandbox).a9sPrepareStatus === 202)
    submitPrepare(scope, { instanceId, encryptionKey: encryptionKey ?? null })
  else if (encryptionKey !== undefined) state.setEncryptionKey(sandbox.store, instanceId, encryptionKey)
  return instance.backupGuid
}

function submitPrepare({ sandbox: { store, ids, jobs }, now }: Scope, subject: PrepareSubject): void {
  store.transaction(() => {
    const id = `prepare/${subject.instanceId}/${ids.next(`a9s/prepare/${subject.instanceId}`)}`
    jobs.submit({ api: API, id, kind: 'prepare', subject, outcome: { result: 'success' } }, now)
    state.setPrepareJob(store, subject.instanceId, id)
  })
}

function isPreparing({ sandbox, now }: Scope, { prepareJobId }: state.Instance): boolean {
  const job = prepareJobId === null ? undefined : sandbox.jobs.find(API, prepareJobId)
  return job !== undefined && jobAt(job, now).state === 'running'
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
