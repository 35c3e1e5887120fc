// arcgis: issues tokens, and decides what a user may do. Synchronous; throws from the catalogue.
import type { ApiError } from '../../../http/errors.ts'
import type { Scope } from '../../../http/scope.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'

const SECURITY = 'Security and infrastructure'
/** Any of these privileges, or the Publisher role, allows reading jobs. */
const JOB_PRIVILEGES = [SECURITY, 'Update', 'Delete']

const MAX_MINUTES = 20_160
const MINUTE_MS = 60_000

export function mayAdminister({ privileges }: state.User): boolean {
  return privileges.includes(SECURITY)
}

export function mayReadJobs({ role, privileges }: state.User): boolean {
  return role === 'publisher' || JOB_PRIVILEGES.some(privilege => privileges.includes(privilege))
}

export interface TokenRequest {
  username: string
  password: string
  client?: 'referer' | 'ip' | 'requestip'
  referer?: string
  ip?: string
  /** Minutes. */
  expiration?: number
}

/** A new token. It is not bound to the referer, which Esri's own client sends only once. Throws TokenNotGenerated. */
export function generateToken(scope: Scope, request: TokenRequest): state.Token {
  const { client, expiration = 60 } = request
  if ((client === 'referer' || client === 'ip') && request[client] === undefined) {
    scope.trace.enter('parameters')
    throw catalogue.error('TokenNotGenerated', { details: [`'${client}' must be specified.`] })
  }
  const user = checkPassword(scope, request, () =>
    catalogue.error('TokenNotGenerated', { details: ['Invalid username or password.'] }),
  )
  return issueToken(scope, user, expiration)
}

/** The token of a browser's session. Throws SignInFailed. */
export function signIn(scope: Scope, credentials: Pick<TokenRequest, 'username' | 'password'>): state.Token {
  const user = checkPassword(scope, credentials, () => catalogue.error('SignInFailed'))
  return issueToken(scope, user, 60)
}

export function signOut({ sandbox }: Scope, token: string): void {
  state.deleteToken(sandbox.store, token)
}

/** Throws `error()` when the username or the password is wrong. */
function checkPassword(
  { sandbox, trace }: Scope,
  { username, password }: Pick<TokenRequest, 'username' | 'password'>,
  error: () => ApiError,
): state.User {
  trace.enter('authentication')
  const user = state.findUser(sandbox.store, username)
  if (user?.password !== password) throw error()
  trace.enter('rules')
  return user
}

function issueToken({ sandbox: { store, ids }, now }: Scope, { username }: state.User, minutes: number): state.Token {
  const expiresAt = now + Math.min(minutes, MAX_MINUTES) * MINUTE_MS
  return store.transaction(() => {
    // Deleted here so that the table does not grow.
    state.deleteExpiredTokens(store, now)
    const token = { token: ids.token('arcgis/token', 96), username, expiresAt }
    state.insertToken(store, token)
    return token
  })
}
