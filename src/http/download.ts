// Responds to a download request with the archive, a part of it or an error, and reports which bytes were sent.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import { type BodyPart, type ByteRange, type DownloadPlan, isByteRange } from '../archives/download.ts'
import { openDownload } from '../archives/stream.ts'
import { Turns } from '../archives/turns.ts'
import type { ApiError } from './errors.ts'
import { servedDownload } from './faults/applied.ts'

export interface Download {
  archive: Archive
  /** The API's own error for a failed condition (412) or a range outside the archive (416). */
  refuse(status: 412 | 416): ApiError
  /**
   * Called when the response has ended, with each part of the archive that was sent. Of a response that was cut, the client may
   * have received less. The sandbox may have been closed by then.
   */
  sent?(part: ByteRange, sizeBytes: number): void
}

export function sendDownload(request: FastifyRequest, reply: FastifyReply, download: Download): FastifyReply {
  const { archive, refuse, sent } = download
  const { plan, source } = servedDownload(request, reply, archive)
  const { status, body } = plan
  if (status === 412 || status === 416) {
    reply.headers(plan.headers)
    throw refuse(status)
  }
  if (sent && body) whenSent(reply, body, part => sent(part, archive.sizeBytes))
  return sendPlan(reply, source, plan)
}

/** A response that was cut has not sent the last byte of the range, however much of it was handed to the connection. */
function whenSent({ raw }: FastifyReply, parts: readonly BodyPart[], sent: (part: ByteRange) => void): void {
  const { socket } = raw
  const writtenBefore = socket?.bytesWritten ?? 0
  let wholeBytes: number | undefined
  raw.once('finish', () => {
    // Also emitted when a fault has reset the connection. A fault may have shortened the body as well.
    if (!socket?.destroyed) wholeBytes = Number(raw.getHeader('content-length') ?? 0)
  })
  raw.once('close', () => {
    const writtenBytes = (socket?.bytesWritten ?? 0) - writtenBefore
    const sizeBytes = sizeOf(parts)
    const sentBytes = wholeBytes === undefined ? Math.min(writtenBytes, sizeBytes - 1) : wholeBytes
    for (const part of firstParts(parts, sentBytes)) sent(part)
  })
}

function sizeOf(parts: readonly BodyPart[]): number {
  return parts.reduce((sum, part) => sum + (isByteRange(part) ? part.end - part.start : part.length), 0)
}

/** The ranges among the first `sizeBytes` of the parts. */
function firstParts(parts: readonly BodyPart[], sizeBytes: number): ByteRange[] {
  let left = sizeBytes
  return parts.flatMap(part => {
    const before = left
    if (!isByteRange(part)) {
      left -= part.length
      return []
    }
    left -= part.end - part.start
    return before < 0 ? [] : [{ start: part.start, end: Math.min(part.end, part.start + before) }]
  })
}

export function sendPlan(reply: FastifyReply, archive: Archive, { status, headers, body }: DownloadPlan): FastifyReply {
  // Without a body send an empty stream; otherwise Fastify sets Content-Length to 0 on responses to HEAD.
  return reply
    .code(status)
    .headers(headers)
    .send(openDownload(archive, body ?? [], turnsOf(reply)))
}

const turnsOfServer = new WeakMap<object, Turns>()

/** All downloads of a server take turns, so that the others are served in between. */
export function turnsOf({ server }: FastifyReply): Turns {
  const turns = turnsOfServer.get(server.server) ?? new Turns()
  turnsOfServer.set(server.server, turns)
  return turns
}
