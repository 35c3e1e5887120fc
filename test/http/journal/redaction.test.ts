// Redaction: what is secret by its name, wherever it stands; and that no export of the journal holds it.
import { request } from 'node:http'
import t from 'tap'
import { hintOf, principalOf, Redaction, redactedText } from '../../../src/http/journal/redaction.ts'
import { isSecretName } from '../../../src/http/journal/secrets.ts'
import type { Firedrill } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'

const R = '[redacted]'
const HEX = '85592d2b15ff867407964790224dcbb3a95ce82b'

t.test('names of secrets, however they are written, and names that are none', async t => {
  const secret = [
    'token',
    'Token',
    'access_token',
    'X-Auth-Token',
    'agsadmintoken',
    'password',
    'user[password]',
    'new-password',
    'passcode',
    'encryption_key',
    'encryptionKey',
    'encryptKey',
    'key',
    'api_key',
    'X-Api-Key',
    'client_secret',
    'Authorization',
    'Proxy-Authorization',
    'X-Esri-Authorization',
    'Cookie',
    'Set-Cookie',
    'credentials',
    '%74oken',
    'tok\\u0065n',
    'a.b.key',
    'sig',
    'x-sig',
    'X-Amz-Signature',
    'pin',
    'user_pin',
    'userPin',
    'auth',
    'X-Auth',
    'basicAuth',
    'sessionId',
    'JSESSIONID',
    'PHPSESSID',
    'session_id',
    'X-Amz-Security-Token',
    'X-Goog-Api-Key',
    'api-key',
    'Ocp-Apim-Subscription-Key',
    'x-functions-key',
    'AccountKey',
    'X-Amz-Server-Side-Encryption-Customer-Key',
  ]
  for (const name of secret) t.ok(isSecretName(name), name)
  const open = [
    'name',
    'username',
    'monkey',
    'backup_guid',
    'tokens',
    'token_type',
    'keys',
    'If-None-Match',
    'f',
    '',
    'key-word',
    'design',
    'spin',
    'shipping',
    'author',
    'config',
    'session',
    'sessions',
    'Idempotency-Key',
    'primaryKey',
    'u0041',
    '%',
  ]
  for (const name of open) t.notOk(isSecretName(name), name)
})

