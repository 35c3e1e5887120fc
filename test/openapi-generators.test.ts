// What client generators need of the OpenAPI documents beyond what the specification asks for.
import SwaggerParser from '@apidevtools/swagger-parser'
import t, { type Test } from 'tap'
import { type OpenapiDocument, openapiDocument } from '../src/openapi.ts'

const parts = ['apis', 'control'] as const

const each = (name: string, check: (t: Test, document: OpenapiDocument) => Promise<void>) => {
  for (const part of parts) t.test(`${part}: ${name}`, async t => check(t, await openapiDocument(part)))
}

each('swagger-parser, and with it what builds on its schema, accepts the document', async (t, document) => {
  const copy = structuredClone(document) as unknown as Parameters<typeof SwaggerParser.validate>[0]
  await t.resolves(SwaggerParser.validate(copy))
})

each('the server URL is usable as it stands', async (t, { servers }) => {
  t.match(servers, [{ url: 'http://127.0.0.1:8420' }])
  t.notOk(
    servers.some(server => 'variables' in server),
    'not every generator puts variables in place',
  )
})

each('nothing in a request has a default: openapi-typescript would make it required', async (t, document) => {
  const { schemas } = document.components
  const seen = new Set<string>()
  const withDefault = (value: unknown, at: string): string[] => {
    if (typeof value !== 'object' || value === null) return []
    const { $ref } = value as { $ref?: string }
    const name = $ref?.split('/').at(-1)
    if (name !== undefined && !seen.has(name)) {
      seen.add(name)
      return withDefault(schemas[name], name)
    }
    const own = 'default' in value && ('type' in value || 'anyOf' in value) ? [at] : []
    return [...own, ...Object.entries(value).flatMap(([key, inner]) => withDefault(inner, `${at}/${key}`))]
  }
  for (const operation of Object.values(document.paths).flatMap(path => Object.values(path))) {
    const { operationId, requestBody, parameters } = operation
    t.same(withDefault({ requestBody, parameters }, operationId), [])
  }
})
