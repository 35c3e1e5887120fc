// Every operation of the control API declares the errors that any request can get.
import t from 'tap'
import { type OpenapiOperation, openapiDocument } from '../../src/openapi.ts'
import { boot, call } from '../helpers.ts'

interface Located {
  method: string
  path: string
  operation: OpenapiOperation
}

async function operations(): Promise<Located[]> {
  const { paths } = await openapiDocument('control')
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

t.test('every operation declares the errors for invalid bodies and sandbox names', async t => {
  for (const { method, operation } of await operations()) {
    const expected = method === 'GET' ? ['400'] : ['400', '413', '415', '429']
    const declared = Object.keys(operation.responses)
    t.same(
      expected.filter(status => !declared.includes(status)),
      [],
      operation.operationId,
    )
  }
})

t.test('a body that is not JSON is refused with the reason', async t => {
  const server = await boot(t)
  const headers = { 'content-type': 'application/json' }
  const reasonOf = {
    '{bad': "Expected property name or '}' in JSON at position 1 (line 1 column 2)",
    '{"__proto__": {}}': 'the keys "__proto__" and "constructor.prototype" are refused',
  }
  for (const [body, reason] of Object.entries(reasonOf)) {
    t.match(
      await call(server, { method: 'POST', path: '/__admin/faults', headers, body }),
      { status: 400, json: { detail: `The body is not valid JSON: ${reason}` } },
      body,
    )
  }
})

t.test('invalid bodies and sandbox names are refused as declared, by every operation', async t => {
  const server = await boot(t)
  const bodies = [
    { type: 'text/xml', body: '<x/>', status: 415 },
    { type: 'application/json', body: '{bad', status: 400 },
    { type: 'application/json', body: '{"__proto__": {}}', status: 400 },
    // The declared length is enough to refuse it.
    { type: 'application/json', body: '{', status: 413, headers: { 'content-length': String(65 * 1024 * 1024) } },
  ]
  for (const { method, path: template, operation } of await operations()) {
    const path = template.replaceAll(/\{\w+\}/g, 'x')
    const badName = await call(server, { method, path, headers: { 'x-firedrill-sandbox': 'Not A Name' } })
    t.equal(badName.status, 400, `${operation.operationId}: the name of a sandbox`)
    if (method === 'GET') continue
    for (const { type, body, status, headers } of bodies) {
      const sent = { method, path, headers: { 'content-type': type, ...headers }, body }
      t.equal((await call(server, sent)).status, status, `${operation.operationId}: ${type} ${body.slice(0, 10)}`)
    }
  }
})

t.test('the 404 for an unknown path names the nearest operation, if the caller is allowed to use it', async t => {
  const server = await boot(t, { adminToken: 'secret' })
  const hintFor = async (path: string, headers: Record<string, string> = { authorization: 'Bearer secret' }) => {
    const { status, json } = await call(server, { path, headers, contract: false })
    return { status, title: json.title, hint: json.hint }
  }
  t.match(await hintFor('/__admin/clok'), {
    status: 404,
    title: 'Not Found',
    hint: 'The nearest operation is GET /__admin/clock (getClock): replace "clok" in the path by "clock"',
  })
  t.match((await hintFor('/__admin/sandboxes/t1/clok')).hint, /GET \/__admin\/sandboxes\/:sandbox\/clock \(getClock\)/)
  t.match(await hintFor('/__admin/clok', {}), { status: 401, hint: undefined })
})
