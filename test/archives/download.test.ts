// Responses to download requests: conditions, ranges, and headers.

import t from 'tap'
import type { Archive } from '../../src/archives/archive.ts'
import { contentDisposition, type DownloadPlan, planDownload } from '../../src/archives/download.ts'

const SIZE = 1000
const DATE = 'Thu, 29 Feb 2024 13:14:16 GMT'
const EARLIER = 'Thu, 29 Feb 2024 13:14:15 GMT'
const LATER = 'Thu, 29 Feb 2024 13:14:17 GMT'

const archive: Archive = {
  fileName: 'a.zip',
  mediaType: 'application/zip',
  sizeBytes: SIZE,
  etag: '"tag"',
  // Half a second later than Last-Modified can express.
  lastModified: Date.UTC(2024, 1, 29, 13, 14, 16, 500),
  async *open(start, end) {
    yield Buffer.alloc(end - start, 'x')
  },
}

type Headers = Record<string, string>
const validators = { ETag: '"tag"', 'Last-Modified': DATE, 'Accept-Ranges': 'bytes' }
const described = {
  'Content-Type': 'application/zip',
  'Content-Disposition': 'attachment; filename="a.zip"',
  ...validators,
}
const whole: DownloadPlan = {
  status: 200,
  headers: { ...described, 'Content-Length': SIZE },
  body: [{ start: 0, end: SIZE }],
}
const unsatisfiable: DownloadPlan = {
  status: 416,
  headers: { 'Accept-Ranges': 'bytes', 'Content-Range': 'bytes */1000' },
  body: null,
}
const notModified: DownloadPlan = { status: 304, headers: validators, body: null }
const failed: DownloadPlan = { status: 412, headers: validators, body: null }

function part(start: number, end: number): DownloadPlan {
  const headers = { ...described, 'Content-Length': end - start, 'Content-Range': `bytes ${start}-${end - 1}/${SIZE}` }
  return { status: 206, headers, body: [{ start, end }] }
}

