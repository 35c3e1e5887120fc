// The only source of randomness: bytes and choices that follow from a seed, and secrets that must not.
import { hash, randomBytes } from 'node:crypto'
import { hexOf } from './hex.ts'
import { type Hmac, hmacWith } from './hmac.ts'

const BLOCK_BYTES = 32

/** `sizeBytes` bytes that depend only on the seed and the label. More bytes begin with those that fewer would be. */
export function seededBytes(seed: string, label: string, sizeBytes: number): Buffer {
  return labelledBytes(hmacWith(seed), label, sizeBytes)
}

/** The same for many labels: `hmac` has the seed as its key. */
export function labelledBytes(hmac: Hmac, label: string, sizeBytes: number): Buffer {
  // As almost all ids are.
  if (sizeBytes <= BLOCK_BYTES) return hmac(`${label}#0`).subarray(0, sizeBytes)
  const blocks = Array.from({ length: Math.ceil(sizeBytes / BLOCK_BYTES) }, (_, block) => hmac(`${label}#${block}`))
  return Buffer.concat(blocks, sizeBytes)
}

/** A version 4 UUID made of 16 bytes, lower case. Changes the bytes. */
export function uuidFrom(bytes: Buffer): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Bytes that differ each time, for what protects the server itself. */
export function freshBytes(sizeBytes: number): Buffer {
  return randomBytes(sizeBytes)
}

/** A secret that differs each time: it protects the server itself. As hexadecimal digits, it is never taken for an option. */
export function freshSecret(): string {
  return randomBytes(32).toString('hex')
}

/** Choices made from a seed: the same seed gives the same choices in the same order. */
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
  const next = sfc32(hash('sha256', seed, 'buffer'))

  // 53 bits from two draws, so that spans beyond 2^32 (epoch ms, phone numbers) are uniformly distributed.
  const fraction = () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 2 ** 53
  const int = (min: number, max: number) => min + Math.floor(fraction() * (max - min + 1))
  const hex = (length: number) => {
    let digits = ''
    while (digits.length < length) digits += hexOf(next())
    return digits.slice(0, length)
  }

  return {
    int,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('cannot pick from an empty list')
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
