// disaster-recovery-files: authorization, the list, the details of a file, and all errors.
import t, { type Test } from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { type Answer, boot, call } from '../../helpers.ts'

const FILES = '/backend/api/v1/disasterRecoveryFiles'
const SEVEN_ZIP = 'application/x-7z-compressed'
const KEY = { authorization: 'Bearer YOUR_API_KEY' }

interface To {
  key?: string | undefined
  accept?: string | undefined
  method?: string
  headers?: Record<string, string>
  contract?: boolean
}

/** `what` follows the collection's path: `/` is the list, `/123` a file. */
function ask(server: Firedrill, what: string, { key = 'Bearer YOUR_API_KEY', accept, headers, ...to }: To = {}) {
  const authorization = key === '' ? {} : { authorization: key }
  const accepted = accept === undefined ? {} : { accept }
  return call(server, { path: `${FILES}${what}`, headers: { ...authorization, ...accepted, ...headers }, ...to })
}

const idsOf = ({ json }: Answer): number[] => json.map(({ id }: { id: string }) => Number(id))

function isError(t: Test, answer: Answer, code: number, message?: RegExp): void {
  t.equal(answer.status, Math.floor(code / 1000))
  t.match(answer.headers, { 'content-type': 'application/json; charset=utf-8', vary: 'Accept' })
  t.same(Object.keys(answer.json), ['error'])
  t.same(Object.keys(answer.json.error), ['code', 'message'])
  t.match(answer.json.error, { code, ...(message ? { message } : {}) })
}

t.test('listDisasterRecoveryFiles: the documented request, with and without the trailing slash', async t => {
  const server = await boot(t)
  const answer = await ask(server, '/', { accept: 'application/json' })
  t.match(answer, { status: 200, headers: { 'content-type': /^application\/json/, vary: 'Accept' } })
  t.ok(Array.isArray(answer.json))
  const bare = await ask(server, '', { accept: 'application/json', contract: false })
  t.same([bare.status, bare.json], [200, answer.json])
})

t.test('listDisasterRecoveryFiles: the documented fields of the demo file', async t => {
  const server = await boot(t)
  const { json } = await ask(server, '/')
  t.same(
    json.find(({ id }: { id: string }) => id === '123'),
    {
      generatedDate: '2026-06-09T12:00:00Z',
      expiresDate: '2026-06-16T12:00:00Z',
      id: '123',
      status: ['Saved'],
      filename: 'database-backup-2026-06-09.7z',
    },
  )
})

t.test('listDisasterRecoveryFiles: is always JSON', async t => {
  const server = await boot(t)
  for (const accept of [undefined, '*/*', SEVEN_ZIP, 'text/html', 'application/json;q=0', 'json']) {
    const answer = await ask(server, '/', { accept })
    t.match(answer, { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } }, String(accept))
    t.same((await ask(server, '', { accept, contract: false })).json, answer.json)
  }
})

t.test('listDisasterRecoveryFiles: only files that have not expired, by ascending id, with unique names', async t => {
  const server = await boot(t)
  const { json } = await ask(server, '/')
  t.ok(json.length > 20 && json.length < 35, `a believable number: ${json.length}`)
  t.notOk(json.some(({ id }: { id: string }) => id === '7'))
  for (const { expiresDate } of json) t.ok(expiresDate > server.default.clock.get().now)
  const ids: number[] = json.map(({ id }: { id: string }) => Number(id))
  t.same(
    ids,
    ids.toSorted((one, other) => one - other),
  )
  t.equal(new Set(json.map(({ filename }: { filename: string }) => filename)).size, json.length)
})

t.test('getDisasterRecoveryFile: the details for application/json, for no Accept header and for */*', async t => {
  const server = await boot(t)
  const listed = (await ask(server, '/')).json[0]
  for (const accept of [undefined, '', 'application/json', '*/*', 'application/json;charset=utf-8']) {
    const answer = await ask(server, '/123', { accept })
    t.match(answer, { status: 200, headers: { 'content-type': 'application/json; charset=utf-8', vary: 'Accept' } })
    t.same(answer.json, listed, `Accept: ${accept}`)
  }
})

t.test('getDisasterRecoveryFile: Accept chooses between details and archive', async t => {
  const server = await boot(t)
  const archives = [
    SEVEN_ZIP,
    `application/json;q=0.5, ${SEVEN_ZIP}`,
    `*/*;q=0.1, ${SEVEN_ZIP}`,
    'application/json;q=0, */*',
  ]
  for (const accept of archives) {
    const answer = await ask(server, '/123', { accept })
    t.match(answer, { status: 200, headers: { 'content-type': SEVEN_ZIP, vary: 'Accept' } }, accept)
  }
  for (const accept of [`application/json, ${SEVEN_ZIP};q=0.5`, `${SEVEN_ZIP};q=0, */*`, `${SEVEN_ZIP};q=0.1, */*`]) {
    t.match(await ask(server, '/123', { accept }), { status: 200, json: { id: '123' } }, accept)
  }
  for (const accept of ['text/html', 'application/zip', 'json', 'application/*;q=0']) {
    isError(t, await ask(server, '/123', { accept }), 406101, /application\/json or application\/x-7z-compressed/)
  }
})

