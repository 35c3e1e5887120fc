// Streams a part of an archive: chunks of moderate size, each generated when the one before has been sent.

import { Readable } from 'node:stream'
import type { Archive } from './archive.ts'
import { type BodyPart, isByteRange } from './download.ts'
import { Turns } from './turns.ts'

/** Smaller chunks are joined up to this size, because an archive of many small files consists of many small chunks. */
const JOINED_BYTES = 64 * 1024

/**
 * A stream of the parts, in their order. It generates no chunk before the last one has been read, so that a reader that has stopped costs at most
 * one chunk. Destroying it stops the generation of bytes. The streams of a server share `turns`.
 */
export function openDownload(archive: Archive, parts: readonly BodyPart[], turns: Turns = new Turns()): Readable {
  const chunks = joined(chunksOf(archive, parts))
  let isAborted = false
  return new Readable({
    highWaterMark: 0,
    read() {
      turns
        .wait()
        .then(() => (isAborted ? undefined : chunks.next()))
        .then(
          result => result && this.push(result.done ? null : result.value),
          error => this.destroy(error),
        )
    },
    destroy(error, done) {
      isAborted = true
      chunks.return().then(
        () => done(error),
        (failure: Error) => done(error ?? failure),
      )
    },
  })
}

function chunksOf(archive: Archive, parts: readonly BodyPart[]): AsyncIterable<Uint8Array> {
  const [first] = parts
  return parts.length === 1 && first && isByteRange(first)
    ? archive.open(first.start, first.end)
    : chunksInOrder(archive, parts)
}

async function* chunksInOrder(archive: Archive, parts: readonly BodyPart[]): AsyncGenerator<Uint8Array, void> {
  for (const part of parts) {
    if (isByteRange(part)) yield* archive.open(part.start, part.end)
    else yield part
  }
}

/** Passes large chunks on without copying them. */
async function* joined(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  for await (const chunk of chunks) {
    if (pendingBytes > 0 && pendingBytes + chunk.length > JOINED_BYTES) {
      yield concatenated(pending)
      pending = []
      pendingBytes = 0
    }
    if (chunk.length >= JOINED_BYTES / 2 && pendingBytes === 0) {
      yield chunk
    } else {
      pending.push(chunk)
      pendingBytes += chunk.length
    }
  }
  if (pendingBytes > 0) yield concatenated(pending)
}

function concatenated(chunks: readonly Uint8Array[]): Uint8Array {
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
}
