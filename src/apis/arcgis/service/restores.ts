// arcgis: restores backups: the items become those that the backup captured. Synchronous; throws from the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { Scope } from '../../../http/scope.ts'
import type { JobKind } from '../../../sandbox/jobs/kinds.ts'
import { hasResult, jobAt } from '../../../sandbox/jobs/plan.ts'
import { Nullable } from '../../../sandbox/tables.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { findBackup, requireSameStore } from './backups.ts'
import { API, DEFAULT_TIME_LIMIT_MS, newJobId, Origin, SUBMITTED_PHASE } from './jobs.ts'
import { isPasscode } from './passcodes.ts'

/** A job's subject holds instants as numbers, in documents too. */
const CapturedItem = Type.Object({
  ...state.items.row.properties,
  createdAt: Type.Integer(),
  modifiedAt: Type.Integer(),
})

const RestoreSubject = Type.Object({
  ...Origin.properties,
  storeName: Type.String(),
  name: Type.String(),
  trigger: Type.Literal('manual'),
  // Held here, because the backup may be removed while the job runs.
  items: Nullable(Type.Array(CapturedItem)),
})
type RestoreSubject = Static<typeof RestoreSubject>

/** Named after the stages of a backup; the vendor documents none for a restore. */
export const restoreKind: JobKind<RestoreSubject> = {
  operation: 'restoreBackup',
  subject: RestoreSubject,
  phases: [
    SUBMITTED_PHASE,
    { name: 'Validation', ms: 3_096 },
    { name: 'Restore Relational store', ms: 8_000 },
    { name: 'Restore Object store', ms: 60_000 },
    { name: 'Restore system configuration', ms: 7_000 },
    { name: 'Post restore operation cleanup', ms: 1_000 },
  ],
  timeLimitMs: DEFAULT_TIME_LIMIT_MS,
  ended({ store }, { ending, subject: { items } }) {
    if (hasResult(ending) && items !== null) state.replaceItems(store, items)
  },
}

export interface RestoreRequest {
  passcode: string
  /** When given, it must be the store of the path. */
  storeName?: string
}

/** Submits the job that restores the backup. Throws UnknownStore, UnknownBackup and WrongPasscode. */
export function restoreBackup(
  scope: Scope,
  { storeName, name }: { storeName: string; name: string },
  request: RestoreRequest,
  origin: Origin,
): void {
  const { passcodeHash } = findBackup(scope, storeName, name)
  requireSameStore(storeName, request.storeName)
  if (passcodeHash === null || !isPasscode(request.passcode, passcodeHash)) throw catalogue.error('WrongPasscode')
  const items = state.readItems(scope.sandbox.store, storeName, name)
  const subject: RestoreSubject = { storeName, name, trigger: 'manual', items, ...origin }
  const submission = {
    api: API,
    id: newJobId(scope),
    kind: 'restore',
    subject,
    outcome: { result: 'success' },
  } as const
  scope.sandbox.jobs.submit(submission, scope.now)
}

/** While a backup is being restored, the organization is unavailable. */
export function isRestoring({ sandbox, now }: Pick<Scope, 'sandbox' | 'now'>): boolean {
  const latest = sandbox.jobs.latest(API, ['restore'])
  return latest !== undefined && jobAt(latest, now).state === 'running'
}