t.test('getDisasterRecoveryFile: HEAD has the headers of GET in both representations', async t => {
  const server = await boot(t)
  for (const accept of ['application/json', SEVEN_ZIP]) {
    // HEAD first, because GET marks the file as downloaded.
    const head = await ask(server, '/123', { accept, method: 'HEAD' })
    const get = await ask(server, '/123', { accept })
    t.equal(head.bytes.length, 0)
    const { date: _date, 'x-firedrill-request-id': _id, ...headers } = get.headers
    t.match(head, { status: 200, headers })
    t.equal(head.headers['content-length'], String(get.bytes.length))
  }
})

t.test('listDisasterRecoveryFiles: HEAD', async t => {
  const server = await boot(t)
  const head = await ask(server, '/', { method: 'HEAD' })
  const get = await ask(server, '/')
  t.match(head, { status: 200, headers: { 'content-length': String(get.bytes.length), vary: 'Accept' } })
})

for (const { operation, what } of [
  { operation: 'listDisasterRecoveryFiles', what: '/' },
  { operation: 'getDisasterRecoveryFile', what: '/123' },
  { operation: 'getDisasterRecoveryFile', what: '/7' },
]) {
  t.test(`${operation}: authorization at ${what}`, async t => {
    const server = await boot(t)
    for (const accept of ['application/json', SEVEN_ZIP, 'text/html']) {
      for (const key of ['', 'Bearer', 'Bearer unknown', 'Basic WU9VUl9BUElfS0VZOg==', 'YOUR_API_KEY']) {
        const answer = await ask(server, what, { key, accept })
        isError(t, answer, 401101)
        t.equal(answer.headers['www-authenticate'], 'Bearer')
      }
      isError(t, await ask(server, what, { key: 'Bearer no-api-access-key', accept }), 403101)
      isError(t, await ask(server, what, { key: 'Bearer no-download-access-key', accept }), 403102)
    }
  })
}

t.test(
  'getDisasterRecoveryFile: not found or expired is 404102 in both representations, whatever Accept contains',
  async t => {
    const server = await boot(t)
    for (const id of ['7', '124', '0', '0123', '123x', '-123', '1e2', '%31%32%34', 'a'.repeat(200), '9'.repeat(30)]) {
      for (const accept of ['application/json', SEVEN_ZIP, 'text/html']) {
        isError(t, await ask(server, `/${id}`, { accept }), 404102)
      }
    }
    t.match(await ask(server, '/%31%32%33'), { status: 200, json: { id: '123' } })
  },
)

t.test('getDisasterRecoveryFile: a file is not found from the instant of its expiry', async t => {
  const server = await boot(t)
  const { expiresDate } = (await ask(server, '/123')).json
  server.default.clock.advance({ to: Date.parse(expiresDate) - 1 })
  t.equal((await ask(server, '/123')).status, 200)
  t.equal((await ask(server, '/123', { accept: SEVEN_ZIP })).status, 200)
  t.ok(idsOf(await ask(server, '/')).includes(123))
  server.default.clock.advance({ to: expiresDate })
  isError(t, await ask(server, '/123'), 404102)
  isError(t, await ask(server, '/123', { accept: SEVEN_ZIP }), 404102)
  t.notOk(idsOf(await ask(server, '/')).includes(123))
})

t.test('getDisasterRecoveryFile: status is empty until the file is saved', async t => {
  const server = await boot(t, { clock: 'frozen:2026-06-10T02:00:00Z' })
  const { json } = await ask(server, '/')
  t.match(json.at(-1), { filename: 'database-backup-2026-06-10.7z', generatedDate: '2026-06-10T02:00:00Z', status: [] })
  server.default.clock.advance({ by: '9m59s' })
  t.same((await ask(server, `/${json.at(-1).id}`)).json.status, [])
  server.default.clock.advance({ by: '1s' })
  t.same((await ask(server, `/${json.at(-1).id}`)).json.status, ['Saved'])
})

t.test('listDisasterRecoveryFiles: limit, offset and idAfter page through the list', async t => {
  const server = await boot(t)
  const all = idsOf(await ask(server, '/'))
  t.same(idsOf(await ask(server, '/?limit=3')), all.slice(0, 3))
  t.same(idsOf(await ask(server, '/?limit=3&offset=3')), all.slice(3, 6))
  t.same(idsOf(await ask(server, '/?offset=5')), all.slice(5))
  t.same(idsOf(await ask(server, `/?idAfter=${all[4]}`)), all.slice(5))
  t.same(idsOf(await ask(server, `/?idAfter=${all[4]}&limit=2&offset=1`)), all.slice(6, 8))
  t.same(idsOf(await ask(server, `/?idAfter=${all.at(-1)}`)), [])
  t.same(idsOf(await ask(server, '/?offset=9007199254740991&limit=1000')), [])
  t.same(idsOf(await ask(server, '?limit=2', { contract: false })), all.slice(0, 2))
})

