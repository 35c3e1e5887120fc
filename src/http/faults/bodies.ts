// What fault kinds need in order to change bodies that are text, bytes or streams.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { FaultedBody } from './kind.ts'

/** In bytes. Streams are sent with their length. */
export function sizeOf(reply: FastifyReply, body: FaultedBody): number {
  return body instanceof Readable ? Number(reply.getHeader('content-length')) : Buffer.byteLength(body)
}

export async function* firstBytes(body: Readable, count: number): AsyncGenerator<Buffer> {
  let left = count
  for await (const chunk of body) {
    yield chunk.subarray(0, left)
    left -= chunk.length
    if (left <= 0) return
  }
}

/** The first `count` bytes; then `pause`, which resolves to whether the rest is to be sent; then the rest. */
export async function* chunksAround(
  body: Readable,
  count: number,
  pause: () => Promise<boolean>,
): AsyncGenerator<Buffer> {
  let left = count
  let isPaused = false
  for await (const chunk of body) {
    if (!isPaused && chunk.length > left) {
      if (left > 0) yield chunk.subarray(0, left)
      isPaused = true
      if (!(await pause())) return
      yield chunk.subarray(left)
    } else {
      left -= chunk.length
      yield chunk
    }
  }
  if (!isPaused) await pause()
}

export function readableOf(body: FaultedBody): Readable {
  return body instanceof Readable ? body : Readable.from([Buffer.from(body)], { objectMode: false })
}

/** Without bytes of the body, nothing has been sent yet. */
export function sendHead({ raw }: FastifyReply): void {
  if (!raw.headersSent) raw.flushHeaders()
}
