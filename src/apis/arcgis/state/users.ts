// arcgis: users and their tokens.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { secret } from '../../../../schemas/secret.ts'
import type { Store } from '../../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../../sandbox/tables.ts'

export const users = defineTable(
  'arcgisUser',
  'users',
  Type.Object({
    username: Type.String({ minLength: 1 }),
    password: Type.String({ ...secret, minLength: 1, description: 'Demo data, stored as plain text' }),
    role: literals(['administrator', 'publisher', 'user']),
    privileges: Type.Array(Type.String(), { default: [] }),
  }),
)
export type User = Static<typeof users.row>

export const tokens = defineTable(
  'arcgisToken',
  'tokens',
  Type.Object({
    token: Type.String({ ...secret, minLength: 1 }),
    username: Type.String(),
    expiresAt: Nullable(Instant()),
  }),
)
export type Token = Static<typeof tokens.row>

/** A token that a browser gets when it signs in does not expire. */
export const tokensWithoutExpiry = `
  CREATE TABLE arcgisTokenNew (token TEXT PRIMARY KEY, username TEXT NOT NULL REFERENCES arcgisUser (username),
    expiresAt INTEGER) STRICT;
  INSERT INTO arcgisTokenNew SELECT * FROM arcgisToken ORDER BY rowid;
  DROP TABLE arcgisToken;
  ALTER TABLE arcgisTokenNew RENAME TO arcgisToken;
  CREATE INDEX arcgisTokenExpiry ON arcgisToken (expiresAt);`

export function findUser(store: Store, username: string): User | undefined {
  const raw = store.get<object>('SELECT * FROM arcgisUser WHERE username = ?', username)
  return raw && users.decode(raw)
}

/** The user that the token was issued to, unless it has expired by `now` (epoch ms). */
export function findUserByToken(store: Store, token: string, now: number): User | undefined {
  const raw = store.get<object>(
    `SELECT u.* FROM arcgisToken t JOIN arcgisUser u USING (username)
     WHERE t.token = ? AND (t.expiresAt IS NULL OR t.expiresAt > ?)`,
    token,
    now,
  )
  return raw && users.decode(raw)
}

/** The token, unless it has expired by `now` (epoch ms). */
export function findToken(store: Store, token: string, now: number): Token | undefined {
  const raw = store.get<object>(
    'SELECT * FROM arcgisToken WHERE token = ? AND (expiresAt IS NULL OR expiresAt > ?)',
    token,
    now,
  )
  return raw && tokens.decode(raw)
}

export function insertToken(store: Store, token: Token): void {
  tokens.insert(store, token)
}

export function deleteToken(store: Store, token: string): void {
  store.run('DELETE FROM arcgisToken WHERE token = ?', token)
}

export function deleteExpiredTokens(store: Store, now: number): void {
  store.run('DELETE FROM arcgisToken WHERE expiresAt <= ?', now)
}
