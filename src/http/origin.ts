// Where a client reached this server: the start of every absolute URL in an answer.
import type { FastifyRequest } from 'fastify'
import { keepLatest } from '../sandbox/latest.ts'

/** What is reflected into links must not be able to carry anything but a host and a port. */
const AUTHORITY = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/** `Forwarded` first, then `X-Forwarded-*`, then `Host`, as `scheme://host[:port]`. */
export function originOf(request: FastifyRequest): string {
  const { headers } = request
  const forwarded = parseForwarded(headers.forwarded)
  const scheme = forwarded.proto ?? firstOf(headers['x-forwarded-proto']) ?? request.protocol
  const host = forwarded.host ?? firstOf(headers['x-forwarded-host']) ?? headers.host ?? ''
  return scheme.toLowerCase() === 'https' ? httpsOrigin(host) : httpOrigin(host)
}

const httpOrigin = keepLatest((host: string) => `http://${reflectable(host)}`)
const httpsOrigin = keepLatest((host: string) => `https://${reflectable(host)}`)

function reflectable(host: string): string {
  return AUTHORITY.test(host) ? host : 'localhost'
}

const NOT_FORWARDED: Record<string, string> = {}

/** The first proxy's pairs: what the client itself used. */
function parseForwarded(header: string | undefined): Record<string, string> {
  if (header === undefined) return NOT_FORWARDED
  const first = header.split(',')[0] ?? ''
  const pairs = [...first.matchAll(/(\w+)=(?:"([^"]*)"|([^;\s]+))/g)]
  return Object.fromEntries(
    pairs.map(([, name, quoted, plain]) => [(name as string).toLowerCase(), quoted ?? plain ?? '']),
  )
}

function firstOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  return [header].flat()[0]?.split(',')[0]?.trim()
}
