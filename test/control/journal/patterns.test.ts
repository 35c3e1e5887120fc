// Checks request patterns: WireMock's fields and operators, refusals, and differences in words.
import t from 'tap'
import type { RequestPattern, StringPattern } from '../../../schemas/control.ts'
import { boot } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, PREPARE, prepare, send } from './journaled.ts'

const BODY = { encryption_key: 'k3y-of-backups', list: [1, { a: 1, b: 2 }, 3] }

t.test('countRequests: every field and operator, matched against the values as sent', async t => {
  const server = await boot(t)
  const headers = { ...BEARER, 'X-Word': 'Alpha beta', cookie: 'session=abc; other=x=y' }
  await prepare(server, { path: `${PREPARE}?a=1&a=2&q=caf%C3%A9&empty`, headers, body: BODY, contract: false })
  await send(server, '/nowhere')
  const bodies = (pattern: StringPattern): RequestPattern => ({ bodyPatterns: [pattern] })
  const word = (pattern: StringPattern): RequestPattern => ({ headers: { 'x-word': pattern } })
  const json = (value: unknown, more: StringPattern = {}) => bodies({ equalToJson: value, ...more })
  const text = JSON.stringify(BODY)
  const cases: { pattern: RequestPattern; count: number }[] = [
    { pattern: {}, count: 2 },
    { pattern: { method: 'ANY' }, count: 2 },
    { pattern: { method: 'POST' }, count: 1 },
    { pattern: { method: 'PUT' }, count: 0 },
    { pattern: { url: '/nowhere' }, count: 1 },
    { pattern: { url: PREPARE }, count: 0 },
    { pattern: { url: `${PREPARE}?a=1&a=2&q=caf%C3%A9&empty` }, count: 1 },
    { pattern: { urlPath: PREPARE }, count: 1 },
    { pattern: { urlPath: `${PREPARE}/` }, count: 0 },
    { pattern: { urlPattern: '/v1/.*' }, count: 1 },
    { pattern: { urlPattern: `${PREPARE}` }, count: 0 },
    { pattern: { urlPathPattern: '/v1/.*/prepare' }, count: 1 },
    { pattern: { urlPathPattern: '/v1/' }, count: 0 },
    { pattern: { urlPathPattern: '/nowhere|/v1/.*' }, count: 2 },
    { pattern: { urlPathPattern: '(?i)/NOWHERE' }, count: 1 },
    { pattern: word({ equalTo: 'Alpha beta' }), count: 1 },
    { pattern: word({ equalTo: 'alpha beta' }), count: 0 },
    { pattern: word({ equalTo: 'alpha BETA', caseInsensitive: true }), count: 1 },
    { pattern: word({ contains: 'pha' }), count: 1 },
    { pattern: word({ contains: 'PHA' }), count: 0 },
    { pattern: word({ doesNotContain: 'pha' }), count: 1 },
    { pattern: word({ matches: 'Al.*ta' }), count: 1 },
    { pattern: word({ matches: 'Al' }), count: 0 },
    { pattern: word({ doesNotMatch: 'Al.*' }), count: 1 },
    { pattern: word({ doesNotMatch: 'Al' }), count: 2 },
    { pattern: word({ absent: true }), count: 1 },
    { pattern: word({ absent: false }), count: 1 },
    { pattern: word({ contains: 'Alpha', doesNotContain: 'beta' }), count: 0 },
    { pattern: { headers: { authorization: { equalTo: 'Bearer demo-token' } } }, count: 1 },
    { pattern: { headers: { authorization: { contains: 'redacted' } } }, count: 0 },
    { pattern: { queryParameters: { a: { equalTo: '2' } } }, count: 1 },
    { pattern: { queryParameters: { a: { equalTo: '3' } } }, count: 0 },
    { pattern: { queryParameters: { a: { doesNotContain: '2' } } }, count: 1 },
    { pattern: { queryParameters: { q: { equalTo: 'café' } } }, count: 1 },
    { pattern: { queryParameters: { empty: { equalTo: '' } } }, count: 1 },
    { pattern: { queryParameters: { none: { absent: true } } }, count: 2 },
    { pattern: { cookies: { session: { equalTo: 'abc' }, other: { equalTo: 'x=y' } } }, count: 1 },
    { pattern: { cookies: { session: { absent: true } } }, count: 1 },
    { pattern: bodies({ equalTo: text }), count: 1 },
    { pattern: bodies({ contains: 'k3y-of' }), count: 1 },
    { pattern: bodies({ matches: '.*k3y-of.*' }), count: 1 },
    { pattern: bodies({ absent: true }), count: 1 },
    { pattern: { bodyPatterns: [{ contains: 'k3y' }, { contains: 'nothing' }] }, count: 0 },
    { pattern: json(BODY), count: 1 },
    { pattern: json(text), count: 1 },
    { pattern: json(` { "list" : [1,{"b":2,"a":1},3], "encryption_key":"k3y-of-backups" } `), count: 1 },
    { pattern: json({ list: BODY.list }), count: 0 },
    { pattern: json({ list: BODY.list }, { ignoreExtraElements: true }), count: 1 },
    { pattern: json({ list: [1] }, { ignoreExtraElements: true }), count: 1 },
    { pattern: json({ list: [3] }, { ignoreExtraElements: true }), count: 0 },
    { pattern: json({ list: [3] }, { ignoreExtraElements: true, ignoreArrayOrder: true }), count: 1 },
    { pattern: json({ ...BODY, list: [3, { b: 2, a: 1 }, 1] }), count: 0 },
    { pattern: json({ ...BODY, list: [3, { b: 2, a: 1 }, 1] }, { ignoreArrayOrder: true }), count: 1 },
    { pattern: json({ ...BODY, list: [3, 3, 1] }, { ignoreArrayOrder: true }), count: 0 },
    { pattern: json({ encryption_key: null, list: BODY.list }), count: 0 },
    { pattern: json([]), count: 0 },
    { pattern: { operation: 'prepareDisasterRecovery' }, count: 1 },
    { pattern: { operation: 'performDisasterRecovery' }, count: 0 },
    { pattern: { api: 'a9s' }, count: 1 },
    { pattern: { api: 'arcgis' }, count: 0 },
    { pattern: { status: 400 }, count: 1 },
    { pattern: { status: 404 }, count: 1 },
    { pattern: { status: 200 }, count: 0 },
    { pattern: { method: 'POST', api: 'a9s', status: 404 }, count: 0 },
  ]
  for (const { pattern, count } of cases) {
    const { json: counted } = await ask(server, 'POST', '/requests/count', pattern)
    t.same(counted, { count, requestJournalDisabled: false }, JSON.stringify(pattern))
    t.equal(server.default.requests.count(pattern).count, count)
  }
})