t.test('texts of every form', async t => {
  const table: [given: string, shown: string][] = [
    // Queries and forms.
    ['/a?token=s3cret&f=json', `/a?token=${R}&f=json`],
    ['/a?f=json&token=', '/a?f=json&token='],
    ['username=u&password=a;b,c"d\'e<f&f=json', `username=u&password=${R}&f=json`],
    ['password=a%26b&f=json', `password=${R}&f=json`],
    ['%70assword=s3cret', `%70assword=${R}`],
    ['redirect=%2Fadmin%3Ftoken%3Ds3cret%26f%3Djson&x=1', `redirect=%2Fadmin%3Ftoken%3D${R}%26f%3Djson&x=1`],
    ['x=a%3Db%26token%3Ds3cret%26c', `x=a%3Db%26token%3D${R}%26c`],
    ['redirect=/x%3ftoken%3ds3cret', `redirect=/x%3ftoken%3d${R}`],
    ['a=1&token=s3cret\r\nb=2', `a=1&token=${R}\r\nb=2`],
    // The download of DS Cloud: the key is all of the query.
    [`/1_Backup.zip?${HEX}`, `/1_Backup.zip?${R}`],
    [`/1_Backup.zip?${HEX.toUpperCase()}&x`, `/1_Backup.zip?${R}&x`],
    ['/a?f', '/a?f'],
    ['/a?20260610', '/a?20260610'],
    // JSON, whole, cut off and broken.
    ['{"encryption_key":"s3cret","n":1}', `{"encryption_key":"${R}","n":1}`],
    ['{ "token" : "a\\"b", "n": [1] }', `{ "token" : "${R}", "n": [1] }`],
    ['{"key":12345,"n":1}', `{"key":"${R}","n":1}`],
    ['{"key":null,"token":true,"password":""}', '{"key":null,"token":true,"password":""}'],
    ['{"token":{"a":["}"]},"n":1}', `{"token":"${R}","n":1}`],
    ['{"token":["a","b"],"n":1}', `{"token":"${R}","n":1}`],
    ['{"token":{"a":"b', `{"token":"${R}"`],
    ['{"encryption_key":"s3cr', `{"encryption_key":"${R}`],
    ['{"encryption_key":s3cret}', `{"encryption_key":"${R}"}`],
    ["{'token':'s3cret'}", `{'token':'${R}'}`],
    ['{token:s3cret}', `{token:${R}`],
    ['{"user[password]":"s3cret"}', `{"user[password]":"${R}"}`],
    ['{"tok\\u0065n":"s3cret"}', `{"tok\\u0065n":"${R}"}`],
    ['{"inner":"{\\"token\\":\\"s3cret\\",\\"n\\":1}"}', `{"inner":"{\\"token\\":\\"${R}\\",\\"n\\":1}"}`],
    ['{"url":"http://h/a?token=s3cret&f=json"}', `{"url":"http://h/a?token=${R}&f=json"}`],
    [`{"url":"http://h/1_B.zip?${HEX}"}`, `{"url":"http://h/1_B.zip?${R}"}`],
    // Multipart.
    [
      '--b\r\nContent-Disposition: form-data; name="passcode"\r\nX: y\r\n\r\ns3\r\ncret\r\n--b\r\nContent-Disposition: form-data; name="f"\r\n\r\njson\r\n--b--',
      `--b\r\nContent-Disposition: form-data; name="passcode"\r\nX: y\r\n\r\n${R}\r\n--b\r\nContent-Disposition: form-data; name="f"\r\n\r\njson\r\n--b--`,
    ],
    [
      '--b\nContent-Disposition: form-data; name=token\n\ns3cret',
      `--b\nContent-Disposition: form-data; name=token\n\n${R}`,
    ],
    // Pages and other markup.
    ['<input type="hidden" name="token" value="s3cret">', `<input type="hidden" name="token" value="${R}">`],
    ['<input value="s3cret" name="f">', '<input value="s3cret" name="f">'],
    ['<li><b>token:</b> s3cret</li><li><b>f:</b> x</li>', `<li><b>token:</b> ${R}</li><li><b>f:</b> x</li>`],
    ['<label>Password:</label>\n<input name="x" value="y">', '<label>Password:</label>\n<input name="x" value="y">'],
    ['<a><token>s3cret</token><n>1</n></a>', `<a><token>${R}</token><n>1</n></a>`],
    // Anything else.
    ['see Bearer s3cret, and on', `see Bearer ${R}, and on`],
    ['WWW-Authenticate: Bearer realm="x"', 'WWW-Authenticate: Bearer realm="x"'],
    ['token: s3cret\nf: json', `token: ${R}\nf: json`],
    ['http://user:s3cret@host/a', `http://${R}@host/a`],
    ['to=http%3A%2F%2Fuser%3As3cret%40host%2Fa', `to=http%3A%2F%2F${R}%40host%2Fa`],
    ['to=http%253a%252f%252fuser%253as3cret%2540host', `to=http%253a%252f%252f${R}%2540host`],
    ['http://user%3As3cret@host/a', `http://${R}@host/a`],
    ['http://user:s3cret%40host/a', `http://${R}%40host/a`],
    ['{"url":"ftp:\\/\\/user:s3cret@host"}', `{"url":"ftp:\\/\\/${R}@host"}`],
    ['http://host/a@b', 'http://host/a@b'],
    ['to=http%3A%2F%2Fhost%2Fa%40b', 'to=http%3A%2F%2Fhost%2Fa%40b'],
    ['/blob?sv=2024&sig=s3cret%2B&se=1', `/blob?sv=2024&sig=${R}&se=1`],
    ['{"pin":1234,"auth":"s3cret","sessionId":"s3cret"}', `{"pin":"${R}","auth":"${R}","sessionId":"${R}"}`],
    ['Ocp-Apim-Subscription-Key: s3cret', `Ocp-Apim-Subscription-Key: ${R}`],
    ['nothing to hide', 'nothing to hide'],
    ['', ''],
  ]
  for (const [given, shown] of table) t.equal(redactedText(given), shown, given)
})

