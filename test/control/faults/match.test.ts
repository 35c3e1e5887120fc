// The match of a fault: which requests it applies to, and how it is shown.
import t from 'tap'
import type { FaultMatch, RequestPattern } from '../../../schemas/control.ts'
import { exchange, REQUESTS } from '../../fault-requests.ts'
import { boot } from '../../helpers.ts'
import { send, TEAPOT } from './requests.ts'

/** The match of a fault as a request pattern, in which a string has to be written as equalTo. */
function patternOf(match: FaultMatch): RequestPattern {
  const { headers, queryParameters, cookies, ...rest } = match
  const named = Object.entries({ headers, queryParameters, cookies }).map(([field, texts = {}]) => [
    field,
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, typeof text === 'string' ? { equalTo: text } : text]),
    ),
  ])
  return { ...rest, ...Object.fromEntries(named) }
}

t.test('match: method, path, query and headers all have to match', async t => {
  const server = await boot(t)
  const { path, headers } = REQUESTS.listDisasterRecoveryFiles
  const what = { path: `${path}?limit=5&offset=0`, headers: { ...headers, 'x-client': 'drill', cookie: 'session=abc' } }
  for (const { match, isHit } of [
    { match: { method: 'GET' }, isHit: true },
    { match: { method: 'POST' }, isHit: false },
    { match: { urlPath: path }, isHit: true },
    { match: { urlPath: path.slice(0, -1) }, isHit: false },
    { match: { urlPathPattern: '/backend/.*' }, isHit: true },
    { match: { urlPathPattern: '/backend' }, isHit: false },
    { match: { urlPathPattern: 'nothing|/backend/.*' }, isHit: true },
    { match: { urlPathPattern: '/backend/api|nothing' }, isHit: false },
    { match: { url: `${path}?limit=5&offset=0` }, isHit: true },
    { match: { url: path }, isHit: false },
    { match: { urlPattern: '/backend/.*limit=\\d+.*' }, isHit: true },
    { match: { urlPattern: '/backend/.*limit=' }, isHit: false },
    { match: { queryParameters: { limit: '5', offset: { equalTo: '0' } } }, isHit: true },
    { match: { queryParameters: { limit: '5', offset: { matches: '[1-9]' } } }, isHit: false },
    { match: { queryParameters: { idAfter: '' } }, isHit: false },
    { match: { queryParameters: { idAfter: { absent: true } } }, isHit: true },
    { match: { headers: { 'X-Client': 'drill' } }, isHit: true },
    { match: { headers: { 'x-client': 'Drill' } }, isHit: false },
    { match: { headers: { 'x-client': { equalTo: 'Drill', caseInsensitive: true } } }, isHit: true },
    { match: { headers: { 'x-client': { doesNotContain: 'rill' } } }, isHit: false },
    { match: { cookies: { session: 'abc' } }, isHit: true },
    { match: { cookies: { session: { contains: 'abcd' } } }, isHit: false },
    {
      match: { method: 'GET', urlPath: path, queryParameters: { limit: '5' }, headers: { 'x-client': 'other' } },
      isHit: false,
    },
    { match: {}, isHit: true },
  ] as const) {
    const { id } = server.default.faults.arm({ operation: 'listDisasterRecoveryFiles', match, ...TEAPOT })
    t.equal((await exchange(server, what)).status, isHit ? 418 : 200, JSON.stringify(match))
    t.match(server.default.faults.get(id), { matched: isHit ? 1 : 0 })
    const { count } = server.default.requests.count(patternOf(match))
    t.equal(count, isHit ? 1 : 0, `the journal agrees: ${JSON.stringify(match)}`)
    server.default.requests.clear()
    server.default.faults.clear()
  }
})

t.test('match: the path does not include the prefix of the sandbox', async t => {
  const server = await boot(t)
  const { path, headers } = REQUESTS.listApplicationBackups
  server.sandbox('t1').faults.arm({ operation: '*', match: { urlPath: path }, ...TEAPOT, times: 1 })
  t.equal((await exchange(server, { path: `/@t1${path}`, headers })).status, 418)
})

t.test('rules are shown without the secrets in their matches', async t => {
  const server = await boot(t)
  const { path, headers } = REQUESTS.listDisasterRecoveryFiles
  const match = {
    urlPattern: '.*token=s3cret-in-url.*',
    headers: { authorization: headers.authorization, 'x-client': { equalToJson: { password: 's3cret-in-json' } } },
    queryParameters: { token: { matches: 's3cret.*' }, f: 'json' },
    cookies: { a: { contains: 's3cret-cookie' }, b: { absent: true } },
  }
  const armed = await send(server, 'POST', '/faults', { operation: 'listDisasterRecoveryFiles', match, ...TEAPOT })
  const shown = {
    urlPattern: '.*token=[redacted]',
    headers: {
      authorization: { equalTo: '[redacted]' },
      'x-client': { equalToJson: '{"password":"[redacted]"}' },
    },
    queryParameters: { token: { matches: '[redacted]' }, f: { equalTo: 'json' } },
    cookies: { a: { contains: '[redacted]' }, b: { absent: true } },
  }
  t.same(armed.json.match, shown)
  t.same((await send(server, 'GET', `/faults/${armed.json.id}`)).json.match, shown)
  t.same((await send(server, 'GET', '/faults')).json[0].match, shown)
  const request = {
    path: `${path}?token=s3cret-in-url&f=json`,
    headers: { ...headers, 'x-client': '{"password":"s3cret-in-json"}', cookie: 'a=s3cret-cookie' },
  }
  t.equal((await exchange(server, request)).status, 418)
})
