// What faults do to an answer that is on its way out: the operation has happened, and the client learns less than all of it.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Fault, FaultOf } from '../../sandbox/faults/kinds.ts'

type Bytes = string | Buffer

/** The body to send instead of `payload`, which is text, bytes, a stream, or none. Headers of `reply` are made to fit. */
export function spoil(reply: FastifyReply, payload: unknown, fault: Fault): unknown {
  if (fault.fault === 'content-type') reply.header('content-type', fault.type ?? 'text/html')
  if (payload === null || payload === undefined) return payload
  const body = payload as Bytes | Readable
  if (fault.fault === 'empty-body') return emptied(reply, body)
  if (fault.fault === 'malformed-body') return fault.how === 'garbled' ? garbled(body) : truncated(reply, body)
  if (fault.fault === 'reset') return brokenOff(reply, body, fault)
  return payload
}

function emptied(reply: FastifyReply, body: Bytes | Readable): string {
  if (body instanceof Readable) body.destroy()
  reply.removeHeader('content-length')
  return ''
}

function garbled(body: Bytes | Readable): Buffer | Readable {
  return body instanceof Readable ? Readable.from(invertedChunks(body), { objectMode: false }) : inverted(body)
}

async function* invertedChunks(body: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of body) yield inverted(chunk)
}

function inverted(bytes: Bytes): Buffer {
  return Buffer.from(Buffer.from(bytes).map(byte => byte ^ 0xff))
}

/** HTTP finds nothing wrong with it: the length is that of what is sent. */
function truncated(reply: FastifyReply, body: Bytes | Readable): Buffer | Readable {
  const half = Math.floor(sizeOf(reply, body) / 2)
  reply.header('content-length', half)
  if (!(body instanceof Readable)) return Buffer.from(body).subarray(0, half)
  return Readable.from(firstBytes(body, half), { objectMode: false })
}

async function* firstBytes(body: Readable, count: number): AsyncGenerator<Buffer> {
  let left = count
  for await (const chunk of body) {
    yield chunk.subarray(0, left)
    left -= chunk.length
    if (left <= 0) return
  }
}

/** Sends the head of the answer and some of its body or none, and then resets the connection. */
function brokenOff(reply: FastifyReply, body: Bytes | Readable, fault: FaultOf<'reset'>): Readable {
  const sizeBytes = sizeOf(reply, body)
  reply.header('content-length', sizeBytes)
  const isMidBody = fault.when === 'mid-body'
  const count = isMidBody ? (fault.afterBytes ?? Math.floor(sizeBytes / 2)) : 0
  const stream = body instanceof Readable ? body : Readable.from([Buffer.from(body)], { objectMode: false })
  // Whatever is read ahead of being written would come too late.
  return Readable.from(untilReset(stream, count, reply), { objectMode: false, highWaterMark: 1 })
}

async function* untilReset(body: Readable, count: number, { raw }: FastifyReply): AsyncGenerator<Buffer> {
  if (count > 0) yield* firstBytes(body, count)
  else body.destroy()
  raw.flushHeaders()
  const { socket } = raw
  // What was written before this is on its way when this is.
  if (socket) await new Promise(done => socket.write('', done))
  socket?.resetAndDestroy()
}

/** Streams are sent with their length. */
function sizeOf(reply: FastifyReply, body: Bytes | Readable): number {
  return body instanceof Readable ? Number(reply.getHeader('content-length')) : Buffer.byteLength(body)
}
