// disaster-recovery-files: who may do what: API keys, sign-in and sessions. Synchronous; throws from the catalogue.
import type { Scope } from '../../../http/scope.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state/users.ts'

const SESSION_MS = 8 * 3_600_000

/** The user of the API key. Throws Unauthorized or NoApiAccess. */
export function authenticate({ sandbox }: Scope, apiKey: string | undefined): state.User {
  const user = apiKey === undefined ? undefined : state.findUserByKey(sandbox.store, apiKey)
  if (!user) throw catalogue.error('Unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
  requireApiAccess(user)
  return user
}

/** Throws NoApiAccess. */
export function requireApiAccess({ apiRead }: state.User): void {
  if (!apiRead) throw catalogue.error('NoApiAccess')
}

/** Throws NoDownloadAccess. */
export function requireDownloadAccess({ dataProtection }: state.User): void {
  if (dataProtection === 'none') throw catalogue.error('NoDownloadAccess')
}

/** The user of the session in the web interface; undefined without one. */
export function findSignedIn({ sandbox, now }: Scope, token: string | undefined): state.User | undefined {
  return token === undefined ? undefined : state.findUserBySession(sandbox.store, token, now)
}

/** The new session of a user of the web interface. Throws SignInFailed, also for users of the API only. */
export function signIn(scope: Scope, { username, password }: { username: string; password: string }): state.Session {
  const { sandbox, now, trace } = scope
  const { store, ids } = sandbox
  trace.enter('authentication')
  const user = state.findUser(store, username)
  if (!user || user.password === null || user.password !== password) throw catalogue.error('SignInFailed')
  trace.enter('rules')
  return store.transaction(() => {
    // Deleted here so that the table does not grow.
    state.deleteExpiredSessions(store, now)
    const session = { token: ids.token('disaster-recovery-files/session'), username, expiresAt: now + SESSION_MS }
    state.insertSession(store, session)
    return session
  })
}

export function signOut({ sandbox }: Scope, token: string): void {
  state.deleteSession(sandbox.store, token)
}

/** Throws WrongPassword. */
export function confirmPassword({ password }: state.User, candidate: string): void {
  if (password !== candidate) throw catalogue.error('WrongPassword')
}

/** The users whose API keys the user may replace: all of them, or only the user. */
export function manageableUsers({ sandbox }: Scope, user: state.User): string[] {
  if (user.dataProtection !== 'primary') return [user.username]
  const all = state.listUsers(sandbox.store).filter(({ apiRead }) => apiRead)
  return all.map(({ username }) => username)
}

/** Throws NotYourKey. */
export function requireManageable(scope: Scope, user: state.User, username: string): void {
  if (!manageableUsers(scope, user).includes(username)) throw catalogue.error('NotYourKey')
}

/** A new API key for the user; the key that the user had is no longer valid. */
export function generateApiKey({ sandbox: { store, ids } }: Scope, username: string): string {
  return store.transaction(() => {
    const apiKey = ids.token('disaster-recovery-files/key')
    state.setApiKey(store, username, apiKey)
    return apiKey
  })
}
