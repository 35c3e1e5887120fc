// arcgis: the vendor's JSON for backup stores, with its fields in the documented order.
import type { ArcgisBackupStore, ArcgisBackupStoreList } from '../../../../schemas/arcgis.ts'
import type { Ids } from '../../../sandbox/ids.ts'
import type { BackupStore } from '../state.ts'
import { volumeBody } from './recovery-body.ts'

const TYPE_OF = { hosted: 'HOSTED', s3: 'S3', 'azure-blob': 'AZURE_BLOBSTORE' } as const
const PROVIDER_OF = { hosted: 'KUBERNETES', s3: 'AWS', 'azure-blob': 'AZURE' } as const
const SERVICE_OF = { hosted: 'PERSISTENT_VOLUME', s3: 'AWS S3', 'azure-blob': 'Azure Blob Store' } as const

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** The identities of a store depend on its name and on the sandbox's seed. */
export function storeBody(ids: Ids, store: BackupStore): ArcgisBackupStore {
  return { ...head(ids, store), rootDir: store.rootDirectory, type: TYPE_OF[store.storage] }
}

/** A store in the list has more fields than by itself. */
export function listedStore(ids: Ids, store: BackupStore): ArcgisBackupStoreList['backupStores'][number] {
  const { name, storage, cloud, rootDirectory } = store
  return {
    ...head(ids, store),
    identityKey: ids.bytes(`arcgis/store-key/${name}`, 32).toString('base64'),
    rootDir: rootDirectory,
    type: TYPE_OF[storage],
    versionCreated: '10.9.1',
    providerID: PROVIDER_OF[storage],
    serviceID: SERVICE_OF[storage],
    ...(storage === 's3' && { bucketName: cloud?.container ?? '', region: cloud?.region ?? '' }),
  }
}

function head(ids: Ids, { name, isDefault, storage, volume }: BackupStore) {
  return {
    default: isDefault,
    ...(storage === 'hosted' && { storageConfig: volumeBody(volume) }),
    identity: ids.bytes(`arcgis/store/${name}`, 20).reduce((id, byte) => id + DIGITS[byte % DIGITS.length], ''),
    name,
  }
}
