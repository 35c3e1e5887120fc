// Forced responses: every documented example of every operation can be requested, and the operation does not run.
import t from 'tap'
import { parsePrefer } from '../../src/http/prefer.ts'
import type { Firedrill } from '../../src/index.ts'
import { openapiDocument } from '../../src/openapi.ts'
import { ownBackup, PREFIX, pathOf } from '../apis/dscloud/client.ts'
import { REQUESTS } from '../fault-requests.ts'
import { boot, type Call, call } from '../helpers.ts'

const { prepareDisasterRecovery: prepare, listApplicationBackups: list } = REQUESTS
const jobs: Call = { path: '/arcgis/admin/jobs' }

interface Documented {
  operation: string
  name: string
  status: number
  mediaType: string
  value: unknown
  call: Call
}

async function documentedAnswers(): Promise<Documented[]> {
  const { paths } = await openapiDocument('apis')
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([verb, { operationId, responses }]) =>
      Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Object.entries(content as Record<string, { examples?: Record<string, { value: unknown }> }>).flatMap(
          ([mediaType, { examples = {} }]) =>
            Object.entries(examples).map(([name, { value }]) => ({
              operation: operationId,
              name,
              status: Number(status),
              mediaType,
              value,
              call: { method: verb.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'any') },
            })),
        ),
      ),
    ),
  )
}

const withPrefer = (what: Call, prefer: string): Call => ({ ...what, headers: { ...what.headers, prefer } })

t.test('every documented example of every operation, without credentials and despite armed faults', async t => {
  const server = await boot(t)
  const { id } = server.default.faults.arm({ operation: '*', fault: 'hang' })
  const before = server.default.state.export()
  const all = await documentedAnswers()
  for (const { operation, name, status, mediaType, value, call: what } of all) {
    const prefer = `code=${status}; example=${name}`
    const answer = await call(
      server,
      withPrefer(what, status === 200 && name !== 'documented' ? `example=${name}` : prefer),
    )
    t.equal(answer.status, status, `${operation} ${name}`)
    if (mediaType === 'text/html') t.ok(answer.text.includes(String(value)), `the page says: ${value}`)
    else t.same(answer.json, value, `${operation} ${name}`)
    t.ok(answer.headers['content-type']?.startsWith(mediaType))
  }
  t.ok(all.length > 100, `${all.length} examples`)
  const { paths } = await openapiDocument('apis')
  const operations = Object.values(paths).flatMap(path => Object.values(path).map(({ operationId }) => operationId))
  t.strictSame([...new Set(all.map(({ operation }) => operation))], operations, 'all operations')
  t.match(server.default.faults.get(id), { matched: 0, hits: 0 })
  t.same(server.default.state.export(), before, 'nothing happened')
})

t.test('every operation documents an example of each of its errors', async t => {
  const { paths } = await openapiDocument('apis')
  for (const { operationId, responses } of Object.values(paths).flatMap(path => Object.values(path))) {
    for (const [status, { content = {} }] of Object.entries(responses)) {
      const [first] = Object.values(content) as { examples?: object }[]
      if (Number(status) >= 400) t.ok(Object.keys(first?.examples ?? {}).length > 0, `${operationId} ${status}`)
    }
  }
})

