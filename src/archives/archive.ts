// What an archive and an entry in one are, and the reading rules that every format shares.

import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'

/** One file inside an archive: its bytes are generated while they are read, the same ones each time. */
export interface Entry {
  /** Relative, `/` between segments, no `.`, `..` or empty segment. */
  path: string
  sizeBytes: number
  /** Epoch ms. */
  modifiedAt: number
  /** Equal for equal bytes only; ETags are made of it. */
  contentId: string
  /** The bytes from `start` to the end. */
  open(start: number): Iterable<Uint8Array>
}

/** Bytes to download: size and ETag are known before any of them is made. */
export interface Archive {
  fileName: string
  mediaType: string
  sizeBytes: number
  /** Strong, quotes included. */
  etag: string
  /** Epoch ms. */
  lastModified: number
  /** The bytes [start, end). Throws RangeError when that is not inside the archive. */
  open(start: number, end: number): AsyncGenerator<Uint8Array, void>
}

/** What every format is made from. `lastModified` in epoch ms. */
export interface ArchiveOptions {
  fileName: string
  entries: readonly Entry[]
  lastModified: number
}

/** Throws RangeError for a path that one format or another would rewrite, refuse, or extract elsewhere. */
export function checkPaths(entries: readonly Pick<Entry, 'path'>[]): void {
  for (const { path } of entries) {
    const segments = path.split('/')
    const odd = segments.some(segment => segment === '' || segment === '.' || segment === '..')
    if (odd || /[\\\0]|^\w+:/.test(path) || !path.isWellFormed() || Buffer.byteLength(path) > 0xffff) {
      throw new RangeError(`archive path ${JSON.stringify(path)} must be relative, with plain segments between "/"`)
    }
  }
}

/** Throws RangeError unless 0 <= start <= end <= sizeBytes, in whole bytes. */
export function checkRange(start: number, end: number, sizeBytes: number): void {
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end)
  if (!whole || start < 0 || start > end || end > sizeBytes) {
    throw new RangeError(`bytes [${start}, ${end}) are not inside ${sizeBytes}`)
  }
}

/** A strong ETag from everything that decides the bytes: the format with its own inputs, and the entries. */
export function etagOf(inputs: readonly string[], entries: readonly Entry[]): string {
  const rows = entries.map(entry => [entry.path, entry.sizeBytes, entry.modifiedAt, entry.contentId])
  const hash = createHash('sha256').update(JSON.stringify([inputs, rows]))
  return `"${hash.digest('base64url').slice(0, 32)}"`
}

/**
 * Reads an entry from `start`. Each chunk is one turn of the event loop, so that no reader, however fast, keeps other
 * requests waiting. Throws Error when the entry gives more or fewer bytes than it announced: the archive around it
 * would be damaged.
 */
export async function* read(entry: Entry, start: number): AsyncGenerator<Uint8Array, void> {
  let at = start
  for (const chunk of entry.open(start)) {
    at += chunk.length
    if (at > entry.sizeBytes) break
    yield chunk
    await setImmediate()
  }
  if (at !== entry.sizeBytes) throw new Error(`${entry.path} announced ${entry.sizeBytes} bytes and gave ${at}`)
}

/** The bytes [start, end) of a stream; stops its source as soon as the last of them is out. */
export async function* slice(
  chunks: AsyncIterable<Uint8Array>,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void> {
  if (start === end) return
  let at = 0
  for await (const chunk of chunks) {
    const next = at + chunk.length
    if (next > start) yield chunk.subarray(Math.max(0, start - at), end - at)
    at = next
    if (at >= end) return
  }
}

/** The hex digest (`sha1`, `sha256`, …) of the whole archive, by streaming it once. */
export async function digest(archive: Archive, algorithm: string): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of archive.open(0, archive.sizeBytes)) hash.update(chunk)
  return hash.digest('hex')
}
