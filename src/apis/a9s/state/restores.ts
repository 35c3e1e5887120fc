// a9s: queries of restores.
import type { Store } from '../../../sandbox/store.ts'
import { type Backup, type Restore, restores } from './tables.ts'

export function insertRestore(store: Store, restore: Restore): void {
  restores.insert(store, restore)
}

export function findRestore(store: Store, instanceId: string, id: number): Restore | undefined {
  const raw = store.get<object>('SELECT * FROM a9sRestore WHERE instanceId = ? AND id = ?', instanceId, id)
  return raw && restores.decode(raw)
}

/** Newest first. */
export function listRestores(store: Store, instanceId: string): Restore[] {
  return store
    .all<object>('SELECT * FROM a9sRestore WHERE instanceId = ? ORDER BY id DESC', instanceId)
    .map(restores.decode)
}

export function listAllRestores(store: Store): Restore[] {
  return store.all<object>('SELECT * FROM a9sRestore ORDER BY rowid').map(restores.decode)
}

/** The restores from a backup, into any instance. */
export function listRestoresFrom(store: Store, { instanceId, id }: Pick<Backup, 'instanceId' | 'id'>): Restore[] {
  const sql = 'SELECT * FROM a9sRestore WHERE sourceInstanceId = ? AND backupId = ? ORDER BY rowid DESC'
  return store.all<object>(sql, instanceId, id).map(restores.decode)
}

export function findLatestRestore(store: Store, instanceId: string): Restore | undefined {
  const raw = store.get<object>('SELECT * FROM a9sRestore WHERE instanceId = ? ORDER BY id DESC LIMIT 1', instanceId)
  return raw && restores.decode(raw)
}
