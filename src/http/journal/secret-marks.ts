// Collects what the schemas of a route mark as secret.
import type { TSchema } from '@sinclair/typebox'
import { isSecret } from '../../../schemas/secret.ts'
import type { SecretMarks } from '../../sandbox/journal/entry.ts'

/** An OpenAPI security scheme, as far as it says where a credential is. */
type SecurityScheme = { type: 'http' } | { type: 'apiKey'; name: string }

/** By name. */
export type SecuritySchemes = Readonly<Record<string, SecurityScheme>>

/** What is read of a route's schema. */
export interface MarkedSchema {
  security?: readonly Record<string, unknown>[]
  querystring?: TSchema
  body?: TSchema
  response?: Record<string, { content?: Record<string, { schema?: TSchema }> }>
}

/** The marks of a route's parameters, bodies and security schemes. */
export function secretMarksOf(
  { security = [], querystring, body, response = {} }: MarkedSchema,
  securitySchemes: SecuritySchemes,
): SecretMarks {
  const marks = { names: new Set<string>(), hasSecretQueryNames: false, secretResponses: new Set<number>() }
  for (const schemeName of security.flatMap(Object.keys)) {
    const scheme = securitySchemes[schemeName]
    if (scheme) marks.names.add(scheme.type === 'apiKey' ? scheme.name.toLowerCase() : 'authorization')
  }
  for (const schema of [querystring, body]) if (schema) addMarks(schema, undefined, marks)
  for (const [status, { content = {} }] of Object.entries(response)) {
    for (const { schema } of Object.values(content)) {
      if (!schema) continue
      addMarks(schema, undefined, marks)
      if (isSecret(schema)) marks.secretResponses.add(Number(status))
    }
  }
  return marks
}

/** `name`: of the field that holds the values of `schema`. */
function addMarks(
  schema: TSchema,
  name: string | undefined,
  marks: { names: Set<string>; hasSecretQueryNames: boolean },
): void {
  if (name !== undefined && isSecret(schema)) marks.names.add(name.toLowerCase())
  const { properties = {}, patternProperties = {}, additionalProperties, propertyNames, items } = schema
  if (propertyNames && isSecret(propertyNames)) marks.hasSecretQueryNames = true
  for (const [property, value] of Object.entries<TSchema>(properties)) addMarks(value, property, marks)
  const { anyOf = [], oneOf = [], allOf = [] } = schema
  const inside = [...Object.values(patternProperties), additionalProperties, items, ...anyOf, ...oneOf, ...allOf]
  for (const value of inside) if (typeof value === 'object') addMarks(value, name, marks)
}
