// a9s: its tables and their migrations.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { secret } from '../../../../schemas/secret.ts'
import { defineTable, Instant, Nullable } from '../../../sandbox/tables.ts'

export const tokens = defineTable(
  'a9sToken',
  'tokens',
  Type.Object({
    token: Type.String({ ...secret, minLength: 1 }),
    canManage: Type.Boolean({
      default: true,
      description: 'Whether its user has the manage right on the instances of its space',
    }),
  }),
)

const MAX_ROWS = 1_000_000_000
export const MAX_MIN_BACKUP_COUNT = 100

const Named = (id: string, name: string) =>
  Type.Object({ id: Type.String(), name: Type.String() }, { default: { id, name }, additionalProperties: false })

/** The data of an instance or a backup: the first `rowCount` rows of a named data set, generated from the seed. */
const Data = {
  dataSet: Type.String({ default: 'orders', minLength: 1, description: 'The name of its data set' }),
  rowCount: Type.Integer({ default: 0, minimum: 0, maximum: MAX_ROWS }),
}

export const instances = defineTable(
  'a9sInstance',
  'instances',
  Type.Object({
    id: Type.String({ minLength: 1 }),
    backupGuid: Type.String({ description: 'Returned by prepare; not the id' }),
    // Stored in plain text, because the Backup Manager encrypts with it; no response contains it.
    encryptionKey: Nullable(Type.String({ ...secret })),
    deleted: Type.Boolean({ default: false, description: 'Only its backups still exist' }),
    foreign: Type.Boolean({ default: false, description: 'In a space in which no token has the manage right' }),
    upstreamFailure: Nullable(literals(['InternalServerError', 'BadGateway', 'GatewayTimeout'])),
    prepareJobId: Nullable(Type.String()),
    keyChanges: Type.Integer({ default: 0, minimum: 0, description: 'How often a user has set the encryption key' }),
    minEncryptionKeyLength: Type.Integer({ default: 8, minimum: 1, description: 'In characters' }),
    retentionDays: Type.Integer({
      default: 30,
      minimum: 1,
      description: 'Backups older than that are deleted at night',
    }),
    minBackupCount: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: MAX_MIN_BACKUP_COUNT,
      description: 'At least this many done backups are kept',
    }),
    excludeFromAutoBackup: Type.Boolean({ default: false, description: 'Not backed up at night' }),
    name: Type.String({ default: 'service-instance' }),
    state: literals(['provisioned', 'available', 'deploying', 'failed', 'stopped'], { default: 'available' }),
    createdAt: Instant('-90d'),
    updatedAt: Nullable(Instant()),
    serviceId: Type.String({ default: '6c1ec1a4-7b3c-4bd0-9c7b-3f0a8d9c5b11' }),
    planId: Type.String({ default: 'b2f8a1de-5d43-4b8e-8f07-9d3f5c1e7a22' }),
    tenant: Named('0f4bd2c6-1c39-4a53-8f6f-2a7c9e1d3b33', 'demo-organization'),
    subtenant: Named('5a9e7c31-8d24-4f1b-b0c6-7e2d4f6a9c44', 'demo-space'),
    urls: Type.Array(Type.String(), { default: [] }),
    availableUpdates: Type.Array(
      Type.Object(
        { name: Type.String(), type: Type.String(), version: Type.String() },
        { additionalProperties: false },
      ),
      { default: [] },
    ),
    ...Data,
    rowCountAt: Nullable(Instant()),
    rowsPerHour: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: MAX_ROWS,
      description: 'How many rows its application adds per hour, from rowCountAt on',
    }),
  }),
)
export type Instance = Static<typeof instances.row>

export const backups = defineTable(
  'a9sBackup',
  'backups',
  Type.Object({
    instanceId: Type.String(),
    id: Type.Integer({ minimum: 1, description: 'Within the instance' }),
    status: literals(['queued', 'running', 'done', 'failed', 'deleted']),
    encryptionKey: Type.String({
      ...secret,
      description: 'The encryption key of the instance when the backup was made',
    }),
    keyChanges: Type.Integer({ default: 0, minimum: 0, description: 'keyChanges of the instance at that time' }),
    ...Data,
    triggeredAt: Instant(),
    startedAt: Nullable(Instant()),
    finishedAt: Nullable(Instant()),
    storedAt: Nullable(
      Type.Unsafe<number>({
        ...Instant(),
        description: 'The instant at the end of its backup_id; triggeredAt if null',
      }),
    ),
    jobId: Nullable(
      Type.String({ description: 'The job that makes it, which determines its status until it has ended' }),
    ),
  }),
  upgradeBackup,
)
export type Backup = Static<typeof backups.row>

/** Of a row in the dump of a backup. */
const OLD_ROW_BYTES = 81

