// arcgis: the rules for making, listing, changing and deleting backups. Synchronous; throws from the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { Outcome } from '../../../../schemas/outcome.ts'
import type { Scope } from '../../../http/scope.ts'
import type { JobKind } from '../../../sandbox/jobs/kinds.ts'
import { hasResult, type JobTiming, jobAt } from '../../../sandbox/jobs/plan.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { BackupSubject, contentsOf } from './contents.ts'
import { API, DEFAULT_TIME_LIMIT_MS, newJobId, Origin, SUBMITTED_PHASE } from './jobs.ts'
import { hashPasscode } from './passcodes.ts'
import { findStore } from './stores.ts'

const OBJECT_STORE_STAGE = 'Stage Object store'
/** A retentionDate that is never reached. */
const NEVER = -1

/** Stages and their durations are those of the vendor's sample of a disaster recovery status. */
export const backupKind: JobKind<BackupSubject> = {
  operation: 'createBackup',
  subject: BackupSubject,
  upgradeSubject,
  phases: [
    SUBMITTED_PHASE,
    { name: 'Validation', ms: 3_096 },
    { name: 'Stage Relational store', ms: 5_149 },
    { name: OBJECT_STORE_STAGE, ms: 50_405 },
    { name: 'Stage system configuration', ms: 6_517 },
    { name: 'Post backup operation cleanup', ms: 53 },
  ],
  timeLimitMs: DEFAULT_TIME_LIMIT_MS,
  ended({ store, ids }, job) {
    if (!hasResult(job.ending)) state.releaseBackup(store, job.id)
    else state.completeBackup(store, job.id, { retentionAt: job.subject.retentionAt, contents: contentsOf(ids, job) })
  },
}

/** Jobs of earlier releases held the API's retentionDate, and all of them were submitted by clients. */
function upgradeSubject(subject: unknown): unknown {
  if (typeof subject !== 'object' || subject === null || !('retentionDate' in subject)) return subject
  const { retentionDate, ...rest } = subject
  return { ...rest, retentionAt: retentionAtOf(Number(retentionDate)), trigger: 'manual' }
}

const DeleteSubject = Type.Object({ ...Origin.properties, storeName: Type.String(), name: Type.String() })
type DeleteSubject = Static<typeof DeleteSubject>

export const deleteKind: JobKind<DeleteSubject> = {
  operation: 'deleteBackup',
  subject: DeleteSubject,
  phases: [
    SUBMITTED_PHASE,
    { name: 'Delete Relational store', ms: 2_000 },
    { name: 'Delete Object store', ms: 5_000 },
    { name: 'Delete system configuration', ms: 1_000 },
  ],
  timeLimitMs: DEFAULT_TIME_LIMIT_MS,
  ended({ store }, { ending, subject: { storeName, name } }) {
    if (hasResult(ending)) state.deleteBackup(store, storeName, name)
  },
}

/** Epoch ms, or null for -1 and when it is absent: never. */
export function retentionAtOf(retentionDate = NEVER): number | null {
  return retentionDate === NEVER ? null : retentionDate
}

/** In order of submission. Throws UnknownStore. */
export function listBackups(scope: Scope, storeName: string): state.FinishedBackup[] {
  findStore(scope, storeName)
  return state.listBackups(scope.sandbox.store, storeName)
}

/** The backups of all registered stores, by store. */
export function listAllBackups({ sandbox: { store } }: Scope): state.FinishedBackup[] {
  return state.listStores(store).flatMap(({ name }) => state.listBackups(store, name))
}

/** A finished backup. Throws UnknownStore and UnknownBackup. */
export function findBackup(scope: Scope, storeName: string, name: string): state.FinishedBackup {
  findStore(scope, storeName)
  const backup = state.findBackup(scope.sandbox.store, storeName, name)
  if (!isFinished(backup)) {
    throw catalogue.error('UnknownBackup', { message: `The backup ${name} was not found in the store ${storeName}.` })
  }
  return backup
}

function isFinished(backup: ReturnType<typeof state.findBackup>): backup is state.FinishedBackup {
  return backup !== undefined && backup.contents !== null
}

/** The store that has a backup of that name: the default one, else the one that was registered first. Throws UnknownBackup. */
export function findStoreOf({ sandbox: { store } }: Scope, name: string): string {
  const having = state.listStores(store).filter(each => isFinished(state.findBackup(store, each.name, name)))
  const found = having.find(({ isDefault }) => isDefault) ?? having[0]
  if (!found) throw catalogue.error('UnknownBackup', { message: `The backup ${name} was not found.` })
  return found.name
}

