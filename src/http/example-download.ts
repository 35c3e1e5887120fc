// Forced responses to downloads: 200, 206 or 304, regardless of the request's conditions.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import { type DownloadPlan, planDownload } from '../archives/download.ts'
import { sendPlan } from './download.ts'
import { ApiError } from './errors.ts'

export interface ExampleDownload {
  status: number
  mediaType: string
  /** The archive at the request's path. An empty archive is sent when it is undefined or throws ApiError. */
  archiveAt: () => Promise<Archive | undefined>
}

export async function sendExampleDownload(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, mediaType, archiveAt }: ExampleDownload,
): Promise<FastifyReply> {
  const found = await archiveAt().catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error
  })
  const archive = found ?? emptyArchive(mediaType)
  const plan = planFor(status, archive, request.headers.range)
  return sendPlan(reply, archive, request.method === 'HEAD' ? { ...plan, body: null } : plan)
}

function planFor(status: number, archive: Archive, range: string | undefined): DownloadPlan {
  const planned = (headers: Record<string, string>) => planDownload(archive, { method: 'GET', headers })
  if (status === 304) return planned({ 'if-none-match': '*' })
  if (status !== 206) return planned({})
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
