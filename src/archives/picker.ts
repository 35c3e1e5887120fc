// Repeatable choices: a small seeded generator of numbers, list items and identifiers.

import { createHash } from 'node:crypto'

/** The same seed gives the same choices in the same order. */
export interface Picker {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number
  /** One item of a list that is not empty; throws RangeError when it is. */
  pick<T>(list: readonly T[]): T
  /** `length` hexadecimal digits, lower case. */
  hex(length: number): string
  /** Has the form of a version 4 UUID. */
  uuid(): string
}

export function seededPicker(seed: string): Picker {
  const next = sfc32(createHash('sha256').update(seed).digest())

  // 53 bits from two draws: spans beyond 2^32 (epoch ms, phone numbers) stay evenly spread.
  const fraction = () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 2 ** 53
  const int = (min: number, max: number) => min + Math.floor(fraction() * (max - min + 1))
  const hex = (length: number) => {
    let digits = ''
    while (digits.length < length) digits += next().toString(16).padStart(8, '0')
    return digits.slice(0, length)
  }

  return {
    int,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('nothing to pick from an empty list')
      return list[int(0, list.length - 1)] as T
    },
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(int(0, 3))}${hex(3)}-${hex(12)}`,
  }
}

/** Chris Doty-Humphrey's sfc32, which passes PractRand: unsigned 32-bit draws from 16 bytes of seed. */
function sfc32(seed: Buffer): () => number {
  let a = seed.readInt32LE(0)
  let b = seed.readInt32LE(4)
  let c = seed.readInt32LE(8)
  let counter = seed.readInt32LE(12)
  return () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}