t.test('headers', async t => {
  const headers: [name: string, given: string, shown: string][] = [
    ['Authorization', 'Bearer s3cret', `Bearer ${R}`],
    ['authorization', 'bearer  s3cret', `bearer  ${R}`],
    ['Authorization', '2345-s3cret', R],
    ['Authorization', 'Basic dTpw', `Basic ${R}`],
    ['X-Esri-Authorization', 'Bearer s3cret', `Bearer ${R}`],
    ['Proxy-Authorization', 'Basic dTpw', `Basic ${R}`],
    ['X-Api-Key', 's3cret', R],
    ['Cookie', 'agsadmintoken=s3cret; other=a=b;bare', `agsadmintoken=${R}; other=${R};${R}`],
    ['Set-Cookie', 'agsadmintoken=s3cret; Path=/a; HttpOnly', `agsadmintoken=${R}; Path=/a; HttpOnly`],
    ['Set-Cookie', 'agsadmintoken=; Max-Age=0', 'agsadmintoken=; Max-Age=0'],
    ['Referer', 'http://h/a?token=s3cret', `http://h/a?token=${R}`],
    ['Location', '/a?x=1&token=s3cret', `/a?x=1&token=${R}`],
    ['Accept', 'application/json', 'application/json'],
    ['Authorization', '', ''],
  ]
  for (const [name, given, shown] of headers)
    t.equal(new Redaction([], []).header(name, given), shown, `${name}: ${given}`)
})

t.test('a secret of an exchange is taken out of its other parts as well, as it is and as URLs write it', async t => {
  const redaction = new Redaction([['Authorization', 'Bearer s3cret/value']], ['password=p%20word%2Fd'])
  t.equal(redaction.text('/a/s3cret/value/b'), `/a/${R}/b`)
  t.equal(redaction.text('/a/s3cret%2Fvalue'), `/a/${R}`)
  t.equal(redaction.text('{"said":"p word/d"}'), `{"said":"${R}"}`)
  t.equal(redaction.header('ETag', '"s3cret/value"'), `"${R}"`)
  t.equal(redaction.words('token=x was s3cret/value'), `token=x was ${R}`)
  t.equal(new Redaction([['Authorization', 'Bearer x']], []).text('x is short'), 'x is short')
})

t.test('texts that almost lead to a secret, again and again, take time in proportion to their length', async t => {
  const length = 65_536
  const secrets = Array.from({ length: 5000 }, (_, index) => `token=s${index * 7919}x`).join('&')
  const texts: Record<string, string> = {
    'a header of a part': 'name='.repeat(length / 5),
    'a header of a part, in lines': 'name="a\r\n'.repeat(length / 9),
    'a field of a page': '<input name='.repeat(length / 12),
    'an object that was cut off': `{"token":{"${'\\"'.repeat(length / 2)}`,
    'labels after much space': `${' '.repeat(length / 2)}${'key:\n'.repeat(length / 10)}`,
    'queries after much space': `${' '.repeat(length / 2)}${'key=a&'.repeat(length / 12)}`,
    'escapes that are none': 'key%='.repeat(length / 5),
    'many secrets': secrets,
    'a long secret and one like it': `"token":"${'a'.repeat(100)}b${'a'.repeat(16_000)}","x":"${'a'.repeat(49_000)}`,
  }
  for (const [what, text] of Object.entries(texts)) {
    const startedAt = performance.now()
    new Redaction([], [text]).text(text)
    const tookMs = performance.now() - startedAt
    t.ok(tookMs < 1000, `${what}: ${tookMs.toFixed()} ms`)
  }
})

t.test('however many secrets an exchange has, none of them is shown without its name', async t => {
  const secrets = Array.from({ length: 1000 }, (_, index) => `s3cret-${index * 7919}`)
  const redaction = new Redaction([], [secrets.map(secret => `token=${secret}`).join('&')])
  const said = `He said "${secrets.join(' and ')}" and nothing else.`
  t.equal(redaction.text(said), `He said "${secrets.map(() => R).join(' and ')}" and nothing else.`)
})

t.test('what begins like a long secret is not shown either', async t => {
  const redaction = new Redaction([['Authorization', 'Bearer 0123456789abcdefSECRET']], [])
  t.equal(redaction.text('cut off: 0123456789abcdefSE…'), `cut off: ${R}…`)
  t.equal(redaction.text('0123456789abcdefSECRET-2'), `${R}-2`)
  t.equal(redaction.text('0123456789abcde'), '0123456789abcde')
})

t.test('a long text without sense takes no time to speak of', async t => {
  for (const piece of [
    'a',
    '"',
    '<',
    '<input ',
    'token:<',
    'name="a',
    'token=',
    '{"token":',
    'a:',
    '://',
    '%3D',
    'bearer ',
    '[',
    '\n',
  ]) {
    const text = piece.repeat(65_536 / piece.length)
    t.type(redactedText(text), 'string', piece)
  }
})

