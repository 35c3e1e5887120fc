// arcgis: the parameters of a request, wherever they stand: in the query, in a form, on GET bodies too.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TypedApp } from '../../http/mount.ts'
import { catalogue } from './errors.ts'

export type Parameters = Record<string, string>

const URLENCODED = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data'
export const FORM_TYPES = [URLENCODED, MULTIPART]

/** From here on, below this base path, `query` and `body` are both all the parameters of the request. */
export function readAllParameters(app: TypedApp): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(FORM_TYPES, { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
  app.addHook('preValidation', async (request, reply) => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : await unparsedBody(request, reply)
    const form = bytes.length === 0 ? [] : await readForm(bytes, request.headers['content-type'] ?? '')
    const parameters = merge(form, queryOf(request))
    request.body = parameters
    request.query = parameters
  })
}

/** What is known of the parameters so far: before the body is read, or when it cannot be, those in the query. */
export function parametersOf(request: FastifyRequest): Parameters {
  return hasReadParameters(request) ? (request.body as Parameters) : merge([], queryOf(request))
}

/** Nobody knows the parameters in its body: it could not be read, or the URL could not even be routed. */
export function hasUnreadBody(request: FastifyRequest): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
  return !hasReadParameters(request) && (length !== '0' || encoding !== undefined)
}

function hasReadParameters({ body }: FastifyRequest): boolean {
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
}

function queryOf({ url }: FastifyRequest): Iterable<[string, string]> {
  const start = url.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : url.slice(start))
}

/** The body goes before the query, and the first of several before the others; an empty value is one not given. */
function merge(form: Iterable<[string, string]>, query: Iterable<[string, string]>): Parameters {
  const merged = new Map<string, string>()
  for (const [name, value] of [...form, ...query]) {
    if (value !== '' && !merged.has(name)) merged.set(name, value)
  }
  return Object.fromEntries(merged)
}

/**
 * What Fastify leaves unread: the body of a GET, where Esri's own command line sends parameters, and at unknown paths one
 * of an unknown type.
 */
async function unparsedBody(
  { method, is404, raw, routeOptions }: FastifyRequest,
  reply: FastifyReply,
): Promise<Buffer> {
  if (method !== 'GET' && !is404) return Buffer.alloc(0)
  const chunks: Buffer[] = []
  let size = 0
  try {
    // Not destroyed on the way out: the answer still has to go through its socket.
    for await (const chunk of raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > routeOptions.bodyLimit) throw catalogue.error('PayloadTooLarge')
      chunks.push(chunk)
    }
  } catch (error) {
    // What is left of the body is read by nobody, so no other request can follow it.
    reply.header('connection', 'close')
    throw error
  }
  return Buffer.concat(chunks)
}

async function readForm(bytes: Buffer, contentType: string): Promise<Iterable<[string, string]>> {
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase()
  if (mediaType === MULTIPART) return readMultipart(bytes, contentType)
  if (mediaType === URLENCODED) return readUrlencoded(bytes.toString())
  throw catalogue.error('UnsupportedMediaType')
}

function readUrlencoded(text: string): Iterable<[string, string]> {
  try {
    // URLSearchParams would keep broken escapes as they are.
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
