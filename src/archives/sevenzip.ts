// Encrypted 7z archives (AES-256, encrypted names, no compression) whose exact size is known in advance.

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import {
  type Archive,
  type ArchiveOptions,
  checkPaths,
  checkRange,
  type Entry,
  etagOf,
  otherPasswordFor,
} from './archive.ts'
import { escapingEntry } from './escaping.ts'
import { entryRangesOf, lazySection, openSections, type Section, sizeOf } from './sections.ts'
import { ciphertextOf, encrypt, type SevenZipKey, sevenZipKey } from './sevenzip-cipher.ts'
import { encodedHeader, headerOf, packedSize, signature } from './sevenzip-header.ts'
import { RepeatedContent, type RepeatedEntry } from './sevenzip-repeated.ts'

export { type SevenZipKey, sevenZipKey } from './sevenzip-cipher.ts'
export { repeatedEntry } from './sevenzip-repeated.ts'

export const SEVEN_ZIP_TYPE = 'application/x-7z-compressed'

/** Repeated entries are for large sizes: they are available from any position at once. */
export type SevenZipEntry = Entry | RepeatedEntry

/** What an archive holds. */
export interface SevenZipContents {
  entries: readonly SevenZipEntry[]
  /** Unused bytes before the contents, so that an archive can have any size; default 0. */
  gapBytes?: number
}

export interface SevenZipOptions extends Omit<ArchiveOptions, 'entries'>, SevenZipContents {
  key: SevenZipKey
  /** Determines the initialization vectors. */
  seed: string
}

type Sized = Pick<Entry, 'path' | 'sizeBytes' | 'modifiedAt'>

/** The headers before and after the contents. They contain the checksums of the contents. */
interface Headers {
  signature: Buffer
  header: Buffer
  next: Buffer
}

/**
 * A 7z archive whose file names are encrypted too. Size and ETag are available immediately; the first `open` derives the
 * key, and the first `open` that includes a header calculates the checksums of all contents.
 * Throws RangeError when there are no entries or when an archive could not store a path unchanged.
 */
export function sevenZip(options: SevenZipOptions): Archive {
  const { fileName, entries } = options
  checkPaths(entries)
  if (entries.length === 0) throw new RangeError(`${fileName}: a 7z archive needs at least one entry`)
  return uncheckedSevenZip(options)
}

function uncheckedSevenZip(options: SevenZipOptions): Archive {
  const { fileName, entries, gapBytes = 0, lastModified, key, seed } = options
  let encryptedOtherwise: Archive | undefined
  const sections = layOut(options)
  const sizeBytes = sizeOf(sections)
  return {
    fileName,
    mediaType: SEVEN_ZIP_TYPE,
    sizeBytes,
    etag: etagOf(['7z', key.password, seed, String(gapBytes)], entries),
    lastModified,
    open(start, end) {
      checkRange(start, end, sizeBytes)
      return openSections(sections, start, end)
    },
    entryRanges: () => entryRangesOf(sections),
    encryptedOtherwise() {
      // Kept, because the key takes long to derive.
      encryptedOtherwise ??= uncheckedSevenZip({ ...options, key: sevenZipKey(otherPasswordFor(key.password)) })
      return encryptedOtherwise
    },
    withEscapingEntry: () => uncheckedSevenZip({ ...options, entries: [...entries, escapingEntry(lastModified)] }),
  }
}

/** The size in bytes of an archive of entries with these paths and sizes, without a gap. */
export function sevenZipSize(entries: readonly Sized[]): number {
  const filled = entries.filter(entry => entry.sizeBytes > 0)
  const parts = headersOf(entries, filled, { gapBytes: 0, iv: Buffer.alloc(16) })
  return headerBytes(parts) + contentBytes(filled)
}

const MAX_GAP_BYTES = 127
const MAX_ATTEMPTS = 8

/**
 * Contents with a repeated entry whose size makes the archive exactly `totalBytes` long. `contents` returns them with a repeated
 * entry of the given size. Undefined when the other contents are too large.
 */
