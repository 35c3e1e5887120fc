// Tests of the fault kinds for downloads: what each of them changes in a response, and that it is counted and named.
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import type { FaultParameters } from '../../../schemas/contract.ts'
import { exchange } from '../../fault-requests.ts'
import { boot, type Call } from '../../helpers.ts'

const operation = 'getDisasterRecoveryFile'
const DOWNLOAD: Call & { headers: Record<string, string> } = {
  path: '/backend/api/v1/disasterRecoveryFiles/123',
  headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' },
}
const downloadWith = (headers: Record<string, string>, method = 'GET') => ({
  ...DOWNLOAD,
  method,
  headers: { ...DOWNLOAD.headers, ...headers },
})
/** What a client that has 100 bytes asks for. */
const REST = { range: 'bytes=100-' }

interface Case {
  fault: FaultParameters
  headers?: Record<string, string>
  method?: string
  /** What the client receives. `size` and `etag` are those of the file. */
  receives: (file: { size: number; etag: string }) => Record<string, unknown>
  /** The bytes that it receives, of the bytes of the file. */
  bytes?: (file: Buffer) => Buffer
}

const inverted = (bytes: Buffer) => Buffer.from(bytes.map(byte => byte ^ 0xff))

function withInverted(bytes: Buffer, offset: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[offset] = (copy[offset] as number) ^ 0xff
  return copy
}

