// disaster-recovery-files: the tables behind it and the only SQL on them.
import { type Static, Type } from '@sinclair/typebox'
import { DAY_MS } from '../../sandbox/clock/durations.ts'
import type { Store } from '../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../sandbox/tables.ts'
import { startOf } from './calendar.ts'
import { type KindName, kindNames } from './kinds.ts'

const keys = defineTable(
  'recoveryKey',
  'keys',
  Type.Object({
    key: Type.String({ minLength: 1 }),
    apiRead: Type.Boolean({ default: true, description: 'Has its user read access to the API?' }),
    downloadAccess: Type.Boolean({ default: true, description: 'Has its user data-protection download access?' }),
  }),
)
export type Key = Static<typeof keys.row>

const files = defineTable(
  'recoveryFile',
  'files',
  Type.Object({
    id: Type.Integer({ minimum: 1 }),
    kind: Type.Union(kindNames.map(kind => Type.Literal(kind))),
    generatedAt: Instant(),
    expiresAt: Instant(),
    savedAt: Nullable(Instant()),
    downloadedAt: Nullable(Instant()),
    pinned: Type.Boolean({ default: false, description: 'Kept in the table after its expiry; expires all the same' }),
  }),
)
export type RecoveryFile = Static<typeof files.row>

export const tables = [keys, files] as const

export const migrations = [
  `CREATE TABLE recoveryKey (key TEXT PRIMARY KEY, apiRead INTEGER NOT NULL, downloadAccess INTEGER NOT NULL) STRICT;
   CREATE TABLE recoveryFile (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, generatedAt INTEGER NOT NULL,
     expiresAt INTEGER NOT NULL, savedAt INTEGER, downloadedAt INTEGER, pinned INTEGER NOT NULL) STRICT;
   CREATE INDEX recoveryFileKind ON recoveryFile (kind, generatedAt);`,
  'CREATE INDEX recoveryFileExpiry ON recoveryFile (kind, expiresAt) WHERE NOT pinned',
]

export function findKey(store: Store, key: string): Key | undefined {
  const raw = store.get<object>('SELECT * FROM recoveryKey WHERE key = ?', key)
  return raw && keys.decode(raw)
}

/** Instants in epoch ms; what is left out does not narrow the list. */
export interface Page {
  now: number
  idAfter?: number | undefined
  createdSince?: number | undefined
  updatedSince?: number | undefined
  limit?: number | undefined
  offset?: number | undefined
}

const UPDATED_AT = 'max(generatedAt, iif(savedAt <= ?, savedAt, generatedAt), coalesce(downloadedAt, generatedAt))'

/** Files that have not expired, by ascending id. */
export function listFiles(store: Store, page: Page): RecoveryFile[] {
  const { now, idAfter, createdSince, updatedSince, limit, offset } = page
  // A condition costs each row even when it lets every row pass: a plain list has but one.
  const narrowing = [
    { sql: 'AND id > ?', values: [idAfter] },
    { sql: 'AND generatedAt >= ?', values: [createdSince] },
    { sql: `AND ${UPDATED_AT} >= ?`, values: [updatedSince === undefined ? undefined : now, updatedSince] },
    { sql: 'ORDER BY id', values: [] },
    {
      sql: 'LIMIT ? OFFSET ?',
      values: limit === undefined && offset === undefined ? [undefined] : [limit ?? -1, offset ?? 0],
    },
  ].filter(({ values }) => !values.includes(undefined))
  const sql = `SELECT * FROM recoveryFile WHERE expiresAt > ? ${narrowing.map(part => part.sql).join(' ')}`
  const values = narrowing.flatMap(part => part.values as number[])
  return store.all<object>(sql, now, ...values).map(raw => files.decode(raw))
}

export function findFile(store: Store, id: number): RecoveryFile | undefined {
  const raw = store.get<object>('SELECT * FROM recoveryFile WHERE id = ?', id)
  return raw && files.decode(raw)
}

/** Has that id been given, or a file of that kind been generated on the day of `at` (epoch ms)? */
export function isGenerated(store: Store, id: number, kind: KindName, at: number): boolean {
  const sql = 'SELECT 1 FROM recoveryFile WHERE id = ? OR (kind = ? AND generatedAt >= ? AND generatedAt < ?)'
  const day = startOf('daily', at)
  return store.get(sql, id, kind, day, day + DAY_MS) !== undefined
}

export function insertFile(store: Store, file: RecoveryFile): void {
  files.insert(store, file)
}

export function setDownloaded(store: Store, id: number, at: number): void {
  store.run('UPDATE recoveryFile SET downloadedAt = ? WHERE id = ?', at, id)
}

/** Removes the kind's files that have expired by `at` (epoch ms). */
export function sweep(store: Store, kind: KindName, at: number): void {
  store.run('DELETE FROM recoveryFile WHERE kind = ? AND expiresAt <= ? AND NOT pinned', kind, at)
}
