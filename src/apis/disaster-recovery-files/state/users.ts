// disaster-recovery-files: the users of the platform and their sessions in the web interface, and the only SQL on them.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { secret } from '../../../../schemas/secret.ts'
import { isObject } from '../../../sandbox/is-object.ts'
import type { Store } from '../../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../../sandbox/tables.ts'

const Secret = () => Nullable(Type.String({ ...secret, minLength: 1 }))

export const users = defineTable(
  'recoveryUser',
  'users',
  Type.Object({
    username: Type.String({ minLength: 1 }),
    password: Secret(),
    totpSecret: Nullable(
      Type.String({
        ...secret,
        pattern: '^[A-Z2-7]{16,}$',
        description: "Base32: the secret of the user's authenticator app",
      }),
    ),
    apiKey: Secret(),
    apiRead: Type.Boolean({ default: true, description: 'Whether the user has read access to the API' }),
    dataProtection: literals(['none', 'download', 'primary'], {
      default: 'download',
      description: 'Data-protection access: none, to downloads, or also to the API keys of other users',
    }),
    lastCodeStep: Nullable(Type.Integer({ description: 'Of the last code that was accepted: epoch seconds / 30' })),
    wrongCodes: Type.Integer({ minimum: 0, default: 0, description: 'In a row' }),
    codesRefusedUntil: Nullable(Instant()),
  }),
)
export type User = Static<typeof users.row>

export const sessions = defineTable(
  'recoverySession',
  'sessions',
  Type.Object({ token: Type.String({ ...secret, minLength: 1 }), username: Type.String(), expiresAt: Instant() }),
)
export type Session = Static<typeof sessions.row>

export const CREATE_USERS = `
  CREATE TABLE recoveryUser (username TEXT PRIMARY KEY, password TEXT, totpSecret TEXT, apiKey TEXT UNIQUE,
    apiRead INTEGER NOT NULL, dataProtection TEXT NOT NULL, lastCodeStep INTEGER, wrongCodes INTEGER NOT NULL,
    codesRefusedUntil INTEGER) STRICT;
  INSERT INTO recoveryUser (username, apiKey, apiRead, dataProtection, wrongCodes)
    SELECT 'user-' || row_number() OVER (ORDER BY rowid), key, apiRead, iif(downloadAccess, 'download', 'none'), 0
    FROM recoveryKey;
  DROP TABLE recoveryKey;
  CREATE TABLE recoverySession (token TEXT PRIMARY KEY, username TEXT NOT NULL REFERENCES recoveryUser (username),
    expiresAt INTEGER NOT NULL) STRICT;`

/** The section of a document. Those of earlier releases have API keys with rights, without their users. */
export function withUsers(section: Record<string, unknown>): Record<string, unknown> {
  const { keys, ...rest } = section
  if (!Array.isArray(keys) || rest.users !== undefined) return section
  return { ...rest, users: keys.map(userOfKey) }
}

/** What is not a key stays as it is, and is refused with the other rows. */
function userOfKey(row: unknown, index: number): unknown {
  if (!isObject(row) || row.key === undefined) return row
  const { key, downloadAccess = true, ...rest } = row
  return {
    ...rest,
    username: `user-${index + 1}`,
    apiKey: key,
    dataProtection: downloadAccess === true ? 'download' : downloadAccess === false ? 'none' : downloadAccess,
  }
}

export function findUser(store: Store, username: string): User | undefined {
  const raw = store.get<object>('SELECT * FROM recoveryUser WHERE username = ?', username)
  return raw && users.decode(raw)
}

export function findUserByKey(store: Store, apiKey: string): User | undefined {
  const raw = store.get<object>('SELECT * FROM recoveryUser WHERE apiKey = ?', apiKey)
  return raw && users.decode(raw)
}

/** `now` is epoch ms. */
export function findUserBySession(store: Store, token: string, now: number): User | undefined {
  const sql = `SELECT u.* FROM recoverySession s JOIN recoveryUser u ON u.username = s.username
    WHERE s.token = ? AND s.expiresAt > ?`
  const raw = store.get<object>(sql, token, now)
  return raw && users.decode(raw)
}

/** By username. */
export function listUsers(store: Store): User[] {
  return store.all<object>('SELECT * FROM recoveryUser ORDER BY username').map(raw => users.decode(raw))
}

export function setApiKey(store: Store, username: string, apiKey: string): void {
  store.run('UPDATE recoveryUser SET apiKey = ? WHERE username = ?', apiKey, username)
}

export function setCodeState(store: Store, { username, lastCodeStep, wrongCodes, codesRefusedUntil }: User): void {
  const sql = 'UPDATE recoveryUser SET lastCodeStep = ?, wrongCodes = ?, codesRefusedUntil = ? WHERE username = ?'
  store.run(sql, lastCodeStep, wrongCodes, codesRefusedUntil, username)
}

export function insertSession(store: Store, session: Session): void {
  sessions.insert(store, session)
}

export function deleteSession(store: Store, token: string): void {
  store.run('DELETE FROM recoverySession WHERE token = ?', token)
}

/** Those that have expired by `now` (epoch ms). */
export function deleteExpiredSessions(store: Store, now: number): void {
  store.run('DELETE FROM recoverySession WHERE expiresAt <= ?', now)
}
