// The archive and entry types, and what all formats share: path checks, ETags and reading.

import { createHash } from 'node:crypto'
import { openSections } from './sections.ts'
import { Turns } from './turns.ts'

/** One file in an archive. Its bytes are generated while they are read and are the same every time. */
export interface Entry {
  /** Relative, with `/` between segments and no `.`, `..` or empty segment. */
  path: string
  sizeBytes: number
  /** Epoch ms. */
  modifiedAt: number
  /** Equal only for equal bytes; part of the ETag. */
  contentId: string
  /** The bytes from `start` to the end. Chunks may be shared with other readers: do not change them. */
  open(start: number): Iterable<Uint8Array>
  /** The CRC-32 of all bytes. Takes milliseconds at any size. */
  crc32(): Promise<number>
}

/** A file to download. Size and ETag are known before any byte is generated. */
export interface Archive {
  fileName: string
  mediaType: string
  sizeBytes: number
  /** A strong ETag, with quotes. */
  etag: string
  /** Epoch ms. */
  lastModified: number
  /**
   * The bytes [start, end). Chunks may be shared with other readers: do not change them. Does not wait for the event loop between
   * chunks; `openDownload` does. Throws RangeError when the range is not inside the archive.
   */
  open(start: number, end: number): AsyncGenerator<Uint8Array, void>
  /** Where the contents of the entries lie in the file, as they are stored there. Absent for files that are not archives. */
  entryRanges?(): EntryRange[]
  /** The archive encrypted with `otherPasswordFor` its password. Absent for files that are not encrypted. */
  encryptedOtherwise?(): Archive
  /** The archive with one more entry, whose path leads out of the folder into which it is extracted. Absent for files that are not archives. */
  withEscapingEntry?(): Archive
}

/** The bytes [start, end) of an archive that hold the content of an entry. */
export interface EntryRange {
  path: string
  start: number
  end: number
}

/** The password of archives that are encrypted with a wrong one. */
export function otherPasswordFor(password: string): string {
  return `${password}-other`
}

/** The options of every format. `lastModified` in epoch ms. */
export interface ArchiveOptions {
  fileName: string
  entries: readonly Entry[]
  lastModified: number
}

/** A file without content, which is not an archive. `lastModified` in epoch ms. */
export function emptyFile(fileName: string, mediaType: string, lastModified: number): Archive {
  return {
    fileName,
    mediaType,
    sizeBytes: 0,
    etag: etagOf(['empty', fileName], []),
    lastModified,
    open(start, end) {
      checkRange(start, end, 0)
      return openSections([], start, end)
    },
  }
}

/** Throws RangeError for a path that some format would change, reject or extract outside the target folder. */
export function checkPaths(entries: readonly Pick<Entry, 'path'>[]): void {
  for (const { path } of entries) {
    const segments = path.split('/')
    const hasInvalidSegment = segments.some(segment => segment === '' || segment === '.' || segment === '..')
    if (hasInvalidSegment || /[\\\0]|^\w+:/.test(path) || !path.isWellFormed() || Buffer.byteLength(path) > 0xffff) {
      throw new RangeError(`archive path ${JSON.stringify(path)} must be relative, with plain segments between "/"`)
    }
  }
}

/** Throws RangeError unless start and end are integers and 0 <= start <= end <= sizeBytes. */
export function checkRange(start: number, end: number, sizeBytes: number): void {
  const areIntegers = Number.isSafeInteger(start) && Number.isSafeInteger(end)
  if (!areIntegers || start < 0 || start > end || end > sizeBytes) {
    throw new RangeError(`bytes [${start}, ${end}) are not inside ${sizeBytes}`)
  }
}

/** A strong ETag of everything that determines the bytes: the format, its options and the entries. */
export function etagOf(inputs: readonly string[], entries: readonly Omit<Entry, 'open' | 'crc32'>[]): string {
  const rows = entries.map(entry => [entry.path, entry.sizeBytes, entry.modifiedAt, entry.contentId])
  const hash = createHash('sha256').update(JSON.stringify([inputs, rows]))
  return `"${hash.digest('base64url').slice(0, 32)}"`
}

/** Reads an entry from `start`. Throws Error when it has more or fewer bytes than `sizeBytes`, which would damage the archive. */
export async function* read(entry: Entry, start: number): AsyncGenerator<Uint8Array, void> {
  let at = start
  for (const chunk of entry.open(start)) {
    at += chunk.length
    if (at > entry.sizeBytes) break
    yield chunk
  }
  if (at !== entry.sizeBytes) throw new Error(`${entry.path}: expected ${entry.sizeBytes} bytes, got ${at}`)
}

/** The bytes [start, end) of an entry. */
export async function* readPart(entry: Entry, start: number, end: number): AsyncGenerator<Uint8Array, void> {
  yield* slice(read(entry, start), 0, end - start)
}

/** The bytes [start, end) of a stream; closes the source after the last of them. */
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

/**
 * The digest of the whole archive in hexadecimal (`algorithm`: `sha1`, `sha256`, …). Generates the archive once, in turns: other
 * callbacks run in between, also when several digests that share `turns` are computed.
 */
export async function digest(archive: Archive, algorithm: string, turns: Turns = new Turns()): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of archive.open(0, archive.sizeBytes)) {
    await turns.wait()
    hash.update(chunk)
  }
  return hash.digest('hex')
}
