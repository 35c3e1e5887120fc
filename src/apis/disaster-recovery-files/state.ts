// disaster-recovery-files: all of its tables, and the SQL on files and on the parts of them that were sent.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../schemas/literals.ts'
import { ARCHIVE_SIZES, MAX_ARCHIVE_BYTES, MIN_ARCHIVE_BYTES } from '../../archives/limits.ts'
import { DAY_MS } from '../../sandbox/clock/durations.ts'
import type { Store } from '../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../sandbox/tables.ts'
import { startOf } from './dates.ts'
import { type KindName, kindNames } from './file-kinds.ts'
import { CREATE_USERS, sessions, users } from './state/users.ts'

const files = defineTable(
  'recoveryFile',
  'files',
  Type.Object({
    id: Type.Integer({ minimum: 1 }),
    kind: literals(kindNames),
    generatedAt: Instant(),
    expiresAt: Instant(),
    savedAt: Nullable(Instant()),
    downloadedAt: Nullable(Instant()),
    pinned: Type.Boolean({
      default: false,
      description: 'Whether the row is kept after the file has expired; the file is not served then',
    }),
    sizeBytes: Nullable(
      Type.Integer({
        minimum: 0,
        maximum: MAX_ARCHIVE_BYTES,
        description: `${ARCHIVE_SIZES}. Left out: --archive-size, or else what the contents take`,
      }),
    ),
  }),
)
export type RecoveryFile = Static<typeof files.row>

/** A part of a file that was sent, while the whole has not been: the bytes from `start` (inclusive) to `end` (exclusive). */
const sentParts = defineTable(
  'recoverySentPart',
  'sentParts',
  Type.Object({ fileId: Type.Integer(), start: Type.Integer({ minimum: 0 }), end: Type.Integer({ minimum: 1 }) }),
)
export type SentPart = Static<typeof sentParts.row>

export const tables = [users, sessions, files, sentParts] as const

export const migrations = [
  `CREATE TABLE recoveryKey (key TEXT PRIMARY KEY, apiRead INTEGER NOT NULL, downloadAccess INTEGER NOT NULL) STRICT;
   CREATE TABLE recoveryFile (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, generatedAt INTEGER NOT NULL,
     expiresAt INTEGER NOT NULL, savedAt INTEGER, downloadedAt INTEGER, pinned INTEGER NOT NULL) STRICT;
   CREATE INDEX recoveryFileKind ON recoveryFile (kind, generatedAt);`,
  'CREATE INDEX recoveryFileExpiry ON recoveryFile (kind, expiresAt) WHERE NOT pinned',
  `${CREATE_USERS}
   CREATE TABLE recoverySentPart (fileId INTEGER NOT NULL REFERENCES recoveryFile (id) ON DELETE CASCADE,
     start INTEGER NOT NULL, "end" INTEGER NOT NULL, CHECK (start < "end"), PRIMARY KEY (fileId, start)) STRICT;`,
  `ALTER TABLE recoveryFile ADD COLUMN sizeBytes INTEGER CONSTRAINT "a file is empty or has at least ${MIN_ARCHIVE_BYTES} bytes"
     CHECK (sizeBytes IS NULL OR sizeBytes = 0 OR sizeBytes >= ${MIN_ARCHIVE_BYTES})`,
]

/** Instants in epoch ms. A property that is left out does not filter. */
export interface FileQuery {
  now: number
  idAfter?: number | undefined
  createdSince?: number | undefined
  updatedSince?: number | undefined
  limit?: number | undefined
  offset?: number | undefined
}

const UPDATED_AT = 'max(generatedAt, iif(savedAt <= ?, savedAt, generatedAt), coalesce(downloadedAt, generatedAt))'

/** Files that have not expired, by ascending id. */
export function listFiles(store: Store, query: FileQuery): RecoveryFile[] {
  const { now, idAfter, createdSince, updatedSince, limit, offset } = query
  // Each condition costs time per row even when every row meets it, so only those that are needed are in the query.
  const clauses = [
    { sql: 'AND id > ?', values: [idAfter] },
    { sql: 'AND generatedAt >= ?', values: [createdSince] },
    { sql: `AND ${UPDATED_AT} >= ?`, values: [updatedSince === undefined ? undefined : now, updatedSince] },
    { sql: 'ORDER BY id', values: [] },
    {
      sql: 'LIMIT ? OFFSET ?',
      values: limit === undefined && offset === undefined ? [undefined] : [limit ?? -1, offset ?? 0],
    },
  ].filter(({ values }) => !values.includes(undefined))
  const sql = `SELECT * FROM recoveryFile WHERE expiresAt > ? ${clauses.map(part => part.sql).join(' ')}`
  const values = clauses.flatMap(part => part.values as number[])
  return store.all<object>(sql, now, ...values).map(raw => files.decode(raw))
}

export function findFile(store: Store, id: number): RecoveryFile | undefined {
  const raw = store.get<object>('SELECT * FROM recoveryFile WHERE id = ?', id)
  return raw && files.decode(raw)
}

/** Whether the id is taken or a file of that kind exists for the day of `at` (epoch ms). */
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

/** Adds a part, joined with the parts that it overlaps or touches, and returns the result. */
export function addSentPart(store: Store, { fileId, start, end }: SentPart): SentPart {
  return store.transaction(() => {
    const near = 'WHERE fileId = ? AND start <= ? AND "end" >= ?'
    const sql = `SELECT min(start) AS start, max("end") AS "end" FROM recoverySentPart ${near}`
    const found = store.get<{ start: number | null; end: number | null }>(sql, fileId, end, start)
    const part = { fileId, start: Math.min(start, found?.start ?? start), end: Math.max(end, found?.end ?? end) }
    store.run(`DELETE FROM recoverySentPart ${near}`, fileId, end, start)
    sentParts.insert(store, part)
    return part
  })
}

export function countSentParts(store: Store, fileId: number): number {
  const sql = 'SELECT count(*) AS count FROM recoverySentPart WHERE fileId = ?'
  return store.get<{ count: number }>(sql, fileId)?.count ?? 0
}

export function deleteSentParts(store: Store, fileId: number): void {
  store.run('DELETE FROM recoverySentPart WHERE fileId = ?', fileId)
}

/** Deletes the files of the kind that have expired by `at` (epoch ms), except pinned ones. */
export function deleteExpired(store: Store, kind: KindName, at: number): void {
  store.run('DELETE FROM recoveryFile WHERE kind = ? AND expiresAt <= ? AND NOT pinned', kind, at)
}
