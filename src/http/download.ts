// Responds to a download request with the archive, a part of it or an error, and reports which bytes were sent.
import { pipeline, type Readable } from 'node:stream'
import { constants, createGzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import { type BodyPart, type ByteRange, type DownloadPlan, isByteRange } from '../archives/download.ts'
import { type PersonalityName, personalities } from '../archives/personalities.ts'
import { openDownload } from '../archives/stream.ts'
import { Turns } from '../archives/turns.ts'
import { Transfer, type TransferredBody } from '../sandbox/journal/transfer.ts'
import type { ApiError } from './errors.ts'
import { servedDownload } from './faults/applied.ts'
import type { RecordedResponse } from './journal/messages.ts'
import { findScope } from './scope.ts'

/** A file that a URL of an API leads to. */
export interface DownloadedFile {
  /** The name of the file in the control API. */
  file: string
  archive: Archive
  personality: PersonalityName
}

export interface Download extends DownloadedFile {
  /** The API's own error for a failed condition (412) or a range outside the archive (416). */
  refuse(status: 412 | 416): ApiError
  /**
   * Called when the response has ended, with each part of the archive that was sent. Of a response that was cut, the client may
   * have received less. The sandbox may have been closed by then.
   */
  sent?(part: ByteRange, sizeBytes: number): void
}

export function sendDownload(request: FastifyRequest, reply: FastifyReply, download: Download): FastifyReply {
  const { file, archive, personality, refuse, sent } = download
  const { plan, source } = servedDownload(request, reply, archive, personalities[personality])
  const { status } = plan
  if (status === 412 || status === 416) {
    reply.headers(plan.headers)
    throw refuse(status)
  }
  const { sizeBytes } = archive
  return sendFilePlan(request, reply, { file, sizeBytes, plan, source }, ({ ranges }) => {
    for (const range of ranges) sent?.(range, sizeBytes)
  })
}

/** A response of which the journal shows the bytes that were sent. */
interface FilePlan {
  file: string
  /** Of the file; `source`, which is sent, may have another size. */
  sizeBytes: number
  plan: DownloadPlan
  source: Archive
}

export function sendFilePlan(
  request: FastifyRequest,
  reply: FastifyReply,
  { file, sizeBytes, plan, source }: FilePlan,
  whenEnded: (transfer: Transfer) => void = () => {},
): FastifyReply {
  if (plan.body) {
    const { etag: contentETag, lastModified } = source
    const transfer = new Transfer({ file, sizeBytes, contentETag, lastModified }, bodyOf(plan.headers, plan.body))
    track(request, reply, transfer, whenEnded)
  }
  return sendPlan(reply, source, plan)
}

function bodyOf(headers: DownloadPlan['headers'], body: readonly BodyPart[]): TransferredBody {
  return {
    etag: headers.ETag?.toString(),
    contentRange: headers['Content-Range']?.toString(),
    parts: body.map(part => (isByteRange(part) ? part : part.length)),
  }
}

/** Records what is sent of the file in the journal, and calls `whenEnded` when the response has ended. */
function track(
  request: FastifyRequest,
  reply: FastifyReply,
  transfer: Transfer,
  whenEnded: (transfer: Transfer) => void,
): void {
  const raw = reply.raw as RecordedResponse
  raw.transfer = transfer
  const entry = findScope(request)?.entry
  entry?.send(transfer, request.raw.socket)
  let isWhole = false
  raw.once('finish', () => {
    // Also emitted when a fault has reset the connection.
    isWhole = !raw.socket?.destroyed
  })
  raw.once('close', () => {
    transfer.isEncoded = (raw.getHeader('content-encoding') ?? 'identity') !== 'identity'
    transfer.end(isWhole, Number(raw.getHeader('content-length') ?? 0))
    whenEnded(transfer)
    entry?.sent()
  })
}

export function sendPlan(reply: FastifyReply, archive: Archive, plan: DownloadPlan): FastifyReply {
  const { status, headers, body, encoding } = plan
  // Without a body send an empty stream; otherwise Fastify sets Content-Length to 0 on responses to HEAD.
  const bytes = openDownload(archive, body ?? [], turnsOf(reply))
  return reply
    .code(status)
    .headers(headers)
    .send(encoding && body ? compressed(bytes) : bytes)
}

/** Destroying one of the two streams destroys the other. */
function compressed(bytes: Readable): Readable {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED })
  pipeline(bytes, gzip, () => {})
  return gzip
}

const turnsOfServer = new WeakMap<object, Turns>()

/** All downloads of a server take turns, so that the others are served in between. */
export function turnsOf({ server }: FastifyReply): Turns {
  const turns = turnsOfServer.get(server.server) ?? new Turns()
  turnsOfServer.set(server.server, turns)
  return turns
}