t.test('countRequests: URLs are without the sandbox prefix', async t => {
  const server = await boot(t)
  await prepare(server, { path: `/@t1${PREPARE}` })
  const { json } = await ask(server, 'POST', '/sandboxes/t1/requests/count', {
    method: 'POST',
    urlPathPattern: '/v1/.*',
  })
  t.equal(json.count, 1)
})

t.test('findRequests: in order of arrival, as logged requests', async t => {
  const server = await boot(t)
  for (const path of ['/b', '/a', `${INSTANCE}/restores`]) await send(server, path, { headers: BEARER })
  const { json } = await ask(server, 'POST', '/requests/find', { urlPathPattern: '/[ab]' })
  t.match(json, {
    requests: [{ url: '/b', method: 'GET', loggedDate: Number }, { url: '/a' }],
    requestJournalDisabled: false,
  })
  t.same(json, server.default.requests.find({ urlPathPattern: '/[ab]' }))
})

t.test('unknown fields and operators are refused with a list of the known ones', async t => {
  const server = await boot(t)
  const fields =
    'method, url, urlPath, urlPattern, urlPathPattern, headers, queryParameters, cookies, range, bodyPatterns, operation, api, status'
  const operators = 'equalTo, contains, doesNotContain, matches, doesNotMatch, absent, equalToJson'
  const cases: { pattern: object; detail: string | RegExp }[] = [
    { pattern: { scheme: 'http' }, detail: `Unknown field "scheme"; known fields are ${fields}.` },
    {
      pattern: { headers: { 'X-A': { equals: 'a' } } },
      detail: `Header X-A: unknown operator "equals"; known operators are ${operators}, caseInsensitive, ignoreArrayOrder, ignoreExtraElements.`,
    },
    {
      pattern: { bodyPatterns: [{ matchesXPath: '/a' }] },
      detail: /^The body: unknown operator "matchesXPath"; known operators are /,
    },
    { pattern: { cookies: { a: {} } }, detail: `Cookie a: expected one of ${operators}.` },
    {
      pattern: { queryParameters: { a: { caseInsensitive: true } } },
      detail: `Query parameter a: expected one of ${operators}.`,
    },
    { pattern: { urlPattern: '(' }, detail: 'The URL: invalid regular expression: missing closing ) in "(".' },
    {
      pattern: { headers: { a: { matches: '[' } } },
      detail: 'Header a: invalid regular expression: missing closing ] in "[".',
    },
    {
      pattern: { bodyPatterns: [{ equalToJson: '{' }] },
      detail: 'The body: equalToJson must be a JSON value, or a string that contains one.',
    },
    { pattern: { method: 1 }, detail: /method/ },
    { pattern: { status: '200' }, detail: /status/ },
    { pattern: { headers: { a: 'b' } }, detail: /headers/ },
  ]
  for (const { pattern, detail } of cases) {
    for (const path of ['count', 'find', 'remove']) {
      t.match(
        await ask(server, 'POST', `/requests/${path}`, pattern),
        { status: 400, json: { detail } },
        JSON.stringify(pattern),
      )
    }
    for (const path of ['wait', 'verify']) {
      t.equal((await ask(server, 'POST', `/requests/${path}`, { match: pattern })).status, 400)
    }
  }
  t.equal((await ask(server, 'POST', '/requests/wait', { pattern: {} })).status, 400)
})

