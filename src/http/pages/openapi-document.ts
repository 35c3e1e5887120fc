// The structure of an OpenAPI document, and the part of it that describes one API.

export interface OpenapiDocument {
  openapi: string
  info: object
  servers: object[]
  tags: { name: string }[]
  security?: object[]
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
  paths: Record<string, Record<string, OpenapiOperation>>
}

export interface OpenapiOperation {
  operationId: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: object[]
  requestBody?: { required?: boolean; content: Record<string, { schema?: { 'x-component'?: string } }> }
  responses: Record<string, { content?: Record<string, { schema?: object; examples?: object }> }>
}

/** The operations of one API (a tag), with the schemas and the security schemes that they use. */
export function documentOf(document: OpenapiDocument, api: { name: string; title: string }): OpenapiDocument {
  const { info, tags, components, paths, ...rest } = document
  const isOf = ({ tags = [] }: OpenapiOperation) => tags.includes(api.name)
  const own = Object.entries(paths).flatMap(([path, operations]) => {
    const kept = Object.entries(operations).filter(([, operation]) => isOf(operation))
    return kept.length === 0 ? [] : [[path, Object.fromEntries(kept)] as const]
  })
  const schemas = referencedSchemas(own, components.schemas)
  const schemes = new Set(
    own.flatMap(([, operations]) =>
      Object.values(operations).flatMap(({ security = [] }) => security.flatMap(Object.keys)),
    ),
  )
  return {
    ...rest,
    info: { ...info, title: api.title, summary: `The ${api.title}, as Firedrill serves it` },
    tags: tags.filter(({ name }) => name === api.name),
    paths: Object.fromEntries(own),
    components: {
      securitySchemes: only(components.securitySchemes, schemes),
      schemas: only(components.schemas, schemas),
    },
  }
}

const REFERENCE = /"\$ref":"#\/components\/schemas\/([^"]+)"/g

/** The names of the schemas that the value refers to, directly or through other schemas. */
function referencedSchemas(value: unknown, schemas: Record<string, unknown>): Set<string> {
  const found = new Set<string>()
  const pending = [value]
  while (pending.length > 0) {
    for (const [, name = ''] of JSON.stringify(pending.pop()).matchAll(REFERENCE)) {
      if (found.has(name)) continue
      found.add(name)
      pending.push(schemas[name])
    }
  }
  return found
}

function only(values: Record<string, unknown>, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)))
}
