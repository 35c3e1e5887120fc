// Tests what downloads do where HTTP leaves the choice to the server, for each personality and with both APIs that send files.
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { type PersonalityName, personalityNames } from '../../src/archives/personalities.ts'
import { exchange } from '../fault-requests.ts'
import { boot } from '../helpers.ts'

const DOWNLOADS = {
  'disaster-recovery-files': {
    path: '/backend/api/v1/disasterRecoveryFiles/123',
    headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' },
  },
  dscloud: {
    path: '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b',
    headers: {},
  },
}
const FILE = DOWNLOADS['disaster-recovery-files']

type Statuses = Record<PersonalityName, number>

/** The status of each personality. */
const RANGES: { range: string; method?: string; empty?: boolean; statuses: Statuses }[] = [
  { range: 'bytes=a-b', statuses: { standard: 200, nginx: 416, go: 416, s3: 200, 'cdn-gzip': 200 } },
  { range: 'bytes=', statuses: { standard: 200, nginx: 200, go: 200, s3: 200, 'cdn-gzip': 200 } },
  { range: 'lines=0-1', statuses: { standard: 200, nginx: 200, go: 416, s3: 200, 'cdn-gzip': 200 } },
  { range: 'bytes=20-10', statuses: { standard: 200, nginx: 416, go: 416, s3: 200, 'cdn-gzip': 200 } },
  { range: 'bytes=20-10,0-1', statuses: { standard: 200, nginx: 206, go: 416, s3: 200, 'cdn-gzip': 200 } },
  { range: 'bytes=0-1,5-6', statuses: { standard: 206, nginx: 206, go: 206, s3: 200, 'cdn-gzip': 206 } },
  { range: 'bytes=0-1,,5-6', statuses: { standard: 206, nginx: 416, go: 206, s3: 200, 'cdn-gzip': 206 } },
  { range: 'bytes=0-1,', statuses: { standard: 206, nginx: 416, go: 206, s3: 206, 'cdn-gzip': 206 } },
  { range: 'bytes=,', statuses: { standard: 200, nginx: 416, go: 200, s3: 200, 'cdn-gzip': 200 } },
  {
    range: `bytes=${Array.from({ length: 65 }, (_, each) => `${each}-${each}`)}`,
    statuses: { standard: 200, nginx: 206, go: 206, s3: 200, 'cdn-gzip': 200 },
  },
  { range: 'bytes=0-,0-', statuses: { standard: 200, nginx: 200, go: 200, s3: 200, 'cdn-gzip': 200 } },
  { range: 'bytes=0-9', method: 'HEAD', statuses: { standard: 200, nginx: 206, go: 206, s3: 206, 'cdn-gzip': 200 } },
  { range: 'bytes=0-', empty: true, statuses: { standard: 416, nginx: 200, go: 200, s3: 416, 'cdn-gzip': 416 } },
  { range: 'bytes=-5', empty: true, statuses: { standard: 416, nginx: 200, go: 200, s3: 416, 'cdn-gzip': 416 } },
  { range: 'bytes=5-', empty: true, statuses: { standard: 416, nginx: 416, go: 200, s3: 416, 'cdn-gzip': 416 } },
]

for (const downloadPersonality of personalityNames) {
  t.test(`${downloadPersonality}: malformed and greedy ranges, HEAD, and empty files`, async t => {
    const server = await boot(t, { downloadPersonality })
    const withEmptyFiles = await boot(t, { downloadPersonality, archiveSize: 0 })
    for (const { range, method = 'GET', empty = false, statuses } of RANGES) {
      const headers = { ...FILE.headers, range }
      const { status, headers: sent } = await exchange(empty ? withEmptyFiles : server, { ...FILE, method, headers })
      const expected = statuses[downloadPersonality]
      t.equal(status, expected, `${method} ${range.slice(0, 20)}${empty ? ' of an empty file' : ''}`)
      if (status !== 416) continue
      const hidesSize = downloadPersonality === 'go'
      t.match(sent['content-range'] ?? 'none', hidesSize ? 'none' : /^bytes \*\/\d+$/)
    }
  })
}

t.test('multipart/byteranges: each part says its range, in the order in which they were asked for', async t => {
  const server = await boot(t)
  for (const [api, { path, headers }] of Object.entries(DOWNLOADS)) {
    const get = (range: string) => exchange(server, { path, headers: { ...headers, range } })
    const { status, headers: sent, bytes } = await get('bytes=100-149, 10-19,-5')
    t.equal(status, 206, api)
    t.equal(Number(sent['content-length']), bytes.length)
    t.equal(sent['content-range'], undefined)
    const [, boundary = ''] = /^multipart\/byteranges; boundary=(\w+)$/.exec(sent['content-type'] ?? '') ?? []
    const expected: Buffer[] = []
    for (const range of ['bytes=100-149', 'bytes=10-19', 'bytes=-5']) {
      const { headers: of, bytes: part } = await get(range)
      const head = `--${boundary}\r\nContent-Type: ${of['content-type']}\r\nContent-Range: ${of['content-range']}\r\n\r\n`
      expected.push(Buffer.from(`${expected.length > 0 ? '\r\n' : ''}${head}`), part)
    }
    expected.push(Buffer.from(`\r\n--${boundary}--\r\n`))
    t.ok(bytes.equals(Buffer.concat(expected)), api)
  }
})

t.test('cdn-gzip: a client that accepts gzip gets the whole file, which is another representation', async t => {
  const server = await boot(t, { downloadPersonality: 'cdn-gzip' })
  const identity = await exchange(server, FILE)
  const etag = identity.headers.etag ?? ''
  const get = (headers: Record<string, string>, method = 'GET') =>
    exchange(server, { ...FILE, method, headers: { ...FILE.headers, 'accept-encoding': 'gzip', ...headers } })
  const compressed = await get({ range: 'bytes=10-19' })
  t.match(compressed, {
    status: 200,
    headers: { 'content-encoding': 'gzip', etag: `W/${etag}`, vary: /Accept-Encoding/, 'content-length': undefined },
  })
  t.strictSame(gunzipSync(compressed.bytes), identity.bytes)
  t.equal(compressed.headers['accept-ranges'], undefined)
  t.match(await get({ 'if-none-match': etag }), { status: 304, headers: { vary: /Accept-Encoding/ } })
  t.match(identity.headers.vary, /Accept-Encoding/, 'a cache must not send it to clients that ask for gzip')
  t.equal((await get({ 'if-match': etag })).status, 412)
  t.match(await get({}, 'HEAD'), { status: 200, headers: { 'content-encoding': 'gzip' }, bytes: Buffer.alloc(0) })
  t.equal((await get({ range: 'bytes=10-19', 'accept-encoding': 'identity' })).status, 206)
  t.equal((await get({ range: 'bytes=10-19', 'accept-encoding': 'gzip;q=0' })).status, 206)
})
