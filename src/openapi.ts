// Emits the OpenAPI document from the routes themselves: what is served is what is described.
import swagger from '@fastify/swagger'
import type { TSchema } from '@sinclair/typebox'
import { stringify } from 'yaml'
import { apis } from './apis/index.ts'
import { configFromOptions, DEFAULT_URL } from './config.ts'
import { CONTROL_PREFIX, controlTags } from './control/index.ts'
import { openRegistry } from './fixtures.ts'
import { buildServer } from './server.ts'

export interface OpenapiDocument {
  openapi: string
  info: object
  servers: object[]
  tags: object[]
  security?: object[]
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
  paths: Record<string, Record<string, OpenapiOperation>>
}

export interface OpenapiOperation {
  operationId: string
  parameters?: object[]
  requestBody?: { required?: boolean; content: Record<string, { schema?: { [MARK]?: string } }> }
  responses: Record<string, { content?: Record<string, { schema?: object; examples?: object }> }>
}

const MARK = 'x-component'

/** What is described together: the four APIs, or the control API. */
type Part = 'apis' | 'control'

const license = { name: 'MIT', identifier: 'MIT' }
const ABOUT = {
  apis: {
    info: {
      title: 'Firedrill',
      version: '1',
      summary: 'Reference server for four disaster-recovery and backup APIs',
      description:
        'Every operation lists under `x-provenance` where each of its behaviours comes from: `documented` by the vendor, read in ' +
        "a real client's code (`client-code`), taken from the product it derives from (`upstream`), or our best guess (`inferred`).",
      license,
    },
    tags: apis.map(({ name, title, description }) => ({ name, description: `${title}. ${description}` })),
    securitySchemes: Object.assign({}, ...apis.map(({ securitySchemes }) => securitySchemes)),
  },
  control: {
    info: {
      title: 'Firedrill control API',
      version: '1',
      summary: 'Sandboxes, time, jobs, faults and the journal of a running server',
      description:
        'Every operation on a sandbox exists for the addressed one, and as `/__admin/sandboxes/{sandbox}/…` for each by name.',
      license,
    },
    tags: controlTags,
    securitySchemes: {
      adminToken: { type: 'http', scheme: 'bearer', description: 'Where the server was given or made up a token' },
    },
  },
} as const

/** The APIs' document as YAML, the same bytes for the same routes. */
export async function openapiYaml(): Promise<string> {
  return stringify(await openapiDocument('apis'), { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' })
}

export async function openapiDocument(part: Part): Promise<OpenapiDocument> {
  const config = configFromOptions({})
  const registry = openRegistry(config)
  const schemas = new Map<string, object>()
  const { info, tags, securitySchemes } = ABOUT[part]
  const { app } = await buildServer({
    config,
    registry,
    report: () => {},
    describeControl: () => openapiDocument('control'),
    describeApis: openapiYaml,
    beforeRoutes: async instance => {
      await instance.register(swagger, {
        openapi: {
          openapi: '3.1.0',
          info,
          servers: [
            // Without variables: some generators do not put them in place, and some validators refuse those with a description.
            { url: DEFAULT_URL, description: 'Where a server that was started without options listens' },
          ],
          tags: [...tags],
          components: { securitySchemes },
          ...(part === 'control' ? { security: [{}, { adminToken: [] }] } : {}),
        },
        transform: ({ schema, url }) => {
          const included = url.startsWith(CONTROL_PREFIX) === (part === 'control')
          return { schema: (included ? liftNamed(schema, schemas) : { hide: true }) as typeof schema, url }
        },
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
  const { openapi, info, servers, tags, security, paths, components } = resolveMarks(emitted) as OpenapiDocument
  return { openapi, info, servers, tags, ...(security ? { security } : {}), paths, components }
}

function resolveMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolveMarks)
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  if (MARK in fields) return { $ref: `#/components/schemas/${fields[MARK]}` }
  return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, resolveMarks(item)]))
}
