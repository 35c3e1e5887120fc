// Schemas of the control API: the state of a sandbox as a document.
import { Type } from '@sinclair/typebox'

export const StateDocument = Type.Unsafe<Record<string, unknown>>(
  Type.Object(
    { format: Type.Optional(Type.Integer()) },
    {
      $id: 'StateDocument',
      description: 'The complete state of a sandbox; see /__admin/state/schema',
      additionalProperties: true,
    },
  ),
)
