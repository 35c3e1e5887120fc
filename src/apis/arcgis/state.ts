// arcgis: its tables and the only SQL on them.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../schemas/literals.ts'
import type { Store } from '../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../sandbox/tables.ts'
import { BackupContents, contentsFromRecord, upgradeBackup } from './state/contents.ts'

const users = defineTable(
  'arcgisUser',
  'users',
  Type.Object({
    username: Type.String({ minLength: 1 }),
    password: Type.String({ minLength: 1, description: 'Demo data, stored as plain text' }),
    role: literals(['administrator', 'publisher', 'user']),
    privileges: Type.Array(Type.String(), { default: [] }),
  }),
)
export type User = Static<typeof users.row>

const tokens = defineTable(
  'arcgisToken',
  'tokens',
  Type.Object({ token: Type.String({ minLength: 1 }), username: Type.String(), expiresAt: Instant() }),
)
export type Token = Static<typeof tokens.row>

const stores = defineTable(
  'arcgisStore',
  'stores',
  Type.Object({
    name: Type.String({ minLength: 1 }),
    isDefault: Type.Boolean({ default: false }),
    volumeFull: Type.Boolean({ default: false, description: 'Backups into it fail' }),
  }),
)
export type BackupStore = Static<typeof stores.row>

export const backups = defineTable(
  'arcgisBackup',
  'backups',
  Type.Object({
    storeName: Type.String(),
    name: Type.String({ minLength: 1, description: 'Unique in the store' }),
    jobId: Nullable(Type.String({ description: 'The job that makes or made it' })),
    passcodeHash: Nullable(Type.String({ description: 'scrypt$N$r$p$salt$hash' })),
    pinned: Type.Boolean({ default: false, description: 'Kept, even past its retention date' }),
    // Not an Instant: clients may send dates after the year 9999, which documents could not hold.
    retentionAt: Nullable(
      Type.Integer({ minimum: 0, description: 'When the cleanup task may remove it, epoch ms; null is never' }),
    ),
    contents: Nullable(BackupContents),
  }),
  upgradeBackup,
)
export type Backup = Static<typeof backups.row>
/** A backup whose job has made it. */
export type FinishedBackup = Backup & { contents: BackupContents }

export const tables = [users, tokens, stores, backups] as const

export const migrations = [
  `CREATE TABLE arcgisUser (username TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL,
     privileges TEXT NOT NULL) STRICT;
   CREATE TABLE arcgisToken (token TEXT PRIMARY KEY, username TEXT NOT NULL REFERENCES arcgisUser (username),
     expiresAt INTEGER NOT NULL) STRICT;
   CREATE INDEX arcgisTokenExpiry ON arcgisToken (expiresAt);
   CREATE TABLE arcgisStore (name TEXT PRIMARY KEY, isDefault INTEGER NOT NULL, volumeFull INTEGER NOT NULL) STRICT;
   CREATE TABLE arcgisBackup (storeName TEXT NOT NULL REFERENCES arcgisStore (name), name TEXT NOT NULL,
     jobId TEXT UNIQUE, passcodeHash TEXT, pinned INTEGER NOT NULL, record TEXT, UNIQUE (storeName, name)) STRICT;`,
  `CREATE INDEX arcgisBackupRetention ON arcgisBackup (record ->> '$.retentionDate') WHERE pinned = 0`,
  contentsFromRecord,
]

export function findUser(store: Store, username: string): User | undefined {
  const raw = store.get<object>('SELECT * FROM arcgisUser WHERE username = ?', username)
  return raw && users.decode(raw)
}

/** The user that the token was issued to, unless it has expired by `now` (epoch ms). */
export function findUserByToken(store: Store, token: string, now: number): User | undefined {
  const raw = store.get<object>(
    'SELECT u.* FROM arcgisToken t JOIN arcgisUser u USING (username) WHERE t.token = ? AND t.expiresAt > ?',
    token,
    now,
  )
  return raw && users.decode(raw)
}

export function insertToken(store: Store, token: Token): void {
  tokens.insert(store, token)
}

export function deleteToken(store: Store, token: string): void {
  store.run('DELETE FROM arcgisToken WHERE token = ?', token)
}

export function deleteExpiredTokens(store: Store, now: number): void {
  store.run('DELETE FROM arcgisToken WHERE expiresAt <= ?', now)
}

export function findStore(store: Store, name: string): BackupStore | undefined {
  const raw = store.get<object>('SELECT * FROM arcgisStore WHERE name = ?', name)
  return raw && stores.decode(raw)
}

export function listFullStores(store: Store): BackupStore[] {
  return store.all<object>('SELECT * FROM arcgisStore WHERE volumeFull = 1 ORDER BY rowid').map(stores.decode)
}

/** Finished or still being made. */
export function findBackup(store: Store, storeName: string, name: string): Backup | undefined {
  const raw = store.get<object>('SELECT * FROM arcgisBackup WHERE storeName = ? AND name = ?', storeName, name)
  return raw && backups.decode(raw)
}

/** The finished ones, in order of submission. */
export function listBackups(store: Store, storeName: string): FinishedBackup[] {
  return store
    .all<object>('SELECT * FROM arcgisBackup WHERE storeName = ? AND contents IS NOT NULL ORDER BY rowid', storeName)
    .map(raw => backups.decode(raw) as FinishedBackup)
}

/** Takes the name from the submission on; replaces a backup of that name that was never finished. */
export function reserveBackup(store: Store, backup: Omit<Backup, 'pinned' | 'retentionAt' | 'contents'>): void {
  const { storeName, name } = backup
  store.run('DELETE FROM arcgisBackup WHERE storeName = ? AND name = ? AND contents IS NULL', storeName, name)
  backups.insert(store, { ...backup, pinned: false, retentionAt: null, contents: null })
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

/** Removes backups whose retention date is at or before `now` (epoch ms). */
export function deleteExpiredBackups(store: Store, now: number): void {
  store.run('DELETE FROM arcgisBackup WHERE pinned = 0 AND retentionAt <= ?', now)
}
