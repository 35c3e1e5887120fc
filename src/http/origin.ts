// The scheme, host and port that a client used to reach the server; every absolute URL in a response begins with them.
import type { FastifyRequest } from 'fastify'
import { memoizeLast } from '../sandbox/memoize.ts'

/** Only a host and a port may be copied from a request into links. */
const AUTHORITY = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/** `Forwarded` first, then `X-Forwarded-*`, then `Host`, as `scheme://host[:port]`. */
export function originOf(request: FastifyRequest): string {
  const { headers } = request
  const forwarded = parseForwarded(headers.forwarded)
  const scheme = forwarded.proto ?? firstOf(headers['x-forwarded-proto']) ?? request.protocol
  const host = forwarded.host ?? firstOf(headers['x-forwarded-host']) ?? headers.host ?? ''
  return scheme.toLowerCase() === 'https' ? httpsOrigin(host) : httpOrigin(host)
}

const httpOrigin = memoizeLast((host: string) => `http://${hostOrLocalhost(host)}`)
const httpsOrigin = memoizeLast((host: string) => `https://${hostOrLocalhost(host)}`)

function hostOrLocalhost(host: string): string {
  return isAuthority(host) ? host : 'localhost'
}

/** URL.canParse rejects ports and addresses that are out of range, which the expression accepts. */
const isAuthority = memoizeLast((host: string) => AUTHORITY.test(host) && URL.canParse(`http://${host}`))

/** Describes what is wrong with the host of a request. `isForwarded`: the headers that proxies add are checked too. */
export function hostProblemOf({ headers, raw }: FastifyRequest, isForwarded: boolean): string | undefined {
  const { host } = headers
  if (host === undefined && raw.httpVersion === '1.1') {
    return 'The Host header is missing; HTTP/1.1 needs it, as in Host: localhost:8420.'
  }
  if (host && !isAuthority(host)) return `The Host header "${host}" is not a host and port, as in localhost:8420.`
  if (!isForwarded || !(headers.forwarded ?? headers['x-forwarded-host'])) return undefined
  const forwarded = parseForwarded(headers.forwarded).host ?? firstOf(headers['x-forwarded-host'])
  if (!forwarded || isAuthority(forwarded)) return undefined
  return `The forwarded host "${forwarded}" is not a host and port, as in example.com:443.`
}

const NOT_FORWARDED: Record<string, string> = {}

/** The parameters that the first proxy added: they describe the client's own request. */
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
