// Checks request patterns: WireMock's fields and operators, refusals, and differences in words.
import t from 'tap'
import type { RequestPattern, StringPattern } from '../../../schemas/control.ts'
import { boot } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, PREPARE, prepare, send } from './journaled.ts'

const BODY = { encryption_key: 'k3y-of-backups', list: [1, { a: 1, b: 2 }, 3] }

t.test('countRequests: each field and operator, on the values as they were sent', async t => {
  const server = await boot(t)
  const headers = { ...BEARER, 'X-Word': 'Alpha beta', cookie: 'session=abc; other=x=y' }
  await prepare(server, { path: `${PREPARE}?a=1&a=2&q=caf%C3%A9&empty`, headers, body: BODY, contract: false })
  await send(server, '/nowhere')
  const bodies = (pattern: StringPattern): RequestPattern => ({ bodyPatterns: [pattern] })
  const word = (pattern: StringPattern): RequestPattern => ({ headers: { 'x-word': pattern } })
  const json = (value: unknown, more: StringPattern = {}) => bodies({ equalToJson: value, ...more })
  const text = JSON.stringify(BODY)
  const rows: [pattern: RequestPattern, count: number][] = [
    [{}, 2],
    [{ method: 'ANY' }, 2],
    [{ method: 'POST' }, 1],
    [{ method: 'PUT' }, 0],
    [{ url: '/nowhere' }, 1],
    [{ url: PREPARE }, 0],
    [{ url: `${PREPARE}?a=1&a=2&q=caf%C3%A9&empty` }, 1],
    [{ urlPath: PREPARE }, 1],
    [{ urlPath: `${PREPARE}/` }, 0],
    [{ urlPattern: '/v1/.*' }, 1],
    [{ urlPattern: `${PREPARE}` }, 0],
    [{ urlPathPattern: '/v1/.*/prepare' }, 1],
    [{ urlPathPattern: '/v1/' }, 0],
    [{ urlPathPattern: '/nowhere|/v1/.*' }, 2],
    [{ urlPathPattern: '(?i)/NOWHERE' }, 1],
    [word({ equalTo: 'Alpha beta' }), 1],
    [word({ equalTo: 'alpha beta' }), 0],
    [word({ equalTo: 'alpha BETA', caseInsensitive: true }), 1],
    [word({ contains: 'pha' }), 1],
    [word({ contains: 'PHA' }), 0],
    [word({ doesNotContain: 'pha' }), 1],
    [word({ matches: 'Al.*ta' }), 1],
    [word({ matches: 'Al' }), 0],
    [word({ doesNotMatch: 'Al.*' }), 1],
    [word({ doesNotMatch: 'Al' }), 2],
    [word({ absent: true }), 1],
    [word({ absent: false }), 1],
    [word({ contains: 'Alpha', doesNotContain: 'beta' }), 0],
    [{ headers: { authorization: { equalTo: 'Bearer demo-token' } } }, 1],
    [{ headers: { authorization: { contains: 'redacted' } } }, 0],
    [{ queryParameters: { a: { equalTo: '2' } } }, 1],
    [{ queryParameters: { a: { equalTo: '3' } } }, 0],
    [{ queryParameters: { a: { doesNotContain: '2' } } }, 1],
    [{ queryParameters: { q: { equalTo: 'café' } } }, 1],
    [{ queryParameters: { empty: { equalTo: '' } } }, 1],
    [{ queryParameters: { none: { absent: true } } }, 2],
    [{ cookies: { session: { equalTo: 'abc' }, other: { equalTo: 'x=y' } } }, 1],
    [{ cookies: { session: { absent: true } } }, 1],
    [bodies({ equalTo: text }), 1],
    [bodies({ contains: 'k3y-of' }), 1],
    [bodies({ matches: '.*k3y-of.*' }), 1],
    [bodies({ absent: true }), 1],
    [{ bodyPatterns: [{ contains: 'k3y' }, { contains: 'nothing' }] }, 0],
    [json(BODY), 1],
    [json(text), 1],
    [json(` { "list" : [1,{"b":2,"a":1},3], "encryption_key":"k3y-of-backups" } `), 1],
    [json({ list: BODY.list }), 0],
    [json({ list: BODY.list }, { ignoreExtraElements: true }), 1],
    [json({ list: [1] }, { ignoreExtraElements: true }), 1],
    [json({ list: [3] }, { ignoreExtraElements: true }), 0],
    [json({ list: [3] }, { ignoreExtraElements: true, ignoreArrayOrder: true }), 1],
    [json({ ...BODY, list: [3, { b: 2, a: 1 }, 1] }), 0],
    [json({ ...BODY, list: [3, { b: 2, a: 1 }, 1] }, { ignoreArrayOrder: true }), 1],
    [json({ ...BODY, list: [3, 3, 1] }, { ignoreArrayOrder: true }), 0],
    [json({ encryption_key: null, list: BODY.list }), 0],
    [json([]), 0],
    [{ operation: 'prepareDisasterRecovery' }, 1],
    [{ operation: 'performDisasterRecovery' }, 0],
    [{ api: 'a9s' }, 1],
    [{ api: 'arcgis' }, 0],
    [{ status: 400 }, 1],
    [{ status: 404 }, 1],
    [{ status: 200 }, 0],
    [{ method: 'POST', api: 'a9s', status: 404 }, 0],
  ]
  for (const [pattern, count] of rows) {
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
    'method, url, urlPath, urlPattern, urlPathPattern, headers, queryParameters, cookies, bodyPatterns, operation, api, status'
  const operators = 'equalTo, contains, doesNotContain, matches, doesNotMatch, absent, equalToJson'
  const rows: [pattern: object, detail: string | RegExp][] = [
    [{ scheme: 'http' }, `Unknown field "scheme"; known fields are ${fields}.`],
    [
      { headers: { 'X-A': { equals: 'a' } } },
      `Header X-A: unknown operator "equals"; known operators are ${operators}, caseInsensitive, ignoreArrayOrder, ignoreExtraElements.`,
    ],
    [{ bodyPatterns: [{ matchesXPath: '/a' }] }, /^The body: unknown operator "matchesXPath"; known operators are /],
    [{ cookies: { a: {} } }, `Cookie a: expected one of ${operators}.`],
    [{ queryParameters: { a: { caseInsensitive: true } } }, `Query parameter a: expected one of ${operators}.`],
    [{ urlPattern: '(' }, 'The URL: invalid regular expression: missing closing ) in "(".'],
    [{ headers: { a: { matches: '[' } } }, 'Header a: invalid regular expression: missing closing ] in "[".'],
    [
      { bodyPatterns: [{ equalToJson: '{' }] },
      'The body: equalToJson must be a JSON value, or a string that contains one.',
    ],
    [{ method: 1 }, /method/],
    [{ status: '200' }, /status/],
    [{ headers: { a: 'b' } }, /headers/],
  ]
  for (const [pattern, detail] of rows) {
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
