// Schemas of the control API: the one-time codes with which users of the APIs sign in.
import { type Static, Type } from '@sinclair/typebox'
import { secret } from './secret.ts'
import { strict } from './strict.ts'

export const OneTimeCode = Type.Object(
  {
    api: Type.String(),
    username: Type.String(),
    code: Type.String({ ...secret }),
    expiresAt: Type.String({ format: 'date-time', description: 'When the app shows the next code' }),
    used: Type.Boolean({ description: 'Whether it was accepted already, and therefore is refused' }),
  },
  { $id: 'OneTimeCode', ...strict },
)
export type OneTimeCode = Static<typeof OneTimeCode>
export const OneTimeCodeList = Type.Array(OneTimeCode, { $id: 'OneTimeCodeList' })
