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
  const start = Buffer.concat([uint64(BigInt(nextOffset)), uint64(BigInt(next.length)), uint32(crc32(next))])
  return Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), uint32(crc32(start)), start])
}

/** The unencrypted header at the end: the position of the encrypted header and how to decode it. */
export function encodedHeader(packOffset: number, folder: Folder): Buffer {
  return Buffer.concat([
    bytes(ID.encodedHeader),
    packInfo(packOffset, [folder]),
    bytes(ID.unpackInfo),
    folders([folder]),
    checksums([folder]),
    bytes(ID.end, ID.end),
  ])
}

/**
 * The header with the list of files, stored encrypted. `contents` are the non-empty files, in the order of `files`; the first of
 * them begins `packOffset` bytes after the signature.
 */
export function headerOf(files: readonly FileRow[], contents: readonly Folder[], packOffset: number): Buffer {
  return Buffer.concat([
    bytes(ID.header),
    ...(contents.length > 0 ? [mainStreams(packOffset, contents)] : []),
    filesInfo(files),
    bytes(ID.end),
  ])
}

function mainStreams(packOffset: number, contents: readonly Folder[]): Buffer {
  return Buffer.concat([
    bytes(ID.mainStreams),
    packInfo(packOffset, contents),
    bytes(ID.unpackInfo),
    folders(contents),
    bytes(ID.end),
    // One stream per folder is the default. Only the checksums are stored here, as 7-Zip does.
    bytes(ID.subStreams),
    checksums(contents),
    bytes(ID.end, ID.end),
  ])
}

function packInfo(offset: number, all: readonly Folder[]): Buffer {
  const sizes = all.map(folder => number(packedSize(folder.sizeBytes)))
  return Buffer.concat([
    bytes(ID.packInfo),
    number(offset),
    number(all.length),
    bytes(ID.size),
    ...sizes,
    bytes(ID.end),
  ])
}

function folders(all: readonly Folder[]): Buffer {
  return Buffer.concat([
    bytes(ID.folder),
    number(all.length),
    bytes(NOT_EXTERNAL),
    ...all.map(coder),
    bytes(ID.unpackSize),
    ...all.map(folder => number(folder.sizeBytes)),
  ])
}

/** One coder: a four-byte id with properties (0x24), 7zAES, no salt, a 16-byte IV (0x40 and 0x0f). */
function coder({ iv }: Folder): Buffer {
  return Buffer.concat([bytes(1, 0x24, 0x06, 0xf1, 0x07, 0x01, 2 + iv.length, CYCLES_POWER | 0x40, 0x0f), iv])
}

function checksums(all: readonly Folder[]): Buffer {
  return Buffer.concat([bytes(ID.crc, ALL_DEFINED), ...all.map(folder => uint32(folder.crc))])
}

function filesInfo(files: readonly FileRow[]): Buffer {
  const empty = files.map(file => file.sizeBytes === 0)
  const emptyCount = empty.filter(Boolean).length
  const emptyRows = [property(ID.emptyStream, bits(empty)), property(ID.emptyFile, bits(Array(emptyCount).fill(true)))]
  const names = Buffer.from(files.map(file => `${file.path}\0`).join(''), 'utf16le')
  // FILETIME: 100 ns since 1601.
  const times = files.map(file => uint64((BigInt(file.modifiedAt) + BigInt(UNIX_EPOCH_MS)) * 10_000n))
  return Buffer.concat([
    bytes(ID.files),
    number(files.length),
    ...(emptyCount > 0 ? emptyRows : []),
    property(ID.names, bytes(NOT_EXTERNAL), names),
    property(ID.modified, bytes(ALL_DEFINED, NOT_EXTERNAL), ...times),
    property(ID.attributes, bytes(ALL_DEFINED, NOT_EXTERNAL), ...files.map(() => uint32(ATTRIBUTES))),
    bytes(ID.end),
  ])
}

function property(id: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([bytes(id), number(body.length), body])
}

/** One bit per flag, the highest bit of each byte first. */
function bits(flags: readonly boolean[]): Buffer {
  const out = Buffer.alloc(Math.ceil(flags.length / 8))
  for (const [index, flag] of flags.entries()) {
    if (flag) out[index >> 3] = (out[index >> 3] ?? 0) | (0x80 >> (index & 7))
  }
  return out
}

/** The NUMBER type of 7z: the leading one bits of the first byte are the number of following bytes, lowest byte first. */
function number(value: number): Buffer {
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
  return Buffer.from(out)
}

function bytes(...values: number[]): Buffer {
  return Buffer.from(values)
}

function uint32(value: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeUInt32LE(value >>> 0)
  return out
}

function uint64(value: bigint): Buffer {
  const out = Buffer.alloc(8)
  out.writeBigUInt64LE(value)
  return out
}
