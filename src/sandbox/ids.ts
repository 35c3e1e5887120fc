// The only source of randomness: everything random is a function of the sandbox's seed and a label, so it can be repeated.
import { createHmac, randomBytes } from 'node:crypto'
import type { Store } from './store.ts'

export class Ids {
  readonly #seed: string
  readonly #store: Store

  constructor(seed: string, store: Store) {
    this.#seed = seed
    this.#store = store
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

  /** The same UUID for the same seed and label, always: consumes nothing. */
  uuidOf(label: string): string {
    return uuidFrom(this.bytes(label, 16))
  }

  /** A fresh URL-safe secret of `size` random bytes. */
  token(label: string, size = 32): string {
    return this.bytes(`${label}/${this.next(label)}`, size).toString('base64url')
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
