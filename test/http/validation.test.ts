// Validation: bodies as they were sent, everything else coerced from its text, and what is said of what does not fit.
import { Type } from '@sinclair/typebox'
import t from 'tap'
import { openSmallApi } from './small-api.ts'

const fields = {
  id: Type.Integer({ minimum: 1 }),
  name: Type.Optional(Type.String({ minLength: 1 })),
  code: Type.Optional(Type.String({ minLength: 3 })),
  on: Type.Optional(Type.Boolean()),
  size: Type.Optional(Type.Number()),
  colour: Type.Optional(Type.Union([Type.Literal('red'), Type.Literal('blue')])),
  at: Type.Optional(Type.String({ format: 'date-time' })),
  guid: Type.Optional(Type.String({ format: 'uuid' })),
  link: Type.Optional(Type.String({ format: 'uri' })),
  inner: Type.Optional(Type.Object({ deep: Type.Integer() }, { additionalProperties: false })),
  limit: Type.Optional(Type.Integer({ default: 10 })),
}
const Strict = Type.Object(fields, { additionalProperties: false })

const invalid = (message: string) => ({ statusCode: 422, json: { oops: 'Invalid', message } })

t.test('bodies are taken strictly as they were sent', async t => {
  const { app } = await openSmallApi(t, mounted => {
    mounted.post('/body', { schema: { body: Strict } }, request => request.body)
  })
  const send = async (payload: unknown) => {
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/small/body', payload: payload as object })
    return { statusCode, json: JSON.parse(body) }
  }
  const good = {
    id: 5,
    name: 'n',
    code: 'abc',
    on: false,
    size: 1.5,
    colour: 'red',
    at: '2026-06-10T12:00:00.5+02:00',
    guid: '3a2e59ee-40cb-472a-91d0-502ab259918c',
    link: 'http://example.com/x',
    inner: { deep: 1 },
  }
  t.match(await send(good), { statusCode: 200, json: good })
  t.same((await send({ id: 5 })).json, { id: 5 }, 'nothing is filled in')
  const cases: [unknown, string][] = [
    [{}, 'The field id is required.'],
    [{ id: '5' }, 'The field id must be a whole number.'],
    [{ id: 5.5 }, 'The field id must be a whole number.'],
    [{ id: null }, 'The field id must be a whole number.'],
    [{ id: 0 }, 'The field id must be at least 1.'],
    [{ id: 5, typo: 1 }, 'The field typo is not known.'],
    [{ id: 5, name: '' }, 'The field name must not be empty.'],
    [{ id: 5, code: 'ab' }, 'The field code must be at least 3 characters long.'],
    [{ id: 5, name: 7 }, 'The field name must be a string.'],
    [{ id: 5, on: 'true' }, 'The field on must be true or false.'],
    [{ id: 5, on: 1 }, 'The field on must be true or false.'],
    [{ id: 5, size: '1.5' }, 'The field size must be a number.'],
    [{ id: 5, colour: 'green' }, 'The field colour must be one of red, blue.'],
    [{ id: 5, at: '2026-06-10' }, 'The field at must be an ISO 8601 date and time with offset.'],
    [{ id: 5, guid: 'x' }, 'The field guid must be a UUID.'],
    [{ id: 5, link: 'no link' }, 'The field link must be a URI.'],
    [{ id: 5, inner: { deep: '1' } }, 'The field inner.deep must be a whole number.'],
    [{ id: 5, inner: { deep: 1, more: 2 } }, 'The field inner.more is not known.'],
    [[], 'The body must be a JSON object.'],
    ['"text"', 'The body must be a JSON object.'],
  ]
  for (const [body, message] of cases) {
    const answer = typeof body === 'string' ? await sendText(body) : await send(body)
    t.match(answer, invalid(message), JSON.stringify(body))
  }
  async function sendText(payload: string) {
    const headers = { 'content-type': 'application/json' }
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/small/body', headers, payload })
    return { statusCode, json: JSON.parse(body) }
  }
})

