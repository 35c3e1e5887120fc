// Who may use the control API: programs on this machine, or holders of the token; no web page of another site.
import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { bearerToken } from '../http/bearer.ts'
import type { ApiError } from '../http/errors.ts'
import { catalogue } from './errors.ts'

export interface GuardOptions {
  /** Asked for in every request when set. */
  token?: string | undefined
  /** A web origin whose pages may come in, beside the server's own. */
  webOrigin?: string | undefined
  /** Host names, beside the loopback ones, by which the server may be called. */
  hosts: readonly string[]
}

/** The reason to turn a request away, or undefined. Without `needsToken` everything but the token is checked. */
export function refusalOf(
  headers: IncomingHttpHeaders,
  { token, webOrigin, hosts }: GuardOptions,
  needsToken = true,
): ApiError | undefined {
  const host = headers.host ?? ''
  // A page can make a name of its own point here (DNS rebinding); the token, which it cannot know, makes any name good.
  if (token === undefined && !isLoopbackName(host) && !hosts.some(known => nameOf(known) === nameOf(host))) {
    return catalogue.error('Forbidden', {
      message: `Host "${host}" is not known here; use localhost or 127.0.0.1, or start with --admin-token.`,
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
    return catalogue.error('Forbidden', { message: 'A browser sent this on behalf of another site.' })
  }
  if (token === undefined || !needsToken || sameText(bearerToken(headers.authorization) ?? '', token)) return undefined
  return catalogue.error('Unauthorized', { headers: { 'www-authenticate': 'Bearer realm="firedrill"' } })
}

/** What a page of `webOrigin` needs in order to read answers; empty for everyone else. */
export function corsHeaders({ origin }: IncomingHttpHeaders, { webOrigin }: GuardOptions): Record<string, string> {
  if (webOrigin === undefined || origin !== webOrigin) return {}
  return {
    'access-control-allow-origin': webOrigin,
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': 'authorization, content-type',
    vary: 'Origin',
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Of an address to listen on or a Host header: do only programs on this machine get there? */
export function isLoopbackName(host: string): boolean {
  const name = nameOf(host)
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  const family = isIP(name)
  return family !== 0 && loopback.check(name, family === 6 ? 'ipv6' : 'ipv4')
}

/** Without a port and the brackets of IPv6, in lower case. */
function nameOf(host: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(host) ?? []
  return (bracketed ?? host.replace(/^([^:]*):\d+$/, '$1')).toLowerCase()
}

/** In a time that does not tell how much of it is right. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
