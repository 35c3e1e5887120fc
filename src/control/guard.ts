// Decides who may use the control API: programs on this machine or with the token, but no web page of another site.
import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { bearerToken } from '../http/bearer.ts'
import type { ApiError } from '../http/errors.ts'
import { memoizeLast } from '../sandbox/memoize.ts'
import { catalogue } from './errors.ts'

export interface GuardOptions {
  /** If set, every request must carry it. */
  token?: string | undefined
  /** A web origin whose pages are allowed, besides the server's own. */
  webOrigin?: string | undefined
  /** Whether a Host header names this server. */
  isKnownHost(host: string): boolean
}

/** The error for a request that is not allowed, else undefined. Where `needsToken` returns false the token is not checked. */
export function refusalOf(
  headers: IncomingHttpHeaders,
  { token, webOrigin, isKnownHost }: GuardOptions,
  needsToken = () => true,
): ApiError | undefined {
  const host = headers.host ?? ''
  // DNS rebinding: a web page can let its own host name resolve to this machine. It cannot know the token.
  if (token === undefined && !isKnownHost(host)) {
    return catalogue.error('Forbidden', {
      message: `Unknown host "${host}"; use localhost or 127.0.0.1, or start the server with --admin-token.`,
    })
  }
  const { origin } = headers
  const isAllowed = webOrigin !== undefined && origin === webOrigin
  const isOwn = origin === `http://${host}` || origin === `https://${host}`
  if (origin !== undefined && !isOwn && !isAllowed) {
    return catalogue.error('Forbidden', {
      message: `Pages of ${origin} may not use the control API; see --admin-origin.`,
    })
  }
  const site = headers['sec-fetch-site']
  if ((site === 'cross-site' || site === 'same-site') && !isAllowed) {
    return catalogue.error('Forbidden', { message: 'Requests that a web page of another site caused are refused.' })
  }
  if (token === undefined || !needsToken() || sameText(bearerToken(headers.authorization) ?? '', token))
    return undefined
  return catalogue.error('Unauthorized', { headers: { 'www-authenticate': 'Bearer realm="firedrill"' } })
}

/** The CORS headers for pages of `webOrigin`; none for other origins. */
export function corsHeaders({ origin }: IncomingHttpHeaders, { webOrigin }: GuardOptions): Record<string, string> {
  if (webOrigin === undefined || origin !== webOrigin) return {}
  return {
    'access-control-allow-origin': webOrigin,
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': 'authorization, content-type',
    vary: 'Origin',
  }
}

/** Allows loopback names, and the given ones. Most requests have the same host as the one before. */
export function knownHosts(names: readonly string[]): GuardOptions['isKnownHost'] {
  return memoizeLast(host => isLoopbackName(host) || names.some(name => nameOf(name) === nameOf(host)))
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether an address to listen on, or a Host header, is reachable only from this machine. */
export function isLoopbackName(host: string): boolean {
  const name = nameOf(host)
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  const family = isIP(name)
  if (family === 4) return name.startsWith('127.')
  return family === 6 && loopback.check(name, 'ipv6')
}

/** Without the port and the brackets of IPv6, in lower case. */
function nameOf(host: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(host) ?? []
  return (bracketed ?? host.replace(/^([^:]*):\d+$/, '$1')).toLowerCase()
}

/** Compares in a time that does not depend on where the texts differ. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
