// The journal as other tools take it: HTTP Archive, curl commands that work by paste, exchange files.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import type * as wire from '../../../schemas/control.ts'
import { parseSession } from '../../exchanges.ts'
import { boot, type Call } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, latest, PREPARE, prepare, type Server, send } from './journaled.ts'

/** What HAR 1.2 requires of each object, and what each may have besides (http://www.softwareishard.com/blog/har-12-spec). */
const HAR: Record<string, { required: Record<string, string>; optional?: string[] }> = {
  log: {
    required: { version: 'string', creator: 'creator', entries: 'entry[]' },
    optional: ['browser', 'pages', 'comment'],
  },
  creator: { required: { name: 'string', version: 'string' }, optional: ['comment'] },
  entry: {
    required: {
      startedDateTime: 'date',
      time: 'number',
      request: 'request',
      response: 'response',
      cache: 'cache',
      timings: 'timings',
    },
    optional: ['pageref', 'serverIPAddress', 'connection', 'comment'],
  },
  request: {
    required: {
      method: 'string',
      url: 'url',
      httpVersion: 'string',
      cookies: 'cookie[]',
      headers: 'pair[]',
      queryString: 'pair[]',
      headersSize: 'number',
      bodySize: 'number',
    },
    optional: ['postData', 'comment'],
  },
  response: {
    required: {
      status: 'number',
      statusText: 'string',
      httpVersion: 'string',
      cookies: 'cookie[]',
      headers: 'pair[]',
      content: 'content',
      redirectURL: 'string',
      headersSize: 'number',
      bodySize: 'number',
    },
    optional: ['comment'],
  },
  cookie: {
    required: { name: 'string', value: 'string' },
    optional: ['path', 'domain', 'expires', 'httpOnly', 'secure', 'comment'],
  },
  pair: { required: { name: 'string', value: 'string' }, optional: ['comment'] },
  postData: { required: { mimeType: 'string', params: 'pair[]', text: 'string' }, optional: ['comment'] },
  content: {
    required: { size: 'number', mimeType: 'string' },
    optional: ['compression', 'text', 'encoding', 'comment'],
  },
  cache: { required: {}, optional: ['beforeRequest', 'afterRequest', 'comment'] },
  timings: {
    required: { send: 'number', wait: 'number', receive: 'number' },
    optional: ['blocked', 'dns', 'connect', 'ssl', 'comment'],
  },
}

/** Where a value is not what HAR has there; empty when it is. */
function harProblems(type: string, value: unknown, place: string): string[] {
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) return [`${place} is no list`]
    return value.flatMap((item, index) => harProblems(type.slice(0, -2), item, `${place}[${index}]`))
  }
  if (type === 'date')
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value)) ? [] : [`${place} is no date`]
  if (type === 'url') return URL.canParse(String(value)) ? [] : [`${place} is no URL`]
  const described = HAR[type]
  if (!described) return typeof value === type ? [] : [`${place} is no ${type}`]
  const fields = (value ?? {}) as Record<string, unknown>
  const { required, optional = [] } = described
  const unknown = Object.keys(fields).filter(name => !(name in required) && !optional.includes(name))
  return [
    ...unknown.map(name => `${place}.${name} is not of HAR`),
    ...Object.entries(required).flatMap(([name, of]) => harProblems(of, fields[name], `${place}.${name}`)),
    ...(fields.postData === undefined ? [] : harProblems('postData', fields.postData, `${place}.postData`)),
  ]
}

const LOGIN = 'username=siteadmin&password=siteadmin.pass1'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