const CASES: Record<string, Case> = {
  'range-ignored: the whole file': {
    fault: { fault: 'range-ignored' },
    headers: REST,
    receives: () => ({ status: 200, headers: { 'content-range': undefined } }),
    bytes: file => file,
  },
  'range-shifted: earlier': {
    fault: { fault: 'range-shifted', bytes: -10 },
    headers: REST,
    receives: ({ size }) => ({ status: 206, headers: { 'content-range': `bytes 90-${size - 1}/${size}` } }),
    bytes: file => file.subarray(90),
  },
  'range-shifted: later, described as requested': {
    fault: { fault: 'range-shifted', bytes: 10, contentRange: 'requested' },
    headers: { range: 'bytes=100-199' },
    receives: ({ size }) => ({ headers: { 'content-range': `bytes 100-199/${size}`, 'content-length': '100' } }),
    bytes: file => file.subarray(110, 210),
  },
  'range-shifted: beyond the end, described as requested': {
    fault: { fault: 'range-shifted', bytes: 10, contentRange: 'requested' },
    headers: REST,
    receives: ({ size }) => ({ headers: { 'content-range': `bytes 100-${size - 1}/${size}` } }),
    bytes: file => file.subarray(110),
  },
  'content-range: missing': {
    fault: { fault: 'content-range', how: 'missing' },
    headers: REST,
    receives: () => ({ status: 206, headers: { 'content-range': undefined } }),
    bytes: file => file.subarray(100),
  },
  'content-range: malformed': {
    fault: { fault: 'content-range', how: 'malformed' },
    headers: REST,
    receives: () => ({ status: 206, headers: { 'content-range': 'bytes start-end/size' } }),
  },
  'content-range: with 200': {
    fault: { fault: 'content-range', how: 'with-200' },
    headers: REST,
    receives: ({ size }) => ({ status: 200, headers: { 'content-range': `bytes 100-${size - 1}/${size}` } }),
    bytes: file => file.subarray(100),
  },
  'content-range: unknown total': {
    fault: { fault: 'content-range', total: '*' },
    headers: REST,
    receives: ({ size }) => ({ status: 206, headers: { 'content-range': `bytes 100-${size - 1}/*` } }),
  },
  'content-range: numbers near 2^63': {
    fault: { fault: 'content-range', add: '9223372036854775807' },
    headers: { range: 'bytes=100-199' },
    receives: ({ size }) => ({
      headers: {
        'content-range': `bytes 9223372036854775907-9223372036854776006/${9223372036854775807n + BigInt(size)}`,
      },
    }),
  },
  'range-not-satisfiable: with the size': {
    fault: { fault: 'range-not-satisfiable' },
    headers: REST,
    receives: ({ size }) => ({ status: 416, headers: { 'content-range': `bytes */${size}` } }),
  },
  'range-not-satisfiable: malformed': {
    fault: { fault: 'range-not-satisfiable', total: 'malformed' },
    headers: REST,
    receives: ({ size }) => ({ status: 416, headers: { 'content-range': `*/${size}` } }),
  },
  'range-not-satisfiable: as if the file ended there': {
    fault: { fault: 'range-not-satisfiable', total: 'requested' },
    headers: REST,
    receives: () => ({ status: 416, headers: { 'content-range': 'bytes */100' } }),
  },
  'range-not-satisfiable: as if the file were smaller': {
    fault: { fault: 'range-not-satisfiable', total: 'smaller' },
    headers: REST,
    receives: () => ({ status: 416, headers: { 'content-range': 'bytes */50' } }),
  },
  'multipart: one part': {
    fault: { fault: 'multipart' },
    headers: { range: 'bytes=100-102' },
    receives: () => ({
      status: 206,
      headers: { 'content-type': 'multipart/byteranges; boundary=FIREDRILL-BYTE-RANGES', 'content-range': undefined },
    }),
    bytes: file =>
      Buffer.concat([
        Buffer.from(
          '--FIREDRILL-BYTE-RANGES\r\nContent-Type: application/x-7z-compressed\r\n' +
            `Content-Range: bytes 100-102/${file.length}\r\n\r\n`,
        ),
        file.subarray(100, 103),
        Buffer.from('\r\n--FIREDRILL-BYTE-RANGES--\r\n'),
      ]),
  },
  'content-encoding: a label alone': {
    fault: { fault: 'content-encoding', label: 'gzip' },
    receives: ({ size }) => ({ headers: { 'content-encoding': 'gzip', 'content-length': String(size) } }),
    bytes: file => file,
  },
  'accept-ranges: denied, but honoured': {
    fault: { fault: 'accept-ranges', value: 'none', ranges: 'honoured' },
    headers: REST,
    receives: () => ({ status: 206, headers: { 'accept-ranges': 'none' } }),
    bytes: file => file.subarray(100),
  },
  'accept-ranges: promised, but ignored': {
    fault: { fault: 'accept-ranges', value: 'bytes', ranges: 'ignored' },
    headers: REST,
    receives: () => ({ status: 200, headers: { 'accept-ranges': 'bytes' } }),
    bytes: file => file,
  },
  'accept-ranges: missing': {
    fault: { fault: 'accept-ranges', value: 'missing', ranges: 'honoured' },
    receives: () => ({ status: 200, headers: { 'accept-ranges': undefined } }),
  },
  'validators: a weak ETag': {
    fault: { fault: 'validators', etag: 'weak' },
    receives: ({ etag }) => ({ headers: { etag: `W/${etag}` } }),
    bytes: file => file,
  },
  'validators: no ETag, and another date': {
    fault: { fault: 'validators', etag: 'missing', lastModified: 'changed' },
    receives: () => ({ headers: { etag: undefined, 'last-modified': 'Wed, 10 Jun 2026 12:00:00 GMT' } }),
  },
  'validators: another ETag, and no date': {
    fault: { fault: 'validators', etag: 'changed', lastModified: 'missing' },
    receives: ({ etag }) => ({ headers: { etag: `"changed-${etag.slice(1)}`, 'last-modified': undefined } }),
  },
  'validators: conditions ignored': {
    fault: { fault: 'validators', conditions: 'ignored' },
    headers: { ...REST, 'if-range': '"another"', 'if-match': '"another"' },
    receives: () => ({ status: 206 }),
    bytes: file => file.subarray(100),
  },
  'validators: conditions failed': {
    fault: { fault: 'validators', conditions: 'failed' },
    headers: { ...REST, 'if-match': '*' },
    receives: () => ({ status: 412 }),
  },
  'other-version: If-Range evaluated': {
    fault: { fault: 'other-version' },
    headers: { ...REST, 'if-range': '"another"' },
    receives: ({ etag }) => ({ status: 200, headers: { etag: `"other-${etag.slice(1)}` } }),
    bytes: inverted,
  },
  'other-version: If-Range ignored, and the same ETag': {
    fault: { fault: 'other-version', ifRange: 'ignored', etag: 'same' },
    headers: { ...REST, 'if-range': '"another"' },
    receives: ({ etag }) => ({ status: 206, headers: { etag } }),
    bytes: file => inverted(file.subarray(100)),
  },
  'other-version: the same ETag as a weak one': {
    fault: { fault: 'other-version', ifRange: 'ignored', etag: 'weak' },
    headers: REST,
    receives: ({ etag }) => ({
      status: 206,
      headers: { etag: `W/${etag}`, 'last-modified': 'Tue, 09 Jun 2026 12:00:01 GMT' },
    }),
    bytes: file => inverted(file.subarray(100)),
  },
  'other-version: without validators': {
    fault: { fault: 'other-version', etag: 'missing', lastModified: 'missing' },
    headers: REST,
    receives: () => ({ status: 206, headers: { etag: undefined, 'last-modified': undefined } }),
    bytes: file => inverted(file.subarray(100)),
  },
  'truncate: a shorter file': {
    fault: { fault: 'truncate', bytes: 200 },
    headers: REST,
    receives: () => ({ status: 206, headers: { 'content-range': 'bytes 100-199/200', 'content-length': '100' } }),
    bytes: file => file.subarray(100, 200),
  },
  'corrupt: an offset': {
    fault: { fault: 'corrupt', offset: 120 },
    headers: REST,
    receives: () => ({ status: 206 }),
    bytes: file => withInverted(file, 120).subarray(100),
  },
  'corrupt: the header': {
    fault: { fault: 'corrupt', where: 'header' },
    receives: () => ({ status: 200 }),
    bytes: file => withInverted(file, 8),
  },
  'corrupt: the footer': {
    fault: { fault: 'corrupt', where: 'footer' },
    receives: () => ({ status: 200 }),
    bytes: file => withInverted(file, file.length - 10),
  },
  'cut: closed after some bytes': {
    fault: { fault: 'cut', afterBytes: 1000 },
    receives: ({ size }) => ({ status: 200, headers: { 'content-length': String(size) }, error: 'ECONNRESET' }),
    bytes: file => file.subarray(0, 1000),
  },
  'cut: of a file with a weak ETag': {
    fault: { fault: 'cut', afterBytes: 1000, etag: 'weak' },
    receives: ({ etag }) => ({ headers: { etag: `W/${etag}` }, error: 'ECONNRESET' }),
    bytes: file => file.subarray(0, 1000),
  },
  'cut: of a file without validators': {
    fault: { fault: 'cut', where: 'last-byte', etag: 'missing', lastModified: 'missing' },
    receives: () => ({ headers: { etag: undefined, 'last-modified': undefined }, error: 'ECONNRESET' }),
  },
  'cut: before the last byte': {
    fault: { fault: 'cut', where: 'last-byte' },
    receives: () => ({ status: 200, error: 'ECONNRESET' }),
    bytes: file => file.subarray(0, -1),
  },
  'cut: reset at an entry': {
    fault: { fault: 'cut', where: 'entry', how: 'rst' },
    receives: () => ({ status: 200, error: 'ECONNRESET' }),
  },
  'cut: before the headers': {
    fault: { fault: 'cut', where: 'before-headers' },
    receives: () => ({ status: undefined, error: 'ECONNRESET' }),
  },
  'cut: nothing beyond the end': {
    fault: { fault: 'cut', afterBytes: 1_000_000 },
    receives: () => ({ status: 200, error: undefined }),
    bytes: file => file,
  },
  'length: missing': {
    fault: { fault: 'length', contentLength: 'missing' },
    receives: () => ({
      error: undefined,
      headers: { 'content-length': undefined, 'transfer-encoding': undefined, connection: 'close' },
    }),
    bytes: file => file,
  },
  'length: missing, and too short': {
    fault: { fault: 'length', contentLength: 'missing', bytes: 1000 },
    receives: () => ({ error: undefined, headers: { 'content-length': undefined } }),
    bytes: file => file.subarray(0, 1000),
  },
  'length: chunked': {
    fault: { fault: 'length', contentLength: 'chunked' },
    receives: () => ({ error: undefined, headers: { 'transfer-encoding': 'chunked' } }),
    bytes: file => file,
  },
  'length: chunked without the end': {
    fault: { fault: 'length', contentLength: 'unterminated', bytes: 1000 },
    receives: () => ({ error: 'ECONNRESET', headers: { 'transfer-encoding': 'chunked' } }),
    bytes: file => file.subarray(0, 1000),
  },
  'length: of the whole file for a part': {
    fault: { fault: 'length', contentLength: 'file' },
    headers: REST,
    receives: ({ size }) => ({ status: 206, error: 'ECONNRESET', headers: { 'content-length': String(size) } }),
    bytes: file => file.subarray(100),
  },
  'length: announced too large': {
    fault: { fault: 'length', announced: 5 },
    receives: ({ size }) => ({ error: 'ECONNRESET', headers: { 'content-length': String(size + 5) } }),
    bytes: file => file,
  },
  'length: announced differently to HEAD': {
    fault: { fault: 'length', announced: -5 },
    method: 'HEAD',
    receives: ({ size }) => ({ status: 200, headers: { 'content-length': String(size - 5) } }),
  },
  'length: a part that is too long': {
    fault: { fault: 'length', body: 3 },
    headers: { range: 'bytes=100-199' },
    receives: ({ size }) => ({ headers: { 'content-range': `bytes 100-199/${size}`, 'content-length': '103' } }),
    bytes: file => Buffer.concat([file.subarray(100, 200), Buffer.alloc(3)]),
  },
  'length: a part that is too short': {
    fault: { fault: 'length', body: -3 },
    headers: { range: 'bytes=100-199' },
    receives: ({ size }) => ({ headers: { 'content-range': `bytes 100-199/${size}`, 'content-length': '97' } }),
    bytes: file => file.subarray(100, 197),
  },
  'redirect: to the same URL': {
    fault: { fault: 'redirect', status: 307 },
    receives: () => ({ status: 307, headers: { location: DOWNLOAD.path } }),
  },
  'redirect: to another host': {
    fault: { fault: 'redirect', host: 'other' },
    headers: { host: '127.0.0.1:1234' },
    receives: () => ({ status: 302, headers: { location: `http://localhost:1234${DOWNLOAD.path}` } }),
  },
  'redirect: from localhost to another host': {
    fault: { fault: 'redirect', host: 'other' },
    headers: { host: 'localhost:1234' },
    receives: () => ({ status: 302, headers: { location: `http://127.0.0.1:1234${DOWNLOAD.path}` } }),
  },
  'rate-limit: not available, with Retry-After': {
    fault: { fault: 'rate-limit', status: 503, retryAfterSeconds: 2 },
    receives: () => ({ status: 503, headers: { 'retry-after': '2', server: 'nginx' } }),
  },
}

