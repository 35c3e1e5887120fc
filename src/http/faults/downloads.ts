// What fault kinds need in order to change the response to a download: its plan, and the file that it is made from.
import type { Archive } from '../../archives/archive.ts'
import { type BodyPart, type DownloadPlan, isByteRange, type RequestHeaders } from '../../archives/download.ts'
import type { FaultedDownload, ServedDownload } from './kind.ts'

/** What is sent without the fault. */
export function unchanged({ plan, source }: FaultedDownload): ServedDownload {
  return { plan, source }
}

/** The plan with other headers; those that are undefined are left out. */
export function withHeaders(
  plan: DownloadPlan,
  changes: Readonly<Record<string, string | number | undefined>>,
): DownloadPlan {
  const headers = Object.entries({ ...plan.headers, ...changes })
  const kept = headers.filter((header): header is [string, string | number] => header[1] !== undefined)
  return { ...plan, headers: Object.fromEntries(kept) }
}

/** The request's headers without some of them; names in lower case. */
export function without(headers: RequestHeaders, ...names: string[]): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}

/** The part of the file that a response with status 206 sends; undefined for other responses, and for several parts. */
export function partOf({ status, headers, body }: DownloadPlan): { start: number; end: number } | undefined {
  const [part, ...others] = body ?? []
  if (part) return status === 206 && others.length === 0 && isByteRange(part) ? part : undefined
  // HEAD has no body.
  const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(String(headers['Content-Range'] ?? '')) ?? []
  return first === undefined ? undefined : { start: Number(first), end: Number(last) + 1 }
}

/** In bytes. */
export function lengthOf(parts: readonly BodyPart[]): number {
  return parts.reduce((sum, part) => sum + (isByteRange(part) ? part.end - part.start : part.length), 0)
}

/** The first bytes of the body. */
export function firstParts(parts: readonly BodyPart[], sizeBytes: number): BodyPart[] {
  let left = sizeBytes
  return parts.flatMap((part): BodyPart[] => {
    const length = Math.min(lengthOf([part]), left)
    left -= length
    if (length === 0) return []
    return isByteRange(part) ? [{ start: part.start, end: part.start + length }] : [part.subarray(0, length)]
  })
}

/** The file with each chunk changed. `at`: the offset of the chunk in the file. The chunk must not be changed in place. */
export function withChunks(source: Archive, change: (chunk: Uint8Array, at: number) => Uint8Array): Archive {
  return {
    ...source,
    async *open(start, end) {
      let at = start
      for await (const chunk of source.open(start, end)) {
        yield change(chunk, at)
        at += chunk.length
      }
    },
  }
}

/** Validators that are not those of the file. */
export interface OtherValidators {
  etag?: 'weak' | 'missing' | 'changed'
  lastModified?: 'missing' | 'changed'
}

const DAY_MS = 86_400_000

/** The plan with other validators; those that are not given stay. */
export function withValidators(
  plan: DownloadPlan,
  { etag, lastModified }: OtherValidators,
  file: Archive,
): DownloadPlan {
  return withHeaders(plan, {
    ...(etag !== undefined && { ETag: etagFor(etag, file.etag) }),
    ...(lastModified !== undefined && { 'Last-Modified': lastModifiedFor(lastModified, file.lastModified) }),
  })
}

function etagFor(how: OtherValidators['etag'], etag: string): string | undefined {
  if (how === 'missing') return undefined
  return how === 'weak' ? `W/${etag}` : `"changed-${etag.slice(1)}`
}

function lastModifiedFor(how: OtherValidators['lastModified'], at: number): string | undefined {
  return how === 'missing' ? undefined : new Date(at + DAY_MS).toUTCString()
}