t.test('exportHar: valid, whatever is in the journal', async t => {
  const server = await boot(t)
  await prepare(server, { path: `${PREPARE}?a=1&a=2`, headers: { ...BEARER, cookie: 'c=1' } })
  await send(server, '/arcgis/admin/login', { method: 'POST', headers: FORM, body: LOGIN })
  await send(server, '/%zz', { headers: { referer: 'http://h/?token=x' } })
  await send(server, `${INSTANCE}/restores`, { method: 'HEAD', headers: BEARER })
  await send(server, PREPARE, { method: 'POST', headers: BEARER, body: Buffer.from([0xff, 0]) })
  server.default.faults.arm({ operation: 'listRestores', fault: 'reset', times: 1 })
  await t.rejects(fetch(`${server.url}${INSTANCE}/restores`, { headers: BEARER }))
  const { json: har } = await ask(server, 'GET', '/requests.har')
  t.same(harProblems('log', har.log, 'log'), [])
  t.equal(har.log.version, '1.2')
  const [first, login, , head, binary, cut] = har.log.entries
  t.match(first, {
    comment: 'prepareDisasterRecovery',
    request: {
      method: 'POST',
      url: `${server.url}${PREPARE}?a=1&a=2`,
      httpVersion: 'HTTP/1.1',
      cookies: [{ name: 'c', value: '[redacted]' }],
      queryString: [
        { name: 'a', value: '1' },
        { name: 'a', value: '2' },
      ],
      postData: { mimeType: 'application/json', text: '{"encryption_key":"[redacted]"}' },
      bodySize: 42,
    },
    response: {
      status: 200,
      statusText: 'OK',
      content: { size: 54, mimeType: 'application/json; charset=utf-8' },
      bodySize: 54,
    },
  })
  t.equal(JSON.parse(first.response.content.text).backup_guid.length, 36)
  t.match(login.response, {
    status: 303,
    redirectURL: '/arcgis/admin',
    cookies: [{ name: 'agsadmintoken', value: '[redacted]', path: '/arcgis', httpOnly: true, secure: false }],
  })
  t.match(head.response, { status: 200, bodySize: 0, content: { size: 0 } })
  t.match(binary.request, { bodySize: 2, postData: { text: '' } })
  t.match(cut, {
    comment: 'listRestores, fault reset',
    response: { status: 0, statusText: '', content: { size: 0, mimeType: 'x-unknown' }, bodySize: -1 },
  })
  t.same(server.default.requests.har(), har)
  t.same(harProblems('log', { version: 1, entries: [{}] }, 'log').slice(0, 2), [
    'log.version is no string',
    'log.creator.name is no string',
  ])
})

/** In a shell of its own, whose only other variables are these. */
async function paste(command: string, variables: Record<string, string>): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', NO_PROXY: '*', ...variables }
  const { stdout } = await promisify(execFile)('bash', ['-euc', command.replace(/^curl/, 'curl --silent')], { env })
  return stdout
}

const commandOf = async (server: Server, { id }: wire.ServeEvent) =>
  (await ask(server, 'GET', `/requests/${id}/curl`)).text

/** What two requests must have in common for the second to be the first again. */
const essence = ({ request, response, firedrill }: wire.ServeEvent) => {
  const names = Object.entries(request.headers).filter(
    ([name]) => !/^(accept|user-agent|content-length|connection|host)$/i.test(name),
  )
  const { method, absoluteUrl, body, queryParams, cookies } = request
  const { sandbox, operation, path, principal, requestBody } = firedrill
  return {
    method,
    absoluteUrl,
    body,
    queryParams,
    cookies,
    names,
    status: response?.status,
    answer: response?.body,
    sandbox,
    operation,
    path,
    principal,
    requestBody,
  }
}

const CREDENTIAL = { FIREDRILL_CREDENTIAL: 'demo-token' }
const NASTY = `'"$HOME \`id\` \\ $(id) !x {a,b} ~ * ? # & ; | < > \t %41 ä \u{1F600} \uE000FIREDRILL\uE001`

