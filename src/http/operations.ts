// Indexes the served operations by id, with their documented examples.
import { STATUS_CODES } from 'node:http'
import { routePrefix } from './base-path.ts'
import type { Mount, TypedApp } from './mount.ts'

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

/** The operations of all APIs. */
export class Operations {
  readonly #mounts: readonly Pick<Mount, 'basePath' | 'routes'>[]
  #byId: ReadonlyMap<string, Operation> | undefined

  constructor(mounts: readonly Pick<Mount, 'basePath' | 'routes'>[]) {
    this.#mounts = mounts
  }

  get(id: string): Operation | undefined {
    return this.#index().get(id)
  }

  values(): Iterable<Operation> {
    return this.#index().values()
  }

  /** Made when it is first needed: most servers for tests never need it. */
  #index(): ReadonlyMap<string, Operation> {
    this.#byId ??= new Map(this.#mounts.flatMap(operationsOf).map(operation => [operation.id, operation]))
    return this.#byId
  }
}

/** `tags[0]` of a route is the name of its API. */
function operationsOf({ basePath, routes }: Pick<Mount, 'basePath' | 'routes'>): Operation[] {
  const operations: Operation[] = []
  const prefix = routePrefix(basePath)
  const add = (method: string) => (url: string, options: { schema?: object }) => {
    const described: DescribedSchema = options.schema ?? {}
    const { operationId: id, variantOf: vendorId = id, tags, response = {} } = described
    if (id === undefined || vendorId === undefined) return
    operations.push({
      id,
      vendorId,
      api: tags?.[0] ?? '',
      method,
      // Served with and without the slash at the end.
      url: url === '/' ? prefix : prefix + url,
      examples: examplesOf(response),
      parameters: parametersOf(described),
    })
  }
  // What an API calls to add its routes. A list of them needs no router.
  const ignore = () => {}
  const app = {
    prefix,
    get: add('GET'),
    post: add('POST'),
    put: add('PUT'),
    patch: add('PATCH'),
    delete: add('DELETE'),
    addHook: ignore,
    addContentTypeParser: ignore,
    removeAllContentTypeParsers: ignore,
  }
  routes(app as unknown as TypedApp)
  return operations
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