t.test('every problem is reported, the first one as the message', async t => {
  const { app } = await openSmallApi(t, mounted => {
    mounted.post('/body', { schema: { body: Strict } }, request => request.body)
  })
  const wrong = { name: '', on: 1, typo: 1 }
  const { details, message } = (await app.inject({ method: 'POST', url: '/small/body', payload: wrong })).json()
  t.same(details.toSorted(), [
    'The field id is required.',
    'The field name must not be empty.',
    'The field on must be true or false.',
    'The field typo is not known.',
  ])
  t.equal(message, details[0])
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`typo${index}`, 1]))
  const answer = (await app.inject({ method: 'POST', url: '/small/body', payload: { id: 1, ...many } })).json()
  t.equal(answer.details.length, 10, 'up to a point')
})

t.test('query, params and headers are coerced from their text', async t => {
  const { app } = await openSmallApi(t, mounted => {
    const params = Type.Object({ id: Type.Integer() })
    const headers = Type.Object({ 'x-count': Type.Optional(Type.Integer()) })
    mounted.get('/:id', { schema: { params, querystring: Strict, headers } }, ({ params, query, headers }) => ({
      params,
      query,
      count: headers['x-count'] ?? null,
    }))
  })
  const get = async (url: string, headers = {}) => {
    const { statusCode, body } = await app.inject({ url: `/small/${url}`, headers })
    return { statusCode, json: JSON.parse(body) }
  }
  t.match(await get('7?id=5&on=true&size=-1.5e2&name=12', { 'x-count': '3' }), {
    statusCode: 200,
    json: { params: { id: 7 }, query: { id: 5, on: true, size: -150, name: '12', limit: 10 }, count: 3 },
  })
  t.match((await get('7?id=5&on=false&limit=0')).json.query, { on: false, limit: 0 })
  const cases: [string, string][] = [
    ['7', 'The field id is required.'],
    ['7?id=', 'The field id must be a whole number.'],
    ['7?id=x', 'The field id must be a whole number.'],
    ['7?id=1.9', 'The field id must be a whole number.'],
    ['7?id=true', 'The field id must be a whole number.'],
    ['7?id=5x', 'The field id must be a whole number.'],
    ['7?id=5&id=6', 'The field id must be a whole number.'],
    ['7?id=5&size=Infinity', 'The field size must be a number.'],
    ['7?id=5&on=yes', 'The field on must be true or false.'],
    ['7?id=5&typo=1', 'The field typo is not known.'],
    ['x?id=5', 'The field id must be a whole number.'],
    ['7.0x?id=5', 'The field id must be a whole number.'],
  ]
  for (const [url, message] of cases) t.match(await get(url), invalid(message), url)
  t.match(await get('7?id=5', { 'x-count': 'many' }), invalid('The field x-count must be a whole number.'))
})

t.test('what is all text stays as it is, save that defaults fill what is not there', async t => {
  const { app } = await openSmallApi(t, mounted => {
    const texts = Type.Object({ colour: Type.String() })
    const filled = Type.Object({ colour: Type.String({ default: 'red' }) })
    mounted.get('/texts', { schema: { querystring: texts } }, request => request.query)
    mounted.get('/filled', { schema: { querystring: filled } }, request => request.query)
  })
  const ask = async (url: string) => (await app.inject({ url: `/small/${url}` })).json()
  t.same(await ask('texts?colour=1&other=true'), { colour: '1', other: 'true' })
  t.match(await ask('texts'), { message: 'The field colour is required.' })
  t.same(await ask('filled?colour=1'), { colour: '1' })
  t.same(await ask('filled'), { colour: 'red' })
})

t.test('with form bodies, values are text', async t => {
  const routes = (mounted: Parameters<Parameters<typeof openSmallApi>[1]>[0]) => {
    mounted.post('/body', { schema: { body: Strict } }, request => request.body)
  }
  const { app } = await openSmallApi(t, routes, { formBodies: true })
  const payload = { id: '5', on: 'true', size: '1.5' }
  t.same((await app.inject({ method: 'POST', url: '/small/body', payload })).json(), {
    id: 5,
    on: true,
    size: 1.5,
    limit: 10,
  })
  const { statusCode } = await app.inject({ method: 'POST', url: '/small/body', payload: { id: '5', typo: '1' } })
  t.equal(statusCode, 422)
})
