// Disaster Recovery Files of the SAFE Billing Platform: parameters and JSON as the vendor documents them.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from './literals.ts'
import { secret } from './secret.ts'
import { strict } from './strict.ts'

export const DisasterRecoveryFileParams = Type.Object({
  id: Type.String({ description: 'The unique identifier of the disaster recovery file', examples: ['123'] }),
})

const since = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?(Z|[+-]\\d\\d:\\d\\d))?$',
      description: `${description}. ISO 8601: a date, or a time with its offset.`,
      examples: ['2026-06-01T00:00:00Z'],
    }),
  )

export const DisasterRecoveryFileQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'The maximum number of files; all files when omitted' }),
  ),
  offset: Type.Optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'The number of files to skip' }),
  ),
  idAfter: Type.Optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Only files with a higher ID' }),
  ),
  createdSince: since('Only files generated at or after this time'),
  updatedSince: since('Only files generated, saved or downloaded at or after this time'),
})
export type DisasterRecoveryFileQuery = Static<typeof DisasterRecoveryFileQuery>

export const DisasterRecoveryFile = Type.Object(
  {
    generatedDate: Type.String({
      format: 'date-time',
      description: 'The date when this disaster recovery file was generated',
      examples: ['2026-06-01T02:00:00Z'],
    }),
    expiresDate: Type.String({
      format: 'date-time',
      description: 'The date when this disaster recovery file expires and will no longer be available',
      examples: ['2026-06-08T02:00:00Z'],
    }),
    id: Type.String({ description: 'The unique identifier for this disaster recovery file', examples: ['123'] }),
    status: Type.Array(literals(['Saved', 'Downloaded']), {
      description:
        'Status flags. Saved: it has been saved to backup storage. Downloaded: you have already downloaded it. ' +
        'Empty: it has not been saved yet.',
    }),
    filename: Type.String({
      description: 'The filename of the disaster recovery file',
      examples: ['database-backup-2026-06-01.7z'],
    }),
  },
  { $id: 'DisasterRecoveryFile', ...strict },
)
export type DisasterRecoveryFile = Static<typeof DisasterRecoveryFile>

export const DisasterRecoveryFileList = Type.Array(DisasterRecoveryFile, { $id: 'DisasterRecoveryFileList' })

export const DisasterRecoveryArchive = Type.String({
  $id: 'DisasterRecoveryArchive',
  format: 'binary',
  description: 'A 7z archive, encrypted with the platform-wide password',
})

export const DisasterRecoveryError = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.Integer({
          description: 'The HTTP status followed by three digits that identify the reason',
          examples: [404102],
        }),
        message: Type.String(),
      },
      strict,
    ),
  },
  { $id: 'DisasterRecoveryError', ...strict },
)
export type DisasterRecoveryError = Static<typeof DisasterRecoveryError>

export const DisasterRecoverySignInForm = Type.Object(
  {
    username: Type.String({ minLength: 1, description: 'The username', examples: ['primary'] }),
    password: Type.String({ ...secret, minLength: 1, description: 'The password of the user' }),
    next: Type.Optional(Type.String({ description: 'The path of the page to open after signing in' })),
  },
  { $id: 'DisasterRecoverySignInForm' },
)

const code = Type.String({
  ...secret,
  minLength: 1,
  description: "The six-digit code that the user's authenticator app shows",
  examples: ['123456'],
})

export const DisasterRecoveryPasswordForm = Type.Object({ code }, { $id: 'DisasterRecoveryPasswordForm' })

export const DisasterRecoveryKeyForm = Type.Object(
  {
    username: Type.Optional(
      Type.String({ description: 'The user who gets the key: the user who is signed in when left out' }),
    ),
    password: Type.String({ ...secret, minLength: 1, description: 'The password of the user who is signed in' }),
    code,
  },
  { $id: 'DisasterRecoveryKeyForm' },
)

export const DisasterRecoveryPage = Type.String({ description: 'An HTML page' })
export const DisasterRecoverySecretPage = Type.String({ ...secret, description: 'An HTML page with the secret' })
