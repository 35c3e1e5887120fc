// The mark of schemas for secret values: keys, tokens, passwords. The journal redacts what is marked.
import type { TSchema } from '@sinclair/typebox'

/** An option of a schema: `Type.String({ ...secret, description })`. Shown in the OpenAPI documents as it is. */
export const secret = { 'x-secret': true } as const

export function isSecret(schema: TSchema): boolean {
  return schema['x-secret'] === true
}
