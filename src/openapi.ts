// Emits the OpenAPI documents of the four APIs and of the control API from their routes.
import swagger from '@fastify/swagger'
import type { TSchema } from '@sinclair/typebox'
import { stringify } from 'yaml'
import { apis } from './apis/index.ts'
import { configFromOptions, DEFAULT_URL } from './config.ts'
import { knownHosts } from './control/guard.ts'
import { controlTags, mountControl } from './control/index.ts'
import { openRegistry } from './fixtures.ts'
import { createFastify } from './http/fastify.ts'
import { mount } from './http/mount.ts'
import type { OpenapiDocument } from './http/pages/openapi-document.ts'
import { controlServer } from './server-parts.ts'

export type { OpenapiDocument, OpenapiOperation } from './http/pages/openapi-document.ts'

const MARK = 'x-component'

/** The four APIs share one document; the control API has its own. */
type Part = 'apis' | 'control'

const license = { name: 'MIT', identifier: 'MIT' }
const ABOUT = {
  apis: {
    info: {
      title: 'Firedrill',
      version: '1',
      summary: 'Reference server for four disaster-recovery and backup APIs',
      description:
        'Every operation lists under `x-provenance` where each of its behaviours comes from: documented by the vendor (`documented`), ' +
        "read in a real client's code (`client-code`), taken from the upstream product (`upstream`), or assumed (`inferred`). " +
        'Secret values are marked with `x-secret`: the journal shows them redacted.',
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
        'Every sandbox operation is available for the addressed sandbox, and for each sandbox by name under `/__admin/sandboxes/{sandbox}/…`.',
      license,
    },
    tags: controlTags,
    securitySchemes: {
      adminToken: {
        type: 'http',
        scheme: 'bearer',
        description: 'Required if the server has a token, given or generated',
      },
    },
  },
} as const

/** The APIs' document as YAML, the same bytes for the same routes. */
export async function openapiYaml(): Promise<string> {
  return toYaml(await openapiDocument('apis'))
}

export function toYaml(document: object): string {
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' })
}

export async function openapiDocument(part: Part): Promise<OpenapiDocument> {
  const registry = openRegistry(configFromOptions({}))
  const describeControl = () => openapiDocument('control')
  const report = () => {}
  const schemas = new Map<string, object>()
  const { info, tags, securitySchemes } = ABOUT[part]
  // It answers no requests; the plugin sees its routes.
  const app = createFastify()
  try {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info,
        servers: [
          // No server variables: some generators do not substitute them, and some validators reject described ones.
          { url: DEFAULT_URL, description: 'A server started without options' },
        ],
        tags: [...tags],
        components: { securitySchemes },
        ...(part === 'control' ? { security: [{}, { adminToken: [] }] } : {}),
      },
      transform: ({ schema, url }) => ({ schema: liftNamed(described(schema), schemas) as typeof schema, url }),
      convertConstToEnum: false,
    })
    if (part === 'control')
      mountControl(app, {
        server: controlServer({ registry, describeControl }),
        guard: { isKnownHost: knownHosts([]) },
        report,
      })
    else for (const each of apis.flatMap(({ mounts }) => mounts)) mount(app, report, each)
    await app.ready()
    return finish(app.swagger() as unknown as OpenapiDocument, schemas)
  } finally {
    await app.close()
    registry.close()
  }
}

/** The plugin omits fields that OpenAPI does not define, except extensions. */
function described(schema: object): object {
  return 'variantOf' in schema ? { ...schema, 'x-variant-of': schema.variantOf } : schema
}

/** Replaces every schema that has an `$id` with a mark and collects it, because the plugin would inline it at each use. */
function liftNamed(value: unknown, schemas: Map<string, object>): unknown {
  if (Array.isArray(value)) return value.map(item => liftNamed(item, schemas))
  if (typeof value !== 'object' || value === null) return value
  const { $id, ...rest } = value as TSchema
  const lifted = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, liftNamed(item, schemas)]))
  if ($id === undefined) return lifted
  schemas.set($id, lifted)
  return { [MARK]: $id }
}

/** Turns named schemas into components and marks into references. A body without required fields is optional. */
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
