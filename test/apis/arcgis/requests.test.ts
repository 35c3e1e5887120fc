// arcgis: where parameters are read from, and responses to malformed requests, over HTTP.
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import t, { type Test } from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'
import {
  ADMIN,
  createPath,
  encode,
  errorOf,
  type Fields,
  FORM,
  GENERATE,
  get,
  post,
  storePath,
  tokenOf,
} from './client.ts'

const BOUNDARY = 'x----boundary'
const MULTIPART = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
const MALFORMED = errorOf(400, 'The body is not a readable form.')
const TOO_LARGE = errorOf(413, 'The body is too large.')
const UNSUPPORTED = errorOf(415, 'The body must be sent as application/x-www-form-urlencoded or multipart/form-data.')

function multipart(fields: Fields): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return `${parts.join('')}--${BOUNDARY}--\r\n`
}

/** A GET whose body has no length. */
async function chunked({ url }: Firedrill, path: string, headers: object, body: string) {
  const outgoing = request(url + path, { headers: { ...headers, 'transfer-encoding': 'chunked' } })
  outgoing.end(body)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { body: (await response.toArray()).join(''), connection: response.headers.connection }
}

async function start(t: Test) {
  const server = await boot(t)
  const token = await tokenOf(server)
  return { server, token, bearer: { authorization: `Bearer ${token}` } }
}

