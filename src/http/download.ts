// Answers a download: the archive, a part of it, or why not; and tells when a client has been sent all of it.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import { type DownloadPlan, openDownload, planDownload } from '../archives/download.ts'
import type { ApiError } from './errors.ts'

export interface Download {
  archive: Archive
  /** The room's own error for a condition that failed or a range outside the archive. */
  refuse(status: 412 | 416): ApiError
  /** Called once everything up to the archive's last byte has been sent, perhaps after the sandbox was closed. */
  completed?(): void
}

const NOTHING = { start: 0, end: 0 }

export function sendDownload(request: FastifyRequest, reply: FastifyReply, download: Download): FastifyReply {
  const { archive, refuse, completed } = download
  const plan = planDownload(archive, request)
  const { status, body } = plan
  if (status === 412 || status === 416) {
    reply.headers(plan.headers)
    throw refuse(status)
  }
  // A range that ends with the last byte completes what earlier ranges began. An aborted answer never finishes.
  if (completed && body?.end === archive.sizeBytes) reply.raw.once('finish', completed)
  return sendPlan(reply, archive, plan)
}

export function sendPlan(reply: FastifyReply, archive: Archive, { status, headers, body }: DownloadPlan): FastifyReply {
  // An empty stream where there is no body: without one Fastify's HEAD would announce a length of 0.
  return reply
    .code(status)
    .headers(headers)
    .send(openDownload(archive, body ?? NOTHING))
}
