// Serves the built files of the console and of /docs, which hold no data of a sandbox.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import { OWN } from '../routes.ts'
import { addVary } from '../vary.ts'

export interface BuiltFiles {
  /** Its files may be stored compressed, with `.gz` after their names. */
  folder: URL
  /** The Content-Security-Policy of every file. */
  policy: string
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}

/** No part of a path: the files are in one folder. */
const FILE_NAME = /^[\w-][\w.-]*$/

/** Serves the folder's files below `path`. */
export function serveFiles(app: FastifyInstance, path: string, files: BuiltFiles): void {
  app.get(`${path}/:file`, { schema: OWN }, async (request: FastifyRequest<{ Params: { file: string } }>, reply) =>
    (await sendFile(request, reply, files, request.params.file)) ? reply : reply.callNotFound(),
  )
}

/** Sends one of the files; false if there is no such file. Browsers ask each time whether they have the current one. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { folder, policy }: BuiltFiles,
  name: string,
): Promise<boolean> {
  const mediaType = MEDIA_TYPES[extname(name)]
  if (mediaType === undefined || !FILE_NAME.test(name)) return false
  const plain = await readIfThere(new URL(name, folder))
  const packed = plain ?? (await readIfThere(new URL(`${name}.gz`, folder)))
  if (!packed) return false
  const isEncoded = plain === undefined && acceptsGzip(request.headers['accept-encoding'])
  const etag = `"${createHash('sha256').update(packed).digest('base64url').slice(0, 22)}${isEncoded ? '-gzip' : ''}"`
  reply.headers({
    etag,
    'cache-control': 'no-cache',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  })
  addVary(reply, 'Accept-Encoding')
  if (namesTag(request.headers['if-none-match'], etag)) {
    reply.code(304).send()
    return true
  }
  if (isEncoded) reply.header('content-encoding', 'gzip')
  reply.type(mediaType).send(plain ?? (isEncoded ? packed : await promisify(gunzip)(packed)))
  return true
}

async function readIfThere(file: URL): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function acceptsGzip(accepted: string | string[] = ''): boolean {
  return new Negotiator({ headers: { 'accept-encoding': accepted.toString() } }).encodings(['gzip']).length > 0
}

function namesTag(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some(each => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag)
}
