// The operations to fuzz: all of both OpenAPI documents.
import { type OpenapiDocument, openapiDocument } from '../../src/openapi.ts'
import type { Resolve, Schema } from './values.ts'

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  schema: Schema
}

export interface Operation {
  id: string
  part: 'apis' | 'control'
  /** Of the four APIs, by name; undefined for the control API. */
  api: string | undefined
  method: string
  path: string
  parameters: readonly Parameter[]
  body: { mediaTypes: readonly string[]; schema: Schema } | undefined
}

export interface Documented {
  operations: Operation[]
  resolve: Resolve
}

interface Described {
  operationId: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}

const documents = new Map<Operation['part'], Promise<OpenapiDocument>>()

/** Cached, because creating one starts a server. */
export function documentOf(part: Operation['part']): Promise<OpenapiDocument> {
  const document = documents.get(part) ?? openapiDocument(part)
  documents.set(part, document)
  return document
}

export async function documented(part: Operation['part']): Promise<Documented> {
  const document = await documentOf(part)
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => operationOf(part, path, method, operation as Described)),
  )
  return { operations, resolve: ref => resolveIn(document, ref) }
}

function operationOf(part: Operation['part'], path: string, method: string, described: Described): Operation {
  const { operationId: id, tags, parameters = [], requestBody } = described
  const content = Object.entries(requestBody?.content ?? {})
  const [, media] = content[0] ?? []
  return {
    id,
    part,
    api: part === 'apis' ? tags?.[0] : undefined,
    method: method.toUpperCase(),
    path,
    parameters,
    body: media && { mediaTypes: content.map(([mediaType]) => mediaType), schema: media.schema },
  }
}

function resolveIn(document: OpenapiDocument, ref: string): Schema {
  const name = ref.slice('#/components/schemas/'.length)
  return document.components.schemas[name] as Schema
}
