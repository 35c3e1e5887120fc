// The headers of the 7z format (7zFormat.txt of the LZMA SDK), for one AES folder per entry.

import { crc32 } from 'node:zlib'

/** The key is derived with 2^19 rounds of SHA-256, the default of 7-Zip. */
export const CYCLES_POWER = 19

/** An AES-256-CBC stream, padded with zeros to whole blocks. */
export interface Folder {
  iv: Buffer
  sizeBytes: number
  crc: number
}

export interface FileRow {
  path: string
  sizeBytes: number
  modifiedAt: number
}

const ID = {
  end: 0x00,
  header: 0x01,
  mainStreams: 0x04,
  files: 0x05,
  packInfo: 0x06,
  unpackInfo: 0x07,
  subStreams: 0x08,
  size: 0x09,
  crc: 0x0a,
  folder: 0x0b,
  unpackSize: 0x0c,
  emptyStream: 0x0e,
  emptyFile: 0x0f,
  names: 0x11,
  modified: 0x14,
  attributes: 0x15,
  encodedHeader: 0x17,
}
const ALL_DEFINED = 1
const NOT_EXTERNAL = 0
// Windows attribute "archive"; 0x8000 indicates that the upper 16 bits are the Unix mode, here -rw-r--r--.
const ATTRIBUTES = 0x8000 | (0o100644 << 16) | 0x20
const UNIX_EPOCH_MS = 11_644_473_600_000

/** The length of a stream after encryption. */
export function packedSize(sizeBytes: number): number {
  return Math.ceil(sizeBytes / 16) * 16
}

/** The first 32 bytes of the archive: position and checksum of the next header. */
export function signature(nextOffset: number, next: Buffer): Buffer {
  const start = Buffer.from([...uint64(BigInt(nextOffset)), ...uint64(BigInt(next.length)), ...uint32(crc32(next))])
  return Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), Buffer.from(uint32(crc32(start))), start])
}

/** The unencrypted header at the end: the position of the encrypted header and how to decode it. */
export function encodedHeader(packOffset: number, folder: Folder): Buffer {
  return Buffer.from([
    ID.encodedHeader,
    ...packInfo(packOffset, [folder]),
    ID.unpackInfo,
    ...folders([folder]),
    ...checksums([folder]),
    ID.end,
    ID.end,
  ])
}

/**
 * The header with the list of files, stored encrypted. `contents` are the non-empty files, in the order of `files`; the first of
 * them begins `packOffset` bytes after the signature.
 */
export function headerOf(files: readonly FileRow[], contents: readonly Folder[], packOffset: number): Buffer {
  return Buffer.from([
    ID.header,
    ...(contents.length > 0 ? mainStreams(packOffset, contents) : []),
    ...filesInfo(files),
    ID.end,
  ])
}

// The parts of a header are arrays of bytes, because making a small buffer takes as long as many of their elements.

function mainStreams(packOffset: number, contents: readonly Folder[]): number[] {
  return [
    ID.mainStreams,
    ...packInfo(packOffset, contents),
    ID.unpackInfo,
    ...folders(contents),
    ID.end,
    // One stream per folder is the default. Only the checksums are stored here, as 7-Zip does.
    ID.subStreams,
    ...checksums(contents),
    ID.end,
    ID.end,
  ]
}

function packInfo(offset: number, all: readonly Folder[]): number[] {
  const sizes = all.flatMap(folder => number(packedSize(folder.sizeBytes)))
  return [ID.packInfo, ...number(offset), ...number(all.length), ID.size, ...sizes, ID.end]
}

function folders(all: readonly Folder[]): number[] {
  const sizes = all.flatMap(folder => number(folder.sizeBytes))
  return [ID.folder, ...number(all.length), NOT_EXTERNAL, ...all.flatMap(coder), ID.unpackSize, ...sizes]
}

/** One coder: a four-byte id with properties (0x24), 7zAES, no salt, a 16-byte IV (0x40 and 0x0f). */
function coder({ iv }: Folder): number[] {
  return [1, 0x24, 0x06, 0xf1, 0x07, 0x01, 2 + iv.length, CYCLES_POWER | 0x40, 0x0f, ...iv]
}

function checksums(all: readonly Folder[]): number[] {
  return [ID.crc, ALL_DEFINED, ...all.flatMap(folder => uint32(folder.crc))]
}

function filesInfo(files: readonly FileRow[]): number[] {
  const empty = files.map(file => file.sizeBytes === 0)
  const emptyCount = empty.filter(Boolean).length
  const emptyRows = [
    ...property(ID.emptyStream, bits(empty)),
    ...property(ID.emptyFile, bits(Array(emptyCount).fill(true))),
  ]
  const names = Buffer.from(files.map(file => `${file.path}\0`).join(''), 'utf16le')
  // FILETIME: 100 ns since 1601.
  const times = files.flatMap(file => uint64((BigInt(file.modifiedAt) + BigInt(UNIX_EPOCH_MS)) * 10_000n))
  const attributes = files.flatMap(() => uint32(ATTRIBUTES))
  return [
    ID.files,
    ...number(files.length),
    ...(emptyCount > 0 ? emptyRows : []),
    ...property(ID.names, [NOT_EXTERNAL, ...names]),
    ...property(ID.modified, [ALL_DEFINED, NOT_EXTERNAL, ...times]),
    ...property(ID.attributes, [ALL_DEFINED, NOT_EXTERNAL, ...attributes]),
    ID.end,
  ]
}

function property(id: number, body: readonly number[]): number[] {
  return [id, ...number(body.length), ...body]
}

/** One bit per flag, the highest bit of each byte first. */
function bits(flags: readonly boolean[]): number[] {
  const out: number[] = Array(Math.ceil(flags.length / 8)).fill(0)
  for (const [index, flag] of flags.entries()) {
    if (flag) out[index >> 3] = (out[index >> 3] ?? 0) | (0x80 >> (index & 7))
  }
  return out
}

/** The NUMBER type of 7z: the leading one bits of the first byte are the number of following bytes, lowest byte first. */
function number(value: number): number[] {
  const out = [0]
  let mask = 0x80
  let rest = value
  while (rest >= mask) {
    out.push(rest % 256)
    rest = Math.floor(rest / 256)
    out[0] = (out[0] ?? 0) | mask
    mask >>= 1
  }
  out[0] = (out[0] ?? 0) | rest
  return out
}

function uint32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]
}

function uint64(value: bigint): number[] {
  return [...uint32(Number(value & 0xffffffffn)), ...uint32(Number(value >> 32n))]
}
