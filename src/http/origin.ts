// The scheme, host and port that a client used to reach the server; absolute URLs in responses start with them.
import type { FastifyRequest } from 'fastify'
import type { Hosts } from './hosts.ts'

/** `Forwarded` first, then `X-Forwarded-*`, then `Host`, as `scheme://host[:port]`. */
export function originOf(request: FastifyRequest, hosts: Hosts): string {
  const { headers } = request
  const proxied = parseForwarded(headers.forwarded)
  const scheme = proxied.proto ?? firstOf(headers['x-forwarded-proto']) ?? request.protocol
  const forwarded = proxied.host ?? firstOf(headers['x-forwarded-host'])
  const { httpOrigin } = forwarded === undefined ? hosts.sent(headers.host) : hosts.forwarded(forwarded)
  return scheme.toLowerCase() === 'https' ? httpOrigin.replace('http', 'https') : httpOrigin
}

/** Describes what is wrong with the host of a request. `isForwarded`: the headers that proxies add are checked too. */
export function hostProblemOf(
  { headers, raw }: FastifyRequest,
  isForwarded: boolean,
  hosts: Hosts,
): string | undefined {
  const { host } = headers
  if (host === undefined && raw.httpVersion === '1.1') {
    return 'The Host header is missing; HTTP/1.1 needs it, as in Host: localhost:8420.'
  }
  if (host && !hosts.sent(host).isAuthority)
    return `The Host header "${host}" is not a host and port, as in localhost:8420.`
  if (!isForwarded || !(headers.forwarded ?? headers['x-forwarded-host'])) return undefined
  const forwarded = parseForwarded(headers.forwarded).host ?? firstOf(headers['x-forwarded-host'])
  if (!forwarded || hosts.forwarded(forwarded).isAuthority) return undefined
  return `The forwarded host "${forwarded}" is not a host and port, as in example.com:443.`
}

const NOT_FORWARDED: Readonly<Record<string, string>> = {}

/** The parameters that the first proxy added: they describe the client's own request. */
function parseForwarded(header: string | undefined): Readonly<Record<string, string>> {
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
