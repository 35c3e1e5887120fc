// Schemas of the control API: problems and health.
import { type Static, Type } from '@sinclair/typebox'
import { strict } from '../strict.ts'

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong and how to fix it' }),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details', additionalProperties: true },
)
export type Problem = Static<typeof Problem>

export const Health = Type.Object(
  { status: Type.Literal('healthy'), version: Type.String(), uptimeMs: Type.Integer() },
  { $id: 'Health', ...strict },
)
export type Health = Static<typeof Health>