export interface NewBackup {
  name: string
  passcode: string
  /** When given, it must be the store of the path. */
  storeName?: string
  description?: string
  retentionDate?: number
}

/** Submits the job that makes the backup and returns its id. */
export function createBackup(scope: Scope, storeName: string, backup: NewBackup, origin: Origin): string {
  const { name, passcode, description = '', retentionDate } = backup
  const store = findStore(scope, storeName)
  requireSameStore(storeName, backup.storeName)
  if (isTaken(scope, storeName, name)) {
    const message = `The backup store ${storeName} has a backup named ${name}.`
    throw catalogue.error('BackupExists', { message, fields: { name: message } })
  }
  const retentionAt = retentionAtOf(retentionDate)
  const subject: BackupSubject = { storeName, name, description, retentionAt, trigger: 'manual', ...origin }
  return submitBackup(scope, subject, { outcome: outcomeIn(store), passcode })
}

/** The field storeName is older than the paths, which name the store. Throws InvalidParameter. */
export function requireSameStore(ofPath: string, sent: string | undefined): void {
  if (sent === undefined || sent === ofPath) return
  const message = `The field storeName must be ${ofPath}, the backup store of the path, or be left out.`
  throw catalogue.error('InvalidParameter', { message, fields: { storeName: message } })
}

/** True when a backup of that name is finished or being made; false when its job has ended without a backup. */
export function isTaken({ sandbox, now }: Pick<Scope, 'sandbox' | 'now'>, storeName: string, name: string): boolean {
  const backup = state.findBackup(sandbox.store, storeName, name)
  if (!backup || backup.contents !== null || backup.jobId === null) return backup !== undefined
  const job = sandbox.jobs.find(API, backup.jobId)
  return job !== undefined && jobAt(job, now).state === 'running'
}

export function outcomeIn({ name, volumeFull }: state.BackupStore): Outcome {
  if (!volumeFull) return { result: 'success' }
  const reason = `The volume of the backup store ${name} is full.`
  return { result: 'fail', phase: OBJECT_STORE_STAGE, reason }
}

type Submission = { outcome: Outcome; timing?: JobTiming } & ({ passcode: string } | { passcodeHash: string })

/** Submits the job and returns its id. The backup captures the items as they are now. */
export function submitBackup(
  { sandbox, now }: Pick<Scope, 'sandbox' | 'now'>,
  subject: BackupSubject,
  { outcome, timing, ...secret }: Submission,
): string {
  const { store, ids, jobs } = sandbox
  return store.transaction(() => {
    const id = newJobId({ sandbox })
    const passcodeHash = 'passcode' in secret ? hashPasscode(ids, id, secret.passcode) : secret.passcodeHash
    const { storeName, name } = subject
    state.reserveBackup(store, { storeName, name, jobId: id, passcodeHash, items: state.listItems(store) })
    const { timeoutSeconds } = state.readSettings(store)
    const cancelAfterMs = timeoutSeconds === null ? DEFAULT_TIME_LIMIT_MS : timeoutSeconds * 1000
    const submission = { api: API, id, kind: 'backup', subject, outcome, cancelAfterMs }
    jobs.submit({ ...submission, ...(timing && { timing }) }, now)
    return id
  })
}

/** Changes when the cleanup task may remove the backup. Throws UnknownStore and UnknownBackup. */
export function updateBackup(scope: Scope, storeName: string, name: string, retentionDate: number | undefined): void {
  findBackup(scope, storeName, name)
  if (retentionDate === undefined) return
  state.updateRetention(scope.sandbox.store, storeName, name, retentionAtOf(retentionDate))
}

/** Deletes the backup now. Throws UnknownStore and UnknownBackup. */
export function deleteBackup(scope: Scope, storeName: string, name: string): void {
  findBackup(scope, storeName, name)
  state.deleteBackup(scope.sandbox.store, storeName, name)
}

/** Submits a job that deletes the backup when it completes, and returns its id. Throws UnknownStore and UnknownBackup. */
export function submitDelete(scope: Scope, storeName: string, name: string, origin: Origin): string {
  findBackup(scope, storeName, name)
  const id = newJobId(scope)
  const subject: DeleteSubject = { storeName, name, ...origin }
  scope.sandbox.jobs.submit({ api: API, id, kind: 'delete', subject, outcome: { result: 'success' } }, scope.now)
  return id
}
