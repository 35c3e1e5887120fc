// The only source of randomness: everything random is a function of the sandbox's seed and a label, so it can be repeated.
import { createHmac, randomBytes } from 'node:crypto'
import type { Migrations, Store } from './store.ts'

/** One row: the salt, and the name of the sandbox that it was made for. */
export const idMigrations: Migrations = {
  owner: 'ids',
  scripts: [
    'CREATE TABLE salt (id INTEGER PRIMARY KEY CHECK (id = 1), sandbox TEXT NOT NULL, value TEXT NOT NULL) STRICT;',
  ],
}

export class Ids {
  readonly #seed: string
  readonly #store: Store
  /** Makes tokens and UUIDs differ between sandboxes; counters, bytes and fractions are the same in all of them. */
  readonly #salt: string

  /** `sandbox` is the name of the sandbox whose store it is. */
  constructor(seed: string, store: Store, sandbox: string) {
    this.#seed = seed
    this.#store = store
    this.#salt = saltOf(store, sandbox, seed)
  }

  /** 1, 2, 3 … for each label; kept in the store, so that it goes on after a restart and comes back with a snapshot. */
  next(label: string): number {
    const row = this.#store.get<{ value: number }>(
      'INSERT INTO sequence (label, value) VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value',
      label,
    )
    return (row as { value: number }).value
  }

  /** A fresh UUID in version 4 form, lower case. */
  uuid(label: string): string {
    return this.uuidOf(`${label}/${this.next(label)}`)
  }

  /** The same UUID for the same seed, sandbox and label, always: consumes nothing. */
  uuidOf(label: string): string {
    return uuidFrom(this.#salted(label, 16))
  }

  /** A fresh URL-safe secret of `size` random bytes. */
  token(label: string, size = 32): string {
    return this.#salted(`${label}/${this.next(label)}`, size).toString('base64url')
  }

  /** The same bytes for the same seed and label, always: consumes nothing. */
  bytes(label: string, size: number): Buffer {
    const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, block) =>
      createHmac('sha256', this.#seed).update(`${label}#${block}`).digest(),
    )
    return Buffer.concat(blocks, size)
  }

  /** A number in [0, 1), the same for the same seed and label. */
  fraction(label: string): number {
    return this.bytes(label, 4).readUInt32BE() / 2 ** 32
  }

  #salted(label: string, size: number): Buffer {
    return this.bytes(`${this.#salt}/${label}`, size)
  }
}

/**
 * The stored salt, so that it survives a change of the seed. A copy of another sandbox (a snapshot) comes with that one's:
 * it gets its own, or both would issue the same tokens from then on.
 */
function saltOf(store: Store, sandbox: string, seed: string): string {
  const stored = store.get<{ sandbox: string; value: string }>('SELECT sandbox, value FROM salt')
  if (stored?.sandbox === sandbox) return stored.value
  const value = createHmac('sha256', seed).update(`salt/${sandbox}`).digest('base64url')
  store.run('INSERT OR REPLACE INTO salt (id, sandbox, value) VALUES (1, ?, ?)', sandbox, value)
  return value
}

function uuidFrom(bytes: Buffer): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** The one thing that must not be repeatable: a secret that guards the server itself. */
export function freshSecret(): string {
  return randomBytes(32).toString('base64url')
}
