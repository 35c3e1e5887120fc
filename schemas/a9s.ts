// Schemas of the a9s Public API V1, disaster recovery, as documented by the vendor.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from './literals.ts'
import { secret } from './secret.ts'
import { strict } from './strict.ts'

export const A9sInstanceParams = Type.Object({
  instance_id: Type.String({
    description: 'The GUID of the Service Instance',
    examples: ['10000000-0000-4000-8000-000000000001'],
  }),
})

export const A9sRestoreParams = Type.Object({
  ...A9sInstanceParams.properties,
  restore_id: Type.String({
    description: 'The internal ID of the restore within the Service Instance',
    examples: ['1'],
  }),
})

export const A9sPrepareRequest = Type.Object(
  {
    encryption_key: Type.Optional(
      Type.String({
        ...secret,
        minLength: 8,
        description:
          'The key which the Backup Manager is using to encrypt backups. Overwrites the existing one, is never returned and ' +
          'is not applied to prior backups. If omitted, the key is unchanged.',
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

export const A9sRestore = Type.Object(
  {
    id: Type.Integer({ description: 'The internal ID of the restore within the Service Instance' }),
    backup_id: Type.Integer({ description: 'The internal ID of the backup within the Service Instance' }),
    metadata: Type.Object(
      {
        restored_from: Type.String({
          format: 'date-time',
          description: 'The creation date of the backup used for the restore',
        }),
      },
      strict,
    ),
    status: literals(['queued', 'running', 'done', 'failed', 'deleted'], { description: 'The state of the restore' }),
    triggered_at: Type.String({ format: 'date-time' }),
    finished_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'null until the restore has ended',
    }),
  },
  { $id: 'A9sRestore', ...strict },
)
export type A9sRestore = Static<typeof A9sRestore>

export const A9sRestoreList = Type.Array(A9sRestore, { $id: 'A9sRestoreList' })

export const A9sError = Type.Object(
  {
    error: Type.String({ description: 'A single word in camel case that uniquely identifies the error condition.' }),
    description: Type.String({ description: 'A user-facing error message explaining why the request failed.' }),
  },
  { $id: 'A9sError', ...strict },
)
export type A9sError = Static<typeof A9sError>