t.test('the differences contain no secret, neither of the request nor of the pattern', async t => {
  const server = await boot(t)
  await prepare(server, { path: `${PREPARE}?token=s3cret-token`, headers: { ...BEARER, cookie: 'a=s3cret-cookie' } })
  const expected = { equalTo: 'expected-secret' }
  const match = {
    url: '/v1?token=expected-secret',
    headers: {
      Authorization: expected,
      'Api-Key': { equalToJson: { a: 'expected-secret' } },
      'X-Said': { contains: 'second-encryption-key' },
    },
    queryParameters: { token: expected },
    cookies: { a: { contains: 'expected-secret' } },
    bodyPatterns: [{ equalToJson: { encryption_key: 'expected-secret' } }, { contains: 'token=expected-secret' }],
  }
  const { difference } = server.default.requests.verify({ match, count: 5 })
  t.match(difference, 'header Authorization: expected "[redacted]", found "Bearer [redacted]"')
  t.match(difference, 'query parameter token: expected "[redacted]", found "[redacted]"')
  t.match(
    difference,
    'the body: expected the JSON {"encryption_key":"[redacted]"}, found "{\\"encryption_key\\":\\"[redacted]\\"}"',
  )
  for (const secret of ['demo-token', 's3cret', 'expected-secret']) t.notMatch(difference, secret)
})

t.test('the differences contain no short secret either', async t => {
  const server = await boot(t)
  await send(server, '/x?token=abc', { headers: { authorization: 'Bearer xyz' } })
  const { difference } = server.default.requests.verify({
    match: { url: '/', headers: { authorization: { equalTo: '' } } },
  })
  t.match(
    difference,
    'found "/x?token=[redacted]"; header authorization: expected "[redacted]", found "Bearer [redacted]"',
  )
})

t.test('the values found are abbreviated', async t => {
  const server = await boot(t)
  await send(server, '/x', { method: 'POST', body: 'y'.repeat(10_000) })
  const { difference } = server.default.requests.verify({ match: { bodyPatterns: [{ equalTo: 'z' }] } })
  t.ok(String(difference).length < 600)
  t.match(difference, 'yyy…"')
})