t.test('each fault changes a download, once, and is named in the journal', async t => {
  const server = await boot(t)
  const { bytes: file, headers } = await exchange(server, DOWNLOAD)
  const known = { size: file.length, etag: String(headers.etag) }
  for (const [title, { fault, headers = {}, method, receives, bytes }] of Object.entries(CASES)) {
    await t.test(title, async t => {
      const { id } = server.default.faults.arm({ operation, ...fault, times: 1 })
      const outcome = await exchange(server, downloadWith(headers, method))
      t.match({ status: undefined, error: undefined, ...outcome }, receives(known))
      if (bytes) t.ok(outcome.bytes.equals(bytes(file)), `the bytes; received ${outcome.bytes.length}`)
      t.equal(server.default.faults.get(id).hits, 1)
      const [entry] = server.default.requests.list({ limit: 1 }).requests
      t.match(entry, { firedrill: { fault: { id, fault: fault.fault } } })
      t.match(JSON.stringify(server.default.requests.explain(entry?.id ?? '')), fault.fault)
      const after = await exchange(server, DOWNLOAD)
      t.ok(after.bytes.equals(file), 'the next download is correct')
    })
  }
})

t.test('content-encoding: the file compressed once, a part of it twice', async t => {
  const server = await boot(t)
  const { bytes: file } = await exchange(server, DOWNLOAD)
  server.default.faults.arm({ operation, fault: 'content-encoding', encoding: 'gzip', times: 1 })
  const once = await exchange(server, DOWNLOAD)
  t.match(once.headers, { 'content-encoding': 'gzip', 'content-length': undefined })
  t.ok(gunzipSync(once.bytes).equals(file))
  server.default.faults.arm({ operation, fault: 'content-encoding', encoding: 'gzip, gzip', times: 1 })
  const twice = await exchange(server, downloadWith(REST))
  t.match(twice, { status: 206, headers: { 'content-encoding': 'gzip, gzip' } })
  t.ok(gunzipSync(gunzipSync(twice.bytes)).equals(file.subarray(100)))
})

