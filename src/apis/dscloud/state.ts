// DS Cloud: its tables and the only SQL on them.
import { type Static, Type } from '@sinclair/typebox'
import { secret } from '../../../schemas/secret.ts'
import { MAX_ARCHIVE_BYTES, MIN_ARCHIVE_BYTES } from '../../archives/limits.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import type { Store } from '../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../sandbox/tables.ts'

/** More than the size of the files that every archive contains. */
export const MIN_BACKUP_BYTES = MIN_ARCHIVE_BYTES

/** The documented rows are in +01:00. */
const DEFAULT_UTC_OFFSET_MINUTES = 60

const plans = defineTable(
  'dscloudPlan',
  'plans',
  Type.Object({
    name: Type.String({ minLength: 1 }),
    backups: Type.Boolean({ default: true, description: 'Whether the plan includes backups' }),
    memoryMb: Type.Integer({ minimum: 0, default: 4096, description: 'RAM for all apps of the account' }),
  }),
)
export type Plan = Static<typeof plans.row>

const accounts = defineTable(
  'dscloudAccount',
  'accounts',
  Type.Object({
    apiKey: Type.String({ ...secret, minLength: 1 }),
    accountId: Type.String({ pattern: '^[^_]+$', description: 'The beginning of its download URLs' }),
    plan: Type.String({ description: 'The name of a plan' }),
    name: Type.String({ default: 'demo' }),
    email: Type.String({ default: 'demo@example.com' }),
  }),
)
export type Account = Static<typeof accounts.row>

/** The requests of an account that count towards its limit. */
const usages = defineTable(
  'dscloudUsage',
  'usages',
  Type.Object({
    accountId: Type.String(),
    windowStartedAt: Instant(),
    requests: Type.Integer({ minimum: 0 }),
    refusedUntil: Nullable(Instant()),
  }),
)
export type Usage = Static<typeof usages.row>

const apps = defineTable(
  'dscloudApp',
  'apps',
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 64 }),
    accountId: Type.String(),
    name: Type.String({ minLength: 1, maxLength: 100 }),
    deployedAt: Instant(),
    cluster: Type.String({ default: 'demo-1' }),
    memoryMb: Type.Integer({ minimum: 0, default: 256 }),
    language: Type.String({ default: 'javascript' }),
    domain: Nullable(Type.String()),
    customDomain: Nullable(Type.String()),
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
    sizeBytes: Type.Integer({ minimum: 0, maximum: MAX_ARCHIVE_BYTES, description: 'At least 4096 when successful' }),
    key: Nullable(
      Type.String({
        ...secret,
        pattern: '^[0-9a-f]{40}$',
        description: 'Left out: the SHA-1 of the zip, when successful',
      }),
    ),
    createdAt: Instant(),
    modifiedAt: Nullable(Instant()),
    utcOffsetMinutes: Type.Integer({
      minimum: -720,
      maximum: 840,
      default: DEFAULT_UTC_OFFSET_MINUTES,
      description: 'Zone its times are in',
    }),
    jobId: Nullable(Type.String({ description: 'The job that makes it' })),
  }),
)
/** `nameBackups` ensures that each one has a name. */
export type Backup = Static<typeof backups.row> & { name: string }

/** Those of earlier releases, which did not store them. */
const FIRST_PLANS = [
  { name: 'Free', backups: false },
  { name: 'Silver', backups: true },
  { name: 'Titanium', backups: true },
  { name: 'Essential', backups: true },
]

export const tables = [plans, accounts, usages, apps, backups] as const

export const migrations = [
  `CREATE TABLE dscloudAccount (apiKey TEXT PRIMARY KEY, accountId TEXT NOT NULL UNIQUE, plan TEXT NOT NULL) STRICT;
   CREATE TABLE dscloudApp (id TEXT PRIMARY KEY, accountId TEXT NOT NULL REFERENCES dscloudAccount (accountId),
     name TEXT NOT NULL, deployedAt INTEGER NOT NULL) STRICT;
   CREATE TABLE dscloudBackup (appId TEXT NOT NULL REFERENCES dscloudApp (id), name TEXT, successful INTEGER NOT NULL,
     sizeBytes INTEGER NOT NULL, key TEXT, createdAt INTEGER NOT NULL, modifiedAt INTEGER, utcOffsetMinutes INTEGER NOT NULL,
     CONSTRAINT "a successful backup has at least 4096 bytes" CHECK (successful = 0 OR sizeBytes >= 4096)) STRICT;
   CREATE INDEX dscloudBackupOfApp ON dscloudBackup (appId, createdAt);
   CREATE INDEX dscloudBackupName ON dscloudBackup (name);`,
  `CREATE TABLE dscloudPlan (name TEXT PRIMARY KEY, backups INTEGER NOT NULL, memoryMb INTEGER NOT NULL) STRICT;
   INSERT INTO dscloudPlan (name, backups, memoryMb)
     SELECT * FROM (VALUES ${FIRST_PLANS.map(({ name, backups }) => `('${name}', ${backups}, 4096)`).join(', ')})
     WHERE EXISTS (SELECT 1 FROM dscloudAccount);
   CREATE TABLE dscloudUsage (accountId TEXT PRIMARY KEY REFERENCES dscloudAccount (accountId),
     windowStartedAt INTEGER NOT NULL, requests INTEGER NOT NULL, refusedUntil INTEGER) STRICT;
   ALTER TABLE dscloudAccount ADD COLUMN name TEXT NOT NULL DEFAULT 'demo';
   ALTER TABLE dscloudAccount ADD COLUMN email TEXT NOT NULL DEFAULT 'demo@example.com';
   ALTER TABLE dscloudApp ADD COLUMN cluster TEXT NOT NULL DEFAULT 'demo-1';
   ALTER TABLE dscloudApp ADD COLUMN memoryMb INTEGER NOT NULL DEFAULT 256;
   ALTER TABLE dscloudApp ADD COLUMN language TEXT NOT NULL DEFAULT 'javascript';
   ALTER TABLE dscloudApp ADD COLUMN domain TEXT;
   ALTER TABLE dscloudApp ADD COLUMN customDomain TEXT;
   ALTER TABLE dscloudBackup ADD COLUMN jobId TEXT;
   CREATE UNIQUE INDEX dscloudBackupJob ON dscloudBackup (jobId);
   CREATE INDEX dscloudAppAccount ON dscloudApp (accountId);`,
]

