// dscloud: creating backups of apps, and the limits on it. Throws from the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { Scope } from '../../../http/scope.ts'
import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import type { JobKind } from '../../../sandbox/jobs/kinds.ts'
import { hasResult } from '../../../sandbox/jobs/plan.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { keyOf } from '../archive/key.ts'
import { catalogue } from '../errors.ts'
import { API, optionsOf } from '../options.ts'
import * as state from '../state.ts'
import { retryAfter } from './access.ts'
import { requireAppWithBackups } from './backups.ts'

const BackupSubject = Type.Object({
  appId: Type.String(),
  sizeBytes: Type.Integer({ minimum: state.MIN_BACKUP_BYTES }),
})
type BackupSubject = Static<typeof BackupSubject>

const BACKUP = 'backup'

/** The duration is that of two of the documented backups. */
export const backupKind: JobKind<BackupSubject> = {
  operation: 'createApplicationBackup',
  subject: BackupSubject,
  phases: [{ name: 'running', ms: 9_000 }],
  timeLimitMs: 3_600_000,
  ended({ store }, { id, subject, ending }, at) {
    if (hasResult(ending)) state.completeBackup(store, id, subject.sizeBytes, at)
  },
}

export const jobKinds = { [BACKUP]: backupKind }

/** Sizes of new backups; invented. */
const SIZE_BYTES = { min: 64 * 1024, max: 512 * 1024 }

/** Of the upstream product. */
const MIN_INTERVAL_MS = 60_000
const MAX_PER_DAY = 12

export interface Created {
  accountId: string
  name: string
  key: string
}

/** Submits the job that makes the backup. The key is that of the finished backup. */
export async function createBackup(scope: Scope, appId: string): Promise<Created> {
  const { sandbox, now } = scope
  const { store, ids, jobs } = sandbox
  const app = requireAppWithBackups(scope, appId)
  if (optionsOf(sandbox.settings).dscloudLimits) requireAllowance(scope, appId)
  const { name, sizeBytes } = store.transaction(() => {
    const number = ids.next('dscloud/backup')
    const jobId = `backup/${number}`
    const sizeBytes = newSize(sandbox, number)
    const name = state.insertBackup(store, { appId, jobId, createdAt: now })
    const subject: BackupSubject = { appId, sizeBytes }
    jobs.submit({ api: API, id: jobId, kind: BACKUP, subject, outcome: { result: 'success' } }, now)
    return { name, sizeBytes }
  })
  const content = { name, sizeBytes, key: null, createdAt: now, modifiedAt: null }
  return { accountId: app.accountId, name, key: await keyOf(sandbox, app, content) }
}

/** A successful backup is never empty. */
function newSize({ settings, ids }: Sandbox, number: number): number {
  const { archiveSize } = optionsOf(settings)
  if (archiveSize !== undefined) return Math.max(archiveSize, state.MIN_BACKUP_BYTES)
  const share = ids.fraction(`dscloud/size/${number}`)
  return SIZE_BYTES.min + Math.floor(share * (SIZE_BYTES.max - SIZE_BYTES.min))
}

/** Throws KEEP_CALM and DAILY_SNAPSHOTS_LIMIT_REACHED. */
function requireAllowance({ sandbox: { store }, now }: Scope, appId: string): void {
  const created = state.latestCreations(store, appId, MAX_PER_DAY)
  const nextAt = (created[0] ?? Number.NEGATIVE_INFINITY) + MIN_INTERVAL_MS
  const nextDayAt = (created[MAX_PER_DAY - 1] ?? Number.NEGATIVE_INFINITY) + DAY_MS
  if (nextDayAt > now) {
    throw catalogue.error('DAILY_SNAPSHOTS_LIMIT_REACHED', { headers: retryAfter(nextDayAt, now) })
  }
  if (nextAt > now) throw catalogue.error('KEEP_CALM', { headers: retryAfter(nextAt, now) })
}
