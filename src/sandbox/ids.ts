// The counters, ids, tokens and random numbers of one sandbox: each depends only on the seed, the sandbox and a label.
import { LRUCache } from 'lru-cache'
import { type Hmac, hmacWith } from './hmac.ts'
import { labelledBytes, uuidFrom } from './random.ts'
import type { Migrations, Store } from './store.ts'

/** One row: the salt, and the name of the sandbox that it was made for. */
export const idMigrations: Migrations = {
  owner: 'ids',
  scripts: [
    'CREATE TABLE salt (id INTEGER PRIMARY KEY CHECK (id = 1), sandbox TEXT NOT NULL, value TEXT NOT NULL) STRICT;',
  ],
}

const MAX_KNOWN = 100

export class Ids {
  readonly #hmac: Hmac
  readonly #store: Store
  /** Makes tokens and UUIDs differ between sandboxes; counters, bytes and fractions are the same in all of them. */
  readonly #salt: string
  /** The results of `bytes` by label and size. Few are asked for, again and again, such as the identities of backup stores. */
  #known: LRUCache<string, Buffer> | undefined

  /** `sandbox` is the name of the sandbox that the store belongs to. */
  constructor(seed: string, store: Store, sandbox: string) {
    this.#hmac = hmacWith(seed)
    this.#store = store
    this.#salt = readSalt(store, sandbox, this.#hmac)
  }

  /** 1, 2, 3 … for each label. Kept in the store, so that counting continues after a restart and snapshots include it. */
  next(label: string): number {
    const row = this.#store.get<{ value: number }>(
      'INSERT INTO sequence (label, value) VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value',
      label,
    )
    return (row as { value: number }).value
  }

  /** A new version 4 UUID, lower case. */
  uuid(label: string): string {
    return this.uuidOf(`${label}/${this.next(label)}`)
  }

  /** Always the same UUID for the same seed, sandbox and label; changes no counter. */
  uuidOf(label: string): string {
    return uuidFrom(this.#salted(label, 16))
  }

  /** A new URL-safe secret of `sizeBytes` random bytes. */
  token(label: string, sizeBytes = 32): string {
    return this.#salted(`${label}/${this.next(label)}`, sizeBytes).toString('base64url')
  }

  /** Always the same bytes for the same seed and label; changes no counter. The caller must not change them. */
  bytes(label: string, sizeBytes: number): Buffer {
    this.#known ??= new LRUCache({ max: MAX_KNOWN })
    const key = `${sizeBytes}/${label}`
    const known = this.#known.get(key)
    if (known) return known
    const bytes = labelledBytes(this.#hmac, label, sizeBytes)
    this.#known.set(key, bytes)
    return bytes
  }

  /** A number in [0, 1), always the same for the same seed and label. */
  fraction(label: string): number {
    return labelledBytes(this.#hmac, label, 4).readUInt32BE() / 2 ** 32
  }

  #salted(label: string, sizeBytes: number): Buffer {
    return labelledBytes(this.#hmac, `${this.#salt}/${label}`, sizeBytes)
  }
}

/** Makes a copy of another sandbox's store that of `sandbox`, which then issues the same tokens and UUIDs as the other one. */
export function adoptSalt(store: Store, sandbox: string): void {
  store.run('UPDATE salt SET sandbox = ?', sandbox)
}

/**
 * The stored salt, so that it survives a change of the seed. A copy of another sandbox (from a snapshot) contains the other
 * one's salt and gets a new one; otherwise both would issue the same tokens.
 */
function readSalt(store: Store, sandbox: string, hmac: Hmac): string {
  const stored = store.get<{ sandbox: string; value: string }>('SELECT sandbox, value FROM salt')
  if (stored?.sandbox === sandbox) return stored.value
  const value = hmac(`salt/${sandbox}`).toString('base64url')
  store.run('INSERT OR REPLACE INTO salt (id, sandbox, value) VALUES (1, ?, ?)', sandbox, value)
  return value
}
