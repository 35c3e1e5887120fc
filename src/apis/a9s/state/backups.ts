// a9s: queries of backups.
import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import type { Store } from '../../../sandbox/store.ts'
import { type Backup, backups, MAX_MIN_BACKUP_COUNT } from './tables.ts'

export function insertBackup(store: Store, backup: Backup): void {
  backups.insert(store, backup)
}

export function findBackup(store: Store, instanceId: string, id: number): Backup | undefined {
  const raw = store.get<object>('SELECT * FROM a9sBackup WHERE instanceId = ? AND id = ?', instanceId, id)
  return raw && backups.decode(raw)
}

/** Newest first. */
export function listBackups(store: Store, instanceId: string): Backup[] {
  return store
    .all<object>('SELECT * FROM a9sBackup WHERE instanceId = ? ORDER BY id DESC', instanceId)
    .map(backups.decode)
}

/** The highest id and the latest `storedAt` of the instance's backups; 0 where it has none. */
export function lastBackup(store: Store, instanceId: string): { id: number; storedAt: number } {
  const sql = `SELECT id, coalesce(storedAt, triggeredAt) AS storedAt FROM a9sBackup WHERE instanceId = ? ORDER BY id DESC LIMIT 1`
  return store.get<{ id: number; storedAt: number }>(sql, instanceId) ?? { id: 0, storedAt: 0 }
}

/** Those whose jobs determine their status. */
export function listUnfinishedBackups(store: Store): Backup[] {
  const sql = `SELECT * FROM a9sBackup WHERE status IN ('queued', 'running') AND jobId IS NOT NULL ORDER BY rowid`
  return store.all<object>(sql).map(backups.decode)
}

export type Ending = Pick<Backup, 'status' | 'startedAt' | 'finishedAt'>

export function setEnding(store: Store, { instanceId, id }: Pick<Backup, 'instanceId' | 'id'>, ending: Ending): void {
  const sql = 'UPDATE a9sBackup SET status = ?, startedAt = ?, finishedAt = ? WHERE instanceId = ? AND id = ?'
  store.run(sql, ending.status, ending.startedAt, ending.finishedAt, instanceId, id)
}

/** Records that its contents were deleted from the storage; the row remains. */
export function setDeleted(store: Store, { instanceId, id }: Pick<Backup, 'instanceId' | 'id'>): void {
  store.run(`UPDATE a9sBackup SET status = 'deleted' WHERE instanceId = ? AND id = ?`, instanceId, id)
}

const RESTORABLE = `SELECT * FROM a9sBackup
  WHERE instanceId = (SELECT id FROM a9sInstance WHERE backupGuid = ? COLLATE NOCASE) AND status = 'done'`

/** The newest restorable backup of that GUID. */
export function findLatestBackup(store: Store, backupGuid: string): Backup | undefined {
  const raw = store.get<object>(`${RESTORABLE} ORDER BY triggeredAt DESC, id DESC LIMIT 1`, backupGuid)
  return raw && backups.decode(raw)
}

/** The restorable backup of that GUID with that instant (epoch ms) in its backup_id. */
export function findBackupOf(store: Store, backupGuid: string, storedAt: number): Backup | undefined {
  const raw = store.get<object>(`${RESTORABLE} AND coalesce(storedAt, triggeredAt) = ?`, backupGuid, storedAt)
  return raw && backups.decode(raw)
}

/**
 * The restorable backups that are older at `at` (epoch ms) than their instance keeps them, except for the newest ones that it
 * keeps in any case. Those of deleted instances are kept.
 */
export function listExpiredBackups(store: Store, at: number): Backup[] {
  // At most the largest possible minBackupCount of newer backups are counted.
  const sql = `SELECT b.* FROM a9sInstance i CROSS JOIN a9sBackup b ON b.instanceId = i.id
    WHERE NOT i.deleted AND b.status = 'done' AND b.finishedAt <= ? - i.retentionDays * ${DAY_MS} AND i.minBackupCount <=
      (SELECT count(*) FROM (SELECT 1 FROM a9sBackup n WHERE n.instanceId = i.id AND n.status = 'done'
        AND n.finishedAt > b.finishedAt LIMIT ${MAX_MIN_BACKUP_COUNT}))`
  return store.all<object>(sql, at).map(backups.decode)
}