t.test('listDisasterRecoveryFiles: createdSince and updatedSince', async t => {
  const server = await boot(t)
  const files = (await ask(server, '/')).json
  const since = '2026-06-09T02:15:00Z'
  const expected = files.filter(({ generatedDate }: { generatedDate: string }) => generatedDate >= since)
  t.same((await ask(server, `/?createdSince=${since}`)).json, expected)
  t.same((await ask(server, '/?createdSince=2026-06-09T04:15:00%2B02:00')).json, expected)
  const sinceDay = (await ask(server, '/?createdSince=2026-06-10')).json
  t.ok(sinceDay.length > 0)
  t.ok(sinceDay.every(({ filename }: { filename: string }) => filename.includes('2026-06-10')))
  t.same(idsOf(await ask(server, '/?updatedSince=2026-06-10T12:00:00Z')), [])
  await ask(server, '/123', { accept: SEVEN_ZIP })
  t.same(idsOf(await ask(server, '/?updatedSince=2026-06-10T12:00:00Z')), [123], 'a download counts as an update')
  t.same(idsOf(await ask(server, '/?createdSince=2026-06-10T12:00:00Z')), [])
  server.default.clock.advance({ to: '2026-06-11T02:10:00Z' })
  const [saved] = (await ask(server, '/?updatedSince=2026-06-11T02:10:00Z')).json
  t.match(saved, { filename: 'database-backup-2026-06-11.7z' }, 'saving counts as an update')
  t.same(idsOf(await ask(server, '/?updatedSince=2026-06-11T02:10:01Z')), [])
})

t.test('listDisasterRecoveryFiles: an invalid parameter is answered with 400101, which names it', async t => {
  const server = await boot(t)
  const bad = {
    limit: ['0', '-1', '1001', '1.5', '1e2', 'true', 'ten', '', '5&limit=6'],
    offset: ['-1', '0.5', 'x', '1e99'],
    idAfter: ['-1', 'abc', '12.3'],
    createdSince: ['yesterday', '+6d', '2026-06-09T02:15:00', '2026-13-45', '2026-06-09T25:00:00Z', ''],
    updatedSince: ['-1d', '2026-06-09 02:15:00Z'],
  }
  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) {
      const query = `${name}=${value.replaceAll(' ', '%20').replaceAll('+', '%2B')}`
      isError(t, await ask(server, `/?${query}`), 400101, new RegExp(`\\b${name}\\b`))
    }
  }
})

t.test('getDisasterRecoveryFile: only GET and HEAD are allowed', async t => {
  const server = await boot(t)
  for (const what of ['', '/', '/123', '/7']) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const headers = { 'content-type': 'application/json', 'content-length': '1' }
      const answer = await call(server, {
        method,
        path: `${FILES}${what}`,
        headers: { ...KEY, ...headers },
        body: '{',
        contract: false,
      })
      isError(t, answer, 405101)
      t.equal(answer.headers.allow, 'GET, HEAD')
    }
  }
  isError(t, await ask(server, '/123', { method: 'DELETE', key: '', contract: false }), 401101)
  t.equal((await ask(server, '/123')).status, 200)
})

t.test('getDisasterRecoveryFile: unknown paths below the base path are answered in the API error format', async t => {
  const server = await boot(t)
  const paths = [
    '',
    '/',
    '/customers',
    '/customers/1',
    '/disasterRecoveryFiles/123/',
    '/disasterRecoveryFiles/123/x',
    '/%zz',
  ]
  for (const path of paths) {
    const answer = await call(server, { path: `/backend/api/v1${path}`, headers: KEY, contract: false })
    t.match(answer, { status: 404, json: { error: { code: 404101 } } }, path)
  }
  const withoutDownload = { authorization: 'Bearer no-download-access-key' }
  const other = await call(server, { path: '/backend/api/v1/customers', headers: withoutDownload, contract: false })
  isError(t, other, 404101)
  isError(t, await call(server, { path: '/backend/api/v1/customers', contract: false }), 401101)
})

t.test('getDisasterRecoveryFile: a body of a GET is ignored', async t => {
  const server = await boot(t)
  const headers = { ...KEY, 'content-type': 'application/xml' }
  t.equal((await call(server, { path: `${FILES}/123`, headers, body: '<file/>' })).status, 200)
})

t.test('getDisasterRecoveryFile: no response contains the password', async t => {
  const password = 'only-the-web-interface-shows-it'
  const server = await boot(t, { archivePassword: password })
  for (const what of ['/', '/123', '/7', '/?limit=x']) {
    const { headers, text } = await ask(server, what)
    t.notOk(JSON.stringify([headers, text]).includes(password), what)
  }
  const { headers } = await ask(server, '/123', { accept: SEVEN_ZIP })
  t.notOk(JSON.stringify(headers).includes(password))
})
