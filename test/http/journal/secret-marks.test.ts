// Checks that what the schemas mark as secret is redacted, and that every secret of the contract is marked.
import { readFileSync } from 'node:fs'
import { Type } from '@sinclair/typebox'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { secret } from '../../../schemas/secret.ts'
import { type Redactable, Redaction } from '../../../src/http/journal/redaction.ts'
import { secretMarksOf } from '../../../src/http/journal/secret-marks.ts'
import { isSecretName } from '../../../src/http/journal/secret-names.ts'
import { collectRoutes, routeOf } from '../../../src/http/routes.ts'
import { codeOf, PASSWORD_PAGE, signedIn } from '../../apis/disaster-recovery-files/web-client.ts'
import { boot, type Call, call } from '../../helpers.ts'

const R = '[redacted]'

/** A route with secrets whose names no pattern finds. */
const ROUTE = {
  security: [{ colourHeader: [] }],
  querystring: Type.Object({ query: Type.String(), fruit: Type.Optional(Type.String(secret)) }),
  body: Type.Object({
    field: Type.String(),
    tree: Type.String(secret),
    inner: Type.Object({ leaf: Type.Union([Type.String(secret), Type.Null()]) }),
    roots: Type.Array(Type.String(secret)),
    birds: Type.Record(Type.String(), Type.String(secret)),
  }),
  response: {
    200: { content: { 'application/json': { schema: Type.Array(Type.Object({ stone: Type.String(secret) })) } } },
  },
}
const SCHEMES = { colourHeader: { type: 'apiKey', name: 'X-Colour' } } as const

const redactionOf = (parts: Partial<Redactable>) =>
  new Redaction({ url: '/', headers: [], bodies: [], marks: secretMarksOf(ROUTE, SCHEMES), ...parts })

t.test('what a route marks is redacted in its query, headers and bodies', async t => {
  const redaction = redactionOf({})
  t.equal(redaction.url('/a?fruit=s3cret&query=x'), `/a?fruit=${R}&query=x`)
  t.equal(redaction.header('x-colour', 's3cret'), R)
  t.equal(redaction.text('tree=s3cret&field=x'), `tree=${R}&field=x`)
  t.equal(redaction.text('{"tree":"s3cret","field":"x"}'), `{"tree":"${R}","field":"x"}`)
  t.equal(redaction.text('{"inner":{"leaf":"s3cret"},"field":"x"}'), `{"inner":{"leaf":"${R}"},"field":"x"}`)
  t.equal(redaction.text('{"roots":["s3cret"],"field":"x"}'), `{"roots":"${R}","field":"x"}`)
  t.equal(redaction.text('{"birds":{"a":"s3cret"},"field":"x"}'), `{"birds":"${R}","field":"x"}`)
  t.equal(redaction.text('[{"stone":"s3cret","field":"x"}]'), `[{"stone":"${R}","field":"x"}]`)
  t.equal(
    redaction.text('--b\r\nContent-Disposition: form-data; name="tree"\r\n\r\ns3cret\r\n--b--'),
    `--b\r\nContent-Disposition: form-data; name="tree"\r\n\r\n${R}\r\n--b--`,
  )
  t.equal(redactionOf({ marks: undefined }).text('{"tree":"s3cret"}'), '{"tree":"s3cret"}', 'without marks')
})

t.test('query parameters without a value are redacted where their names are marked', async t => {
  const marks = secretMarksOf({ querystring: Type.Any({ properties: { key: { propertyNames: secret } } }) }, {})
  const redaction = redactionOf({ marks })
  t.equal(redaction.url('/a?my%20own.key'), `/a?${R}`)
  t.equal(redaction.url('/a?my-own-key='), `/a?${R}=`)
  t.equal(redaction.url('/a?my-own-key&query=x'), `/a?${R}&query=x`)
  t.equal(redaction.url('/a'), '/a')
  t.equal(redactionOf({}).url('/a?my-own-key'), '/a?my-own-key', 'without the mark')
})

t.test('marks are collected when a route is added', async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  collectRoutes(app, url => url.startsWith('/except'), SCHEMES)
  const marksOfRequest = (url: string) =>
    app.get(url, { schema: { security: ROUTE.security } as object }, request => [
      ...(routeOf(request).secretMarks?.names ?? []),
    ])
  app.setNotFoundHandler(routeOf)
  marksOfRequest('/marked')
  marksOfRequest('/except/this')
  t.same((await app.inject('/marked')).json(), ['x-colour'])
  t.same((await app.inject('/except/this')).json(), [])
  t.notOk((await app.inject('/unknown')).json().secretMarks)
})

t.test('a response whose schema is marked as a whole is redacted as a whole', async t => {
  const html = (schema: object) => ({ content: { 'text/html': { schema: Type.Unsafe(schema) } } })
  const { secretResponses } = secretMarksOf(
    { response: { 200: html(Type.String(secret)), 403: html(Type.String()) } },
    {},
  )
  t.same([...secretResponses], [200])
})

interface Located {
  path: string
  name: string
  marked: boolean
}

/** The properties and parameters of a document, each with whether it, one of its variants or its items are marked. */
function fieldsIn(value: unknown, path = ''): Located[] {
  if (typeof value !== 'object' || value === null) return []
  const node = value as Record<string, unknown>
  const properties = Object.entries((node.properties ?? {}) as object)
  const parameter = typeof node.name === 'string' && 'in' in node && 'schema' in node
  const named = [...properties, ...(parameter ? [[node.name, node.schema] as [string, unknown]] : [])]
  return [
    ...named.map(([name, schema]) => ({ path, name, marked: JSON.stringify(schema).includes('"x-secret":true') })),
    ...Object.entries(node).flatMap(([key, inner]) => (key === 'examples' ? [] : fieldsIn(inner, `${path}/${key}`))),
  ]
}

