// a9s: queries of tokens and instances.
import type { Store } from '../../../sandbox/store.ts'
import { type Instance, instances } from './tables.ts'

/** What every request needs of an instance. */
export type InstanceAccess = Pick<
  Instance,
  | 'id'
  | 'backupGuid'
  | 'encryptionKey'
  | 'deleted'
  | 'foreign'
  | 'upstreamFailure'
  | 'prepareJobId'
  | 'minEncryptionKeyLength'
  | 'keyChanges'
>

const ACCESS_COLUMNS =
  'id, backupGuid, encryptionKey, deleted, "foreign", upstreamFailure, prepareJobId, minEncryptionKeyLength, keyChanges'

const FIND_INSTANCE = `SELECT ${ACCESS_COLUMNS} FROM a9sInstance WHERE id = ? COLLATE NOCASE`

/** `id` in any case. The other functions of the state need the id as it is in the row. */
export function findInstance(store: Store, id: string): InstanceAccess | undefined {
  const raw = store.get<object>(FIND_INSTANCE, id)
  return raw && instances.decode(raw)
}

const FIND_ACCESS = `SELECT canManage, ${ACCESS_COLUMNS} FROM a9sToken LEFT JOIN a9sInstance ON id = ? COLLATE NOCASE
  WHERE token = ?`

/** What a token may do, and the instance with that id (in any case), if there is one. Undefined for an unknown token. */
export function findAccess(
  store: Store,
  token: string,
  instanceId: string | undefined,
): { canManage: boolean; instance: InstanceAccess | undefined } | undefined {
  const raw = store.get<{ canManage: number; id: string | null }>(FIND_ACCESS, instanceId ?? null, token)
  return raw && { canManage: raw.canManage === 1, instance: raw.id === null ? undefined : instances.decode(raw) }
}

/** All of an instance that exists; `number` is its place in the order in which instances were created. */
export function readInstance(store: Store, id: string): Instance & { number: number } {
  const raw = store.get<object & { number: number }>('SELECT rowid AS number, * FROM a9sInstance WHERE id = ?', id)
  if (!raw) throw new RangeError(`no instance ${id}`)
  return { ...instances.decode(raw), number: raw.number }
}

/** What a backup configuration says besides the length of the key. */
export type Retention = Pick<Instance, 'retentionDays' | 'minBackupCount' | 'excludeFromAutoBackup'>

export function readRetention(store: Store, id: string): Retention {
  const sql = 'SELECT retentionDays, minBackupCount, excludeFromAutoBackup FROM a9sInstance WHERE id = ?'
  const raw = store.get<object>(sql, id)
  if (!raw) throw new RangeError(`no instance ${id}`)
  return instances.decode(raw)
}

/** What a backup needs of an instance. */
export type BackedUpInstance = Pick<
  Instance,
  'id' | 'encryptionKey' | 'keyChanges' | 'dataSet' | 'rowCount' | 'rowCountAt' | 'rowsPerHour' | 'createdAt'
>

const BACKED_UP = `SELECT id, encryptionKey, keyChanges, dataSet, rowCount, rowCountAt, rowsPerHour, createdAt
  FROM a9sInstance`
const READ_BACKED_UP = `${BACKED_UP} WHERE id = ?`

export function readBackedUpInstance(store: Store, id: string): BackedUpInstance {
  const raw = store.get<object>(READ_BACKED_UP, id)
  if (!raw) throw new RangeError(`no instance ${id}`)
  return instances.decode(raw)
}

/** The instances that are backed up at night, in the order in which they were created. */
export function listNightlyInstances(store: Store): BackedUpInstance[] {
  const sql = `${BACKED_UP} WHERE NOT deleted AND NOT excludeFromAutoBackup AND state IN ('provisioned', 'available') ORDER BY rowid`
  return store.all<object>(sql).map(raw => instances.decode(raw))
}

export function setEncryptionKey(store: Store, instanceId: string, key: string): void {
  store.run('UPDATE a9sInstance SET encryptionKey = ?, keyChanges = keyChanges + 1 WHERE id = ?', key, instanceId)
}

export function setExcludeFromAutoBackup(store: Store, instanceId: string, isExcluded: boolean): void {
  store.run('UPDATE a9sInstance SET excludeFromAutoBackup = ? WHERE id = ?', isExcluded ? 1 : 0, instanceId)
}

export function setPrepareJob(store: Store, instanceId: string, jobId: string): void {
  store.run('UPDATE a9sInstance SET prepareJobId = ? WHERE id = ?', jobId, instanceId)
}

/** Replaces what the instance holds from `at` (epoch ms) on. */
export function setData(
  store: Store,
  instanceId: string,
  { dataSet, rowCount }: Pick<Instance, 'dataSet' | 'rowCount'>,
  at: number,
): void {
  const sql = 'UPDATE a9sInstance SET dataSet = ?, rowCount = ?, rowCountAt = ?, updatedAt = ? WHERE id = ?'
  store.run(sql, dataSet, rowCount, at, at, instanceId)
}