const table: [Headers, DownloadPlan][] = [
  [{}, whole],
  // Range: RFC 9110 §14
  [{ range: 'bytes=0-0' }, part(0, 1)],
  [{ range: 'bytes=0-999' }, part(0, 1000)],
  [{ range: 'bytes=10-19' }, part(10, 20)],
  [{ range: 'BYTES= 10-19 ' }, part(10, 20)],
  [{ range: 'bytes=990-2000' }, part(990, 1000)],
  [{ range: 'bytes=999-' }, part(999, 1000)],
  [{ range: 'bytes=-1' }, part(999, 1000)],
  [{ range: 'bytes=-5000' }, part(0, 1000)],
  [{ range: 'bytes=5-99999999999999999999999999' }, part(5, 1000)],
  [{ range: 'bytes=1000-' }, unsatisfiable],
  [{ range: 'bytes=1000-1001' }, unsatisfiable],
  [{ range: 'bytes=99999999999999999999999999-' }, unsatisfiable],
  [{ range: 'bytes=-0' }, unsatisfiable],
  [{ range: 'bytes=20-10' }, whole],
  [{ range: 'bytes=-' }, whole],
  [{ range: 'bytes=' }, whole],
  [{ range: 'bytes=a-b' }, whole],
  [{ range: 'bytes=1.5-2' }, whole],
  [{ range: 'bytes 0-1' }, whole],
  [{ range: 'bytes=0-600,500-999' }, whole],
  [{ range: 'bytes=0-1,5000-' }, part(0, 2)],
  [{ range: 'bytes=,0-1,,' }, part(0, 2)],
  [{ range: 'bytes=0-1,x' }, whole],
  [{ range: 'bytes=0-1,20-10' }, whole],
  [{ range: 'bytes=5000-,6000-' }, unsatisfiable],
  [{ range: `bytes=${'0-0,'.repeat(65)}` }, whole],
  [{ range: 'lines=0-1' }, whole],
  // If-Range: §13.1.5
  [{ range: 'bytes=0-0', 'if-range': '"tag"' }, part(0, 1)],
  [{ range: 'bytes=0-0', 'if-range': '"other"' }, whole],
  [{ range: 'bytes=0-0', 'if-range': 'W/"tag"' }, whole],
  [{ range: 'bytes=0-0', 'if-range': DATE }, part(0, 1)],
  [{ range: 'bytes=0-0', 'if-range': EARLIER }, whole],
  [{ range: 'bytes=0-0', 'if-range': LATER }, whole],
  [{ range: 'bytes=0-0', 'if-range': 'junk' }, whole],
  [{ range: 'bytes=5000-', 'if-range': '"other"' }, whole],
  [{ 'if-range': '"tag"' }, whole],
  // If-None-Match: §13.1.2
  [{ 'if-none-match': '"tag"' }, notModified],
  [{ 'if-none-match': 'W/"tag"' }, notModified],
  [{ 'if-none-match': '"a", W/"b,c" ,"tag"' }, notModified],
  [{ 'if-none-match': '*' }, notModified],
  [{ 'if-none-match': '"other"' }, whole],
  [{ 'if-none-match': 'tag' }, whole],
  [{ 'if-none-match': '"other", "tag' }, whole],
  [{ 'if-none-match': '"other"', 'if-modified-since': LATER }, whole],
  [{ 'if-none-match': '"tag"', range: 'bytes=0-0' }, notModified],
  [{ 'if-none-match': '"tag"', range: 'bytes=5000-' }, notModified],
  [{ 'if-none-match': '"other"', range: 'bytes=0-0' }, part(0, 1)],
  // If-Modified-Since: §13.1.3
  [{ 'if-modified-since': DATE }, notModified],
  [{ 'if-modified-since': LATER }, notModified],
  [{ 'if-modified-since': EARLIER }, whole],
  [{ 'if-modified-since': 'Thursday, 29-Feb-24 13:14:16 GMT' }, notModified],
  [{ 'if-modified-since': 'Thursday, 29-Feb-24 13:14:15 GMT' }, whole],
  [{ 'if-modified-since': 'Thu Feb 29 13:14:16 2024' }, notModified],
  [{ 'if-modified-since': 'Thu Feb 29 13:14:15 2024' }, whole],
  [{ 'if-modified-since': '2030-01-01' }, whole],
  [{ 'if-modified-since': 'Thu, no date GMT' }, whole],
  // If-Match: §13.1.1
  [{ 'if-match': '"tag"' }, whole],
  [{ 'if-match': '*' }, whole],
  [{ 'if-match': '"a", "tag"' }, whole],
  [{ 'if-match': 'W/"tag"' }, failed],
  [{ 'if-match': '"other"' }, failed],
  [{ 'if-match': '"other"', 'if-none-match': '"tag"' }, failed],
  [{ 'if-match': '"tag"', 'if-none-match': '"tag"' }, notModified],
  [{ 'if-match': '"tag"', 'if-unmodified-since': EARLIER }, whole],
  [{ 'if-match': '"tag"', range: 'bytes=0-0' }, part(0, 1)],
  // If-Unmodified-Since: §13.1.4
  [{ 'if-unmodified-since': EARLIER }, failed],
  [{ 'if-unmodified-since': DATE }, whole],
  [{ 'if-unmodified-since': LATER }, whole],
  [{ 'if-unmodified-since': 'junk' }, whole],
  [{ 'if-unmodified-since': EARLIER, 'if-none-match': '"tag"' }, failed],
]

for (const [headers, plan] of table) {
  t.test(`GET ${JSON.stringify(headers)}: ${plan.status}`, async t => {
    t.strictSame(planDownload(archive, { method: 'GET', headers }), plan)
  })
}

t.test('HEAD has the headers of GET without ranges, and no body', async t => {
  const head = (headers: Headers) => planDownload(archive, { method: 'HEAD', headers })
  for (const [headers, plan] of table) {
    if (plan.status === 206 || plan.status === 416) t.strictSame(head(headers), { ...whole, body: null })
    else t.strictSame(head(headers), { ...plan, body: null })
  }
})

t.test('an empty archive satisfies no range', async t => {
  const empty = { ...archive, sizeBytes: 0 }
  t.equal(planDownload(empty, { method: 'GET', headers: {} }).status, 200)
  for (const range of ['bytes=0-', 'bytes=-5']) {
    t.equal(planDownload(empty, { method: 'GET', headers: { range } }).status, 416)
  }
})

t.test('file names reach the client unchanged', async t => {
  const names: [string, string][] = [
    ['a b.7z', 'attachment; filename="a b.7z"'],
    ['say "hi"\\.zip', 'attachment; filename="say \\"hi\\"\\\\.zip"'],
    ['ação (1).zip', `attachment; filename="a__o (1).zip"; filename*=UTF-8''a%C3%A7%C3%A3o%20%281%29.zip`],
    ["🔒'*.zip", `attachment; filename="_'*.zip"; filename*=UTF-8''%F0%9F%94%92%27%2A.zip`],
    ['a\r\nX: y', `attachment; filename="a__X: y"; filename*=UTF-8''a%0D%0AX%3A%20y`],
    ['\ud800.zip', `attachment; filename="_.zip"; filename*=UTF-8''%EF%BF%BD.zip`],
  ]
  for (const [name, disposition] of names) t.equal(contentDisposition(name), disposition)
})
