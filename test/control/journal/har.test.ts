// Checks the export of the journal as an HTTP Archive.
import t from 'tap'
import { boot } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, PREPARE, prepare, send } from './journaled.ts'

/** The required and optional fields of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec). */
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

/** How a value differs from HAR; empty if it conforms. */
function harProblems(type: string, value: unknown, place: string): string[] {
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) return [`${place} is not a list`]
    return value.flatMap((item, index) => harProblems(type.slice(0, -2), item, `${place}[${index}]`))
  }
  if (type === 'date')
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value)) ? [] : [`${place} is not a date`]
  if (type === 'url') return URL.canParse(String(value)) ? [] : [`${place} is not a URL`]
  const described = HAR[type]
  if (!described) return typeof value === type ? [] : [`${place} is not a ${type}`]
  const fields = (value ?? {}) as Record<string, unknown>
  const { required, optional = [] } = described
  const unknown = Object.keys(fields).filter(name => !(name in required) && !optional.includes(name))
  return [
    ...unknown.map(name => `${place}.${name} is unknown`),
    ...Object.entries(required).flatMap(([name, fieldType]) =>
      harProblems(fieldType, fields[name], `${place}.${name}`),
    ),
    ...(fields.postData === undefined ? [] : harProblems('postData', fields.postData, `${place}.postData`)),
  ]
}

const LOGIN = 'username=siteadmin&password=siteadmin.pass1'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

t.test('exportHar: valid for every kind of entry', async t => {
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
  const [first, login, , head, binary, reset] = har.log.entries
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
  t.match(reset, {
    comment: 'listRestores, fault reset',
    response: { status: 0, statusText: '', content: { size: 0, mimeType: 'x-unknown' }, bodySize: -1 },
  })
  t.same(server.default.requests.har(), har)
  t.same(harProblems('log', { version: 1, entries: [{}] }, 'log').slice(0, 2), [
    'log.version is not a string',
    'log.creator.name is not a string',
  ])
})