/** The section of a document; those of earlier releases have no plans. */
export function withPlans(section: Record<string, unknown>): Record<string, unknown> {
  if (section.plans !== undefined || section.accounts === undefined) return section
  return { plans: FIRST_PLANS, ...section }
}

/** Names the backups that have no name as the vendor does: by the local time of their creation. */
export function nameBackups(store: Store): void {
  const localTime = "datetime(createdAt / 1000, 'unixepoch', utcOffsetMinutes || ' minutes')"
  store.run(`UPDATE dscloudBackup SET name = 'Backup at ' || ${localTime} WHERE name IS NULL`)
}

export function findAccount(store: Store, apiKey: string): Account | undefined {
  const raw = store.get<object>('SELECT * FROM dscloudAccount WHERE apiKey = ?', apiKey)
  return raw && accounts.decode(raw)
}

export function findPlan(store: Store, name: string): Plan | undefined {
  const raw = store.get<object>('SELECT * FROM dscloudPlan WHERE name = ?', name)
  return raw && plans.decode(raw)
}

/** An account whose plan does not exist, if there is one. */
export function findAccountWithoutPlan(store: Store): Account | undefined {
  const raw = store.get<object>('SELECT * FROM dscloudAccount WHERE plan NOT IN (SELECT name FROM dscloudPlan)')
  return raw && accounts.decode(raw)
}

export function findUsage(store: Store, accountId: string): Usage | undefined {
  const raw = store.get<object>('SELECT * FROM dscloudUsage WHERE accountId = ?', accountId)
  return raw && usages.decode(raw)
}

export function setUsage(store: Store, { accountId, windowStartedAt, requests, refusedUntil }: Usage): void {
  const sql = `INSERT OR REPLACE INTO dscloudUsage (accountId, windowStartedAt, requests, refusedUntil) VALUES (?, ?, ?, ?)`
  store.run(sql, accountId, windowStartedAt, requests, refusedUntil)
}

/** In the order of their ids. */
export function listApps(store: Store, accountId: string): App[] {
  const sql = 'SELECT * FROM dscloudApp WHERE accountId = ? ORDER BY id'
  return store.all<object>(sql, accountId).map(raw => apps.decode(raw))
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

export function findBackup(store: Store, jobId: string): Backup | undefined {
  const raw = store.get<object>('SELECT * FROM dscloudBackup WHERE jobId = ?', jobId)
  return raw && (backups.decode(raw) as Backup)
}

/** What `createBackup` adds: a backup that is not successful before its job has ended. */
export interface NewBackup {
  appId: string
  jobId: string
  /** Epoch ms. */
  createdAt: number
}

/** Returns the name that the backup gets. */
export function insertBackup(store: Store, backup: NewBackup): string {
  const name = nameAt(backup.createdAt)
  const none = { successful: false, sizeBytes: 0, key: null, modifiedAt: null }
  backups.insert(store, { ...none, ...backup, name, utcOffsetMinutes: DEFAULT_UTC_OFFSET_MINUTES })
  return name
}

function nameAt(createdAt: number): string {
  const localTime = isoInstant(createdAt + DEFAULT_UTC_OFFSET_MINUTES * 60_000)
  return `Backup at ${localTime.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replace('T', ' ')}`
}

/** `finishedAt` is epoch ms. */
export function completeBackup(store: Store, jobId: string, sizeBytes: number, finishedAt: number): void {
  const sql = 'UPDATE dscloudBackup SET successful = 1, sizeBytes = ?, modifiedAt = ? WHERE jobId = ?'
  store.run(sql, sizeBytes, finishedAt, jobId)
}

/** When the latest backups of the app were created over the API (epoch ms), newest first. */
export function latestCreations(store: Store, appId: string, limit: number): number[] {
  const sql = `SELECT createdAt FROM dscloudBackup WHERE appId = ? AND jobId IS NOT NULL ORDER BY createdAt DESC LIMIT ?`
  return store.all<{ createdAt: number }>(sql, appId, limit).map(({ createdAt }) => createdAt)
}
