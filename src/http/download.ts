// Responds to a download request with the archive, a part of it or an error, and reports completed downloads.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import { type DownloadPlan, openDownload, planDownload } from '../archives/download.ts'
import type { ApiError } from './errors.ts'

export interface Download {
  archive: Archive
  /** The API's own error for a failed condition (412) or a range outside the archive (416). */
  refuse(status: 412 | 416): ApiError
  /** Called when the last byte of the archive has been sent; the sandbox may have been closed by then. */
  completed?(): void
}

const EMPTY_RANGE = { start: 0, end: 0 }

export function sendDownload(request: FastifyRequest, reply: FastifyReply, download: Download): FastifyReply {
  const { archive, refuse, completed } = download
  const plan = planDownload(archive, request)
  const { status, body } = plan
  if (status === 412 || status === 416) {
    reply.headers(plan.headers)
    throw refuse(status)
  }
  // A range that includes the last byte counts as completing a resumed download. `finish` is not emitted for aborted responses.
  if (completed && body?.end === archive.sizeBytes) reply.raw.once('finish', completed)
  return sendPlan(reply, archive, plan)
}

export function sendPlan(reply: FastifyReply, archive: Archive, { status, headers, body }: DownloadPlan): FastifyReply {
  // Without a body send an empty stream; otherwise Fastify sets Content-Length to 0 on responses to HEAD.
  return reply
    .code(status)
    .headers(headers)
    .send(openDownload(archive, body ?? EMPTY_RANGE))
}
