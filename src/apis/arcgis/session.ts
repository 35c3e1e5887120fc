// arcgis: how a token travels: as a parameter, in either of two headers, or in a browser's cookie.
import type { FastifyRequest } from 'fastify'
import { bearerToken } from '../../http/bearer.ts'
import { findScope, scopeOf } from '../../http/scope.ts'
import { catalogue } from './errors.ts'
import { parametersOf } from './parameters.ts'
import * as access from './service/access.ts'
import type { User } from './state.ts'

export const COOKIE = 'agsadmintoken'

/** The caller. Throws TokenRequired and InvalidToken. */
export function callerOf(request: FastifyRequest): User {
  return access.authenticate(scopeOf(request), tokenOf(request))
}

/** Runs before an operation's parameters are checked. Throws what callerOf does, and PermissionDenied. */
export function allow(may: (user: User) => boolean) {
  return async (request: FastifyRequest): Promise<void> => {
    const { trace } = scopeOf(request)
    trace.enter('authentication')
    if (!may(callerOf(request))) throw catalogue.error('PermissionDenied')
    trace.enter('parameters')
  }
}

export interface Session {
  username: string
  token: string
}

/** Whom a page greets: the caller if there is one. */
export function sessionOf(request: FastifyRequest): Session | undefined {
  const scope = findScope(request)
  const token = tokenOf(request)
  if (scope === undefined || token === undefined) return undefined
  const user = access.findCaller(scope, token)
  return user && { username: user.username, token }
}

export function tokenOf(request: FastifyRequest): string | undefined {
  const { headers, method } = request
  return (
    parametersOf(request).token ??
    bearerToken(headers.authorization) ??
    bearerToken(headers['x-esri-authorization']) ??
    // Browsers send cookies with whatever another site makes them post: there the form itself must hold the token.
    (method === 'GET' || method === 'HEAD' ? cookieToken(headers.cookie) : undefined)
  )
}

function cookieToken(header = ''): string | undefined {
  const cookie = header.split(/; */).find(each => each.startsWith(`${COOKIE}=`))
  return cookie?.slice(COOKIE.length + 1)
}

/** `Set-Cookie` for a session; an empty token ends it. `path` is the context's: no other one on the host sees the cookie. */
export function sessionCookie(token: string, path: string, origin: string): string {
  const secure = origin.startsWith('https:') ? '; Secure' : ''
  const end = token === '' ? '; Max-Age=0' : ''
  return `${COOKIE}=${token}; Path=${path}; HttpOnly; SameSite=Strict${secure}${end}`
}