t.test('everything in the contract that is named like a secret is marked', async t => {
  const server = await boot(t)
  const documents = [
    parse(readFileSync(new URL('../../../openapi.yaml', import.meta.url), 'utf8')),
    (await call(server, { path: '/__admin/openapi.json' })).json,
  ]
  const secrets = documents
    .flatMap(document => fieldsIn(document))
    // The `key` of a logged query parameter is the parameter's name.
    .filter(({ path, name }) => isSecretName(name) && !path.includes('/LoggedRequest/properties/queryParams/'))
  for (const { path, name, marked } of secrets) t.ok(marked, `${path}: ${name}`)
  const names = new Set(secrets.map(({ name }) => name))
  for (const name of ['credentials', 'encryptKey', 'encryption_key', 'key', 'passcode', 'password', 'token'])
    t.ok(names.has(name), `${name} is found`)
})

const FORM = 'application/x-www-form-urlencoded'
const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
const BACKUPS = '/arcgis/admin/system/disasterrecovery/stores/backupStore/backups'

interface Case {
  request: Call
  /** What must not be shown. */
  secrets: string[]
  /** What must be shown. */
  shown: string
}

/** Values that no pattern finds: only where they are says that they are secret. */
const CASES: Record<string, Case> = {
  'a9s: key in the body, token in a header': {
    request: {
      method: 'POST',
      path: `${INSTANCE}/disaster-recovery/prepare`,
      headers: { authorization: 'bearer demo-token' },
      body: { encryption_key: 'plain words, ünquoted' },
    },
    secrets: ['demo-token', 'plain words', 'ünquoted'],
    shown: 'backup_guid',
  },
  'Disaster Recovery Files: key in a header': {
    request: { path: '/backend/api/v1/disasterRecoveryFiles/', headers: { authorization: 'Bearer YOUR_API_KEY' } },
    secrets: ['YOUR_API_KEY'],
    shown: 'generatedDate',
  },
  'DS Cloud: account key in a header, keys of backups in the response': {
    request: {
      path: '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
      headers: { authorization: '23457145698959364-demo' },
    },
    secrets: ['23457145698959364-demo', '85592d2b15ff867407964790224dcbb3a95ce82b'],
    shown: 'Backup at 2024-12-07 22:07:11',
  },
  'DS Cloud: the key of a download is the query': {
    request: { path: '/backups.dscloud.pt/23457145698959364_Backup.zip?my-own.key' },
    secrets: ['my-own.key'],
    shown: '23457145698959364_Backup.zip',
  },
  'ArcGIS: password in a form, token in the response': {
    request: {
      method: 'POST',
      path: '/arcgis/sharing/rest/generateToken',
      headers: { 'content-type': FORM },
      body: 'username=siteadmin&password=siteadmin.pass1&f=json',
    },
    secrets: ['siteadmin.pass1'],
    shown: 'username=siteadmin',
  },
  'ArcGIS: token in the query': {
    request: { path: `${BACKUPS}?token=to-ken.of~mine&f=json` },
    secrets: ['to-ken.of~mine'],
    shown: 'f=json',
  },
  'ArcGIS: passcode and token in a form': {
    request: {
      method: 'POST',
      path: `${BACKUPS}/create`,
      headers: { 'content-type': FORM },
      body: 'name=first&passcode=just some words&token=to-ken.of~mine&f=json',
    },
    secrets: ['just some words', 'to-ken.of~mine'],
    shown: 'name=first',
  },
}

for (const [title, { request, secrets, shown }] of Object.entries(CASES)) {
  t.test(`${title}: redacted in the entry, HAR, exchange and curl`, async t => {
    const server = await boot(t)
    await call(server, { ...request, contract: false })
    const views = await viewsOf(t, server)
    for (const [view, text] of Object.entries(views)) {
      for (const value of [...secrets, ...secrets.map(encodeURIComponent)]) t.notMatch(text, value, `${view}: ${value}`)
    }
    t.match(views.entry, shown)
  })
}

t.test('ArcGIS: the token of a response is redacted', async t => {
  const server = await boot(t)
  const { request } = CASES['ArcGIS: password in a form, token in the response'] as Case
  const { token } = (await call(server, request)).json
  t.type(token, 'string')
  for (const [view, text] of Object.entries(await viewsOf(t, server))) t.notMatch(text, token, view)
})

/** Everything that is shown of the only request in the journal. */
async function viewsOf(t: Test, server: { url: string }) {
  const read = async (path: string) => (await call(server, { path: `/__admin/requests${path}` })).text
  const [{ id }] = JSON.parse(await read('')).requests
  t.ok(id)
  return {
    entry: await read(`/${id}`),
    har: await read('.har'),
    exchange: await read(`/${id}/exchange`),
    curl: await read(`/${id}/curl`),
    explanation: await read(`/${id}/explain`),
  }
}

t.test('Disaster Recovery Files: the page with the archive password is redacted as a whole', async t => {
  const server = await boot(t, { archivePassword: 'plain words' })
  const browser = await signedIn(server)
  const page = await browser.post(PASSWORD_PAGE, { code: codeOf(server) })
  t.match(page.text, 'plain words')
  const { requests } = server.default
  const [latest] = requests.list({ limit: 1 }).requests
  t.equal(latest?.response?.body, R)
  const shown = [JSON.stringify(latest), JSON.stringify(requests.har()), requests.exchange(String(latest?.id))]
  for (const text of shown) t.notMatch(text, 'plain words')
})
