// The situations that download clients are tried in: one entry for each row of the table.
import type { FaultParameters } from '../../schemas/contract.ts'

export interface Row {
  /** What the server does, in a few words. */
  title: string
  fault: FaultParameters
  /**
   * When it happens: at the first request; after a first request that is cut (`resume`: only to requests with a Range, `afterwards`: to
   * all); or when the client already has the whole file.
   */
  when: 'first' | 'resume' | 'afterwards' | 'complete'
  /** Validators of the first response, which is cut, if they are not those of the file. */
  first?: { etag?: 'weak' | 'missing'; lastModified?: 'missing' }
  /** How often; without it, always. */
  times?: number
  /** What a correct client does, in a few words. */
  right: string
}

const RECOVERS = 'gets the file'

export const rows: readonly Row[] = [
  {
    title: 'cut before the response',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'cut', where: 'before-headers' },
  },
  {
    title: 'closed within the body',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'cut', afterBytes: 100_000 },
  },
  {
    title: 'reset within the body',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'cut', afterBytes: 100_000, how: 'rst' },
  },
  {
    title: 'body ends early, connection stays open',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'cut', afterBytes: 100_000, how: 'keep-alive' },
  },
  {
    title: 'closed before the last byte',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'cut', where: 'last-byte' },
  },
  {
    title: 'every response ends without a byte',
    when: 'first',
    right: 'gives up',
    fault: { fault: 'cut', afterBytes: 0 },
  },
  {
    title: 'body stalls once',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'stall', afterBytes: 100_000 },
  },
  {
    title: 'slow: 100 kB per second',
    when: 'first',
    right: RECOVERS,
    fault: { fault: 'dribble', bytesPerSecond: 100_000 },
  },
  {
    title: 'body without length',
    when: 'first',
    right: RECOVERS,
    fault: { fault: 'length', contentLength: 'missing' },
  },
  { title: 'chunked body', when: 'first', right: RECOVERS, fault: { fault: 'length', contentLength: 'chunked' } },
  {
    title: 'chunked body that ends early',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'length', contentLength: 'unterminated', bytes: 100_000 },
  },
  {
    title: 'Content-Length larger than the body',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'length', announced: 100 },
  },
  {
    title: 'compressed, without being asked',
    when: 'first',
    right: `${RECOVERS}, or gives up`,
    fault: { fault: 'content-encoding', encoding: 'gzip' },
  },
  {
    title: 'compressed twice, without being asked',
    when: 'first',
    right: `${RECOVERS}, or gives up`,
    fault: { fault: 'content-encoding', encoding: 'gzip, gzip' },
  },
  {
    title: 'Content-Encoding: gzip, but not compressed',
    when: 'first',
    right: `${RECOVERS}, or gives up`,
    fault: { fault: 'content-encoding', label: 'gzip' },
  },
  {
    title: 'Content-Encoding: identity',
    when: 'first',
    right: RECOVERS,
    fault: { fault: 'content-encoding', label: 'identity' },
  },
  {
    title: '429 with Retry-After: 1',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'rate-limit', retryAfterSeconds: 1 },
  },
  {
    title: '503 with Retry-After: 0',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'rate-limit', status: 503, retryAfterSeconds: 0 },
  },
  {
    title: '503 with a date in Retry-After',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'rate-limit', status: 503, retryAfterDateSeconds: 2 },
  },
  {
    title: '503 with a Retry-After that is no date',
    when: 'first',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'rate-limit', status: 503, retryAfter: 'soon' },
  },
  { title: 'redirect', when: 'first', times: 1, right: RECOVERS, fault: { fault: 'redirect' } },
  { title: 'redirect loop', when: 'first', right: 'gives up', fault: { fault: 'redirect' } },
  {
    title: 'HTML with 200',
    when: 'first',
    times: 1,
    right: 'looks before saving',
    fault: { fault: 'status', status: 200, body: '<html>Please wait</html>', contentType: 'text/html' },
  },
  {
    title: 'one wrong byte in the file',
    when: 'first',
    right: 'compares a checksum',
    fault: { fault: 'corrupt', where: 'entry' },
  },
  {
    title: 'half of the file, as if it were the whole',
    when: 'first',
    right: 'compares a checksum',
    fault: { fault: 'truncate' },
  },
  {
    title: 'archive with another password',
    when: 'first',
    right: 'tests the archive',
    fault: { fault: 'wrong-password' },
  },
  { title: '200 to a Range', when: 'resume', right: RECOVERS, fault: { fault: 'range-ignored' } },
  {
    title: '206 starts earlier',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'range-shifted', bytes: -1000 },
  },
  {
    title: '206 starts later',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'range-shifted', bytes: 1000 },
  },
  {
    title: '206 without Content-Range',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'content-range', how: 'missing' },
  },
  {
    title: '206 with a malformed Content-Range',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'content-range', how: 'malformed' },
  },
  {
    title: 'Content-Range with 200',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'content-range', how: 'with-200' },
  },
  {
    title: 'Content-Range with another total size',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'content-range', total: '999999' },
  },
  {
    title: 'Content-Range with total size *',
    when: 'resume',
    right: RECOVERS,
    fault: { fault: 'content-range', total: '*' },
  },
  {
    title: 'Content-Range near 2^63',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'content-range', add: '9223372036854775000' },
  },
  {
    title: '206 longer than announced',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'length', body: 100 },
  },
  {
    title: '206 shorter than announced',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'length', body: -100 },
  },
  {
    title: 'multipart/byteranges for one range',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'multipart' },
  },
  {
    title: '206, compressed',
    when: 'resume',
    times: 1,
    right: `${RECOVERS}, or gives up`,
    fault: { fault: 'content-encoding', encoding: 'gzip' },
  },
  {
    title: '416 with the correct size',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'range-not-satisfiable' },
  },
  {
    title: '416 as if the file ended here',
    when: 'resume',
    times: 1,
    right: 'compares with the first size',
    fault: { fault: 'range-not-satisfiable', total: 'requested' },
  },
  {
    title: '416 with a smaller size',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'range-not-satisfiable', total: 'smaller' },
  },
  {
    title: '404 once',
    when: 'resume',
    times: 1,
    right: `${RECOVERS}, or gives up`,
    fault: { fault: 'status', status: 404 },
  },
  { title: '404 for ever', when: 'resume', right: 'gives up', fault: { fault: 'status', status: 404 } },
  { title: 'redirect while resuming', when: 'resume', times: 1, right: RECOVERS, fault: { fault: 'redirect' } },
  {
    title: 'another version, another ETag',
    when: 'afterwards',
    right: 'gets one of the versions',
    fault: { fault: 'other-version' },
  },
  {
    title: 'another version, If-Range ignored',
    when: 'afterwards',
    right: 'gets one of the versions',
    fault: { fault: 'other-version', ifRange: 'ignored' },
  },
  {
    title: 'another version, the same ETag',
    when: 'afterwards',
    right: 'compares Last-Modified',
    fault: { fault: 'other-version', etag: 'same' },
  },
  {
    title: 'another version, the same weak ETag',
    when: 'afterwards',
    first: { etag: 'weak' },
    right: 'gets one of the versions',
    fault: { fault: 'other-version', etag: 'weak' },
  },
  {
    title: 'another version, Last-Modified without ETag',
    when: 'afterwards',
    first: { etag: 'missing' },
    right: 'gets one of the versions',
    fault: { fault: 'other-version', etag: 'missing' },
  },
  {
    title: 'another version, no ETag or Last-Modified',
    when: 'afterwards',
    first: { etag: 'missing', lastModified: 'missing' },
    right: 'starts again',
    fault: { fault: 'other-version', etag: 'missing', lastModified: 'missing' },
  },
  {
    title: 'another ETag, the same bytes',
    when: 'resume',
    right: RECOVERS,
    fault: { fault: 'validators', etag: 'changed' },
  },
  {
    title: '412 although nothing changed',
    when: 'resume',
    times: 1,
    right: RECOVERS,
    fault: { fault: 'validators', conditions: 'failed' },
  },
  {
    title: 'whole file present: 416',
    when: 'complete',
    right: 'is content',
    fault: { fault: 'range-not-satisfiable' },
  },
  {
    title: 'whole file present: malformed 416',
    when: 'complete',
    right: 'is content, or gets it again',
    fault: { fault: 'range-not-satisfiable', total: 'malformed' },
  },
]
