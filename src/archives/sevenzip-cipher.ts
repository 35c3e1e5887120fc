// The encryption of 7z archives: the key of a password, and AES-256-CBC that can start in the middle of an entry.

import { createCipheriv, createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Entry, read, slice } from './archive.ts'
import { CYCLES_POWER } from './sevenzip-header.ts'

const ROUNDS = 2 ** CYCLES_POWER
// About 2 ms of hashing between two turns of the event loop.
const ROUNDS_PER_SLICE = 2 ** 14
const CACHED_KEYS = 32
const CHECKPOINT_BYTES = 1024 * 1024

const keys = new Map<string, Promise<Buffer>>()

/** The AES key of a password. Takes about 70 ms the first time; the 32 passwords used last are remembered. */
export function keyOf(password: string): Promise<Buffer> {
  const key = keys.get(password) ?? deriveKey(password)
  keys.delete(password)
  keys.set(password, key)
  const [oldest] = keys.keys()
  if (keys.size > CACHED_KEYS && oldest !== undefined) keys.delete(oldest)
  return key
}

/** SHA-256 of 2^19 times the password in UTF-16LE followed by the round's number in eight bytes; no salt. */
async function deriveKey(password: string): Promise<Buffer> {
  const secret = Buffer.from(password, 'utf16le')
  const roundBytes = secret.length + 8
  const rounds = Buffer.alloc(roundBytes * ROUNDS_PER_SLICE)
  for (let at = 0; at < rounds.length; at += roundBytes) secret.copy(rounds, at)
  const hash = createHash('sha256')
  for (let first = 0; first < ROUNDS; first += ROUNDS_PER_SLICE) {
    for (let round = 0; round < ROUNDS_PER_SLICE; round++) {
      rounds.writeUInt32LE(first + round, round * roundBytes + secret.length)
    }
    hash.update(rounds)
    await setImmediate()
  }
  return hash.digest()
}

/** Encrypts bytes held in memory, zeros up to a whole block. */
export function encrypt(key: Buffer, iv: Buffer, plain: Buffer): Buffer {
  return cipherOf(key, iv).update(Buffer.concat([plain, zeros(plain.length)]))
}

/** An entry's ciphertext, from any byte of it. */
export interface Ciphertext {
  open(key: Buffer, start: number, end: number): AsyncGenerator<Uint8Array, void>
}

/**
 * CBC needs only the block before the one it starts at. The last block of each MiB that goes by is kept, so that a
 * download that resumes where another one broke off starts within a MiB of its place, not at the entry's beginning.
 */
export function ciphertextOf(entry: Entry, iv: Buffer): Ciphertext {
  const checkpoints = [iv]
  return {
    open(key, start, end) {
      const from = Math.min(checkpoints.length - 1, Math.floor(start / CHECKPOINT_BYTES))
      const skipped = from * CHECKPOINT_BYTES
      return slice(encryptFrom(entry, key, checkpoints, from), start - skipped, end - skipped)
    },
  }
}

async function* encryptFrom(
  entry: Entry,
  key: Buffer,
  checkpoints: Buffer[],
  from: number,
): AsyncGenerator<Uint8Array, void> {
  const cipher = cipherOf(key, checkpoints[from] as Buffer)
  let at = from * CHECKPOINT_BYTES
  for await (const chunk of read(entry, at)) {
    const out = cipher.update(chunk)
    remember(checkpoints, out, at)
    at += out.length
    yield out
  }
  yield cipher.update(zeros(entry.sizeBytes))
}

/** Checkpoints are learned in order: every reading starts at a known one. */
function remember(checkpoints: Buffer[], out: Buffer, at: number): void {
  for (;;) {
    const end = checkpoints.length * CHECKPOINT_BYTES - at
    if (end > out.length) return
    checkpoints.push(Buffer.from(out.subarray(end - 16, end)))
  }
}

function cipherOf(key: Buffer, iv: Buffer) {
  return createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
}

function zeros(sizeBytes: number): Buffer {
  return Buffer.alloc((16 - (sizeBytes % 16)) % 16)
}
