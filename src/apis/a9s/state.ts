// a9s: its tables and the only SQL on them.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../schemas/literals.ts'
import type { Store } from '../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../sandbox/tables.ts'

const tokens = defineTable(
  'a9sToken',
  'tokens',
  Type.Object({
    token: Type.String({ minLength: 1 }),
    canManage: Type.Boolean({
      default: true,
      description: 'Whether its user has the manage right on the instances of its space',
    }),
  }),
)
export type Token = Static<typeof tokens.row>

const instances = defineTable(
  'a9sInstance',
  'instances',
  Type.Object({
    id: Type.String({ minLength: 1 }),
    backupGuid: Type.String({ description: 'Returned by prepare; not the id' }),
    // Stored in plain text, because the Backup Manager encrypts with it; no response contains it.
    encryptionKey: Nullable(Type.String()),
    deleted: Type.Boolean({ default: false, description: 'Only its backups still exist' }),
    foreign: Type.Boolean({ default: false, description: 'In a space in which no token has the manage right' }),
    upstreamFailure: Nullable(literals(['InternalServerError', 'BadGateway', 'GatewayTimeout'])),
    prepareJobId: Nullable(Type.String()),
  }),
)
export type Instance = Static<typeof instances.row>

const backups = defineTable(
  'a9sBackup',
  'backups',
  Type.Object({
    instanceId: Type.String(),
    id: Type.Integer({ minimum: 1, description: 'Within the instance' }),
    status: literals(['queued', 'running', 'done', 'failed', 'deleted']),
    sizeBytes: Type.Integer({ minimum: 0 }),
    encryptionKey: Type.String({ description: 'The key it was made with' }),
    triggeredAt: Instant(),
    startedAt: Nullable(Instant()),
    finishedAt: Nullable(Instant()),
  }),
)
export type Backup = Static<typeof backups.row>

const restores = defineTable(
  'a9sRestore',
  'restores',
  Type.Object({
    instanceId: Type.String(),
    id: Type.Integer({ minimum: 1, description: 'Within the instance' }),
    backupId: Type.Integer(),
    restoredFrom: Instant(),
    jobId: Type.String(),
  }),
)
export type Restore = Static<typeof restores.row>

export const tables = [tokens, instances, backups, restores] as const

/** GUIDs are compared without regard to case and stored as given. */
const CASELESS_GUIDS = `
  CREATE INDEX a9sInstanceGuid ON a9sInstance (id COLLATE NOCASE);
  CREATE INDEX a9sInstanceBackupGuid ON a9sInstance (backupGuid COLLATE NOCASE);`

export const migrations = [
  `CREATE TABLE a9sToken (token TEXT PRIMARY KEY, canManage INTEGER NOT NULL) STRICT;
   CREATE TABLE a9sInstance (id TEXT PRIMARY KEY, backupGuid TEXT NOT NULL UNIQUE, encryptionKey TEXT,
     deleted INTEGER NOT NULL, "foreign" INTEGER NOT NULL, upstreamFailure TEXT, prepareJobId TEXT) STRICT;
   CREATE TABLE a9sBackup (instanceId TEXT NOT NULL REFERENCES a9sInstance (id), id INTEGER NOT NULL, status TEXT NOT NULL,
     sizeBytes INTEGER NOT NULL, encryptionKey TEXT NOT NULL, triggeredAt INTEGER NOT NULL, startedAt INTEGER,
     finishedAt INTEGER, UNIQUE (instanceId, id)) STRICT;
   CREATE TABLE a9sRestore (instanceId TEXT NOT NULL REFERENCES a9sInstance (id), id INTEGER NOT NULL,
     backupId INTEGER NOT NULL, restoredFrom INTEGER NOT NULL, jobId TEXT NOT NULL, UNIQUE (instanceId, id)) STRICT;`,
  CASELESS_GUIDS,
]

export function findToken(store: Store, token: string): Token | undefined {
  const raw = store.get<object>('SELECT * FROM a9sToken WHERE token = ?', token)
  return raw && tokens.decode(raw)
}

/** `id` in any case. The other functions here need the id as it is in the row. */
export function findInstance(store: Store, id: string): Instance | undefined {
  const raw = store.get<object>('SELECT * FROM a9sInstance WHERE id = ? COLLATE NOCASE', id)
  return raw && instances.decode(raw)
}

export function setEncryptionKey(store: Store, instanceId: string, key: string): void {
  store.run('UPDATE a9sInstance SET encryptionKey = ? WHERE id = ?', key, instanceId)
}

export function setPrepareJob(store: Store, instanceId: string, jobId: string): void {
  store.run('UPDATE a9sInstance SET prepareJobId = ? WHERE id = ?', jobId, instanceId)
}

const DONE_BACKUPS = `SELECT b.* FROM a9sBackup b JOIN a9sInstance i ON i.id = b.instanceId WHERE i.backupGuid = ? COLLATE NOCASE AND b.status = 'done'`

/** The newest restorable backup of that GUID. */
export function findLatestBackup(store: Store, backupGuid: string): Backup | undefined {
  const raw = store.get<object>(`${DONE_BACKUPS} ORDER BY b.triggeredAt DESC, b.id DESC LIMIT 1`, backupGuid)
  return raw && backups.decode(raw)
}

/** The backup of that GUID that was triggered at that instant (epoch ms). */
export function findBackupOf(store: Store, backupGuid: string, triggeredAt: number): Backup | undefined {
  const raw = store.get<object>(`${DONE_BACKUPS} AND b.triggeredAt = ?`, backupGuid, triggeredAt)
  return raw && backups.decode(raw)
}

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

export function findLatestRestore(store: Store, instanceId: string): Restore | undefined {
  const raw = store.get<object>('SELECT * FROM a9sRestore WHERE instanceId = ? ORDER BY id DESC LIMIT 1', instanceId)
  return raw && restores.decode(raw)
}