t.test('redirect: another host leads to the same file of the same sandbox', async t => {
  const server = await boot(t)
  server.sandboxes.create({ name: 't1' })
  const { port } = new URL(server.url)
  const fault = { operation: '*', fault: 'redirect', host: 'other' } as const
  const located = async (host: string, path: string) => {
    const headers = { ...DOWNLOAD.headers, host }
    return (await exchange(server, { path, headers })).headers.location
  }
  server.sandbox('t1').faults.arm(fault)
  t.equal(await located(`t1.localhost:${port}`, DOWNLOAD.path), `http://localhost:${port}/@t1${DOWNLOAD.path}`)
  t.equal(await located(`localhost:${port}`, `/@t1${DOWNLOAD.path}`), `http://127.0.0.1:${port}/@t1${DOWNLOAD.path}`)
  server.default.faults.arm(fault)
  const file = '/23457145698959364_Backup%20at%202024-12-07%2022:28:26.zip?803d975bd5726c1f5771221fc59ec0f97e45fa12'
  t.equal(await located(`backups.dscloud.pt:${port}`, file), `http://localhost:${port}/backups.dscloud.pt${file}`)
})

t.test('parameters that make no sense are refused', async t => {
  const server = await boot(t)
  const refused = (fault: object, message: RegExp) =>
    t.throws(() => server.default.faults.arm({ operation, ...fault } as never), { message })
  refused({ fault: 'content-range', total: 'many' }, /content-range takes how; or total; or add/)
  refused(
    { fault: 'cut' },
    /cut takes where "before-headers", how\?; or where, how\?, etag\?, .*; or afterBytes, how\?, etag\?, /,
  )
  refused({ fault: 'length', body: 100_000 }, /body must be/)
  refused({ fault: 'redirect', host: 'example.org' }, /host must be/)
})