t.test('exportCurl: by paste, the same request comes again', async t => {
  const server = await boot(t)
  const token = (
    await send(server, '/arcgis/sharing/rest/generateToken', { method: 'POST', headers: FORM, body: `${LOGIN}&f=json` })
  ).json.token
  const part = `--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n${token}\r\n--b\r\nContent-Disposition: form-data; name="f"\r\n\r\njson\r\n--b--\r\n`
  const rows: [what: string, path: string, call: Partial<Call>, variables: Record<string, string>][] = [
    [
      'JSON',
      PREPARE,
      { method: 'POST', headers: BEARER, body: { encryption_key: 'a-new-key-9' } },
      { ...CREDENTIAL, FIREDRILL_ENCRYPTION_KEY: 'a-new-key-9' },
    ],
    [
      'quotes',
      `${PREPARE}?x='a'&[1]{2}&$HOME`,
      { method: 'POST', headers: { ...BEARER, 'x-nasty': `it's "$HOME" \`id\`` }, body: { nasty: NASTY } },
      CREDENTIAL,
    ],
    [
      'control characters',
      PREPARE,
      { method: 'POST', headers: { ...BEARER, 'content-type': 'text/plain' }, body: `a\r\nb\u0001'\\\n${NASTY}` },
      CREDENTIAL,
    ],
    ['no content type', '/nowhere', { method: 'PUT', body: '@body' }, {}],
    ['empty header', `${INSTANCE}/restores`, { headers: { ...BEARER, 'x-empty': '' } }, CREDENTIAL],
    ['HEAD', `${INSTANCE}/restores`, { method: 'HEAD', headers: BEARER }, CREDENTIAL],
    ['DELETE', `${INSTANCE}/restores`, { method: 'DELETE', headers: BEARER }, CREDENTIAL],
    ['dots', `${INSTANCE}/../restores/./x`, { headers: BEARER }, CREDENTIAL],
    ['sandbox by path', `/@t1${INSTANCE}/restores`, { headers: BEARER }, CREDENTIAL],
    ['sandbox by header', `${INSTANCE}/restores`, { headers: { ...BEARER, 'x-firedrill-sandbox': 't2' } }, CREDENTIAL],
    [
      'bare key',
      '/v3/apps/64d0c750212742ca8704fb458c9771af/backups',
      { headers: { authorization: '23457145698959364-demo' } },
      { FIREDRILL_CREDENTIAL: '23457145698959364-demo' },
    ],
    ['query', `/arcgis/admin/jobs?f=json&token=${token}`, {}, { FIREDRILL_CREDENTIAL: token }],
    [
      'form',
      '/arcgis/admin/jobs',
      { method: 'POST', headers: FORM, body: `f=json&token=${token}` },
      { FIREDRILL_CREDENTIAL: token },
    ],
    [
      'form on GET',
      '/arcgis/admin/jobs',
      { method: 'GET', headers: FORM, body: `f=json&token=${token}` },
      { FIREDRILL_CREDENTIAL: token },
    ],
    [
      'multipart',
      '/arcgis/admin/jobs',
      { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: part },
      { FIREDRILL_CREDENTIAL: token },
    ],
    [
      'sign in',
      '/arcgis/sharing/rest/generateToken',
      { method: 'POST', headers: FORM, body: 'username=siteadmin&password=wrong%20one&f=json' },
      { FIREDRILL_PASSWORD: 'wrong%20one' },
    ],
    [
      'two secrets',
      '/arcgis/admin/jobs?f=json&token=other-one',
      { headers: { authorization: `Bearer ${token}` } },
      { FIREDRILL_CREDENTIAL: 'other-one', FIREDRILL_CREDENTIAL_2: token },
    ],
  ]
  for (const [what, path, call, variables] of rows) {
    const sandbox = path.startsWith('/@t1') ? 't1' : what === 'sandbox by header' ? 't2' : 'default'
    const newest = async () => (await send(server, `/@${sandbox}/__admin/requests?limit=1`)).json.requests[0]
    await send(server, path, call)
    const first = await newest()
    const command = (await send(server, `/@${sandbox}/__admin/requests/${first.id}/curl`)).text
    for (const secret of Object.values(variables)) t.notMatch(command, secret, what)
    await paste(command, variables)
    const again = await newest()
    t.not(again.id, first.id, what)
    t.strictSame(essence(again), essence(first), `${what}\n${command}`)
  }
})

t.test('exportCurl: a host that leads elsewhere is said to the server that was asked', async t => {
  const server = await boot(t)
  const path = '/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b'
  await send(server, path, { method: 'HEAD', headers: { host: 'backups.dscloud.pt' } })
  const event = await latest(server)
  const command = await commandOf(server, event)
  t.match(command, `${server.url}/2345`)
  t.match(command, "--header 'Host: backups.dscloud.pt'")
  await paste(command, { FIREDRILL_SECRET: '85592d2b15ff867407964790224dcbb3a95ce82b' })
  t.same(essence(await latest(server)), essence(event))
  t.equal(server.default.requests.curl(event.id), await commandOf(server, event), 'the embedded API returns the same')
})

t.test('exportCurl: a body that cannot be shown is to be put into a file', async t => {
  const server = await boot(t)
  for (const body of [Buffer.from([0xff, 0x00]), 'x'.repeat(70_000)]) {
    await send(server, '/nowhere', { method: 'POST', body })
    t.match(await commandOf(server, await latest(server)), /--data-binary @body\n$/)
  }
  t.equal((await ask(server, 'GET', '/requests/none/curl')).status, 404)
})

t.test('exportExchange: the command and its answer, which reads as an exchange of the fixtures', async t => {
  const server = await boot(t)
  await prepare(server)
  const event = await latest(server)
  const { text, headers } = await ask(server, 'GET', `/requests/${event.id}/exchange`)
  t.equal(headers['content-type'], 'text/plain; charset=utf-8')
  const { exchanges } = parseSession('exported', text)
  t.match(exchanges, [{ status: 'HTTP/1.1 200 OK', body: event.response?.body }])
  t.equal(exchanges[0]?.request, (await commandOf(server, event)).trim())
  t.same(Object.fromEntries(exchanges[0]?.headers ?? []), event.response?.headers)
  t.equal(server.default.requests.exchange(event.id), text)
  server.default.faults.arm({ operation: 'listRestores', fault: 'reset', times: 1 })
  await t.rejects(fetch(`${server.url}${INSTANCE}/restores`, { headers: BEARER }))
  t.match(server.default.requests.exchange((await latest(server)).id), /\n\n# No response: .*\.\n$/)
  t.equal((await ask(server, 'GET', '/requests/none/exchange')).status, 404)
})
