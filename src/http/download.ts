// Responds to a download request with the archive, a part of it or an error, and reports which bytes were sent.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import { type ByteRange, type DownloadPlan, planDownload } from '../archives/download.ts'
import { openDownload } from '../archives/stream.ts'
import { Turns } from '../archives/turns.ts'
import type { ApiError } from './errors.ts'

export interface Download {
  archive: Archive
  /** The API's own error for a failed condition (412) or a range outside the archive (416). */
  refuse(status: 412 | 416): ApiError
  /**
   * Called when the response has ended, with the part of the archive that was sent. Of a response that was cut, the client may
   * have received less. The sandbox may have been closed by then.
   */
  sent?(part: ByteRange, sizeBytes: number): void
}

const EMPTY_RANGE = { start: 0, end: 0 }

export function sendDownload(request: FastifyRequest, reply: FastifyReply, download: Download): FastifyReply {
  const { archive, refuse, sent } = download
  const plan = planDownload(archive, request)
  const { status, body } = plan
  if (status === 412 || status === 416) {
    reply.headers(plan.headers)
    throw refuse(status)
  }
  if (sent && body) whenSent(reply, body, part => sent(part, archive.sizeBytes))
  return sendPlan(reply, archive, plan)
}

/** A response that was cut has not sent the last byte of the range, however much of it was handed to the connection. */
function whenSent({ raw }: FastifyReply, { start, end }: ByteRange, sent: (part: ByteRange) => void): void {
  const { socket } = raw
  const writtenBefore = socket?.bytesWritten ?? 0
  let wholeBytes: number | undefined
  raw.once('finish', () => {
    // Also emitted when a fault has reset the connection. A fault may have shortened the body as well.
    if (!socket?.destroyed) wholeBytes = Number(raw.getHeader('content-length') ?? 0)
  })
  raw.once('close', () => {
    const writtenBytes = (socket?.bytesWritten ?? 0) - writtenBefore
    const sentEnd =
      wholeBytes === undefined ? Math.min(start + writtenBytes, end - 1) : Math.min(start + wholeBytes, end)
    sent({ start, end: sentEnd })
  })
}

export function sendPlan(reply: FastifyReply, archive: Archive, { status, headers, body }: DownloadPlan): FastifyReply {
  // Without a body send an empty stream; otherwise Fastify sets Content-Length to 0 on responses to HEAD.
  return reply
    .code(status)
    .headers(headers)
    .send(openDownload(archive, body ?? EMPTY_RANGE, turnsOf(reply)))
}

const turnsOfServer = new WeakMap<object, Turns>()

/** All downloads of a server take turns, so that the others are served in between. */
export function turnsOf({ server }: FastifyReply): Turns {
  const turns = turnsOfServer.get(server.server) ?? new Turns()
  turnsOfServer.set(server.server, turns)
  return turns
}
