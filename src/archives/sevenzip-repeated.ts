// A file of any size in a 7z archive whose ciphertext repeats, so that any part of it is known without encrypting what precedes it.

import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { seededBytes } from '../sandbox/random.ts'
import type { Entry } from './archive.ts'
import { combineCrc, crcCombiner, crcOfFew } from './crc.ts'

// The content consists of segments: a number that makes the segment unique, a link, and a body that is the same in all of them.
// CBC combines each block with the encrypted one before it. The link is chosen so that it is encrypted to the same bytes in every
// segment. What follows, the encrypted body, then is the same too: it is encrypted once, and all readers share its bytes.
const BLOCK_BYTES = 16
const HEAD_BYTES = 2 * BLOCK_BYTES
const SEGMENT_BYTES = 512 * 1024
const BODY_BYTES = SEGMENT_BYTES - HEAD_BYTES
const NOISE_BYTES = 8 * 1024
/** Of the body, which is sent without copying it. */
const CHUNK_BYTES = 256 * 1024
const BLOCK_WORDS = BLOCK_BYTES / 4
const HEAD_WORDS = HEAD_BYTES / 4
/** The heads of about a millisecond. */
const HEADS_PER_TURN = 4096

/** A file whose content depends on the key that encrypts it. */
export interface RepeatedEntry extends Pick<Entry, 'path' | 'sizeBytes' | 'modifiedAt' | 'contentId'> {
  seed: string
}

/** `modifiedAt` in epoch ms. */
export function repeatedEntry(path: string, sizeBytes: number, seed: string, modifiedAt: number): RepeatedEntry {
  return { path, sizeBytes, modifiedAt, contentId: JSON.stringify(['repeated', seed, sizeBytes]), seed }
}

/** What all repeated files that are encrypted with a key have in common. */
export interface Pattern {
  key: Buffer
  body: Buffer
  bodyCrc: number
  encryptedBody: Buffer
  /** The end of the encrypted body: what the next segment is combined with. */
  lastBlock: Int32Array
  encryptedLink: Buffer
  /** The encrypted link, decrypted as a single block. */
  decryptedLink: Int32Array
}

export function patternOf(key: Buffer): Pattern {
  const body = Buffer.alloc(BODY_BYTES, seededBytes('7z', 'body', NOISE_BYTES))
  const encryptedLink = seededBytes('7z', 'link', BLOCK_BYTES)
  const encryptedBody = createCipheriv('aes-256-cbc', key, encryptedLink).setAutoPadding(false).update(body)
  const single = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  return {
    key,
    body,
    bodyCrc: crc32(body),
    encryptedBody,
    lastBlock: wordsOf(encryptedBody.subarray(-BLOCK_BYTES)),
    encryptedLink,
    decryptedLink: wordsOf(single.update(encryptedLink)),
  }
}

/** One repeated file with its initialization vector. */
export class RepeatedContent {
  readonly #entry: RepeatedEntry
  readonly #iv: Int32Array
  /** A head without the number of its segment and without the link. */
  readonly #unnumbered = Buffer.alloc(HEAD_BYTES)
  #crc: Promise<number> | undefined

  constructor(entry: RepeatedEntry, iv: Buffer) {
    this.#entry = entry
    this.#iv = wordsOf(iv)
    this.#unnumbered.set(createHash('sha256').update(entry.seed).digest().subarray(0, 8))
  }

  /** The CRC-32 of the content, which is combined from those of its segments. */
  crc32(pattern: Pattern): Promise<number> {
    this.#crc ??= this.#combineCrc(pattern)
    return this.#crc
  }

