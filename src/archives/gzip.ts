// gzip streams (RFC 1952) without compression, so that their exact size is known in advance; zlib's depends on its buffers.
import { crc32 } from 'node:zlib'
import { type Entry, read } from './archive.ts'

const HEADER_BYTES = 10
const TRAILER_BYTES = 8
/** Of a stored deflate block (RFC 1951, 3.2.4): whether it is the last one, and its length twice. */
const BLOCK_HEADER_BYTES = 5
const MAX_BLOCK_BYTES = 0xffff

/** The size of the stream of that many bytes. */
export function gzippedSize(contentBytes: number): number {
  // The last block is empty: it is written when the entry has ended.
  const blocks = Math.ceil(contentBytes / MAX_BLOCK_BYTES) + 1
  return HEADER_BYTES + blocks * BLOCK_HEADER_BYTES + contentBytes + TRAILER_BYTES
}

/** The stream. Holds at most one block. */
export async function* gzipped(entry: Entry): AsyncGenerator<Uint8Array, void> {
  yield header(entry.modifiedAt)
  let crc = 0
  for await (const block of blocksOf(entry)) {
    crc = crc32(block, crc)
    yield blockHeader(block.length, false)
    yield block
  }
  yield blockHeader(0, true)
  yield trailer(crc, entry.sizeBytes)
}

/** The bytes of the entry in blocks of the largest size, so that the size does not depend on how it is read. */
async function* blocksOf(entry: Entry): AsyncGenerator<Uint8Array, void> {
  let pending = Buffer.alloc(0)
  for await (const chunk of read(entry, 0)) {
    pending = Buffer.concat([pending, chunk])
    let at = 0
    for (; pending.length - at >= MAX_BLOCK_BYTES; at += MAX_BLOCK_BYTES) {
      yield pending.subarray(at, at + MAX_BLOCK_BYTES)
    }
    pending = pending.subarray(at)
  }
  if (pending.length > 0) yield pending
}

/** `modifiedAt` in epoch ms. */
function header(modifiedAt: number): Buffer {
  const bytes = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
  // Seconds since 1970; 0 means that it is not known.
  bytes.writeUInt32LE(Math.max(Math.floor(modifiedAt / 1000), 0) % 2 ** 32, 4)
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
