// Checks that nothing that the control API shows of the journal holds a secret, wherever a request or a response has it.
import { request } from 'node:http'
import t from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'

interface SentRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
/** A path of each API and of none. */
const PATHS = {
  'disaster-recovery-files': '/backend/api/v1/disasterRecoveryFiles/',
  a9s: `${INSTANCE}/disaster-recovery/prepare`,
  dscloud: '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
  'dscloud, downloads': '/backups.dscloud.pt/1_B.zip',
  arcgis: '/arcgis/admin/jobs',
  'arcgis, sharing': '/arcgis/sharing/rest/generateToken',
  'no API': '/unknown',
}

const BOUNDARY = '----b0undary'
const part = (name: string, value: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--${BOUNDARY}--\r\n`
const FIELDS = ['token', 'password', 'passcode', 'encryption_key', 'key']
const FORM = 'application/x-www-form-urlencoded'

const inHeader =
  (name: string, prefix = '') =>
  (path: string, secret: string): SentRequest => ({
    method: 'GET',
    path,
    headers: { [name]: prefix + secret },
    body: '',
  })
const inBody =
  (type: string, body: (secret: string) => string) =>
  (path: string, secret: string): SentRequest => ({
    method: 'POST',
    path,
    headers: { 'content-type': type },
    body: body(secret),
  })

/** Every place of a request that can hold a secret, documented or not. */
const PLACES: Record<string, (path: string, secret: string) => SentRequest> = {
  'Authorization: Bearer': inHeader('authorization', 'Bearer '),
  'Authorization, bare': inHeader('authorization'),
  'X-Esri-Authorization': inHeader('x-esri-authorization', 'Bearer '),
  'Proxy-Authorization': inHeader('proxy-authorization', 'Basic '),
  'X-Api-Key': inHeader('x-api-key'),
  Cookie: inHeader('cookie', 'agsadmintoken='),
  Referer: inHeader('referer', 'http://h/a?token='),
  'form as JSON': inBody('application/json', secret => `token=${secret}`),
  'JSON as form': inBody(FORM, secret => `{"encryption_key":"${secret}"}`),
  'broken JSON': inBody('application/json', secret => `{"encryption_key":"${secret}"`),
  'JSON with another content type': inBody('text/plain', secret => `{"password":"${secret}"}`),
  'long JSON': inBody('application/json', secret => `{"pad":"${'x'.repeat(66_000)}","password":"${secret}"}`),
  'nested in a form': inBody(FORM, secret => `redirect=${encodeURIComponent(`/arcgis/admin/jobs?token=${secret}`)}`),
  'binary body': inBody('application/octet-stream', secret => `\0password=${secret}`),
  compressed: (path, secret) => ({
    ...inBody('application/json', () => `token=${secret}`)(path, secret),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  }),
  'bare query': (path, secret) => ({
    method: 'GET',
    path: `${path}?${Buffer.from(secret).toString('hex').padEnd(40, '0')}`,
    headers: {},
    body: '',
  }),
  ...Object.fromEntries(
    FIELDS.flatMap(field => [
      [
        `query ${field}`,
        (path: string, secret: string): SentRequest => ({
          method: 'GET',
          path: `${path}?${field}=${secret}&f=json`,
          headers: {},
          body: '',
        }),
      ],
      [`form ${field}`, inBody(FORM, secret => `a=1&${field}=${secret}&f=json`)],
      [`JSON ${field}`, inBody('application/json', secret => JSON.stringify({ a: 1, [field]: secret }))],
      [`multipart ${field}`, inBody(`multipart/form-data; boundary=${BOUNDARY}`, secret => part(field, secret))],
    ]),
  ),
}

function send({ url }: Firedrill, { method, path, headers, body }: SentRequest): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const outgoing = request({ hostname, port, method, path, headers: { ...headers, ...length } }, async response => {
      await response.toArray()
      resolve()
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Everything that the control API shows of the requests in the journal. */
async function shownBy(server: Firedrill): Promise<string> {
  const read = async (path: string, body?: unknown) =>
    (await call(server, { method: body === undefined ? 'GET' : 'POST', path: `/__admin${path}`, body })).text
  const log = await read('/requests')
  const ids = (JSON.parse(log).requests as { id: string }[]).map(({ id }) => id)
  const each = ids.flatMap(id => ['', '/explain', '/curl', '/exchange'].map(form => read(`/requests/${id}${form}`)))
  const unmatched = {
    headers: { authorization: { equalTo: 'x' }, cookie: { equalTo: 'x' } },
    bodyPatterns: [{ equalTo: 'x' }],
    url: '/x',
  }
  return [
    log,
    ...(await Promise.all(each)),
    await read('/requests.har'),
    await read('/requests/unmatched'),
    await read('/requests/find', {}),
    await read('/requests/verify', { match: unmatched }),
    await read('/assert-clean').catch(() => ''),
    server.default.assertClean().problems.join(),
  ].join('\n')
}

for (const [api, path] of Object.entries(PATHS)) {
  t.test(`${api}: no secret of a request is shown, and the rest of the request is`, async t => {
    const server = await boot(t)
    const live: string[] = []
    server.default.requests.watch({ event: event => live.push(JSON.stringify(event)) })
    const secrets = Object.keys(PLACES).map((_, index) => `Zz9-secret-${index}-${api.length}x`)
    for (const [index, requestWith] of Object.values(PLACES).entries())
      await send(server, requestWith(path, secrets[index] as string))
    const shown = (await shownBy(server)) + live.join('\n')
    t.equal(live.length, secrets.length)
    t.equal(server.default.requests.list().requests.length, secrets.length)
    for (const [index, place] of Object.keys(PLACES).entries()) {
      const secret = secrets[index] as string
      const forms = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64').slice(2, -4)]
      t.same(
        forms.filter(form => shown.includes(form)),
        [],
        place,
      )
    }
    t.match(shown, 'f=json')
  })
}

t.test('no secret of a response is shown: tokens, pages, cookies, keys', async t => {
  const server = await boot(t)
  const user = 'username=siteadmin&password=siteadmin.pass1'
  const post = (path: string, body: string) =>
    call(server, { method: 'POST', path, headers: { 'content-type': FORM }, body, contract: false })
  const { token } = (await post('/arcgis/sharing/rest/generateToken', `${user}&f=json`)).json
  const { text: page } = await post('/arcgis/sharing/rest/generateToken', user)
  const [shownToken = ''] = /[\w-]{100,}/.exec(page) ?? []
  t.not(shownToken, '')
  const cookie = String((await post('/arcgis/admin/login', user)).headers['set-cookie'])
  const [, session = ''] = /agsadmintoken=([^;]+)/.exec(cookie) ?? []
  t.not(session, '')
  const form = '/arcgis/admin/system/disasterrecovery/stores/backupStore/backups/create'
  await call(server, { path: `${form}?token=${token}`, contract: false })
  const list = '/arcgis/admin/system/disasterrecovery/stores/backupStore/backups?f=json'
  const { json } = await call(server, { path: list, headers: { authorization: `Bearer ${token}` } })
  const backups = await call(server, {
    path: '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
    headers: { authorization: '23457145698959364-demo' },
  })
  const keys = [json.backups[0].encryptKey, ...backups.json.response.map(({ key }: { key: string }) => key)]
  const shown = await shownBy(server)
  for (const secret of [token, shownToken, session, 'siteadmin.pass1', ...keys]) t.notMatch(shown, secret, secret)
  t.match(shown, 'siteadmin')
  t.match(shown, 'agsadmintoken=[redacted]')
})
