// Opens operations of a large document fast: Swagger UI resolves their references in the part of the document that they need.
import type { Plugin } from './swagger-ui.ts'

interface OpenapiDocument {
  paths: Record<string, unknown>
  components: { schemas: Record<string, unknown> }
}

/** Swagger UI converts the document that it is given completely, again for each operation that is opened. */
export function resolveInParts(): Plugin {
  return {
    afterLoad(system) {
      const { resolveSubtree } = system.fn
      system.fn.resolveSubtree = (document, path, options) =>
        resolveSubtree(partOf(document as OpenapiDocument, path), path, options)
    },
  }
}

/** The document with nothing but the value at `path`, beside what is not large, and the schemas that it refers to. */
function partOf(document: OpenapiDocument, path: readonly string[]): OpenapiDocument {
  const [section, name = ''] = path
  const { components } = document
  const paths = section === 'paths' ? { [name]: document.paths[name] } : {}
  const models = section === 'components' && name === 'schemas' ? components.schemas : {}
  const schemas = { ...models, ...referencedSchemas(paths, components.schemas) }
  return { ...document, paths, components: { ...components, schemas } }
}

const REFERENCE = /"\$ref":"#\/components\/schemas\/([^"]+)"/g

/** The schemas that the value refers to, directly or through other schemas. */
function referencedSchemas(value: unknown, schemas: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  const pending = [value]
  while (pending.length > 0) {
    for (const [, name = ''] of JSON.stringify(pending.pop()).matchAll(REFERENCE)) {
      if (name in found) continue
      found[name] = schemas[name]
      pending.push(schemas[name])
    }
  }
  return found
}
