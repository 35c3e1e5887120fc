// Encrypted 7z archives (AES-256, encrypted names, no compression) whose exact size is known in advance.

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type Archive, type ArchiveOptions, checkPaths, checkRange, type Entry, etagOf, read } from './archive.ts'
import { ciphertextOf, encrypt, type SevenZipKey } from './sevenzip-cipher.ts'
import { encodedHeader, headerOf, packedSize, signature } from './sevenzip-header.ts'

export { type SevenZipKey, sevenZipKey } from './sevenzip-cipher.ts'

export interface SevenZipOptions extends ArchiveOptions {
  key: SevenZipKey
  /** Determines the initialization vectors. */
  seed: string
}

/** A contiguous part of the archive. */
interface Section {
  sizeBytes: number
  open(start: number, end: number): AsyncGenerator<Uint8Array, void>
}

/** The headers before and after the contents. They contain checksums, so all contents must be read once to make them. */
interface Headers {
  signature: Buffer
  header: Buffer
  next: Buffer
}

/**
 * A 7z archive whose file names are encrypted too. Size and ETag are available immediately; the first `open` derives the
 * key, and the first `open` that includes a header reads all contents once for their checksums.
 * Throws RangeError when there are no entries or when an archive could not store a path unchanged.
 */
export function sevenZip({ fileName, entries, lastModified, key, seed }: SevenZipOptions): Archive {
  checkPaths(entries)
  if (entries.length === 0) throw new RangeError(`${fileName}: a 7z archive needs at least one entry`)
  const sections = layOut(entries, key, seed)
  const sizeBytes = sections.reduce((sum, section) => sum + section.sizeBytes, 0)
  return {
    fileName,
    mediaType: 'application/x-7z-compressed',
    sizeBytes,
    etag: etagOf(['7z', key.password, seed], entries),
    lastModified,
    open(start, end) {
      checkRange(start, end, sizeBytes)
      return openSections(sections, start, end)
    },
  }
}

/** Signature, contents, encrypted header, and the unencrypted header that locates it. */
function layOut(entries: readonly Entry[], key: SevenZipKey, seed: string): Section[] {
  const filled = entries.filter(entry => entry.sizeBytes > 0)
  const ivs = filled.map((entry, index) => ivOf(seed, `${index} ${entry.path}`))
  const headerIv = ivOf(seed, 'header')
  const build = (keyBytes: Buffer, crcs: readonly number[]): Headers => {
    const folders = filled.map(({ sizeBytes }, index) => ({
      iv: ivs[index] as Buffer,
      sizeBytes,
      crc: crcs[index] ?? 0,
    }))
    const contentBytes = folders.reduce((sum, folder) => sum + packedSize(folder.sizeBytes), 0)
    const plain = headerOf(entries, folders)
    const header = encrypt(keyBytes, headerIv, plain)
    const next = encodedHeader(contentBytes, { iv: headerIv, sizeBytes: plain.length, crc: crc32(plain) })
    return { signature: signature(contentBytes + header.length, next), header, next }
  }

  let headers: Promise<Headers> | undefined
  const prepare = async () => build(await key.bytes(), await checksums(filled))
  const headerPart = (part: keyof Headers, sizeBytes: number): Section => ({
    sizeBytes,
    async *open(start, end) {
      headers ??= prepare()
      yield (await headers)[part].subarray(start, end)
    },
  })
  // The length of the headers does not depend on the key and the checksums, so zeros are enough to measure it.
  const sizes = build(Buffer.alloc(32), [])
  return [
    headerPart('signature', sizes.signature.length),
    ...filled.map((entry, index) => content(entry, key, ivs[index] as Buffer)),
    headerPart('header', sizes.header.length),
    headerPart('next', sizes.next.length),
  ]
}

function content(entry: Entry, key: SevenZipKey, iv: Buffer): Section {
  const ciphertext = ciphertextOf(entry, iv)
  return {
    sizeBytes: packedSize(entry.sizeBytes),
    async *open(start, end) {
      yield* ciphertext.open(await key.bytes(), start, end)
    },
  }
}

async function checksums(entries: readonly Entry[]): Promise<number[]> {
  const crcs: number[] = []
  for (const entry of entries) {
    let crc = 0
    for await (const chunk of read(entry, 0)) crc = crc32(chunk, crc)
    crcs.push(crc)
  }
  return crcs
}

async function* openSections(
  sections: readonly Section[],
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void> {
  let origin = 0
  for (const section of sections) {
    const from = Math.max(start - origin, 0)
    const to = Math.min(end - origin, section.sizeBytes)
    if (from < to) yield* section.open(from, to)
    origin += section.sizeBytes
  }
}

/** 16 bytes that depend on the seed and the entry, so that equal files have different ciphertexts. */
function ivOf(seed: string, purpose: string): Buffer {
  return createHash('sha256').update(`7z iv\0${seed}\0${purpose}`).digest().subarray(0, 16)
}
