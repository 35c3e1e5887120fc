// Emits the OpenAPI document from the routes themselves: what is served is what is described.
import swagger from '@fastify/swagger'
import type { TSchema } from '@sinclair/typebox'
import { stringify } from 'yaml'
import { apis } from './apis/index.ts'
import { configFromOptions } from './config.ts'
import { openRegistry } from './fixtures.ts'
import { buildServer } from './server.ts'

export interface OpenapiDocument {
  openapi: string
  info: object
  servers: object[]
  tags: object[]
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
  paths: Record<string, Record<string, OpenapiOperation>>
}

export interface OpenapiOperation {
  operationId: string
  requestBody?: { required?: boolean; content: Record<string, { schema?: { [MARK]?: string } }> }
  responses: Record<string, { content?: Record<string, { schema?: object }> }>
}

const MARK = 'x-component'

const INFO = {
  title: 'Firedrill',
  version: '1',
  summary: 'Reference server for four disaster-recovery and backup APIs',
  description:
    'Every operation lists under `x-provenance` where each of its behaviours comes from: `documented` by the vendor, read in ' +
    "a real client's code (`client-code`), taken from the product it derives from (`upstream`), or our best guess (`inferred`).",
  license: { name: 'MIT', identifier: 'MIT' },
}

/** The document as YAML, the same bytes for the same routes. */
export async function openapiYaml(): Promise<string> {
  return stringify(await openapiDocument(), { lineWidth: 0, aliasDuplicateObjects: false })
}

export async function openapiDocument(): Promise<OpenapiDocument> {
  const config = configFromOptions({})
  const registry = openRegistry(config)
  const schemas = new Map<string, object>()
  const app = await buildServer({
    config,
    registry,
    report: () => {},
    beforeRooms: async instance => {
      await instance.register(swagger, {
        openapi: {
          openapi: '3.1.0',
          info: INFO,
          servers: [
            {
              url: 'http://{authority}',
              description: 'Where the server says it listens',
              variables: { authority: { default: '127.0.0.1:8420', description: 'Address and port' } },
            },
          ],
          tags: apis.map(({ name, title, description }) => ({ name, description: `${title}. ${description}` })),
          components: { securitySchemes: Object.assign({}, ...apis.map(({ securitySchemes }) => securitySchemes)) },
        },
        transform: ({ schema, url }) => ({ schema: liftNamed(schema, schemas) as typeof schema, url }),
        convertConstToEnum: false,
      })
    },
  })
  try {
    return finish(app.swagger() as unknown as OpenapiDocument, schemas)
  } finally {
    await app.close()
    registry.close()
  }
}

/** Replaces every schema that has an `$id` by a mark, and keeps it: the plugin would inline each of them where it is used. */
function liftNamed(value: unknown, schemas: Map<string, object>): unknown {
  if (Array.isArray(value)) return value.map(item => liftNamed(item, schemas))
  if (typeof value !== 'object' || value === null) return value
  const { $id, ...rest } = value as TSchema
  const lifted = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, liftNamed(item, schemas)]))
  if ($id === undefined) return lifted
  schemas.set($id, lifted)
  return { [MARK]: $id }
}

/** Named schemas become components, marks become references; a body in which nothing is required need not be sent. */
function finish(emitted: OpenapiDocument, schemas: Map<string, { required?: unknown }>): OpenapiDocument {
  const sorted = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1))
  emitted.components.schemas = Object.fromEntries(sorted)
  for (const { requestBody } of Object.values(emitted.paths).flatMap(path => Object.values(path))) {
    const named = Object.values(requestBody?.content ?? {}).map(({ schema }) => schemas.get(schema?.[MARK] ?? ''))
    if (requestBody && named.every(schema => schema && schema.required === undefined)) requestBody.required = false
  }
  const { openapi, info, servers, tags, paths, components } = resolveMarks(emitted) as OpenapiDocument
  return { openapi, info, servers, tags, paths, components }
}

function resolveMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolveMarks)
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  if (MARK in fields) return { $ref: `#/components/schemas/${fields[MARK]}` }
  return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, resolveMarks(item)]))
}
