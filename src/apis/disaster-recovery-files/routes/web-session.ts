// disaster-recovery-files: the session cookie of the web interface, and who is signed in.
import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'
import { scopeOf } from '../../../http/scope.ts'
import { catalogue } from '../errors.ts'
import { frameOf } from '../pages/frame.ts'
import type { User } from '../state/users.ts'

export const COOKIE = 'billing-platform-session'

export function sessionTokenOf({ headers }: FastifyRequest): string | undefined {
  return headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[COOKIE]
}

/** `Set-Cookie` for a session; an empty token ends it. Only the web interface of this sandbox gets the cookie. */
export function sessionCookie(request: FastifyRequest, token: string): string {
  return stringifySetCookie({
    name: COOKIE,
    value: token,
    path: frameOf(request).basePath,
    httpOnly: true,
    sameSite: 'strict',
    ...(scopeOf(request).origin.startsWith('https:') && { secure: true }),
    ...(token === '' && { maxAge: 0 }),
  })
}

/** The user who is signed in, on routes with the hook below. */
export function signedInUser(request: FastifyRequest): User {
  return scopeOf(request).principal as User
}

/** A hook for pages that need a user with the rights that `check` demands. Throws SignInRequired and what `check` throws. */
export function requireUser(check: (user: User) => void) {
  return async (request: FastifyRequest): Promise<void> => {
    const { trace, principal } = scopeOf(request)
    trace.enter('authentication')
    if (principal === undefined) throw catalogue.error('SignInRequired')
    check(principal as User)
    trace.enter('parameters')
  }
}
