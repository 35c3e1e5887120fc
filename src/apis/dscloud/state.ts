// DS Cloud: its tables and the only SQL on them.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../schemas/literals.ts'
import type { Store } from '../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../sandbox/tables.ts'

const accounts = defineTable(
  'dscloudAccount',
  'accounts',
  Type.Object({
    apiKey: Type.String({ minLength: 1 }),
    accountId: Type.String({ pattern: '^[^_]+$', description: 'What its download URLs begin with' }),
    plan: literals(['Free', 'Silver', 'Titanium', 'Essential']),
  }),
)
export type Account = Static<typeof accounts.row>

const apps = defineTable(
  'dscloudApp',
  'apps',
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 64 }),
    accountId: Type.String(),
    name: Type.String({ minLength: 1, maxLength: 100 }),
    deployedAt: Instant(),
  }),
)
export type App = Static<typeof apps.row>

const backups = defineTable(
  'dscloudBackup',
  'backups',
  Type.Object({
    appId: Type.String(),
    name: Nullable(Type.String({ minLength: 1, maxLength: 191, description: 'Left out: made of createdAt' })),
    successful: Type.Boolean({ default: true }),
    sizeBytes: Type.Integer({ minimum: 0, description: 'At least 4096 when successful' }),
    key: Nullable(
      Type.String({ pattern: '^[0-9a-f]{40}$', description: 'Left out: the SHA-1 of the zip, when successful' }),
    ),
    createdAt: Instant(),
    modifiedAt: Nullable(Instant()),
    utcOffsetMinutes: Type.Integer({ minimum: -720, maximum: 840, default: 60, description: 'Zone its times are in' }),
  }),
)
/** `nameBackups` ensures that each one has a name. */
export type Backup = Static<typeof backups.row> & { name: string }

export const tables = [accounts, apps, backups] as const

export const migrations = [
  `CREATE TABLE dscloudAccount (apiKey TEXT PRIMARY KEY, accountId TEXT NOT NULL UNIQUE, plan TEXT NOT NULL) STRICT;
   CREATE TABLE dscloudApp (id TEXT PRIMARY KEY, accountId TEXT NOT NULL REFERENCES dscloudAccount (accountId),
     name TEXT NOT NULL, deployedAt INTEGER NOT NULL) STRICT;
   CREATE TABLE dscloudBackup (appId TEXT NOT NULL REFERENCES dscloudApp (id), name TEXT, successful INTEGER NOT NULL,
     sizeBytes INTEGER NOT NULL, key TEXT, createdAt INTEGER NOT NULL, modifiedAt INTEGER, utcOffsetMinutes INTEGER NOT NULL,
     CONSTRAINT "a successful backup has at least 4096 bytes" CHECK (successful = 0 OR sizeBytes >= 4096)) STRICT;
   CREATE INDEX dscloudBackupOfApp ON dscloudBackup (appId, createdAt);
   CREATE INDEX dscloudBackupName ON dscloudBackup (name);`,
]

/** Names the backups that have no name as the vendor does: by the local time of their creation. */
export function nameBackups(store: Store): void {
  const localTime = "datetime(createdAt / 1000, 'unixepoch', utcOffsetMinutes || ' minutes')"
  store.run(`UPDATE dscloudBackup SET name = 'Backup at ' || ${localTime} WHERE name IS NULL`)
}

export function findAccount(store: Store, apiKey: string): Account | undefined {
  const raw = store.get<object>('SELECT * FROM dscloudAccount WHERE apiKey = ?', apiKey)
  return raw && accounts.decode(raw)
}

export function findApp(store: Store, id: string): App | undefined {
  const raw = store.get<object>('SELECT * FROM dscloudApp WHERE id = ?', id)
  return raw && apps.decode(raw)
}

/** Oldest first. */
export function listBackups(store: Store, appId: string): Backup[] {
  const sql = 'SELECT * FROM dscloudBackup WHERE appId = ? ORDER BY createdAt, rowid'
  return store.all<object>(sql, appId).map(raw => backups.decode(raw) as Backup)
}

/** The backups of that name in all apps of an account, oldest first; backups of two apps in the same second have the same name. */
export function listBackupsNamed(store: Store, accountId: string, name: string): Backup[] {
  const sql = `SELECT b.* FROM dscloudBackup b JOIN dscloudApp a ON a.id = b.appId
    WHERE a.accountId = ? AND b.name = ? ORDER BY b.createdAt, b.rowid`
  return store.all<object>(sql, accountId, name).map(raw => backups.decode(raw) as Backup)
}
