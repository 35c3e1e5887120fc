// The answer to a download request: conditions and ranges by RFC 9110, headers, and the stream to send.

import { Readable } from 'node:stream'
import type { Archive } from './archive.ts'

const CHUNK_BYTES = 128 * 1024

/** Names in lower case, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Bytes [start, end) of the archive. */
export interface ByteRange {
  start: number
  end: number
}

export interface DownloadPlan {
  status: 200 | 206 | 304 | 412 | 416
  headers: Record<string, string | number>
  /** What to send. Null for HEAD and 304, and for 412 and 416, whose body is the caller's. */
  body: ByteRange | null
}

/**
 * Decides, without side effects, what a GET or HEAD of the archive is answered with. Ranges that are malformed, several,
 * or not in bytes are ignored, as is any range on HEAD. The order of conditions is that of RFC 9110 §13.2.2.
 */
export function planDownload(archive: Archive, request: { method: string; headers: RequestHeaders }): DownloadPlan {
  const header = (name: string) => request.headers[name]?.toString()
  const status = conditionStatus(archive, header)
  if (status !== undefined) return { status, headers: validators(archive), body: null }

  const isHead = request.method === 'HEAD'
  const range = isHead || !rangeStillApplies(archive, header('if-range')) ? undefined : header('range')
  const asked = parseRange(range, archive.sizeBytes)
  if (asked === 'unsatisfiable') {
    const headers = { 'Accept-Ranges': 'bytes', 'Content-Range': `bytes */${archive.sizeBytes}` }
    return { status: 416, headers, body: null }
  }
  const body = asked ?? { start: 0, end: archive.sizeBytes }
  return {
    status: asked ? 206 : 200,
    headers: {
      'Content-Type': archive.mediaType,
      'Content-Length': body.end - body.start,
      'Content-Disposition': contentDisposition(archive.fileName),
      ...validators(archive),
      ...(asked ? { 'Content-Range': `bytes ${body.start}-${body.end - 1}/${archive.sizeBytes}` } : {}),
    },
    body: isHead ? null : body,
  }
}

/** The stream of a plan's body. Destroying it stops the generation of bytes. */
export function openDownload(archive: Archive, range: ByteRange): Readable {
  const chunks = gather(archive.open(range.start, range.end))
  return Readable.from(chunks, { objectMode: false, highWaterMark: 4 * CHUNK_BYTES })
}

/** Joins small chunks: an archive of many small files would else be sent header field by header field. */
async function* gather(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  for await (const chunk of chunks) {
    waiting.push(chunk)
    waitingBytes += chunk.length
    if (waitingBytes < CHUNK_BYTES) continue
    yield waiting.length === 1 ? chunk : Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
  }
  if (waitingBytes > 0) yield Buffer.concat(waiting)
}

/** `attachment` with a quoted name that any client reads, and the exact one (RFC 8187) where that differs. */
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
  } else if (seconds(lastModified) > parseDate(header('if-unmodified-since'))) {
    return 412
  }
  if (ifNoneMatch !== undefined) return lists(ifNoneMatch, etag, 'weak') ? 304 : undefined
  return seconds(lastModified) <= parseDate(header('if-modified-since')) ? 304 : undefined
}

/** If-Range: the very same ETag or date; without it, any range applies. */
function rangeStillApplies({ etag, lastModified }: Archive, ifRange: string | undefined): boolean {
  if (ifRange === undefined) return true
  return ifRange.trim() === etag || parseDate(ifRange) === seconds(lastModified)
}

/** Whether a list of entity tags names this one; a weak tag never matches in a strong comparison. */
function lists(value: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (value.trim() === '*') return true
  const tags = value.match(/(?:W\/)?"[^"]*"/g) ?? []
  return tags.some(tag => tag === etag || (comparison === 'weak' && tag === `W/${etag}`))
}

/** HTTP dates have no fractions. */
function seconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000
}

/** Epoch ms of an HTTP date in any of its three forms; NaN, which no comparison holds for, if it is none. */
function parseDate(value: string | undefined): number {
  const text = value?.trim() ?? ''
  if (/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, .* GMT$/.test(text)) return Date.parse(text)
  // asctime has no zone, and Date.parse would take it for local time.
  if (/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}$/.test(text))
    return Date.parse(`${text} GMT`)
  return Number.NaN
}

function parseRange(value: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(value ?? '') ?? []
  if (first === undefined || last === undefined || first + last === '') return undefined
  if (first === '') {
    const suffixBytes = Math.min(Number(last), sizeBytes)
    return suffixBytes === 0 ? 'unsatisfiable' : { start: sizeBytes - suffixBytes, end: sizeBytes }
  }
  if (last !== '' && Number(last) < Number(first)) return undefined
  if (Number(first) >= sizeBytes) return 'unsatisfiable'
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes)
  return { start: Number(first), end }
}
