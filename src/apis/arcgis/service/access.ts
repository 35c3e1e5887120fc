// arcgis: issues tokens, and decides what a user may do. Synchronous; throws from the catalogue.
import type { ApiError } from '../../../http/errors.ts'
import type { Scope } from '../../../http/scope.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'

const SECURITY = 'Security and infrastructure'
/** Any of these privileges, or the Publisher role, allows reading jobs. */
const JOB_PRIVILEGES = [SECURITY, 'Update', 'Delete']

const DEFAULT_MINUTES = 60
const MAX_MINUTES = 20_160
const MINUTE_MS = 60_000

export function mayAdminister({ privileges }: state.User): boolean {
  return privileges.includes(SECURITY)
}

export function mayReadJobs({ role, privileges }: state.User): boolean {
  return role === 'publisher' || JOB_PRIVILEGES.some(privilege => privileges.includes(privilege))
}

/** Any privilege is enough for the resources that only lead to others. */
export function mayEnter({ role, privileges }: state.User): boolean {
  return role !== 'user' || privileges.length > 0
}

/** Scheduled tasks are for the default administrator role only. */
export function maySchedule({ role }: state.User): boolean {
  return role === 'administrator'
}

export interface TokenRequest {
  username?: string
  password?: string
  /** Instead of a username and password: a token to exchange for one for the server at `serverUrl`. */
  token?: string
  serverUrl?: string
  client?: 'referer' | 'ip' | 'requestip'
  referer?: string
  ip?: string
  /** Minutes. */
  expiration?: number
}

interface Credentials {
  username: string
  password: string
}

/** A token that expires. */
type IssuedToken = state.Token & { expiresAt: number }

/** A new token. It is not bound to the referer, which Esri's own client sends only once. Throws TokenNotGenerated, InvalidToken. */
export function generateToken(scope: Scope, request: TokenRequest): IssuedToken {
  const { username, password, token, serverUrl, client, expiration = DEFAULT_MINUTES } = request
  if ((client === 'referer' || client === 'ip') && request[client] === undefined)
    refuse(scope, { [client]: `'${client}' must be specified.` })
  if (username === undefined && password === undefined && token !== undefined) {
    if (serverUrl === undefined) refuse(scope, { serverUrl: "'serverUrl' must be specified." })
    return exchangeToken(scope, token, expiration)
  }
  if (username === undefined || password === undefined) {
    return refuse(scope, {
      ...(username === undefined && { username: 'The field username is required.' }),
      ...(password === undefined && { password: 'The field password is required.' }),
    })
  }
  const user = checkPassword(scope, { username, password }, () =>
    catalogue.error('TokenNotGenerated', { details: ['Invalid username or password.'] }),
  )
  return issueToken(scope, user.username, expiryAfter(scope, expiration))
}

/** `fields`: messages by field. */
function refuse({ trace }: Scope, fields: Record<string, string>): never {
  trace.enter('parameters')
  throw catalogue.error('TokenNotGenerated', { details: Object.values(fields), fields })
}

/** The new token expires no later than the one that it is exchanged for. */
function exchangeToken(scope: Scope, token: string, minutes: number): IssuedToken {
  scope.trace.enter('authentication')
  const found = state.findToken(scope.sandbox.store, token, scope.now)
  if (!found) throw catalogue.error('InvalidToken')
  scope.trace.enter('rules')
  return issueToken(
    scope,
    found.username,
    Math.min(expiryAfter(scope, minutes), found.expiresAt ?? Number.POSITIVE_INFINITY),
  )
}

/** The token of a browser's session, which ends when the user signs out. Throws SignInFailed. */
export function signIn(scope: Scope, credentials: Credentials): state.Token {
  const user = checkPassword(scope, credentials, () => catalogue.error('SignInFailed'))
  return issueToken(scope, user.username, null)
}

/** Does nothing when there is no such token. */
export function revokeToken({ sandbox }: Scope, token: string): void {
  state.deleteToken(sandbox.store, token)
}

/** Throws `error()` when the username or the password is wrong. */
function checkPassword(
  { sandbox, trace }: Scope,
  { username, password }: Credentials,
  error: () => ApiError,
): state.User {
  trace.enter('authentication')
  const user = state.findUser(sandbox.store, username)
  if (user?.password !== password) throw error()
  trace.enter('rules')
  return user
}

function expiryAfter({ now }: Scope, minutes: number): number {
  return now + Math.min(minutes, MAX_MINUTES) * MINUTE_MS
}

/** `expiresAt`: epoch ms; null for never. */
function issueToken<ExpiresAt extends number | null>(
  { sandbox: { store, ids }, now }: Scope,
  username: string,
  expiresAt: ExpiresAt,
): state.Token & { expiresAt: ExpiresAt } {
  return store.transaction(() => {
    // Deleted here so that the table does not grow.
    state.deleteExpiredTokens(store, now)
    const token = { token: ids.token('arcgis/token', 96), username, expiresAt }
    state.insertToken(store, token)
    return token
  })
}
