// arcgis: reads forms, urlencoded and multipart, also in the body of a GET.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { announcesBody } from '../../http/body.ts'
import type { TypedApp } from '../../http/mount.ts'
import { catalogue } from './errors.ts'
import { mergeParameters, queryOf } from './parameters.ts'

const URLENCODED = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data'
export const FORM_TYPES = [URLENCODED, MULTIPART]

/** Makes `request.query` and `request.body` both hold all parameters of the request, for the routes of `app`. */
export function readAllParameters(app: TypedApp): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(FORM_TYPES, { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
  app.addHook('preValidation', (request, reply, done) => {
    const setParameters = (form: Iterable<[string, string]>) => {
      const parameters = mergeParameters(form, queryOf(request))
      request.body = parameters
      request.query = parameters
      done()
    }
    // Almost all requests have an urlencoded body or none; reading them without a promise takes a third of the time.
    if (!announcesBody(request.raw)) return setParameters([])
    const mediaType = mediaTypeOf(request)
    if (Buffer.isBuffer(request.body) && mediaType === URLENCODED) return setParameters(readUrlencoded(request.body))
    readBody(request, reply, mediaType).then(setParameters, done)
  })
}

async function readBody(
  request: FastifyRequest,
  reply: FastifyReply,
  mediaType: string | undefined,
): Promise<Iterable<[string, string]>> {
  const bytes = Buffer.isBuffer(request.body) ? request.body : await unparsedBody(request, reply)
  if (bytes.length === 0) return []
  if (mediaType === MULTIPART) return readMultipart(bytes, request.headers['content-type'] ?? '')
  if (mediaType === URLENCODED) return readUrlencoded(bytes)
  throw catalogue.error('UnsupportedMediaType')
}

function mediaTypeOf({ headers }: FastifyRequest): string | undefined {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase()
}

/**
 * Reads a body that Fastify does not: that of a GET, in which Esri's command line sends parameters, and at an unknown path
 * one of an unknown type.
 */
async function unparsedBody(
  { method, is404, raw, routeOptions }: FastifyRequest,
  reply: FastifyReply,
): Promise<Buffer> {
  if (method !== 'GET' && !is404) return Buffer.alloc(0)
  const chunks: Buffer[] = []
  let size = 0
  try {
    // Keeps the socket open when the loop ends early: the response is sent through it.
    for await (const chunk of raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > routeOptions.bodyLimit) throw catalogue.error('PayloadTooLarge')
      chunks.push(chunk)
    }
  } catch (error) {
    // The rest of the body stays unread, so the connection cannot be used again.
    reply.header('connection', 'close')
    throw error
  }
  return Buffer.concat(chunks)
}

function readUrlencoded(bytes: Buffer): Iterable<[string, string]> {
  const text = bytes.toString()
  try {
    // URLSearchParams accepts malformed escapes.
    decodeURIComponent(text)
  } catch (cause) {
    throw catalogue.error('MalformedBody', { cause })
  }
  return new URLSearchParams(text)
}

async function readMultipart(bytes: Buffer, contentType: string): Promise<Iterable<[string, string]>> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
    return [...form].map(([name, value]) => [name, typeof value === 'string' ? value : refuseFile(name)])
  } catch (cause) {
    throw cause instanceof TypeError ? catalogue.error('MalformedBody', { cause }) : cause
  }
}

function refuseFile(name: string): never {
  throw catalogue.error('MalformedBody', { message: `The field ${name} must be text, not a file.` })
}
