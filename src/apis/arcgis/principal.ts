// arcgis: the caller of a request, and the session cookie of browsers.
import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'
import { bearerToken } from '../../http/bearer.ts'
import { findScope, type Scope } from '../../http/scope.ts'
import { parametersOf } from './parameters.ts'
import { findUserByToken, type User } from './state.ts'

export const COOKIE = 'agsadmintoken'

export interface Principal {
  /** Undefined when the request has none. */
  token: string | undefined
  /** Undefined without a token, and when it is unknown or has expired. */
  user: User | undefined
}

/** Looks the token up once per request and keeps the result in the scope. Call it after the body has been read. */
export function principalOf(request: FastifyRequest, scope: Scope): Principal {
  scope.principal ??= findPrincipal(request, scope)
  return scope.principal as Principal
}

function findPrincipal(request: FastifyRequest, { sandbox, now }: Scope): Principal {
  const token = tokenOf(request)
  return { token, user: token === undefined ? undefined : findUserByToken(sandbox.store, token, now) }
}

export interface Session {
  username: string
  token: string
}

/** The session that a page shows; undefined without a valid token. */
export function sessionOf(request: FastifyRequest): Session | undefined {
  const scope = findScope(request)
  if (scope === undefined) return undefined
  const { token, user } = principalOf(request, scope)
  return token !== undefined && user ? { username: user.username, token } : undefined
}

export function tokenOf(request: FastifyRequest): string | undefined {
  const { headers, method } = request
  return (
    parametersOf(request).token ??
    bearerToken(headers.authorization) ??
    bearerToken(headers['x-esri-authorization']) ??
    // Browsers also send cookies with forms that other sites post; a POST must contain the token itself.
    (method === 'GET' || method === 'HEAD' ? cookieOf(request) : undefined)
  )
}

function cookieOf({ headers }: FastifyRequest): string | undefined {
  return parseCookie(headers.cookie ?? '')[COOKIE]
}

/** The token that the links of a page must repeat: a parameter of this request, and not the browser's cookie. */
export function linkTokenOf(request: FastifyRequest): string | undefined {
  const { token } = parametersOf(request)
  return token !== undefined && sessionOf(request) && token !== cookieOf(request) ? token : undefined
}

/** `Set-Cookie` for a session; an empty token ends it. Only the context at `path` receives the cookie. */
export function sessionCookie(token: string, path: string, origin: string): string {
  return stringifySetCookie({
    name: COOKIE,
    value: token,
    path,
    httpOnly: true,
    sameSite: 'strict',
    ...(origin.startsWith('https:') && { secure: true }),
    ...(token === '' && { maxAge: 0 }),
  })
}
