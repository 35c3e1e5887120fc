// Binary entries of any size, most of whose bytes are the same in each of their segments, so that all readers can share them.

import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { seededBytes } from '../sandbox/random.ts'
import type { Entry } from './archive.ts'
import { combineCrc, crcCombiner, crcOfFew } from './crc.ts'

/** Makes a segment unique, so that a download that is put together from wrong parts is noticed. */
const HEAD_BYTES = 16
const SEGMENT_BYTES = 512 * 1024
const BODY_BYTES = SEGMENT_BYTES - HEAD_BYTES
const NOISE_BYTES = 8 * 1024
/** Of the body, which is sent without copying it. */
const CHUNK_BYTES = 256 * 1024
/** About a millisecond of calculation before other callbacks run. */
const CHECKSUMS_PER_TURN = 4096

/** What the segments of all entries that are made with it have in common. */
export function repeatedBody(seed: string): Buffer {
  return Buffer.alloc(BODY_BYTES, seededBytes(seed, 'repeated body', NOISE_BYTES))
}

/** `modifiedAt` in epoch ms. The bytes depend on the body, the seed and the size. */
export function repeatedBytes(path: string, sizeBytes: number, body: Buffer, seed: string, modifiedAt: number): Entry {
  const unnumbered = Buffer.alloc(HEAD_BYTES)
  unnumbered.set(createHash('sha256').update(seed).digest().subarray(0, 8))
  const headOf = (index: number) => numbered(Buffer.from(unnumbered), index)
  const entry: Entry = {
    path,
    sizeBytes,
    modifiedAt,
    contentId: JSON.stringify(['repeated', seed, sizeBytes]),
    *open(start) {
      for (let at = start; at < sizeBytes; ) {
        const index = Math.floor(at / SEGMENT_BYTES)
        const within = at - index * SEGMENT_BYTES
        const bodyAt = within - HEAD_BYTES
        const chunk =
          bodyAt < 0
            ? headOf(index).subarray(within)
            : body.subarray(bodyAt, Math.min(bodyAt + CHUNK_BYTES, BODY_BYTES))
        yield chunk.subarray(0, sizeBytes - at)
        at += chunk.length
      }
    },
    async crc32() {
      const bodyCrc = crc32(body)
      const withBody = crcCombiner(BODY_BYTES)
      const withSegment = crcCombiner(SEGMENT_BYTES)
      const count = Math.floor(sizeBytes / SEGMENT_BYTES)
      const head = Buffer.from(unnumbered)
      let crc = 0
      for (let index = 0; index < count; index++) {
        crc = withSegment(crc, withBody(crcOfFew(numbered(head, index), 0, HEAD_BYTES), bodyCrc))
        if (index % CHECKSUMS_PER_TURN === CHECKSUMS_PER_TURN - 1) await setImmediate()
      }
      for (const chunk of entry.open(count * SEGMENT_BYTES)) crc = combineCrc(crc, crc32(chunk), chunk.length)
      return crc >>> 0
    },
  }
  return entry
}

function numbered(head: Buffer, index: number): Buffer {
  head.writeUInt32BE(index, HEAD_BYTES - 4)
  return head
}
