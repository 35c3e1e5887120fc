// arcgis: what a finished backup holds, and how rows of earlier releases are read.
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { ArcgisBackup } from '../../../../schemas/arcgis.ts'
import { literals } from '../../../../schemas/literals.ts'
import { isoInstant } from '../../../sandbox/clock/clock.ts'
import { Instant } from '../../../sandbox/tables.ts'

const part = { startedAt: Instant(), finishedAt: Instant(), status: Type.String() }
const storePart = { ...part, clusterId: Type.String(), metadata: Type.String({ description: 'Encrypted' }) }

export const BackupContents = Type.Object({
  release: Type.String({ description: 'The release of ArcGIS Enterprise' }),
  siteName: Type.String(),
  namespace: Type.String(),
  category: Type.String(),
  backupType: Type.String(),
  trigger: literals(['manual', 'scheduled']),
  status: Type.String(),
  description: Type.String(),
  storeName: Type.String({ description: 'The name of the backup store when the backup was made' }),
  encryptionKey: Type.String(),
  startedAt: Instant(),
  finishedAt: Instant(),
  relationalStores: Type.Array(
    Type.Object({
      ...storePart,
      geodatabases: Type.Array(Type.Object({ name: Type.String(), id: Type.String() })),
      systemDatabases: Type.Array(Type.String()),
    }),
  ),
  objectStores: Type.Array(Type.Object({ ...storePart, buckets: Type.Array(Type.String()) })),
  infrastructure: Type.Object(part),
})
export type BackupContents = Static<typeof BackupContents>

/** Converts a row of earlier releases, which stored the API's JSON of a backup in the field `record`. */
export function upgradeBackup(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || !('record' in row)) return row
  const { record, ...rest } = row
  if (record === null) return rest
  if (!Value.Check(ArcgisBackup, record)) return row
  return { ...rest, retentionAt: record.retentionDate < 0 ? null : record.retentionDate, contents: contentsOf(record) }
}

/** As a document holds it: instants are ISO 8601. */
function contentsOf(record: ArcgisBackup): unknown {
  return {
    release: record.release,
    siteName: record.siteName,
    namespace: record.namespace,
    category: record.category,
    backupType: record.backupType,
    trigger: record.scheduleType.toLowerCase(),
    status: record.status,
    description: record.description,
    storeName: record.backupStore,
    encryptionKey: record.encryptKey,
    startedAt: isoInstant(record.startTime),
    finishedAt: isoInstant(record.completeTime),
    relationalStores: record.relationalStore.map(store => ({
      ...storePartOf(store),
      geodatabases: store.geodatabases.map(({ gdbName, egdbID }) => ({ name: gdbName, id: egdbID })),
      systemDatabases: store.systemDatabases,
    })),
    objectStores: record.objectStore.map(store => ({ ...storePartOf(store), buckets: store.buckets })),
    infrastructure: partOf(record.infrastructures),
  }
}

function partOf({ startTime, endTime, status }: ArcgisBackup['infrastructures']) {
  return { startedAt: isoInstant(startTime), finishedAt: isoInstant(endTime), status }
}

function storePartOf(store: ArcgisBackup['infrastructures'] & { clusterID: string; metadata: string }) {
  return { ...partOf(store), clusterId: store.clusterID, metadata: store.metadata }
}

const PART_SQL = `'startedAt', part.value ->> '$.startTime', 'finishedAt', part.value ->> '$.endTime',
  'status', part.value ->> '$.status'`
const STORE_PART_SQL = `${PART_SQL}, 'clusterId', part.value ->> '$.clusterID', 'metadata', part.value ->> '$.metadata'`

/** The same upgrade for stored sandboxes; there, instants are epoch ms. */
export const contentsFromRecord = `
  ALTER TABLE arcgisBackup ADD COLUMN retentionAt INTEGER;
  ALTER TABLE arcgisBackup ADD COLUMN contents TEXT;
  UPDATE arcgisBackup SET
    retentionAt = CASE WHEN record ->> '$.retentionDate' >= 0 THEN record ->> '$.retentionDate' END,
    contents = json_object(
      'release', record ->> '$.release',
      'siteName', record ->> '$.siteName',
      'namespace', record ->> '$.namespace',
      'category', record ->> '$.category',
      'backupType', record ->> '$.backupType',
      'trigger', lower(record ->> '$.scheduleType'),
      'status', record ->> '$.status',
      'description', record ->> '$.description',
      'storeName', record ->> '$.backupStore',
      'encryptionKey', record ->> '$.encryptKey',
      'startedAt', record ->> '$.startTime',
      'finishedAt', record ->> '$.completeTime',
      'relationalStores', json((
        SELECT json_group_array(json_object(${STORE_PART_SQL},
          'geodatabases', json((
            SELECT json_group_array(json_object('name', g.value ->> '$.gdbName', 'id', g.value ->> '$.egdbID'))
            FROM json_each(part.value, '$.geodatabases') AS g)),
          'systemDatabases', json(part.value -> '$.systemDatabases')))
        FROM json_each(record, '$.relationalStore') AS part)),
      'objectStores', json((
        SELECT json_group_array(json_object(${STORE_PART_SQL}, 'buckets', json(part.value -> '$.buckets')))
        FROM json_each(record, '$.objectStore') AS part)),
      'infrastructure', json((
        SELECT json_object(${PART_SQL}) FROM (SELECT record -> '$.infrastructures' AS value) AS part)))
    WHERE record IS NOT NULL;
  DROP INDEX arcgisBackupRetention;
  ALTER TABLE arcgisBackup DROP COLUMN record;
  CREATE INDEX arcgisBackupRetention ON arcgisBackup (retentionAt) WHERE pinned = 0;`

/** Jobs of earlier releases stored the API's retentionDate, where -1 is never. */
export const ownSubjects = `
  UPDATE job SET subject = json_remove(
    json_set(subject, '$.retentionAt',
      CASE WHEN subject ->> '$.retentionDate' >= 0 THEN subject ->> '$.retentionDate' END, '$.trigger', 'manual'),
    '$.retentionDate')
  WHERE api = 'arcgis' AND kind = 'backup' AND subject ->> '$.retentionDate' IS NOT NULL;`
