// arcgis: the backups, finished and being made.
import { type Static, Type } from '@sinclair/typebox'
import { secret } from '../../../../schemas/secret.ts'
import type { Store } from '../../../sandbox/store.ts'
import { defineTable, Nullable } from '../../../sandbox/tables.ts'
import { BackupContents, upgradeBackup } from './contents.ts'
import { items } from './items.ts'

export const backups = defineTable(
  'arcgisBackup',
  'backups',
  Type.Object({
    storeName: Type.String(),
    name: Type.String({ minLength: 1, description: 'Unique in the store' }),
    jobId: Nullable(Type.String({ description: 'The job that makes or made it' })),
    passcodeHash: Nullable(Type.String({ ...secret, description: 'scrypt$N$r$p$salt$hash' })),
    pinned: Type.Boolean({
      default: false,
      description: 'Kept, even past its retention date, until a client sets that date',
    }),
    // Not an Instant: clients may send dates after the year 9999, which documents could not hold.
    retentionAt: Nullable(
      Type.Integer({ minimum: 0, description: 'When the cleanup task may remove it, epoch ms; null for never' }),
    ),
    contents: Nullable(BackupContents),
    items: Nullable(
      Type.Array(items.row, { description: 'Captured when the backup was submitted; null if they are not known' }),
    ),
  }),
  upgradeBackup,
)
export type Backup = Static<typeof backups.row>
/** A backup whose job has made it, without what only a restore needs. */
export type FinishedBackup = Omit<Backup, 'contents' | 'items'> & { contents: BackupContents }

const LISTED = 'storeName, name, jobId, passcodeHash, pinned, retentionAt, contents'
const FIND = `SELECT ${LISTED} FROM arcgisBackup WHERE storeName = ? AND name = ?`
const LIST = `SELECT ${LISTED} FROM arcgisBackup WHERE storeName = ? AND contents IS NOT NULL ORDER BY rowid`

/** Finished or still being made. */
export function findBackup(store: Store, storeName: string, name: string): Omit<Backup, 'items'> | undefined {
  const raw = store.get<object>(FIND, storeName, name)
  return raw && backups.decode(raw)
}

/** What the backup captured; null if it is not known, or if there is no such backup. */
export function readItems(store: Store, storeName: string, name: string): Backup['items'] {
  const sql = 'SELECT items FROM arcgisBackup WHERE storeName = ? AND name = ?'
  const raw = store.get<object>(sql, storeName, name)
  return raw ? backups.decode(raw).items : null
}

/** The finished ones, in order of submission. */
export function listBackups(store: Store, storeName: string): FinishedBackup[] {
  return store.all<object>(LIST, storeName).map(raw => backups.decode(raw) as FinishedBackup)
}

/** Takes the name from the submission on; replaces a backup of that name that was never finished. */
export function reserveBackup(store: Store, backup: Omit<Backup, 'pinned' | 'retentionAt' | 'contents'>): void {
  const { storeName, name } = backup
  store.run('DELETE FROM arcgisBackup WHERE storeName = ? AND name = ? AND contents IS NULL', storeName, name)
  backups.insert(store, { ...backup, pinned: false, retentionAt: null, contents: null })
}

/** When the job that was to make the backup ended without it. */
export function releaseBackup(store: Store, jobId: string): void {
  store.run('DELETE FROM arcgisBackup WHERE jobId = ? AND contents IS NULL', jobId)
}

/** `retentionAt`: epoch ms; null for never. From then on it applies to a backup that was pinned, too. */
export function updateRetention(store: Store, storeName: string, name: string, retentionAt: number | null): void {
  store.run(
    'UPDATE arcgisBackup SET retentionAt = ?, pinned = 0 WHERE storeName = ? AND name = ?',
    retentionAt,
    storeName,
    name,
  )
}

export function deleteBackup(store: Store, storeName: string, name: string): void {
  store.run('DELETE FROM arcgisBackup WHERE storeName = ? AND name = ?', storeName, name)
}

export function completeBackup(
  store: Store,
  jobId: string,
  { retentionAt, contents }: Pick<FinishedBackup, 'retentionAt' | 'contents'>,
): void {
  store.run(
    'UPDATE arcgisBackup SET retentionAt = ?, contents = ? WHERE jobId = ?',
    retentionAt,
    JSON.stringify(contents),
    jobId,
  )
}

/** Removes backups whose retention date is at or before `now` (epoch ms), and returns how many. */
export function deleteExpiredBackups(store: Store, now: number): number {
  return store.run('DELETE FROM arcgisBackup WHERE pinned = 0 AND retentionAt <= ?', now)
}
