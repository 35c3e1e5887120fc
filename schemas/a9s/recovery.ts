// Schemas of a9s: preparing and performing a disaster recovery, as documented by the vendor.
import { type Static, Type } from '@sinclair/typebox'
import { secret } from '../secret.ts'
import { strict } from '../strict.ts'

export const A9sPrepareRequest = Type.Object(
  {
    encryption_key: Type.Optional(
      Type.String({
        ...secret,
        description:
          'The key which the Backup Manager is using to encrypt backups. Overwrites the existing one, is never returned and ' +
          'is not applied to prior backups. At least as long as the backup configuration demands. If omitted, the key is ' +
          'unchanged.',
        examples: ['<encryption_key>'],
      }),
    ),
  },
  { $id: 'A9sPrepareRequest', ...strict },
)
export type A9sPrepareRequest = Static<typeof A9sPrepareRequest>

export const A9sPrepareResponse = Type.Object(
  {
    backup_guid: Type.String({
      description: 'The GUID which the a9s Backup Manager is using to refer to backups of a given instance',
      examples: ['3a2e59ee-40cb-472a-91d0-502ab259918c'],
    }),
  },
  { $id: 'A9sPrepareResponse', ...strict },
)
export type A9sPrepareResponse = Static<typeof A9sPrepareResponse>

export const A9sPerformRequest = Type.Object(
  {
    backup_guid: Type.String({
      minLength: 1,
      description:
        "The GUID which the a9s Backup Manager uses to refer to the originating Service Instance's backups. Selects the " +
        'latest backup; with the suffix -<epoch milliseconds>, the backup of that time.',
      examples: ['3a2e59ee-40cb-472a-91d0-502ab259918c'],
    }),
    encryption_key: Type.String({
      ...secret,
      minLength: 1,
      description: 'The key which the Backup Manager is using to encrypt backups',
      examples: ['second-encryption-key'],
    }),
  },
  { $id: 'A9sPerformRequest', ...strict },
)
export type A9sPerformRequest = Static<typeof A9sPerformRequest>

export const A9sPerformResponse = Type.Object(
  {
    restore_id: Type.Integer({
      description: 'The internal ID of the restore in the destination Service Instance.',
      examples: [1],
    }),
  },
  { $id: 'A9sPerformResponse', ...strict },
)
export type A9sPerformResponse = Static<typeof A9sPerformResponse>