t.test('createBackup: parameters as urlencoded form, multipart form and query', async t => {
  const { server, token, bearer } = await start(t)
  const fields = { passcode: 'passcode', description: 'Größe & + % = 五', retentionDate: 5, f: 'json', token }
  const path = createPath('backupsDefault')
  const sent = [
    { path, headers: FORM, body: encode({ name: 'a', ...fields }) },
    { path, headers: MULTIPART, body: multipart({ name: 'b', ...fields }) },
    { path: `${path}?${encode({ name: 'c', ...fields })}`, headers: bearer },
    { path: `${path}?${encode({ name: 'd', f: 'json', token })}`, headers: FORM, body: encode(fields) },
    {
      path,
      headers: { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' },
      body: encode({ name: 'e', ...fields }),
    },
  ]
  for (const request of sent)
    t.match((await call(server, { method: 'POST', ...request })).json, { status: 'SUBMITTED' })
  server.default.clock.advance({ by: '2m' })
  const { backups } = (await get(server, storePath('backupsDefault'), { token })).json
  t.same(
    backups.map((backup: Fields) => [backup.backupName, backup.description, backup.retentionDate]),
    ['a', 'b', 'c', 'd', 'e'].map(name => [name, fields.description, 5]),
  )
})

t.test(
  'createBackup: the body precedes the query, the first value later ones, and empty values count as absent',
  async t => {
    const { server, token } = await start(t)
    const path = `${createPath('backupsDefault')}?name=query&description=query&f=html`
    const body = `name=first&name=second&passcode=passcode&description=&f=json&token=${token}`
    t.match((await call(server, { method: 'POST', path, headers: FORM, body })).json, { status: 'SUBMITTED' })
    server.default.clock.advance({ by: '2m' })
    const { backups } = (await get(server, storePath('backupsDefault'), { token })).json
    t.match(backups, [{ backupName: 'first', description: 'query' }])
  },
)

t.test('listBackups: a GET with its parameters in the body', async t => {
  const { server, token, bearer } = await start(t)
  const path = storePath('backupStore')
  const sent = [
    { path, headers: { ...FORM, ...bearer }, body: 'f=json' },
    { path, headers: FORM, body: `f=json&token=${token}` },
    { path, headers: MULTIPART, body: multipart({ f: 'json', token }) },
  ]
  for (const request of sent) t.match((await call(server, request)).json, { backups: [{}, {}] })
  t.match((await chunked(server, path, { ...FORM, ...bearer }, 'f=json')).body, /^\{"backups":\[\{/)
  const typed = { ...bearer, 'content-type': 'application/json' }
  t.match((await get(server, path, {}, typed)).json, { backups: [{}, {}] }, 'the type of an empty body is ignored')
})

t.test('listBackups: f', async t => {
  const { server, bearer } = await start(t)
  const types = {
    '': 'text/html;charset=utf-8',
    'f=': 'text/html;charset=utf-8',
    'f=html': 'text/html;charset=utf-8',
    'f=json': 'application/json;charset=utf-8',
    'f=pjson': 'text/plain;charset=utf-8',
    'f=json&f=html': 'application/json;charset=utf-8',
  }
  for (const [query, type] of Object.entries(types)) {
    const answer = await call(server, { path: `${storePath('backupStore')}?${query}`, headers: bearer })
    t.equal(answer.headers['content-type'], type, query)
    t.equal(answer.headers['content-length'], String(answer.bytes.length), 'content-length is that of the body')
  }
  const message = 'The field f must be one of html, json, pjson.'
  t.same((await get(server, storePath('backupStore'), { f: 'xml' }, bearer)).json, errorOf(400, message, [message]))
  t.match((await post(server, createPath('backupsDefault'), { f: 'JSON' }, bearer)).json, { error: { code: 400 } })
})

t.test('createBackup: bodies that cannot be read', async t => {
  const { server, bearer } = await start(t)
  const path = `${createPath('backupsDefault')}?f=json`
  const send = async (type: string | undefined, body: string | Buffer, method = 'POST') => {
    const headers = { ...bearer, ...(type === undefined ? {} : { 'content-type': type }) }
    return (await call(server, { method, path: method === 'GET' ? `${ADMIN}/jobs?f=json` : path, headers, body })).json
  }
  const form = FORM['content-type']
  for (const method of ['POST', 'GET']) {
    t.same(await send('application/json', '{"name":"a"}', method), UNSUPPORTED)
    t.same(await send('text/plain', 'name=a', method), UNSUPPORTED)
    t.same(await send('nonsense', 'name=a', method), UNSUPPORTED)
    t.same(await send(undefined, 'name=a', method), UNSUPPORTED)
    t.same(await send(form, 'name=%zz', method), MALFORMED)
    t.same(await send(form, 'name=%ff', method), MALFORMED)
    t.same(await send('multipart/form-data', 'name=a', method), MALFORMED)
    t.same(await send(MULTIPART['content-type'], 'name=a', method), MALFORMED)
    t.same(await send(MULTIPART['content-type'], multipart({ name: 'a' }).slice(0, -8), method), MALFORMED)
    const file = multipart({ name: 'a' }).replace('name="name"', 'name="name"; filename="a.txt"')
    t.same(
      await send(MULTIPART['content-type'], file, method),
      errorOf(400, 'The field name must be text, not a file.'),
    )
    t.same(await send(form, `name=${'a'.repeat(1024 * 1024)}`, method), TOO_LARGE)
  }
})

t.test('listJobs: reading the body of a GET stops at the size limit', async t => {
  const { server, bearer } = await start(t)
  const path = `${ADMIN}/jobs?f=json`
  const answer = await chunked(server, path, { ...FORM, ...bearer }, 'a'.repeat(2 * 1024 * 1024))
  t.same(JSON.parse(answer.body), TOO_LARGE)
  t.equal(answer.connection, 'close')
})

t.test('listBackups: wrong methods and unknown paths', async t => {
  const { server, bearer } = await start(t)
  const ask = (method: string, path: string) =>
    call(server, { method, path: `${path}?f=json`, headers: bearer, contract: false })
  const allowed = [
    ['PUT', storePath('backupStore'), 'GET, HEAD, POST'],
    ['DELETE', `${ADMIN}/jobs`, 'GET, HEAD, POST'],
    ['PATCH', `${ADMIN}/jobs/j1`, 'GET, HEAD, POST'],
    ['GET', createPath('backupStore'), 'POST'],
    ['DELETE', createPath('backupStore'), 'GET, HEAD, POST'],
  ] as const
  for (const [method, path, allow] of allowed) {
    const { status, headers, json } = await ask(method, path)
    t.equal(headers.allow, allow)
    t.same([status, json], [200, errorOf(405, 'The method is not allowed for this resource or operation.')])
  }
  const unknown = errorOf(404, 'There is no such resource or operation.')
  for (const path of [`${ADMIN}/nope`, `${ADMIN}/nope/`, `${ADMIN}/jobs/a/b`, `${ADMIN}/%zz`]) {
    const { status, json } = await ask('GET', path)
    t.same([status, json], [200, unknown], path)
  }
  t.same((await ask('POST', `${ADMIN}/nope`)).json, unknown)
  t.same((await ask('GET', `${ADMIN}/jobs/${'a'.repeat(5000)}`)).json, unknown)
  t.same((await ask('GET', '/arcgis/sharing/rest/nope')).json, { error: { ...unknown.error, details: [] } })
  const html = await call(server, { path: `${ADMIN}/%zz`, contract: false })
  t.match(html.headers['content-type'], /^text\/html/)
})

t.test('unknown paths and wrong methods: f is read from query and body', async t => {
  const { server, bearer } = await start(t)
  const unknown = errorOf(404, 'There is no such resource or operation.')
  const wrong = errorOf(405, 'The method is not allowed for this resource or operation.')
  const rows: [method: string, path: string, error: object][] = [
    ['POST', `${ADMIN}/nope`, unknown],
    ['GET', `${ADMIN}/nope`, unknown],
    ['DELETE', `${ADMIN}/nope`, unknown],
    ['POST', '/arcgis/sharing/rest/nope', { error: { ...unknown.error, details: [] } }],
    ['PUT', storePath('backupStore'), wrong],
    ['DELETE', createPath('backupStore'), wrong],
  ]
  for (const [method, path, error] of rows) {
    const ask = (headers: Record<string, string>, body: string) =>
      call(server, { method, path, headers: { ...bearer, ...headers }, body, contract: false })
    t.strictSame((await ask(FORM, 'f=json')).json, error, `${method} ${path}`)
    t.strictSame((await ask(MULTIPART, multipart({ f: 'json' }))).json, error)
    const text = await ask(FORM, 'f=pjson')
    t.equal(text.headers['content-type'], 'text/plain;charset=utf-8')
    t.equal(text.text, JSON.stringify(error, null, 2))
    for (const page of [await ask(FORM, 'f=html'), await ask(FORM, 'a=b'), await ask({}, '')]) {
      t.equal(page.headers['content-type'], 'text/html;charset=utf-8')
    }
    t.strictSame((await ask({ 'content-type': 'application/json' }, '{')).json, error, 'an unreadable body: as JSON')
    t.strictSame((await ask(FORM, 'f=%zz')).json, error)
  }
  const put = await call(server, {
    method: 'PUT',
    path: `${ADMIN}/jobs`,
    headers: FORM,
    body: 'f=json',
    contract: false,
  })
  t.equal(put.headers.allow, 'GET, HEAD, POST')
})

t.test('bodies that cannot be read: without another f the error is JSON', async t => {
  const { server, bearer } = await start(t)
  const path = createPath('backupsDefault')
  const json = { ...bearer, 'content-type': 'application/json' }
  t.same((await call(server, { method: 'POST', path, headers: json, body: '{"name":"a"}' })).json, UNSUPPORTED)
  const page = await call(server, { method: 'POST', path: `${path}?f=html`, headers: json, body: '{"name":"a"}' })
  t.match(page.headers['content-type'], /^text\/html/)
  const odd = { method: 'POST', path: `${ADMIN}/%zz`, headers: FORM, body: 'f=json', contract: false }
  t.match((await call(server, odd)).json, { error: { code: 404 } }, 'also for a path that cannot be routed')
  server.default.faults.arm({ operation: 'createBackup', fault: 'error', name: 'InternalError' })
  const faulted = await call(server, { method: 'POST', path, headers: json, body: '{"name":"a"}' })
  t.match(faulted.json, { error: { code: 500 } }, 'a fault applies before the body is read')
})

t.test('listBackups: other APIs keep their own error formats', async t => {
  const { server } = await start(t)
  const elsewhere = await call(server, { path: '/arcgis/other', contract: false })
  t.match(elsewhere, { status: 404, headers: { 'content-type': /problem/ } })
  const a9s = await call(server, { path: '/v1/instances/admin', contract: false })
  t.not(a9s.status, 200)
})

t.test('listJobs: HEAD has the headers of GET and no body', async t => {
  const { server, bearer } = await start(t)
  const path = `${ADMIN}/jobs?f=json`
  const [head, full] = [
    await call(server, { method: 'HEAD', path, headers: bearer }),
    await call(server, { path, headers: bearer }),
  ]
  t.equal(head.headers['content-length'], full.headers['content-length'])
  t.equal(head.bytes.length, 0)
})

t.test('generateToken: bodies that cannot be read', async t => {
  const { server } = await start(t)
  const send = async (headers: Record<string, string>, body: string) =>
    (await call(server, { method: 'POST', path: `${GENERATE}?f=json`, headers, body })).json
  t.same(await send({ 'content-type': 'application/json' }, '{}'), { error: { ...UNSUPPORTED.error, details: [] } })
  t.same(await send(FORM, 'username=%zz'), { error: { ...MALFORMED.error, details: [] } })
  const form = multipart({ username: 'siteadmin', password: 'siteadmin.pass1', f: 'json' })
  t.match((await call(server, { method: 'POST', path: GENERATE, headers: MULTIPART, body: form })).json, {
    token: String,
  })
})

t.test('unknown paths: the token is checked first', async t => {
  const { server, token } = await start(t)
  const required = errorOf(499, 'Token Required.')
  const unknown = errorOf(404, 'There is no such resource or operation.')
  const ask = async (method: string, path: string, body?: string) =>
    (await call(server, { method, path, contract: false, ...(body !== undefined && { headers: FORM, body }) })).json
  t.same(await ask('GET', `${ADMIN}?f=json`), required, 'the root, as configure.sh asks for it')
  t.same(await ask('GET', `${ADMIN}/nope?f=json`), required)
  t.same(await ask('POST', `${ADMIN}/nope`, 'f=json'), required)
  t.same(await ask('POST', `${ADMIN}/nope?token=${token}`, 'f=json'), required, 'a token in the query does not count')
  t.same(await ask('GET', `${ADMIN}/nope?f=json&token=wrong`), errorOf(498, 'Invalid Token.'))
  t.same(await ask('GET', `${ADMIN}/nope?f=json&token=${token}`), unknown)
  t.same(await ask('POST', `${ADMIN}/nope`, `f=json&token=${token}`), unknown)
  t.match((await call(server, { path: `${ADMIN}/nope`, contract: false })).text, /type="password"/, 'a page to sign in')
})