t.test(
  'Prefer: by code, by example, by both, among other preferences; Preference-Applied names what was applied',
  async t => {
    const server = await boot(t)
    const perform = { ...prepare, path: prepare.path.replace('prepare', 'perform') }
    for (const [what, prefer, status, json, applied] of [
      [prepare, 'code=409', 409, { error: 'Conflict' }, 'code=409'],
      [prepare, 'code=200', 200, { backup_guid: /^3a2e/ }, 'code=200'],
      [prepare, 'code=202', 202, { backup_guid: /^3a2e/ }, 'code=202'],
      [perform, 'example=RestoreInProgress', 409, { error: 'RestoreInProgress' }, 'example=RestoreInProgress'],
      [perform, 'example=documented;code=202', 202, { restore_id: 1 }, 'code=202, example=documented'],
      [perform, 'code=502, example=BadGateway', 502, { error: 'BadGateway' }, 'code=502, example=BadGateway'],
      [perform, 'wait=5, Code = "504" ; example=GatewayTimeout, code=401', 504, {}, 'code=504, example=GatewayTimeout'],
      [list, 'code=429', 429, { code: 'RATE_LIMIT_EXCEEDED' }, 'code=429'],
      [list, 'example=documented', 200, { status: 'success' }, 'example=documented'],
      [jobs, 'code=498', 200, { error: { code: 498 } }, 'code=498'],
      [jobs, 'example=TokenRequired', 200, { error: { code: 499 } }, 'example=TokenRequired'],
      [jobs, 'code=400; example=MalformedBody', 200, { error: { code: 400 } }, 'code=400, example=MalformedBody'],
      [jobs, 'code=200', 200, { jobs: { length: 3 } }, 'code=200'],
    ] as const) {
      const answer = await call(server, withPrefer(what, prefer))
      t.match(answer, { status, json, headers: { 'preference-applied': applied } }, prefer)
    }
    const [last, first] = [0, -1].map(index => server.default.requests.list().requests.at(index)?.firedrill.forced)
    t.same([last, first], ['documented', 'Conflict'], 'the journal has their names')
  },
)

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

t.test(
  'Prefer: every documented example of ArcGIS in the format that f names, in the query or in the body',
  async t => {
    const server = await boot(t)
    const documented = (await documentedAnswers()).filter(({ call: { path } }) => path.startsWith('/any/'))
    t.ok(documented.length > 50)
    for (const { operation, name, value, call: what } of documented) {
      const ask = (f: string) => {
        const sent = withPrefer(what, `example=${name}`)
        return what.method === 'POST'
          ? call(server, { ...sent, headers: { ...sent.headers, ...FORM }, body: `f=${f}` })
          : call(server, { ...sent, path: `${what.path}?f=${f}` })
      }
      const [json, pjson, html] = [await ask('json'), await ask('pjson'), await ask('html')]
      t.strictSame(json.json, value, `${operation} ${name}`)
      t.equal(pjson.headers['content-type'], 'text/plain;charset=utf-8')
      t.equal(pjson.text, JSON.stringify(value, null, 2))
      t.equal(html.headers['content-type'], 'text/html;charset=utf-8')
      t.match(html.text, /^<!doctype html>/)
      for (const { headers } of [json, pjson, html]) t.equal(headers['preference-applied'], `example=${name}`)
    }
  },
)

t.test('Prefer: pages show the documented response, also for an invalid body', async t => {
  const server = await boot(t)
  const ask = (path: string, prefer: string) => call(server, withPrefer({ path: `${path}?f=html` }, prefer))
  t.match((await ask(jobs.path, 'code=200')).text, /j47c0c626-7188-4053-be06-ae93de987b01/)
  t.match((await ask(`${jobs.path}/j1`, 'code=200')).text, /FireWatchWeather/)
  t.match((await ask(jobs.path, 'code=499')).text, /<form method="post" action="\/arcgis\/admin\/login">/)
  t.match((await ask(jobs.path, 'code=403')).text, /You do not have permissions/)
  const unreadable = { method: 'POST', path: jobs.path, body: '{', headers: { 'content-type': 'application/json' } }
  t.match((await call(server, withPrefer(unreadable, 'code=498'))).json, { error: { code: 498 } })
  const latest = server.default.requests.list().requests[0]
  t.match(latest?.firedrill, { forced: 'InvalidToken', error: null })
})

const ARCHIVES: Record<string, (server: Firedrill) => Promise<string>> = {
  'application/x-7z-compressed': async () => '/backend/api/v1/disasterRecoveryFiles/123',
  'application/zip': async server => PREFIX + pathOf(await ownBackup(server)),
}

