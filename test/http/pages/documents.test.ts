// The OpenAPI documents that the server serves: of all APIs, of each API, and of the control API.
import { readFileSync } from 'node:fs'
import SwaggerParser from '@apidevtools/swagger-parser'
import t from 'tap'
import { parse } from 'yaml'
import { boot, call } from '../../helpers.ts'

const committed = parse(readFileSync(new URL('../../../openapi.yaml', import.meta.url), 'utf8'))
const APIS = ['disaster-recovery-files', 'a9s', 'dscloud', 'arcgis']

t.test('/openapi.yaml and /openapi.json are the committed document, with the URL of this server', async t => {
  const server = await boot(t)
  const yaml = await call(server, { path: '/openapi.yaml', contract: false })
  t.match(yaml.headers['content-type'], /^application\/yaml/)
  // tap changes how the yaml library quotes in this process, so that the text would not be the same.
  const expected = { ...committed, servers: [{ url: server.url, description: 'This server' }] }
  t.same(parse(yaml.text), expected)
  const json = await call(server, { path: '/openapi.json', contract: false })
  t.match(json.headers['content-type'], /^application\/json/)
  t.same(json.json, expected)
  for (const { path, text } of [
    { path: '/openapi.yaml', text: yaml.text },
    { path: '/openapi.json', text: json.text },
  ]) {
    const ofSandbox = await call(server, { path: `/@t1${path}`, contract: false })
    t.ok(ofSandbox.text === text.replace(server.url, `${server.url}/@t1`), `${path} differs in nothing but the URL`)
  }
})

t.test('the document of an API has its operations, and the schemas and security schemes that they use', async t => {
  const server = await boot(t)
  const { json: whole } = await call(server, { path: '/openapi.json', contract: false })
  const paths = {}
  for (const api of APIS) {
    const { json } = await call(server, { path: `/openapi/${api}.json`, contract: false })
    await SwaggerParser.validate(structuredClone(json))
    for (const [path, operations] of Object.entries(json.paths)) t.same(operations, whole.paths[path], path)
    Object.assign(paths, json.paths)
    const { schemas, securitySchemes } = json.components
    const text = JSON.stringify(json)
    for (const name of Object.keys(schemas))
      t.ok(text.includes(`"#/components/schemas/${name}"`), `${api} uses ${name}`)
    for (const name of Object.keys(securitySchemes)) t.ok(text.includes(`{"${name}":[]}`), `${api} uses ${name}`)
    t.same(
      json.tags.map(({ name }: { name: string }) => name),
      [api],
    )
    const yaml = await call(server, { path: `/openapi/${api}.yaml`, contract: false })
    t.same(parse(yaml.text), json)
  }
  t.same(Object.keys(paths).sort(), Object.keys(whole.paths).sort(), 'together they have every path')
  t.equal((await call(server, { path: '/openapi/nope.json', contract: false })).status, 404)
})

t.test('the control API has a document that needs no token, and one among its operations', async t => {
  const server = await boot(t, { adminToken: 'secret' })
  const { json } = await call(server, { path: '/@t1/openapi/control.json', contract: false })
  t.same(json.servers, [{ url: `${server.url}/@t1`, description: 'This server' }])
  t.ok(json.paths['/__admin/clock'])
  const headers = { authorization: 'Bearer secret' }
  const guarded = await call(server, { path: '/@t1/__admin/openapi.json', headers, contract: false })
  t.same(guarded.json, json)
  t.match(await server.describeControl(), { servers: [{ url: server.url }] })
})

t.test('the URL in a document is the one that was asked, and cannot break the document', async t => {
  const server = await boot(t)
  const { port } = new URL(server.url)
  const urlFor = async (path: string, headers: Record<string, string> = {}) =>
    parse((await call(server, { path, headers, contract: false })).text).servers[0].url
  t.equal(await urlFor('/openapi/a9s.yaml', { host: `t1.localhost:${port}` }), `http://t1.localhost:${port}`)
  t.equal(await urlFor('/openapi/a9s.yaml', { host: 'x.test', 'x-forwarded-proto': 'https' }), 'https://x.test')
  t.equal(await urlFor('/@a%22%0Ab:%20%23%20$&/openapi/a9s.yaml'), `${server.url}/@a"\nb: # $&`)
  t.equal(await urlFor('/@a%22%0Ab:%20%23%20$&/openapi/a9s.json'), `${server.url}/@a"\nb: # $&`)
  const named = await boot(t, { publicUrl: 'https://backup.example/firedrill' })
  const { text } = await call(named, { path: '/@t2/openapi/dscloud.json', contract: false })
  t.equal(JSON.parse(text).servers[0].url, 'https://backup.example/firedrill/@t2')
})
