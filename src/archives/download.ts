// Plans the response to a download request (conditional requests and ranges of RFC 9110).

import type { Archive } from './archive.ts'

/** By names in lower case, as in Node. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Bytes [start, end) of the archive. */
export interface ByteRange {
  start: number
  end: number
}

/** A part of a body: bytes of the archive, or bytes that are not in it. */
export type BodyPart = ByteRange | Uint8Array

export interface DownloadPlan {
  /** 200, 206, 304, 412 or 416, unless a fault sets another. */
  status: number
  headers: Record<string, string | number>
  /** What to send, in order. Null for HEAD and 304, and for 412 and 416, where the caller provides the body. */
  body: readonly BodyPart[] | null
}

export function isByteRange(part: BodyPart): part is ByteRange {
  return !(part instanceof Uint8Array)
}

/**
 * The response to a GET or HEAD of the archive; no side effects. Ignored are malformed ranges, multiple ranges, ranges in
 * units other than bytes, and all ranges on HEAD. Conditions are evaluated in the order of RFC 9110 §13.2.2.
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
  const part = asked ?? { start: 0, end: archive.sizeBytes }
  return {
    status: asked ? 206 : 200,
    headers: {
      'Content-Type': archive.mediaType,
      'Content-Length': part.end - part.start,
      'Content-Disposition': contentDisposition(archive.fileName),
      ...validators(archive),
      ...(asked ? { 'Content-Range': `bytes ${part.start}-${part.end - 1}/${archive.sizeBytes}` } : {}),
    },
    body: isHead ? null : [part],
  }
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
  return ifRange.trim() === etag || parseDate(ifRange) === wholeSeconds(lastModified)
}

/** Whether a list of entity tags contains this one. A weak tag never matches in a strong comparison. */
function lists(value: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (value.trim() === '*') return true
  const tags = value.match(/(?:W\/)?"[^"]*"/g) ?? []
  return tags.some(tag => tag === etag || (comparison === 'weak' && tag === `W/${etag}`))
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

/**
 * Undefined when the range is to be ignored. The package range-parser reports `-500` of a 300-byte file and `20-10` as
 * unsatisfiable; RFC 9110 §14.1 defines the first as the whole file and the second as invalid.
 */
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