for (const [type, pathAt] of Object.entries(ARCHIVES)) {
  t.test(`Prefer: code=206, 304 and 200 of ${type}`, async t => {
    const server = await boot(t)
    const path = await pathAt(server)
    const before = server.default.state.export()
    const ask = (prefer: string, headers = {}, at = path) =>
      call(server, { path: at, headers: { accept: type, prefer, ...headers } })
    const first = await ask('code=206', { range: 'bytes=10-99' })
    t.match(first, { status: 206, headers: { 'content-type': type, 'content-range': /^bytes 10-99\/\d+$/ } })
    t.equal(first.bytes.length, 90)
    const size = Number(first.headers['content-range']?.split('/')[1])
    const notModified = await ask('code=304')
    t.match(notModified, { status: 304, headers: { etag: first.headers.etag, 'preference-applied': 'code=304' } })
    t.equal(notModified.bytes.length, 0)
    t.equal((await ask('code=304', { 'if-none-match': '"other"' })).status, 304, 'regardless of If-None-Match')
    for (const headers of [{}, { range: `bytes=${size}-` }, { 'if-range': '"other"', range: 'bytes=0-' }]) {
      const { status, headers: got } = await ask('code=206', headers)
      t.match(
        [status, got['content-range']],
        [206, /^bytes 0-\d+\/\d+$/],
        'the first half if the range is missing or cannot be used',
      )
    }
    const nowhere = path.replace(/(123|\d+_Backup.*)$/, 'any')
    const [none, part] = [await ask('example=OK', {}, nowhere), await ask('code=206', {}, nowhere)]
    t.match(none, { status: 200, headers: { 'content-type': type } }, 'an empty archive if the file does not exist')
    t.match(part, { status: 206, bytes: { length: none.bytes.length / 2 } })
    t.match(await ask('code=404'), { status: 404, headers: { 'content-type': /json/ } })
    const elsewhere = await call(server, { ...withPrefer(list, 'code=304'), contract: false })
    t.equal(elsewhere.status, 400, 'only for downloads')
    t.same(server.default.state.export(), before, 'nothing happened')
  })
}

