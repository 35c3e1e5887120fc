// arcgis: the vendor's JSON for backups, with its fields in the documented order.
import type { ArcgisBackup } from '../../../../schemas/arcgis.ts'
import type { FinishedBackup } from '../state.ts'

const NEVER = -1

export function backupBody({ name, retentionAt, contents }: FinishedBackup): ArcgisBackup {
  return {
    release: contents.release,
    siteName: contents.siteName,
    description: contents.description,
    completeTime: contents.finishedAt,
    backupStore: contents.storeName,
    retentionDate: retentionAt ?? NEVER,
    encryptKey: contents.encryptionKey,
    backupType: contents.backupType,
    relationalStore: contents.relationalStores.map(store => ({
      metadata: store.metadata,
      geodatabases: store.geodatabases.map(({ name, id }) => ({ gdbName: name, egdbID: id })),
      systemDatabases: store.systemDatabases,
      startTime: store.startedAt,
      clusterID: store.clusterId,
      endTime: store.finishedAt,
      status: store.status,
    })),
    scheduleType: contents.trigger === 'manual' ? 'MANUAL' : 'SCHEDULED',
    objectStore: contents.objectStores.map(store => ({
      metadata: store.metadata,
      buckets: store.buckets,
      startTime: store.startedAt,
      clusterID: store.clusterId,
      endTime: store.finishedAt,
      status: store.status,
    })),
    namespace: contents.namespace,
    startTime: contents.startedAt,
    infrastructures: {
      startTime: contents.infrastructure.startedAt,
      endTime: contents.infrastructure.finishedAt,
      status: contents.infrastructure.status,
    },
    category: contents.category,
    backupName: name,
    status: contents.status,
  }
}
