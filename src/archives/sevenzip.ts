// Encrypted 7z archives (AES-256, names hidden, no compression), streamed, with their exact length known ahead.

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type Archive, type ArchiveOptions, checkPaths, checkRange, type Entry, etagOf, read } from './archive.ts'
import { ciphertextOf, encrypt, keyOf } from './sevenzip-cipher.ts'
import { encodedHeader, headerOf, packedSize, signature } from './sevenzip-header.ts'

export interface SevenZipOptions extends ArchiveOptions {
  password: string
  /** Decides the initialization vectors. */
  seed: string
}

/** A run of the archive's bytes. */
interface Section {
  sizeBytes: number
  open(start: number, end: number): AsyncGenerator<Uint8Array, void>
}

/** What only a pass over all contents can tell: their checksums stand in front of them and behind them. */
interface Frame {
  signature: Buffer
  header: Buffer
  next: Buffer
}

/**
 * A 7z archive that asks for its password before it shows a name. Size and ETag are there at once; the first `open`
 * derives the key, and the first one that needs the headers reads all contents once for their checksums.
 * Throws RangeError for no entries or for a path that an archive could not keep as it is.
 */
export function sevenZip({ fileName, entries, lastModified, password, seed }: SevenZipOptions): Archive {
  checkPaths(entries)
  if (entries.length === 0) throw new RangeError(`${fileName}: a 7z archive needs at least one entry`)
  const sections = layOut(entries, password, seed)
  const sizeBytes = sections.reduce((sum, section) => sum + section.sizeBytes, 0)
  return {
    fileName,
    mediaType: 'application/x-7z-compressed',
    sizeBytes,
    etag: etagOf(['7z', password, seed], entries),
    lastModified,
    open(start, end) {
      checkRange(start, end, sizeBytes)
      return openSections(sections, start, end)
    },
  }
}

/** Signature, contents, encrypted header, and the next header that says how to read that one. */
function layOut(entries: readonly Entry[], password: string, seed: string): Section[] {
  const filled = entries.filter(entry => entry.sizeBytes > 0)
  const ivs = filled.map((entry, index) => ivOf(seed, `${index} ${entry.path}`))
  const headerIv = ivOf(seed, 'header')
  const build = (key: Buffer, crcs: readonly number[]): Frame => {
    const folders = filled.map(({ sizeBytes }, index) => ({
      iv: ivs[index] as Buffer,
      sizeBytes,
      crc: crcs[index] ?? 0,
    }))
    const contentBytes = folders.reduce((sum, folder) => sum + packedSize(folder.sizeBytes), 0)
    const plain = headerOf(entries, folders)
    const header = encrypt(key, headerIv, plain)
    const next = encodedHeader(contentBytes, { iv: headerIv, sizeBytes: plain.length, crc: crc32(plain) })
    return { signature: signature(contentBytes + header.length, next), header, next }
  }

  let frame: Promise<Frame> | undefined
  const prepare = async () => build(await keyOf(password), await checksums(filled))
  const framed = (part: keyof Frame, sizeBytes: number): Section => ({
    sizeBytes,
    async *open(start, end) {
      frame ??= prepare()
      yield (await frame)[part].subarray(start, end)
    },
  })
  // Keys and checksums have one length whatever their values, so a frame of zeros tells the sizes.
  const sizes = build(Buffer.alloc(32), [])
  return [
    framed('signature', sizes.signature.length),
    ...filled.map((entry, index) => content(entry, password, ivs[index] as Buffer)),
    framed('header', sizes.header.length),
    framed('next', sizes.next.length),
  ]
}

function content(entry: Entry, password: string, iv: Buffer): Section {
  const ciphertext = ciphertextOf(entry, iv)
  return {
    sizeBytes: packedSize(entry.sizeBytes),
    async *open(start, end) {
      yield* ciphertext.open(await keyOf(password), start, end)
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

/** An AES block decided by the seed: each entry has its own, or equal files would show as equal ciphertext. */
function ivOf(seed: string, purpose: string): Buffer {
  return createHash('sha256').update(`7z iv\0${seed}\0${purpose}`).digest().subarray(0, 16)
}
