// Plans the response to a download request (conditional requests and ranges of RFC 9110).

import { createHash } from 'node:crypto'
import type { Archive } from './archive.ts'
import { type DownloadPersonality, personalities } from './personalities.ts'
import { type ByteRange, readRanges } from './ranges.ts'

export type { ByteRange } from './ranges.ts'

/** By names in lower case, as in Node. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

/** A part of a body: bytes of the archive, or bytes that are not in it. */
export type BodyPart = ByteRange | Uint8Array

export interface DownloadPlan {
  /** 200, 206, 304, 412 or 416, unless a fault sets another. */
  status: number
  headers: Record<string, string | number>
  /** What to send, in order. Null for HEAD and 304, and for 412 and 416, where the caller provides the body. */
  body: readonly BodyPart[] | null
  /** How the body is compressed while it is sent. Ranges are those of the file. */
  encoding?: 'gzip'
}

export function isByteRange(part: BodyPart): part is ByteRange {
  return !(part instanceof Uint8Array)
}

/** In bytes. */
export function sizeOf(parts: readonly BodyPart[]): number {
  return parts.reduce((sum, part) => sum + (isByteRange(part) ? part.end - part.start : part.length), 0)
}

export interface DownloadRequest {
  method: string
  headers: RequestHeaders
  /** Whether its Accept-Encoding allows gzip; only needed for a personality that compresses. */
  acceptsGzip?: boolean
}

/**
 * The response to a GET or HEAD of the archive; no side effects. Conditions are evaluated in the order of RFC 9110 §13.2.2; a
 * Range in another order, or overlapping, is sent as it was asked for.
 */
export function planDownload(
  archive: Archive,
  request: DownloadRequest,
  personality: DownloadPersonality = personalities.standard,
): DownloadPlan {
  const header = (name: string) => request.headers[name]?.toString()
  const isCompressed = personality.compresses && request.acceptsGzip === true
  const served = isCompressed ? { ...archive, etag: `W/${archive.etag}` } : archive
  const status = conditionStatus(served, header)
  // Also of responses that are not compressed: a cache must not send them to other clients.
  const vary = personality.compresses ? { Vary: 'Accept-Encoding' } : {}
  if (status !== undefined) return { status, headers: { ...validators(served), ...vary }, body: null }

  const isHead = request.method === 'HEAD'
  const ignoresRange =
    isCompressed || (isHead && !personality.rangeOfHead) || !rangeStillApplies(served, header('if-range'))
  const ranges = ignoresRange ? 'ignored' : readRanges(header('range'), archive.sizeBytes, personality)
  if (ranges === 'refused' || ranges === 'refused without size') {
    const size = ranges === 'refused' ? { 'Content-Range': `bytes */${archive.sizeBytes}` } : {}
    return { status: 416, headers: { 'Accept-Ranges': 'bytes', ...size }, body: null }
  }
  const plan = isCompressed ? compressed(served) : ranges === 'ignored' ? whole(archive) : partial(archive, ranges)
  return { ...plan, headers: { ...plan.headers, ...vary }, ...(isHead && { body: null }) }
}

function whole(archive: Archive): DownloadPlan {
  const { mediaType, sizeBytes } = archive
  const headers = { 'Content-Type': mediaType, 'Content-Length': sizeBytes, ...described(archive) }
  return { status: 200, headers, body: [{ start: 0, end: sizeBytes }] }
}

/** Without a length, which is not known before all of it is compressed. */
function compressed(archive: Archive): DownloadPlan {
  const { 'Accept-Ranges': _, ...headers } = described(archive)
  return {
    status: 200,
    headers: { 'Content-Type': archive.mediaType, 'Content-Encoding': 'gzip', ...headers },
    body: [{ start: 0, end: archive.sizeBytes }],
    encoding: 'gzip',
  }
}

function partial(archive: Archive, ranges: readonly ByteRange[]): DownloadPlan {
  const [only, ...others] = ranges
  if (!only || others.length > 0) return multipart(archive, ranges)
  const headers = {
    'Content-Type': archive.mediaType,
    'Content-Length': only.end - only.start,
    ...described(archive),
    'Content-Range': contentRange(only, archive),
  }
  return { status: 206, headers, body: [only] }
}

