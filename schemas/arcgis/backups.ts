// ArcGIS Enterprise Administrator API: the wire contract of backups, as the vendor documents it.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { secret } from '../secret.ts'
import { strict } from '../strict.ts'
import { ArcgisSuccess, common, context, Millis } from './common.ts'
import { ArcgisJobSubmitted } from './jobs.ts'

export const ArcgisStoreParams = Type.Object({
  context,
  storeName: Type.String({ description: 'The name of the backup store', examples: ['backupStore'] }),
})

export const ArcgisBackupParams = Type.Object({
  ...ArcgisStoreParams.properties,
  backupName: Type.String({ description: 'The name of the backup', examples: ['backup_first'] }),
})
export const ArcgisLegacyBackupParams = Type.Object({ context, backupName: ArcgisBackupParams.properties.backupName })

const startTime = Millis('When the part started')
const endTime = Millis('When the part finished')
const partStatus = Type.String({ examples: ['completed'] })

const RelationalStore = Type.Object(
  {
    metadata: Type.String({ description: 'Encrypted' }),
    geodatabases: Type.Array(Type.Object({ gdbName: Type.String(), egdbID: Type.String() }, strict)),
    systemDatabases: Type.Array(Type.String()),
    startTime,
    clusterID: Type.String(),
    endTime,
    status: partStatus,
  },
  strict,
)

const ObjectStore = Type.Object(
  {
    metadata: Type.String({ description: 'Encrypted' }),
    buckets: Type.Array(Type.String()),
    startTime,
    clusterID: Type.String(),
    endTime,
    status: partStatus,
  },
  strict,
)

export const ArcgisBackup = Type.Object(
  {
    release: Type.String({ description: 'The release of ArcGIS Enterprise', examples: ['10.9.1'] }),
    siteName: Type.String(),
    description: Type.String(),
    completeTime: Millis('When the backup was complete'),
    backupStore: Type.String({ description: 'The name of the backup store when the backup was made' }),
    retentionDate: Millis('When the backup is eligible for cleanup by a system task; -1 for never'),
    encryptKey: Type.String(secret),
    backupType: Type.String({ examples: ['FULL'] }),
    relationalStore: Type.Array(RelationalStore),
    scheduleType: literals(['MANUAL', 'SCHEDULED'], { description: 'How the backup was started' }),
    objectStore: Type.Array(ObjectStore),
    namespace: Type.String(),
    startTime: Millis('When the backup started'),
    infrastructures: Type.Object({ startTime, endTime, status: partStatus }, strict),
    category: Type.String({ examples: ['SYSTEM'] }),
    backupName: Type.String(),
    status: Type.String({ examples: ['completed'] }),
  },
  { $id: 'ArcgisBackup', ...strict },
)
export type ArcgisBackup = Static<typeof ArcgisBackup>

export const ArcgisBackupList = Type.Object(
  { backups: Type.Array(ArcgisBackup) },
  { $id: 'ArcgisBackupList', ...strict },
)
export type ArcgisBackupList = Static<typeof ArcgisBackupList>

const retentionDate = Type.Optional(
  Type.Integer({
    minimum: -1,
    // The last instant that ECMAScript, and so most JSON clients, can hold.
    maximum: 8_640_000_000_000_000,
    description:
      'The date, in epoch milliseconds, when the backup will be eligible for cleanup by a system task. -1, or absent: never.',
    examples: [1635945710988],
  }),
)

export const ArcgisCreateBackupForm = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      description: 'The name of the backup, unique in its store',
      examples: ['backup_first'],
    }),
    storeName: Type.Optional(
      Type.String({
        description: 'The name of the backup store where the backup will be stored; it must be the one in the path',
        examples: ['backupsDefault'],
      }),
    ),
    passcode: Type.String({
      ...secret,
      minLength: 8,
      description:
        'A passcode that will be used to encrypt the content of the backup. When restoring a backup, this passcode must be ' +
        'passed in. The passcode must be at least eight characters in length.',
      examples: ['passcode'],
    }),
    description: Type.Optional(Type.String({ description: 'A description of the backup.' })),
    retentionDate,
    ...common,
  },
  { $id: 'ArcgisCreateBackupForm' },
)
export type ArcgisCreateBackupForm = Static<typeof ArcgisCreateBackupForm>

export const ArcgisLegacyCreateBackupForm = Type.Object(
  { ...ArcgisCreateBackupForm.properties, storeName: Type.String({ minLength: 1 }) },
  { $id: 'ArcgisLegacyCreateBackupForm' },
)

export const ArcgisRestoreBackupForm = Type.Object(
  {
    passcode: Type.String({ ...secret, minLength: 1, description: 'The passcode with which the backup was created' }),
    storeName: Type.Optional(
      Type.String({ description: 'The name of the backup store; it must be the one in the path' }),
    ),
    ...common,
  },
  { $id: 'ArcgisRestoreBackupForm' },
)

export const ArcgisUpdateBackupForm = Type.Object({ retentionDate, ...common }, { $id: 'ArcgisUpdateBackupForm' })

export const ArcgisDeleteBackupForm = Type.Object(
  {
    async: Type.Optional(
      Type.Boolean({ description: 'Whether the backup is deleted by a job. The default is false.' }),
    ),
    ...common,
  },
  { $id: 'ArcgisDeleteBackupForm' },
)

export const ArcgisBackupDeletion = Type.Union([ArcgisSuccess, ArcgisJobSubmitted], { $id: 'ArcgisBackupDeletion' })
