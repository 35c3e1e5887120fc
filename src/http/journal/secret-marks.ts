// Collects what the schemas of a route mark as secret, once, when the route is added.
import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { isSecret } from '../../../schemas/secret.ts'
import type { SecretMarks } from '../../sandbox/journal/entry.ts'

/** An OpenAPI security scheme, as far as it says where a credential is. */
type SecurityScheme = { type: 'http' } | { type: 'apiKey'; name: string }

interface DescribedSchema {
  security?: readonly Record<string, unknown>[]
  querystring?: TSchema
  body?: TSchema
  response?: Record<string, { content?: Record<string, { schema?: TSchema }> }>
}

interface RouteConfig {
  secretMarks?: SecretMarks
}

/** Puts the marks of every route that is added from now on, except those below `except`, into the route's config. */
export function collectSecretMarks(
  app: FastifyInstance,
  except: string,
  securitySchemes: Readonly<Record<string, SecurityScheme>>,
): void {
  app.addHook('onRoute', (route: RouteOptions) => {
    if (route.url.startsWith(except)) return
    const config: RouteConfig = { secretMarks: secretMarksOf((route.schema ?? {}) as DescribedSchema, securitySchemes) }
    route.config = { ...route.config, ...config }
  })
}

/** The marks of the route with this config; undefined for a request that no route matches. */
export function secretMarksIn(config: unknown): SecretMarks | undefined {
  return (config as RouteConfig | undefined)?.secretMarks
}

/** The marks of a route's parameters, bodies and security schemes. */
export function secretMarksOf(
  { security = [], querystring, body, response = {} }: DescribedSchema,
  securitySchemes: Readonly<Record<string, SecurityScheme>>,
): SecretMarks {
  const marks = { names: new Set<string>(), hasSecretQueryNames: false }
  for (const schemeName of security.flatMap(Object.keys)) {
    const scheme = securitySchemes[schemeName]
    if (scheme) marks.names.add(scheme.type === 'apiKey' ? scheme.name.toLowerCase() : 'authorization')
  }
  const responses = Object.values(response).flatMap(({ content = {} }) => Object.values(content))
  for (const schema of [querystring, body, ...responses.map(({ schema }) => schema)]) {
    if (schema) addMarks(schema, undefined, marks)
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