/** Older documents have the size of a backup, which is now computed from its rows. */
function upgradeBackup(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || !('sizeBytes' in row) || 'rowCount' in row) return row
  const { sizeBytes, ...rest } = row
  if (typeof sizeBytes !== 'number' || !(sizeBytes >= 0)) return row
  return { ...rest, rowCount: Math.min(Math.floor(sizeBytes / OLD_ROW_BYTES), MAX_ROWS) }
}

export const restores = defineTable(
  'a9sRestore',
  'restores',
  Type.Object({
    instanceId: Type.String({ description: 'The destination' }),
    id: Type.Integer({ minimum: 1, description: 'Within the destination' }),
    sourceInstanceId: Nullable(Type.String({ description: 'The instance that the backup is of' })),
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

const OVERVIEW_AND_BACKUPS = `
  ALTER TABLE a9sInstance ADD COLUMN keyChanges INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE a9sInstance ADD COLUMN minEncryptionKeyLength INTEGER NOT NULL DEFAULT 8;
  ALTER TABLE a9sInstance ADD COLUMN retentionDays INTEGER NOT NULL DEFAULT 30;
  ALTER TABLE a9sInstance ADD COLUMN minBackupCount INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE a9sInstance ADD COLUMN excludeFromAutoBackup INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE a9sInstance ADD COLUMN name TEXT NOT NULL DEFAULT 'service-instance';
  ALTER TABLE a9sInstance ADD COLUMN state TEXT NOT NULL DEFAULT 'available';
  ALTER TABLE a9sInstance ADD COLUMN createdAt INTEGER NOT NULL DEFAULT 1767225600000;
  ALTER TABLE a9sInstance ADD COLUMN updatedAt INTEGER;
  ALTER TABLE a9sInstance ADD COLUMN serviceId TEXT NOT NULL DEFAULT '6c1ec1a4-7b3c-4bd0-9c7b-3f0a8d9c5b11';
  ALTER TABLE a9sInstance ADD COLUMN planId TEXT NOT NULL DEFAULT 'b2f8a1de-5d43-4b8e-8f07-9d3f5c1e7a22';
  ALTER TABLE a9sInstance ADD COLUMN tenant TEXT NOT NULL
    DEFAULT '{"id":"0f4bd2c6-1c39-4a53-8f6f-2a7c9e1d3b33","name":"demo-organization"}';
  ALTER TABLE a9sInstance ADD COLUMN subtenant TEXT NOT NULL
    DEFAULT '{"id":"5a9e7c31-8d24-4f1b-b0c6-7e2d4f6a9c44","name":"demo-space"}';
  ALTER TABLE a9sInstance ADD COLUMN urls TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE a9sInstance ADD COLUMN availableUpdates TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE a9sInstance ADD COLUMN dataSet TEXT NOT NULL DEFAULT 'orders';
  ALTER TABLE a9sInstance ADD COLUMN rowCount INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE a9sInstance ADD COLUMN rowCountAt INTEGER;
  ALTER TABLE a9sInstance ADD COLUMN rowsPerHour INTEGER NOT NULL DEFAULT 0;
  UPDATE a9sInstance SET keyChanges = 1 WHERE encryptionKey IS NOT NULL;
  ALTER TABLE a9sBackup ADD COLUMN keyChanges INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE a9sBackup ADD COLUMN dataSet TEXT NOT NULL DEFAULT 'orders';
  ALTER TABLE a9sBackup ADD COLUMN rowCount INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE a9sBackup ADD COLUMN storedAt INTEGER;
  ALTER TABLE a9sBackup ADD COLUMN jobId TEXT;
  UPDATE a9sBackup SET rowCount = min(sizeBytes / ${OLD_ROW_BYTES}, ${MAX_ROWS});
  UPDATE a9sBackup SET keyChanges = 1
    WHERE encryptionKey = (SELECT encryptionKey FROM a9sInstance WHERE id = a9sBackup.instanceId);
  ALTER TABLE a9sBackup DROP COLUMN sizeBytes;
  CREATE INDEX a9sBackupDone ON a9sBackup (instanceId, finishedAt) WHERE status = 'done';
  CREATE INDEX a9sBackupLatest ON a9sBackup (instanceId, triggeredAt, id) WHERE status = 'done';
  ALTER TABLE a9sRestore ADD COLUMN sourceInstanceId TEXT;
  CREATE INDEX a9sRestoreSource ON a9sRestore (sourceInstanceId, backupId);
  -- A sandbox that exists already gets the schedule of nightly backups; a new one has no clock yet, and gets it with its data.
  INSERT INTO schedule (api, id, kind, subject, dueAt)
    SELECT 'a9s', 'nightly', 'nightly', NULL, (CAST(virtualAt - 5428000 AS INTEGER) / 86400000 + 1) * 86400000 + 5428000
    FROM clock;`

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
  OVERVIEW_AND_BACKUPS,
]
