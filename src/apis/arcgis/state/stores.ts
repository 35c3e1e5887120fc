// arcgis: the backup stores, registered and unregistered.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import type { Store } from '../../../sandbox/store.ts'
import { defineTable, Nullable } from '../../../sandbox/tables.ts'

const DEFAULT_VOLUME = { provisioning: 'dynamic', storageClass: 'backups', size: '64Gi', labels: null } as const

/** The volume of a store that is in a cloud. */
export const NO_VOLUME: StorageVolume = { provisioning: 'dynamic', storageClass: '', size: '', labels: null }

export const StorageVolume = Type.Object(
  {
    provisioning: literals(['static', 'dynamic']),
    storageClass: Type.String(),
    size: Type.String({ description: 'A Kubernetes quantity, such as 64Gi' }),
    labels: Nullable(Type.Record(Type.String(), Type.String())),
  },
  { default: DEFAULT_VOLUME },
)
export type StorageVolume = Static<typeof StorageVolume>

const CloudStorage = Type.Object({
  container: Type.String({ description: 'The bucket or the container' }),
  region: Nullable(Type.String()),
})
export type CloudStorage = Static<typeof CloudStorage>

export const stores = defineTable(
  'arcgisStore',
  'stores',
  Type.Object({
    name: Type.String({ minLength: 1 }),
    isDefault: Type.Boolean({ default: false }),
    volumeFull: Type.Boolean({ default: false, description: 'Backups into it fail' }),
    isRegistered: Type.Boolean({ default: true, description: 'The backups of an unregistered store are inaccessible' }),
    storage: literals(['hosted', 's3', 'azure-blob'], { default: 'hosted' }),
    volume: StorageVolume,
    cloud: Nullable(CloudStorage),
    rootDirectory: Type.String({ default: 'rootdir' }),
  }),
)
export type BackupStore = Static<typeof stores.row>

export const storeDetails = `
  ALTER TABLE arcgisStore ADD COLUMN isRegistered INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE arcgisStore ADD COLUMN storage TEXT NOT NULL DEFAULT 'hosted';
  ALTER TABLE arcgisStore ADD COLUMN volume TEXT NOT NULL DEFAULT '${JSON.stringify(DEFAULT_VOLUME)}';
  ALTER TABLE arcgisStore ADD COLUMN cloud TEXT;
  ALTER TABLE arcgisStore ADD COLUMN rootDirectory TEXT NOT NULL DEFAULT 'rootdir';`

/** Registered or not. */
export function findStore(store: Store, name: string): BackupStore | undefined {
  const raw = store.get<object>('SELECT * FROM arcgisStore WHERE name = ?', name)
  return raw && stores.decode(raw)
}

/** The registered ones, in order of their first registration. */
export function listStores(store: Store): BackupStore[] {
  return store.all<object>('SELECT * FROM arcgisStore WHERE isRegistered = 1 ORDER BY rowid').map(stores.decode)
}

export function listFullStores(store: Store): BackupStore[] {
  return store.all<object>('SELECT * FROM arcgisStore WHERE volumeFull = 1 ORDER BY rowid').map(stores.decode)
}

/** Registers a new store, or one that was unregistered. */
export function saveStore(store: Store, row: BackupStore): void {
  if (!findStore(store, row.name)) {
    stores.insert(store, row)
    return
  }
  store.run(
    `UPDATE arcgisStore SET isDefault = ?, isRegistered = ?, storage = ?, volume = ?, cloud = ?, rootDirectory = ?
     WHERE name = ?`,
    Number(row.isDefault),
    Number(row.isRegistered),
    row.storage,
    JSON.stringify(row.volume),
    row.cloud && JSON.stringify(row.cloud),
    row.rootDirectory,
    row.name,
  )
}

export function unregisterStore(store: Store, name: string): void {
  store.run('UPDATE arcgisStore SET isRegistered = 0, isDefault = 0 WHERE name = ?', name)
}

/** Makes the store the default one, or no longer the default one. */
export function setDefaultStore(store: Store, name: string, isDefault: boolean): void {
  if (isDefault) store.run('UPDATE arcgisStore SET isDefault = (name = ?)', name)
  else store.run('UPDATE arcgisStore SET isDefault = 0 WHERE name = ?', name)
}