t.test('who it was, as a hint', async t => {
  t.same(['demo-token', 'abcd', 'a', '', HEX].map(hintOf), ['demo-t…', 'ab…', '…', '…', '85592d…'])
  t.equal(principalOf([['authorization', 'Bearer demo-token']], ['?token=other-token']), 'demo-t…')
  t.equal(principalOf([['Cookie', 'agsadmintoken=cookie-token']], ['?token=other-token']), 'other-…')
  t.equal(principalOf([['Cookie', 'agsadmintoken=cookie-token']], ['password=whatever']), 'cookie…')
  t.equal(principalOf([], [`/1_B.zip?${HEX}`]), '85592d…')
  t.equal(principalOf([['X-Api-Key', 'abcdefghij']], ['']), null)
})

interface Sent {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
const ROOMS = {
  'disaster-recovery-files': '/backend/api/v1/disasterRecoveryFiles/',
  a9s: `${INSTANCE}/disaster-recovery/prepare`,
  dscloud: '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
  'dscloud, downloads': '/backups.dscloud.pt/1_B.zip',
  arcgis: '/arcgis/admin/jobs',
  'arcgis, sharing': '/arcgis/sharing/rest/generateToken',
  'no API': '/nowhere',
}

const BOUNDARY = '----b0undary'
const part = (name: string, value: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--${BOUNDARY}--\r\n`
const FIELDS = ['token', 'password', 'passcode', 'encryption_key', 'key']
const FORM = 'application/x-www-form-urlencoded'

const inHeader =
  (name: string, prefix = '') =>
  (path: string, secret: string): Sent => ({
    method: 'GET',
    path,
    headers: { [name]: prefix + secret },
    body: '',
  })
const inBody =
  (type: string, body: (secret: string) => string) =>
  (path: string, secret: string): Sent => ({
    method: 'POST',
    path,
    headers: { 'content-type': type },
    body: body(secret),
  })

/** Every place that a secret may be in, right or wrong. */
const PLACES: Record<string, (path: string, secret: string) => Sent> = {
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
  'JSON of another type': inBody('text/plain', secret => `{"password":"${secret}"}`),
  'long JSON': inBody('application/json', secret => `{"pad":"${'x'.repeat(66_000)}","password":"${secret}"}`),
  'nested in a form': inBody(FORM, secret => `redirect=${encodeURIComponent(`/arcgis/admin/jobs?token=${secret}`)}`),
  'no text': inBody('application/octet-stream', secret => `\0password=${secret}`),
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
        (path: string, secret: string): Sent => ({
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

function send({ url }: Firedrill, { method, path, headers, body }: Sent): Promise<void> {
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

/** All that the journal ever shows, of all requests. */
async function everything(server: Firedrill): Promise<string> {
  const read = async (path: string, body?: unknown) =>
    (await call(server, { method: body === undefined ? 'GET' : 'POST', path: `/__admin${path}`, body })).text
  const log = await read('/requests')
  const ids = (JSON.parse(log).requests as { id: string }[]).map(({ id }) => id)
  const each = ids.flatMap(id => ['', '/explain', '/curl', '/exchange'].map(form => read(`/requests/${id}${form}`)))
  const nobody = {
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
    await read('/requests/verify', { match: nobody }),
    await read('/assert-clean').catch(() => ''),
    server.default.assertClean().problems.join(),
  ].join('\n')
}

for (const [room, path] of Object.entries(ROOMS)) {
  t.test(`${room}: no secret that was sent is in anything shown, and what was said about it is`, async t => {
    const server = await boot(t)
    const live: string[] = []
    server.default.requests.watch({ event: event => live.push(JSON.stringify(event)) })
    const secrets = Object.keys(PLACES).map((_, index) => `Zz9-secret-${index}-${room.length}x`)
    for (const [index, sent] of Object.values(PLACES).entries())
      await send(server, sent(path, secrets[index] as string))
    const shown = (await everything(server)) + live.join('\n')
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

t.test('secrets that answers hold: tokens, pages, cookies, keys', async t => {
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
  const shown = await everything(server)
  for (const secret of [token, shownToken, session, 'siteadmin.pass1', ...keys]) t.notMatch(shown, secret, secret)
  t.match(shown, 'siteadmin')
  t.match(shown, 'agsadmintoken=[redacted]')
})
