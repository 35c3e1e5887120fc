// ArcGIS Enterprise Administrator API: the wire contract of backup stores, as the vendor documents it.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { secret } from '../secret.ts'
import { strict } from '../strict.ts'
import { common, JsonText } from './common.ts'
import { ArcgisJobSubmitted } from './jobs.ts'

const provisioningType = literals(['STATIC', 'DYNAMIC'], { description: 'How the volume is provisioned' })
const storageClass = Type.String({ examples: ['backups'] })
const size = Type.String({ description: 'At least 16Gi', examples: ['64Gi'] })
const labels = Type.Record(Type.String(), Type.String(), {
  description: 'Labels of the volume; for the provisioning type STATIC only',
  examples: [{ 'arcgis/purpose': 'backups' }],
})

export const StorageConfig = Type.Object({
  provisioningType,
  storageClass: Type.Optional(storageClass),
  size,
  labels: Type.Optional(labels),
})

const cloudService = Type.Object({
  name: Type.String(),
  type: Type.Optional(Type.String()),
  usage: Type.Optional(Type.String()),
  category: Type.Optional(Type.String()),
  connection: Type.Object({
    bucketName: Type.Optional(Type.String()),
    region: Type.Optional(Type.String()),
    containerName: Type.Optional(Type.String()),
    accountEndpointUrl: Type.Optional(Type.String()),
    rootDir: Type.Optional(Type.String()),
    credential: Type.Optional(Type.Unknown({ ...secret, description: 'Not checked and not stored' })),
  }),
})

const cloudStore = <Kind extends 'S3' | 'AZURE_BLOBSTORE'>(type: Kind) =>
  Type.Object({
    type: Type.Literal(type),
    provider: Type.Object({
      name: Type.String(),
      cloudServices: Type.Array(cloudService, { minItems: 1, maxItems: 1 }),
    }),
    supportBDSBackup: Type.Optional(Type.Boolean()),
  })

/** What the parameter settings of register holds. */
export const BackupStoreSettings = Type.Union([
  Type.Object({
    type: Type.Literal('HOSTED'),
    storageConfig: StorageConfig,
    supportBDSBackup: Type.Optional(Type.Boolean()),
  }),
  cloudStore('S3'),
  cloudStore('AZURE_BLOBSTORE'),
])

/** What the parameter settings of update holds. */
export const StoreUpdate = Type.Object({
  default: Type.Optional(Type.Boolean({ description: 'Whether the store becomes the default one' })),
  supportBDSBackup: Type.Optional(Type.Boolean()),
})

const HOSTED_EXAMPLE = {
  type: 'HOSTED',
  storageConfig: {
    provisioningType: 'STATIC',
    storageClass: 'backups',
    size: '64Gi',
    labels: { 'arcgis/purpose': 'backups' },
  },
}

export const ArcgisRegisterStoreForm = Type.Object(
  {
    storeName: Type.String({ minLength: 1, description: 'The name of the backup store', examples: ['backupstore1'] }),
    // May hold the credentials of a cloud.
    settings: JsonText(BackupStoreSettings, 'The storage of the backup store', HOSTED_EXAMPLE, secret),
    isDefault: Type.Boolean({ description: 'Whether the store becomes the default one' }),
    async: Type.Optional(
      Type.Boolean({ description: 'Whether the store is registered by a job. The default is false.' }),
    ),
    ...common,
  },
  { $id: 'ArcgisRegisterStoreForm' },
)
export type ArcgisRegisterStoreForm = Static<typeof ArcgisRegisterStoreForm>

export const ArcgisUpdateStoreForm = Type.Object(
  { settings: JsonText(StoreUpdate, 'The settings to change', { default: true }), ...common },
  { $id: 'ArcgisUpdateStoreForm' },
)

const storeFields = {
  default: Type.Boolean({ description: 'Whether this is the store of backups for which no store is named' }),
  storageConfig: Type.Optional(
    Type.Object({ storageClass, size, provisioningType, labels: Type.Optional(labels) }, strict),
  ),
  identity: Type.String({ examples: ['zusu66mh5dhsjtv78nhd'] }),
  name: Type.String(),
}
const rootDir = Type.String({ examples: ['rootdir'] })
const type = literals(['HOSTED', 'S3', 'AZURE_BLOBSTORE'])

export const ArcgisBackupStore = Type.Object({ ...storeFields, rootDir, type }, { $id: 'ArcgisBackupStore', ...strict })
export type ArcgisBackupStore = Static<typeof ArcgisBackupStore>

const ListedStore = Type.Object(
  {
    ...storeFields,
    identityKey: Type.String(secret),
    rootDir,
    type,
    autoShutdown: Type.Optional(Type.Boolean()),
    versionCreated: Type.Optional(Type.String({ description: 'The release that registered the store' })),
    providerID: Type.Optional(Type.String()),
    serviceID: Type.Optional(Type.String()),
    bucketName: Type.Optional(Type.String({ description: 'For the type S3' })),
    region: Type.Optional(Type.String({ description: 'For the type S3' })),
  },
  strict,
)

export const ArcgisBackupStoreList = Type.Object(
  { backupStores: Type.Array(ListedStore) },
  { $id: 'ArcgisBackupStoreList', ...strict },
)
export type ArcgisBackupStoreList = Static<typeof ArcgisBackupStoreList>

export const ArcgisStoreRegistered = Type.Object(
  { status: Type.Literal('success'), name: Type.String({ description: 'The name of the backup store' }) },
  { $id: 'ArcgisStoreRegistered', ...strict },
)

export const ArcgisStoreRegistration = Type.Union([ArcgisStoreRegistered, ArcgisJobSubmitted], {
  $id: 'ArcgisStoreRegistration',
})

export const ArcgisStoreValidation = Type.Object(
  { isReady: Type.Boolean({ description: 'Whether the store can take a backup' }), status: Type.Literal('success') },
  { $id: 'ArcgisStoreValidation', ...strict },
)
export type ArcgisStoreValidation = Static<typeof ArcgisStoreValidation>
