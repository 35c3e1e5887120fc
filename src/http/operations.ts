// Indexes the served operations by id, with their documented examples.
import { STATUS_CODES } from 'node:http'
import type { FastifyInstance, RouteOptions } from 'fastify'

/** A documented response. */
export interface Example {
  name: string
  status: number
  /** Empty if there is no body. */
  mediaType: string
  /** Absent for downloads, whose bytes are generated per request. */
  value?: unknown
}

export interface Operation {
  /** The unique operationId of the OpenAPI document. */
  id: string
  /** The vendor's operation: the one that this is a variant of with another method, otherwise the same as `id`. */
  vendorId: string
  api: string
  method: string
  /** The route's URL, with parameters as `:name`. */
  url: string
  examples: readonly Example[]
  /** The names of its query parameters, and of its form fields if its body is a form. */
  parameters: readonly string[]
}

interface Media {
  schema?: { format?: string }
  examples?: Record<string, { value: unknown }>
}

interface DescribedSchema {
  operationId?: string
  /** The id of the operation that this offers with another method. */
  variantOf?: string
  tags?: readonly string[]
  querystring?: { properties?: object }
  body?: { properties?: object }
  /** Media types of the body; JSON when left out. */
  consumes?: readonly string[]
  response?: Record<string, { content?: Record<string, Media> }>
}

/** Fills `operations` with the routes that are added from now on, except those below `except`. `tags[0]` of a route is its API's name. */
export function indexOperations(app: FastifyInstance, except: string, operations: Map<string, Operation>): void {
  app.addHook('onRoute', ({ schema, method, url }: RouteOptions) => {
    const described = (schema ?? {}) as DescribedSchema
    const { operationId: id, variantOf: vendorId = id, tags, response = {} } = described
    const [verb = ''] = [method].flat()
    if (id === undefined || vendorId === undefined || verb === 'HEAD' || url.startsWith(except)) return
    operations.set(id, {
      id,
      vendorId,
      api: tags?.[0] ?? '',
      method: verb,
      url,
      examples: examplesOf(response),
      parameters: parametersOf(described),
    })
  })
}

function parametersOf({ querystring, body, consumes }: DescribedSchema): string[] {
  return [...Object.keys(querystring?.properties ?? {}), ...(consumes ? Object.keys(body?.properties ?? {}) : [])]
}

function examplesOf(response: NonNullable<DescribedSchema['response']>): Example[] {
  return Object.entries(response).flatMap(([text, { content = {} }]) => {
    const status = Number(text)
    const media = Object.entries(content)
    if (media.length === 0) return [{ name: nameOf(status), status, mediaType: '' }]
    return media.flatMap(([mediaType, { schema, examples = {} }]): Example[] => {
      if (schema?.format === 'binary') return [{ name: nameOf(status), status, mediaType }]
      return Object.entries(examples).map(([name, { value }]) => ({ name, status, mediaType, value }))
    })
  })
}

/** Names a response without a written example by its reason phrase, without spaces. */
function nameOf(status: number): string {
  return (STATUS_CODES[status] ?? String(status)).replaceAll(/\W/g, '')
}