t.test('a forced download follows the personality, and the journal shows what was sent', async t => {
  const server = await boot(t, { downloadPersonality: 'cdn-gzip' })
  const path = '/backend/api/v1/disasterRecoveryFiles/123'
  const accept = 'application/x-7z-compressed'
  const ask = (headers: Record<string, string>) =>
    call(server, { path, headers: { accept, ...headers }, contract: false })
  const part = await ask({ prefer: 'code=206', range: 'bytes=10-99', 'accept-encoding': 'gzip' })
  t.match(
    part,
    { status: 206, headers: { 'content-range': /^bytes 10-99/ } },
    'the status is the one that was asked for',
  )
  const whole = await ask({ prefer: 'code=200', 'accept-encoding': 'gzip' })
  t.match(whole.headers, { 'content-encoding': 'gzip', etag: /^W\// })
  const latest = server.default.requests.list().requests.map(({ firedrill }) => firedrill)
  t.match(latest[1], { forced: 'PartialContent', sent: { file: '123', ranges: [{ first: 10, last: 99 }] } })
  t.match(server.default.downloads.get('123'), { complete: true })
  const missing = await call(server, { path: path.replace('123', 'any'), headers: { accept, prefer: 'code=200' } })
  t.equal(missing.status, 200)
  t.same(
    server.default.downloads.list().downloads.map(({ file }) => file),
    ['123'],
    'the empty archive for a file that does not exist is no download of a file',
  )
})

t.test('Prefer: code=200 of a file has the media type of Accept', async t => {
  const server = await boot(t)
  const path = '/backend/api/v1/disasterRecoveryFiles/123'
  for (const [accept, type] of [
    ['application/json', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/x-7z-compressed', 'application/x-7z-compressed'],
  ] as const) {
    const answer = await call(server, { path, headers: { accept, prefer: 'code=200' } })
    t.equal(answer.headers['content-type'], type, accept)
  }
})

t.test('Prefer: an undocumented response is refused with a list of the documented ones', async t => {
  const server = await boot(t)
  const before = server.default.state.export()
  for (const prefer of [
    'code=418',
    'example=Nope',
    'code=409; example=Forbidden',
    'code',
    'code=""',
    'example="a\\"b"',
  ]) {
    const answer = await call(server, { ...withPrefer(prepare, prefer), contract: false })
    t.match(answer, { status: 400, headers: { 'content-type': /^application\/problem\+json/ } }, prefer)
    t.match(answer.json.detail, /prepareDisasterRecovery has no documented response .* code=409, example=Conflict;/)
    t.match(answer.json.answers[2], { code: '400', example: 'BadRequest' })
    t.notOk('preference-applied' in answer.headers)
  }
  const { json } = await call(server, { ...withPrefer(jobs, 'code=418'), contract: false })
  t.match(json.answers, [
    { code: '200', example: 'documented' },
    { code: '403', example: 'PermissionDenied' },
  ])
  t.same(server.default.state.export(), before)
})

t.test('Prefer: other preferences have no effect, and none has outside the APIs', async t => {
  const server = await boot(t)
  for (const prefer of ['respond-async', 'wait=10; code=409', 'return=minimal, handling=lenient', '', '=', ', ;']) {
    const answer = await call(server, withPrefer(prepare, prefer))
    t.equal(answer.status, 200, prefer)
    t.notOk('preference-applied' in answer.headers)
  }
  t.equal((await call(server, withPrefer({ path: '/__admin/clock' }, 'code=409'))).status, 200)
  t.equal((await call(server, { ...withPrefer({ path: '/nowhere' }, 'code=409'), contract: false })).status, 404)
})

t.test('?__prefer: only with the option preferQuery', async t => {
  const path = `${list.path}?__prefer=code%3D429%3B%20example%3DRATE_LIMIT_EXCEEDED`
  t.equal((await call(await boot(t), { ...list, path })).status, 200)
  const server = await boot(t, { preferQuery: true })
  t.match(await call(server, { ...list, path }), { status: 429, headers: { 'preference-applied': /code=429/ } })
  t.match(await call(server, withPrefer({ ...list, path }, 'code=404')), { status: 404 }, 'the header takes precedence')
  t.equal((await call(server, { ...list, path: `${list.path}?__prefer=wait%3D1` })).status, 200)
  t.equal((await call(server, { ...list, path: `${list.path}?__prefer=a&__prefer=code%3D429` })).status, 200)
})

t.test('parsePrefer: time is proportional to the length of the header', async t => {
  const spaces = ' '.repeat(15_000)
  const headers = [
    `a=${spaces}`,
    `a=${spaces}\u00e9`,
    `a${spaces}=${spaces}`,
    `a; b=${spaces}\u00e9`,
    `a="${'\\"'.repeat(7000)}`,
  ]
  const startedAt = performance.now()
  for (let count = 0; count < 10; count++) for (const header of headers) parsePrefer(header)
  const tookMs = performance.now() - startedAt
  t.ok(tookMs < 1000, `${tookMs.toFixed()} ms`)
})

t.test('parsePrefer: the syntax of RFC 7240', async t => {
  const plain = (header: string) =>
    parsePrefer(header).map(({ name, value, parameters }) => [name, value, ...parameters])
  t.same(plain('foo; bar'), [['foo', '', ['bar', '']]])
  t.same(plain('foo; bar=""'), [['foo', '', ['bar', '']]])
  t.same(plain('foo=""; bar'), [['foo', '', ['bar', '']]])
  t.same(plain('FOO="some, value; here"; Bar = 1 ,, baz'), [
    ['foo', 'some, value; here', ['bar', '1']],
    ['baz', ''],
  ])
  t.same(plain('foo="a \\" b", bar'), [
    ['foo', 'a " b'],
    ['bar', ''],
  ])
  t.same(plain('not a token, foo="never closed'), [], 'invalid preferences are ignored')
})
