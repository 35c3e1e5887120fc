// Forced responses to downloads: 200, 206 or 304, regardless of the request's conditions.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import { type DownloadPlan, planDownload, type RequestHeaders } from '../archives/download.ts'
import { type DownloadPersonality, personalities } from '../archives/personalities.ts'
import { acceptsGzip } from './accepts-gzip.ts'
import { type DownloadedFile, sendFilePlan, sendPlan } from './download.ts'
import { ApiError } from './errors.ts'

export interface ExampleDownload {
  status: number
  mediaType: string
  /** The file at the request's path. An empty archive is sent when it is undefined or throws ApiError. */
  fileAt: () => Promise<DownloadedFile | undefined>
}

export async function sendExampleDownload(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, mediaType, fileAt }: ExampleDownload,
): Promise<FastifyReply> {
  const found = await fileAt().catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error
  })
  const archive = found?.archive ?? emptyArchive(mediaType)
  const planned = planFor(status, archive, request.headers, personalities[found?.personality ?? 'standard'])
  const plan = request.method === 'HEAD' ? { ...planned, body: null } : planned
  if (!found) return sendPlan(reply, archive, plan)
  return sendFilePlan(request, reply, { file: found.file, sizeBytes: archive.sizeBytes, plan, source: archive })
}

/** Only the headers that choose among responses with the status count. */
function planFor(
  status: number,
  archive: Archive,
  { range, ...headers }: RequestHeaders,
  personality: DownloadPersonality,
): DownloadPlan {
  const planned = (headers: RequestHeaders, isGzip = false) =>
    planDownload(archive, { method: 'GET', headers, acceptsGzip: isGzip }, personality)
  if (status === 304) return planned({ 'if-none-match': '*' })
  if (status !== 206) return planned({}, acceptsGzip(headers, personality))
  const asked = range === undefined ? undefined : planned({ range })
  return asked?.status === 206 ? asked : planned({ range: firstHalf(archive) })
}

function firstHalf({ sizeBytes }: Archive): string {
  return `bytes=0-${Math.floor((sizeBytes - 1) / 2)}`
}

/** Archives without entries, which unzip and 7z can read. */
const EMPTY: Record<string, Buffer> = {
  'application/zip': Buffer.from('504b0506'.padEnd(44, '0'), 'hex'),
  'application/x-7z-compressed': Buffer.from('377abcaf271c00048d9bd50f'.padEnd(64, '0'), 'hex'),
}

function emptyArchive(mediaType: string): Archive {
  const bytes = EMPTY[mediaType] ?? Buffer.alloc(1)
  return {
    fileName: 'example',
    mediaType,
    sizeBytes: bytes.length,
    etag: '"example"',
    lastModified: 0,
    async *open(start, end) {
      yield bytes.subarray(start, end)
    },
  }
}
