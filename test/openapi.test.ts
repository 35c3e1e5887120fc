// The committed openapi.yaml is what the routes emit, and says of every operation all that a reader needs.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { parse } from 'yaml'

interface Media {
  schema: object
  examples?: Record<string, { value: unknown }>
}

interface Operation {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  security?: Record<string, unknown>[]
  parameters?: { name: string; in: string; description?: string; schema: object; example?: unknown }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { description: string; content?: Record<string, Media> }>
  'x-provenance'?: { behaviour?: string; mark?: string }[]
}

const text = readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8')
const document = parse(text)
const located = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
)
const operations = new Map(located.map(({ operation }) => [operation.operationId, operation]))

const ajv = new Ajv2020.default({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(document, 'openapi')

/** Resolves a schema's references within the document. */
function problemsOf(schema: object, value: unknown): string | undefined {
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'))
  return ajv.validate(absolute, value) ? undefined : ajv.errorsText()
}

const A9S = [200, 202, 401, 403, 404, 409, 500, 502, 504]
const READING = [200, 401, 403, 404, 500, 502, 504]
const JSON_TYPE = 'application/json'
const ARCGIS_TYPES = [JSON_TYPE, 'text/plain', 'text/html']

/** Statuses as documented (ArcGIS has but one) and the media types of success. */
const REQUIRED: Record<string, { statuses: number[]; types: string[] }> = {
  listDisasterRecoveryFiles: { statuses: [200, 401, 403], types: [JSON_TYPE] },
  getDisasterRecoveryFile: {
    statuses: [200, 206, 304, 401, 403, 404, 406, 412, 416],
    types: [JSON_TYPE, 'application/x-7z-compressed'],
  },
  prepareDisasterRecovery: { statuses: A9S, types: [JSON_TYPE] },
  performDisasterRecovery: { statuses: A9S, types: [JSON_TYPE] },
  listRestores: { statuses: READING, types: [JSON_TYPE] },
  getRestore: { statuses: READING, types: [JSON_TYPE] },
  listApplicationBackups: { statuses: [200, 401, 403, 404, 429], types: [JSON_TYPE] },
  downloadApplicationBackup: { statuses: [200, 206, 304, 403, 404, 412, 416, 429], types: ['application/zip'] },
  listBackups: { statuses: [200], types: ARCGIS_TYPES },
  createBackup: { statuses: [200], types: ARCGIS_TYPES },
  listJobs: { statuses: [200], types: ARCGIS_TYPES },
  getJob: { statuses: [200], types: ARCGIS_TYPES },
  generateToken: { statuses: [200], types: ARCGIS_TYPES },
}

t.test('openapi.yaml is what the routes emit (npm run openapi writes it)', async t => {
  const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
  t.equal(text, execFileSync(process.execPath, [cli, '--openapi'], { encoding: 'utf8' }))
})

t.test('what the documents do not have is not described', async t => {
  t.notOk(operations.get('listDisasterRecoveryFiles')?.responses[406], 'the list is JSON whatever Accept says')
})

t.test('downloadApplicationBackup: the query is the key, as the name of a parameter', async t => {
  const { parameters = [] } = operations.get('downloadApplicationBackup') ?? {}
  const query = parameters.filter(parameter => parameter.in === 'query')
  t.match(query, [{ name: 'key', required: true, style: 'form', explode: true, schema: { type: 'object' } }])
})

t.test('every operation has an id of its own', async t => {
  t.equal(operations.size, located.length)
})

for (const [id, { statuses, types }] of Object.entries(REQUIRED)) {
  t.test(`${id}: its statuses and media types`, async t => {
    const { responses = {} } = operations.get(id) ?? {}
    const missing = statuses.filter(status => !responses[status])
    t.same(missing, [])
    t.same(Object.keys(responses[200]?.content ?? {}), types)
  })
}

for (const { path, method, operation } of located) {
  t.test(`${operation.operationId}: is described`, async t => {
    const { summary, description, tags, security, parameters = [] } = operation
    t.ok(summary)
    t.ok(description)
    t.same(
      document.tags.filter(({ name }: { name: string }) => tags?.includes(name)).length,
      1,
      'one tag, and it is declared',
    )
    t.ok(security, 'every operation declares its security, also when it needs none')
    const schemes = security?.flatMap(Object.keys) ?? []
    t.same(
      schemes.filter(name => !document.components.securitySchemes[name]),
      [],
      'its security schemes are declared',
    )
    const inPath = parameters.filter(parameter => parameter.in === 'path').map(({ name }) => `{${name}}`)
    t.same(inPath.sort(), (path.match(/\{\w+\}/g) ?? []).sort())
    for (const { name, description, schema, example } of parameters) {
      t.ok(description, `${method} ${path} says what ${name} is`)
      if (example !== undefined) t.equal(problemsOf(schema, example), undefined, `the example of ${name} fits`)
    }
  })

  t.test(`${operation.operationId}: says where its behaviours come from`, async t => {
    const provenance = operation['x-provenance'] ?? []
    t.not(provenance.length, 0)
    for (const { behaviour, mark } of provenance) {
      t.match(mark, /^(documented|client-code|upstream|inferred)$/, String(behaviour))
      t.ok(behaviour)
    }
    const behaviours = provenance.map(({ behaviour }) => behaviour)
    t.equal(new Set(behaviours).size, behaviours.length, 'each is said once')
  })

  t.test(`${operation.operationId}: answers have named schemas, and examples that fit them`, async t => {
    for (const [status, { description, content = {} }] of Object.entries(operation.responses)) {
      t.ok(description, status)
      for (const [type, { schema, examples = {} }] of Object.entries(content)) {
        if (type === JSON_TYPE) {
          t.match(JSON.stringify(schema), /^\{("oneOf":\[)?(\{?"\$ref":"#\/components\/schemas\/\w+"\}?,?)+\]?\}?$/)
          t.not(Object.keys(examples).length, 0, `${status} has examples`)
        }
        for (const [name, { value }] of Object.entries(examples)) {
          t.equal(problemsOf(schema, value), undefined, `${status} ${type} ${name}`)
        }
      }
    }
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
      t.match(JSON.stringify(schema), /^\{"\$ref":"#\/components\/schemas\/\w+"\}$/)
    }
  })
}

t.test('components are used, and the examples in them fit', async t => {
  const examined = (schema: Record<string, unknown>, at: string): void => {
    const { examples = [] } = schema as { examples?: unknown[] }
    for (const example of examples) t.equal(problemsOf(schema, example), undefined, at)
    for (const [name, inner] of Object.entries(schema)) {
      if (typeof inner === 'object' && inner !== null && name !== 'examples') {
        examined(inner as Record<string, unknown>, `${at}/${name}`)
      }
    }
  }
  for (const [name, schema] of Object.entries<Record<string, unknown>>(document.components.schemas)) {
    t.ok(text.includes(`"#/components/schemas/${name}"`), `${name} is used`)
    examined(schema, name)
  }
})