export function fillSevenZip(
  totalBytes: number,
  contents: (fillerBytes: number) => readonly SevenZipEntry[],
): Required<SevenZipContents> | undefined {
  let fillerBytes = totalBytes - sevenZipSize(contents(0))
  for (let attempt = 0; attempt < MAX_ATTEMPTS && fillerBytes >= 0; attempt++) {
    const entries = contents(fillerBytes)
    const gapBytes = totalBytes - sevenZipSize(entries)
    if (gapBytes >= 0 && gapBytes <= MAX_GAP_BYTES) return { entries, gapBytes }
    // Contents are padded to blocks of 16 bytes.
    fillerBytes += Math.floor(gapBytes / 16) * 16
  }
  return undefined
}

interface KeyedContent {
  crc32(): Promise<number>
  open(start: number, end: number): AsyncIterable<Uint8Array>
}

/** Signature, gap, contents, encrypted header, and the unencrypted header that locates it. */
function layOut({ entries, gapBytes = 0, key, seed }: SevenZipOptions): Section[] {
  const filled = entries.filter(entry => entry.sizeBytes > 0)
  const ivs = filled.map((entry, index) => ivOf(seed, `${index} ${entry.path}`))
  const contents = filled.map((entry, index) => contentOf(entry, key, ivs[index] as Buffer))
  const fixed = { gapBytes, iv: ivOf(seed, 'header'), ivs }

  let headers: Promise<Headers> | undefined
  const prepare = async () => {
    const crcs: number[] = []
    for (const content of contents) crcs.push(await content.crc32())
    return headersOf(entries, filled, { ...fixed, key: await key.bytes(), crcs })
  }
  const headerPart = (part: keyof Headers, { length }: Buffer) =>
    lazySection(length, async () => {
      headers ??= prepare()
      return (await headers)[part]
    })
  const sizes = headersOf(entries, filled, fixed)
  return [
    headerPart('signature', sizes.signature),
    lazySection(gapBytes, async () => Buffer.alloc(gapBytes)),
    ...filled.map(({ path, sizeBytes }, index) => ({
      sizeBytes: packedSize(sizeBytes),
      entry: path,
      open: (contents[index] as KeyedContent).open,
    })),
    headerPart('header', sizes.header),
    headerPart('next', sizes.next),
  ]
}

interface HeaderInputs {
  gapBytes: number
  iv: Buffer
  // The size of the headers does not depend on these; they are left out to measure it, which is done several times for an exact size.
  ivs?: readonly Buffer[]
  crcs?: readonly number[]
  key?: Buffer
}

function headersOf(entries: readonly Sized[], filled: readonly Sized[], inputs: HeaderInputs): Headers {
  const { gapBytes, iv, ivs = [], crcs = [], key } = inputs
  const folders = filled.map(({ sizeBytes }, index) => ({ iv: ivs[index] ?? iv, sizeBytes, crc: crcs[index] ?? 0 }))
  const packedBytes = gapBytes + contentBytes(filled)
  const plain = headerOf(entries, folders, gapBytes)
  const header = key ? encrypt(key, iv, plain) : Buffer.alloc(packedSize(plain.length))
  const next = encodedHeader(packedBytes, { iv, sizeBytes: plain.length, crc: crc32(plain) })
  return { signature: signature(packedBytes + header.length, next), header, next }
}

function headerBytes({ signature, header, next }: Headers): number {
  return signature.length + header.length + next.length
}

function contentBytes(filled: readonly Sized[]): number {
  return filled.reduce((sum, { sizeBytes }) => sum + packedSize(sizeBytes), 0)
}

function contentOf(entry: SevenZipEntry, key: SevenZipKey, iv: Buffer): KeyedContent {
  if ('crc32' in entry) {
    const ciphertext = ciphertextOf(entry, iv)
    return {
      crc32: () => entry.crc32(),
      async *open(start, end) {
        yield* ciphertext.open(await key.bytes(), start, end)
      },
    }
  }
  const repeated = new RepeatedContent(entry, iv)
  return {
    crc32: async () => repeated.crc32(await key.pattern()),
    async *open(start, end) {
      yield* repeated.open(await key.pattern(), start, end)
    },
  }
}

/** 16 bytes that depend on the seed and the entry, so that equal files have different ciphertexts. */
function ivOf(seed: string, purpose: string): Buffer {
  return createHash('sha256').update(`7z iv\0${seed}\0${purpose}`).digest().subarray(0, 16)
}
