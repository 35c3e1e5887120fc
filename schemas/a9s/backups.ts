// Schemas of a9s: backups and the backup configuration.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { secret } from '../secret.ts'
import { strict } from '../strict.ts'
import { A9sInstanceParams } from './instances.ts'

export const A9sBackupParams = Type.Object({
  ...A9sInstanceParams.properties,
  backup_id: Type.String({
    description: 'The internal ID of the backup within the Service Instance',
    examples: ['2'],
  }),
})

const NullableTimestamp = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description })

export const A9sBackup = Type.Object(
  {
    id: Type.Integer({ description: 'internal ID of the backup within the Service Instance' }),
    backup_id: Type.String({
      description:
        'ID of the backup within the Backup Manager and the storage itself. This can be used to Fork a Service Instance with a ' +
        'specific backup',
      examples: ['8377f207-21b4-48fd-a75b-78c1bcdef8ca-1742693407644'],
    }),
    size: Type.Integer({ minimum: 0, description: 'In bytes; 0 until the backup has finished' }),
    status: literals(['queued', 'running', 'done', 'failed', 'deleted'], { description: 'The state of the backup' }),
    triggered_at: Type.String({ format: 'date-time' }),
    started_at: NullableTimestamp('null until the backup has started'),
    finished_at: NullableTimestamp('null until the backup has ended'),
    downloadable: Type.Boolean({ description: 'if the backup can be downloaded via the a9s Service Dashboard' }),
  },
  { $id: 'A9sBackup', ...strict },
)
export type A9sBackup = Static<typeof A9sBackup>

export const A9sBackupList = Type.Array(A9sBackup, { $id: 'A9sBackupList' })

export const A9sCreatedBackup = Type.Object(
  {
    id: Type.Integer({ description: 'internal ID of the backup within the Service Instance' }),
    message: Type.String(),
  },
  { $id: 'A9sCreatedBackup', ...strict },
)

export const A9sCreatedRestore = Type.Object(
  { id: Type.Integer({ description: 'The internal ID of the restore within the Service Instance' }) },
  { $id: 'A9sCreatedRestore', ...strict },
)

export const A9sMessage = Type.Object({ message: Type.String() }, { $id: 'A9sMessage', ...strict })

export const A9sBackupConfig = Type.Object(
  {
    min_backup_count: Type.Integer({
      minimum: 0,
      description: 'The number of backups that are kept regardless of their age',
    }),
    retention_time: Type.Integer({ minimum: 1, description: 'For how many days backups are kept' }),
    min_encryption_key_length: Type.Integer({ minimum: 1, description: 'The minimum length of an encryption key' }),
    exclude_from_auto_backup: Type.Boolean({ description: 'Whether there are no nightly backups' }),
  },
  { $id: 'A9sBackupConfig', ...strict },
)
export type A9sBackupConfig = Static<typeof A9sBackupConfig>

export const A9sBackupConfigChange = Type.Object(
  {
    encryption_key: Type.Optional(
      Type.String({
        ...secret,
        description:
          'Replaces the key for later backups; at least min_encryption_key_length characters. Never returned.',
        examples: ['another-encryption-key'],
      }),
    ),
    exclude_from_auto_backup: Type.Optional(Type.Boolean({ description: 'Whether there are no nightly backups' })),
  },
  { $id: 'A9sBackupConfigChange', minProperties: 1, ...strict },
)
export type A9sBackupConfigChange = Static<typeof A9sBackupConfigChange>
