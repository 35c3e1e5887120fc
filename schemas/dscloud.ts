// Schemas of DS Cloud v3, application backups, as documented by the vendor.
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { secret } from './secret.ts'
import { strict } from './strict.ts'

const OrNull = <T extends TSchema>(schema: T, description: string) => Type.Union([schema, Type.Null()], { description })
const DateTime = () => Type.String({ format: 'date-time' })

const success = Type.Literal('success', { description: 'Indicates whether the call was successful.' })

export const DscloudAppParams = Type.Object({
  app_id: Type.String({
    description: "The ID of the application. You can find this in the URL of your application's dashboard.",
    examples: ['64d0c750212742ca8704fb458c9771af'],
  }),
})

export const DscloudFileParams = Type.Object({
  file: Type.String({
    description: '`{accountID}_{name}.zip`, with the name of the backup percent-encoded',
    examples: ['23457145698959364_Backup at 2024-12-07 22:07:11.zip'],
  }),
})

/**
 * Described but not validated here: the key is the name of a parameter, and the service validates it. OpenAPI describes
 * parameters with arbitrary names as an object in the style `form`.
 */
export const DscloudKeyQuery = Type.Any({
  type: 'object',
  style: 'form',
  explode: true,
  required: ['key'],
  properties: {
    key: {
      type: 'object',
      description:
        'An object with one property, whose name is the key of the backup and whose value is an empty string',
      propertyNames: secret,
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: { type: 'string', maxLength: 0 },
      examples: [{ '85592d2b15ff867407964790224dcbb3a95ce82b': '' }],
    },
  },
})

export const DscloudBackup = Type.Object(
  {
    name: Type.String({ description: 'The name of the backup, part of its download URL' }),
    size: Type.Integer({ minimum: 0, description: 'Size of the backup in bytes' }),
    modified: OrNull(
      DateTime(),
      'Date of the last modification of the backup; null for one that is being made or has failed',
    ),
    key: OrNull(
      Type.String({ ...secret, pattern: '^[0-9a-f]{40}$' }),
      'The end of the download URL; equal keys mean equal archives. It is the SHA-1 of the archive, except for the backups in the ' +
        'vendor documentation, which keep their documented keys. null for one that is being made or has failed',
    ),
    created_at: DateTime(),
    is_successful: Type.Boolean({ description: 'Whether the backup can be downloaded' }),
  },
  { $id: 'DscloudBackup', ...strict },
)
export type DscloudBackup = Static<typeof DscloudBackup>

export const DscloudBackupList = Type.Object(
  {
    status: success,
    response: Type.Array(DscloudBackup, { description: 'The contents of the response: the backups, oldest first.' }),
  },
  { $id: 'DscloudBackupList', ...strict },
)
export type DscloudBackupList = Static<typeof DscloudBackupList>

export const DscloudBackupCreated = Type.Object(
  {
    status: success,
    response: Type.Object(
      {
        url: Type.String({ ...secret, format: 'uri', description: 'Where to download the backup once it is finished' }),
        key: Type.String({ ...secret, description: 'The key of the backup' }),
      },
      strict,
    ),
  },
  { $id: 'DscloudBackupCreated', ...strict },
)
export type DscloudBackupCreated = Static<typeof DscloudBackupCreated>

const appFields = {
  id: Type.String({ examples: ['64d0c750212742ca8704fb458c9771af'] }),
  name: Type.String(),
  cluster: Type.String(),
  ram: Type.Integer({ minimum: 0, description: 'In MB' }),
  language: Type.String(),
}

export const DscloudApp = Type.Object(
  {
    status: success,
    response: Type.Object(
      {
        ...appFields,
        owner: Type.String({ description: 'The ID of the account' }),
        domain: OrNull(Type.String(), 'The domain of the application'),
        custom: OrNull(Type.String(), 'The custom domain of the application'),
      },
      strict,
    ),
  },
  { $id: 'DscloudApp', ...strict },
)
export type DscloudApp = Static<typeof DscloudApp>

export const DscloudUser = Type.Object(
  {
    status: success,
    response: Type.Object(
      {
        user: Type.Object(
          {
            id: Type.String(),
            name: Type.String(),
            email: Type.String(),
            plan: Type.Object(
              {
                name: Type.String(),
                memory: Type.Object(
                  { limit: Type.Integer(), available: Type.Integer(), used: Type.Integer() },
                  { ...strict, description: 'In MB' },
                ),
                duration: Type.Null({ description: 'Always null: plans do not end here' }),
              },
              strict,
            ),
          },
          strict,
        ),
        applications: Type.Array(Type.Object(appFields, strict)),
        databases: Type.Array(Type.Object({}, strict), { maxItems: 0, description: 'Always empty' }),
      },
      strict,
    ),
  },
  { $id: 'DscloudUser', ...strict },
)
export type DscloudUser = Static<typeof DscloudUser>

export const DscloudArchive = Type.String({
  $id: 'DscloudArchive',
  format: 'binary',
  description: 'A zip archive',
})

export const DscloudError = Type.Object(
  {
    status: Type.Literal('error', { description: 'Indicates whether the call was successful.' }),
    code: Type.String({ description: 'What went wrong, in upper snake case.', examples: ['APP_NOT_FOUND'] }),
    message: Type.String({ description: 'What went wrong, in a sentence.' }),
  },
  { $id: 'DscloudError', ...strict },
)
export type DscloudError = Static<typeof DscloudError>
