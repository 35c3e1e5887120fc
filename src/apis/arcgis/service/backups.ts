// arcgis: the rules for making, listing and cleaning up backups. Synchronous; throws from the catalogue.
import type { Outcome } from '../../../../schemas/outcome.ts'
import type { Scope } from '../../../http/scope.ts'
import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import type { JobKind, ScheduleKind } from '../../../sandbox/jobs/kinds.ts'
import { hasResult, type JobTiming, jobAt } from '../../../sandbox/jobs/plan.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { BackupSubject, contentsOf } from './contents.ts'
import { hashPasscode } from './passcodes.ts'

export const API = 'arcgis'
/** The first phase of a job; named like the status that clients see. */
export const SUBMITTED = 'SUBMITTED'
const OBJECT_STORE_STAGE = 'Stage Object store'
/** A retentionDate that is never reached. */
export const NEVER = -1

/** Stages and their durations are those of the vendor's sample of a disaster recovery status. */
export const backupKind: JobKind<BackupSubject> = {
  operation: 'createBackup',
  subject: BackupSubject,
  phases: [
    { name: SUBMITTED, ms: 1_000 },
    { name: 'Validation', ms: 3_096 },
    { name: 'Stage Relational store', ms: 5_149 },
    { name: OBJECT_STORE_STAGE, ms: 50_405 },
    { name: 'Stage system configuration', ms: 6_517 },
    { name: 'Post backup operation cleanup', ms: 53 },
  ],
  timeLimitMs: 2 * 3_600_000,
  ended({ store, ids }, job) {
    if (!hasResult(job.ending)) return
    const { retentionDate } = job.subject
    const retentionAt = retentionDate === NEVER ? null : retentionDate
    state.completeBackup(store, job.id, { retentionAt, contents: contentsOf(ids, job) })
  },
}

/** A backup past its retention date is only eligible for cleanup: it is listed until this daily task runs. */
export const retentionKind: ScheduleKind = {
  next: (_subject, after) => (Math.floor(after / DAY_MS) + 1) * DAY_MS,
  run: ({ store }, _subject, at) => state.deleteExpiredBackups(store, at),
}

/** The store. Throws UnknownStore. */
export function findStore({ sandbox }: Scope, name: string): state.BackupStore {
  const found = state.findStore(sandbox.store, name)
  if (!found) throw catalogue.error('UnknownStore', { message: `The backup store ${name} was not found.` })
  return found
}

/** In order of submission. Throws UnknownStore. */
export function listBackups(scope: Scope, storeName: string): state.FinishedBackup[] {
  findStore(scope, storeName)
  return state.listBackups(scope.sandbox.store, storeName)
}

export interface NewBackup {
  name: string
  passcode: string
  /** When given, it must be the store of the path. */
  storeName?: string
  description?: string
  retentionDate?: number
}

export interface Origin {
  username: string
  operationUri: string
}

/** Submits the job that makes the backup and returns its id. */
export function createBackup(scope: Scope, storeName: string, backup: NewBackup, origin: Origin): string {
  const { name, passcode, description = '', retentionDate = NEVER } = backup
  const store = findStore(scope, storeName)
  if (backup.storeName !== undefined && backup.storeName !== storeName) {
    const message = `The field storeName must be ${storeName}, the backup store of the path, or be left out.`
    throw catalogue.error('InvalidParameter', { message, fields: { storeName: message } })
  }
  if (isTaken(scope, storeName, name)) {
    const message = `The backup store ${storeName} has a backup named ${name}.`
    throw catalogue.error('BackupExists', { message, fields: { name: message } })
  }
  const subject = { storeName, name, description, retentionDate, ...origin }
  return submitBackup(scope, subject, { outcome: outcomeIn(store), passcode })
}

/** True when a backup of that name is finished or being made; false when its job has ended without a backup. */
function isTaken({ sandbox: { store, jobs }, now }: Scope, storeName: string, name: string): boolean {
  const backup = state.findBackup(store, storeName, name)
  if (!backup || backup.contents !== null || backup.jobId === null) return backup !== undefined
  const job = jobs.find(API, backup.jobId)
  return job !== undefined && jobAt(job, now).state === 'running'
}

export function outcomeIn({ name, volumeFull }: state.BackupStore): Outcome {
  if (!volumeFull) return { result: 'success' }
  const reason = `The volume of the backup store ${name} is full.`
  return { result: 'fail', phase: OBJECT_STORE_STAGE, reason }
}

interface Submission {
  outcome: Outcome
  passcode: string
  timing?: JobTiming
}

/** Submits the job and returns its id. */
export function submitBackup(
  { sandbox, now }: Pick<Scope, 'sandbox' | 'now'>,
  subject: BackupSubject,
  { passcode, ...options }: Submission,
): string {
  const { store, ids, jobs } = sandbox
  return store.transaction(() => {
    const id = `j${ids.uuid('arcgis/job')}`
    const passcodeHash = hashPasscode(ids, id, passcode)
    state.reserveBackup(store, { storeName: subject.storeName, name: subject.name, jobId: id, passcodeHash })
    jobs.submit({ api: API, id, kind: 'backup', subject, ...options }, now)
    return id
  })
}