/** RFC 9110 §14.6. */
function multipart(archive: Archive, ranges: readonly ByteRange[]): DownloadPlan {
  const boundary = createHash('sha256').update(archive.etag).digest('hex').slice(0, 32)
  const head = (range: ByteRange, index: number) =>
    Buffer.from(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${archive.mediaType}\r\n` +
        `Content-Range: ${contentRange(range, archive)}\r\n\r\n`,
    )
  const body = [
    ...ranges.flatMap((range, index) => [head(range, index), range]),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]
  const headers = {
    'Content-Type': `multipart/byteranges; boundary=${boundary}`,
    'Content-Length': sizeOf(body),
    ...described(archive),
  }
  return { status: 206, headers, body }
}

function contentRange({ start, end }: ByteRange, { sizeBytes }: Archive): string {
  return `bytes ${start}-${end - 1}/${sizeBytes}`
}

function described(archive: Archive): Record<string, string> {
  return { 'Content-Disposition': contentDisposition(archive.fileName), ...validators(archive) }
}

/**
 * `attachment` with the name in ASCII, always quoted, and the exact name (RFC 8187) if that is different. Of the package
 * content-disposition, version 1 cuts names at slashes and backslashes, and version 3 omits the quotes.
 */
export function contentDisposition(fileName: string): string {
  const name = fileName.toWellFormed()
  const ascii = name.replace(/[^\x20-\x7e]/gu, '_')
  const plain = `attachment; filename="${ascii.replace(/["\\]/g, '\\$&')}"`
  if (ascii === name) return plain
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${plain}; filename*=UTF-8''${encoded}`
}

function validators(archive: Archive): Record<string, string> {
  return {
    ETag: archive.etag,
    'Last-Modified': new Date(archive.lastModified).toUTCString(),
    'Accept-Ranges': 'bytes',
  }
}

type HeaderOf = (name: string) => string | undefined

function conditionStatus({ etag, lastModified }: Archive, header: HeaderOf): 304 | 412 | undefined {
  const ifMatch = header('if-match')
  const ifNoneMatch = header('if-none-match')
  if (ifMatch !== undefined) {
    if (!lists(ifMatch, etag, 'strong')) return 412
  } else if (wholeSeconds(lastModified) > parseDate(header('if-unmodified-since'))) {
    return 412
  }
  if (ifNoneMatch !== undefined) return lists(ifNoneMatch, etag, 'weak') ? 304 : undefined
  return wholeSeconds(lastModified) <= parseDate(header('if-modified-since')) ? 304 : undefined
}

/** Whether If-Range is absent or equals the ETag or the modification date. */
function rangeStillApplies({ etag, lastModified }: Archive, ifRange: string | undefined): boolean {
  if (ifRange === undefined) return true
  return (!isWeak(etag) && ifRange.trim() === etag) || parseDate(ifRange) === wholeSeconds(lastModified)
}

function isWeak(etag: string): boolean {
  return etag.startsWith('W/')
}

/** Whether a list of entity tags contains this one. A weak tag never matches in a strong comparison. */
function lists(value: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (value.trim() === '*') return true
  const tags: string[] = value.match(/(?:W\/)?"[^"]*"/g) ?? []
  if (comparison === 'strong') return !isWeak(etag) && tags.includes(etag)
  const opaque = (tag: string) => tag.replace(/^W\//, '')
  return tags.some(tag => opaque(tag) === opaque(etag))
}

/** Rounded down to whole seconds, because HTTP dates have no fractions. */
function wholeSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000
}

/** Epoch ms of an HTTP date in any of its three formats; NaN, for which every comparison is false, if it is not valid. */
function parseDate(value: string | undefined): number {
  const text = value?.trim() ?? ''
  if (/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, .* GMT$/.test(text)) return Date.parse(text)
  // The asctime format has no time zone, and Date.parse would assume local time.
  if (/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}$/.test(text))
    return Date.parse(`${text} GMT`)
  return Number.NaN
}