  async #combineCrc(pattern: Pattern): Promise<number> {
    const count = Math.floor(this.#entry.sizeBytes / SEGMENT_BYTES)
    const withBody = crcCombiner(BODY_BYTES)
    const withSegment = crcCombiner(SEGMENT_BYTES)
    let crc = 0
    for (let first = 0; first < count; first += HEADS_PER_TURN) {
      const { plain } = this.#heads(pattern, first, Math.min(HEADS_PER_TURN, count - first))
      for (let at = 0; at < plain.length; at += HEAD_BYTES) {
        crc = withSegment(crc, withBody(crcOfFew(plain, at, at + HEAD_BYTES), pattern.bodyCrc))
      }
      await setImmediate()
    }
    const rest = this.#lastSegment(pattern).plain
    return combineCrc(crc, crc32(rest), rest.length)
  }

  /** The bytes [start, end) of the encrypted content, which is padded to whole blocks. */
  *open(pattern: Pattern, start: number, end: number): Generator<Uint8Array, void> {
    for (let at = start; at < end; ) {
      const index = Math.floor(at / SEGMENT_BYTES)
      const origin = index * SEGMENT_BYTES
      const next = Math.min(origin + SEGMENT_BYTES, end)
      yield* this.#segment(pattern, index, at - origin, next - origin)
      at = next
    }
  }

  *#segment(pattern: Pattern, index: number, start: number, end: number): Generator<Uint8Array, void> {
    if ((index + 1) * SEGMENT_BYTES > this.#entry.sizeBytes) {
      yield this.#lastSegment(pattern).encrypted.subarray(start, end)
      return
    }
    if (start < HEAD_BYTES) {
      const { encrypted } = this.#heads(pattern, index, 1)
      yield Buffer.concat([encrypted, pattern.encryptedLink]).subarray(start, end)
    }
    const bodyEnd = end - HEAD_BYTES
    for (let at = Math.max(start - HEAD_BYTES, 0); at < bodyEnd; at += CHUNK_BYTES) {
      yield pattern.encryptedBody.subarray(at, Math.min(at + CHUNK_BYTES, bodyEnd))
    }
  }

  /** Numbers and links of consecutive segments, and the numbers encrypted. */
  #heads(pattern: Pattern, first: number, count: number): { plain: Buffer; encrypted: Buffer } {
    const words = new Int32Array(count * HEAD_WORDS)
    const plain = Buffer.from(words.buffer).fill(this.#unnumbered)
    const input = new Int32Array(count * BLOCK_WORDS)
    for (let index = 0; index < count; index++) {
      plain.writeUInt32BE(first + index, index * HEAD_BYTES + BLOCK_BYTES - 4)
      const chain = first + index === 0 ? this.#iv : pattern.lastBlock
      xor(words, index * HEAD_WORDS, chain, input, index * BLOCK_WORDS)
    }
    const encrypted = createCipheriv('aes-256-ecb', pattern.key, null).setAutoPadding(false).update(input)
    const numbers = wordsOf(encrypted)
    for (let index = 0; index < count; index++) {
      xor(numbers, index * BLOCK_WORDS, pattern.decryptedLink, words, index * HEAD_WORDS + BLOCK_WORDS)
    }
    return { plain, encrypted }
  }

  /** The segment at the end, which is not whole. */
  #lastSegment(pattern: Pattern): { plain: Buffer; encrypted: Buffer } {
    const index = Math.floor(this.#entry.sizeBytes / SEGMENT_BYTES)
    const sizeBytes = this.#entry.sizeBytes % SEGMENT_BYTES
    const plain = Buffer.concat([this.#heads(pattern, index, 1).plain, pattern.body]).subarray(0, sizeBytes)
    const padded = Buffer.concat([plain], Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES)
    const chain = index === 0 ? this.#iv : pattern.lastBlock
    const cipher = createCipheriv('aes-256-cbc', pattern.key, chain).setAutoPadding(false)
    return { plain, encrypted: cipher.update(padded) }
  }
}

/** Writes one block of `from` XOR `other` to `out`. */
function xor(from: Int32Array, at: number, other: Int32Array, out: Int32Array, outAt: number): void {
  for (let word = 0; word < BLOCK_WORDS; word++)
    out[outAt + word] = (from[at + word] as number) ^ (other[word] as number)
}

/** A copy, because bytes may begin at any address. */
function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(new Uint8Array(bytes).buffer)
}
