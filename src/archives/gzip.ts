// gzip streams (RFC 1952) without compression, so that their exact size is known in advance; zlib's depends on its buffers.
import { crc32 } from 'node:zlib'
import { type Entry, readPart } from './archive.ts'

export const GZIP_HEADER_BYTES = 10
/** Of a header with an extra field of one subfield, up to the data of the subfield. */
export const GZIP_EXTRA_HEADER_BYTES = GZIP_HEADER_BYTES + 6
const TRAILER_BYTES = 8
/** The flag of a header with an extra field (RFC 1952, 2.3.1). */
const HAS_EXTRA = 4
/** Of a stored deflate block (RFC 1951, 3.2.4): whether it is the last one, and its length twice. */
const BLOCK_HEADER_BYTES = 5
export const MAX_BLOCK_BYTES = 0xffff

/** The size of what follows the header of a member with that many bytes of content. */
export function gzipBodySize(contentBytes: number): number {
  // The last block is empty: it is written when the content has ended.
  const blocks = Math.ceil(contentBytes / MAX_BLOCK_BYTES) + 1
  return blocks * BLOCK_HEADER_BYTES + contentBytes + TRAILER_BYTES
}

/** What follows the header of a member whose content is the bytes [start, end) of the entry. Holds at most one block. */
export async function* gzipBody(entry: Entry, start: number, end: number): AsyncGenerator<Uint8Array, void> {
  let crc = 0
  for await (const block of blocksOf(entry, start, end)) {
    crc = crc32(block, crc)
    yield blockHeader(block.length, false)
    yield block
  }
  yield blockHeader(0, true)
  yield trailer(crc, end - start)
}

/** The bytes [start, end) of the entry in blocks of the largest size, so that the size does not depend on how it is read. */
async function* blocksOf(entry: Entry, start: number, end: number): AsyncGenerator<Uint8Array, void> {
  let pending = Buffer.alloc(0)
  for await (const chunk of readPart(entry, start, end)) {
    pending = Buffer.concat([pending, chunk])
    let at = 0
    for (; pending.length - at >= MAX_BLOCK_BYTES; at += MAX_BLOCK_BYTES) {
      yield pending.subarray(at, at + MAX_BLOCK_BYTES)
    }
    pending = pending.subarray(at)
  }
  if (pending.length > 0) yield pending
}

/** The header of a member. `modifiedAt` in epoch ms. */
export function gzipHeader(modifiedAt: number): Buffer {
  const bytes = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
  // Seconds since 1970; 0 means that it is not known.
  bytes.writeUInt32LE(Math.max(Math.floor(modifiedAt / 1000), 0) % 2 ** 32, 4)
  return bytes
}

/** The header of a member with an extra field, up to its `dataBytes` of data, which readers skip. */
export function gzipExtraHeader(modifiedAt: number, dataBytes: number): Buffer {
  const bytes = Buffer.concat([gzipHeader(modifiedAt), Buffer.from('\0\0FD\0\0', 'latin1')])
  bytes.writeUInt8(HAS_EXTRA, 3)
  bytes.writeUInt16LE(dataBytes + 4, GZIP_HEADER_BYTES)
  bytes.writeUInt16LE(dataBytes, GZIP_HEADER_BYTES + 4)
  return bytes
}

function blockHeader(sizeBytes: number, isLast: boolean): Buffer {
  const bytes = Buffer.alloc(BLOCK_HEADER_BYTES)
  bytes.writeUInt8(isLast ? 1 : 0, 0)
  bytes.writeUInt16LE(sizeBytes, 1)
  bytes.writeUInt16LE(0xffff - sizeBytes, 3)
  return bytes
}

function trailer(crc: number, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(TRAILER_BYTES)
  bytes.writeUInt32LE(crc, 0)
  bytes.writeUInt32LE(sizeBytes % 2 ** 32, 4)
  return bytes
}
