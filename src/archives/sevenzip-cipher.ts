// The encryption of 7z archives: derives keys from passwords and runs AES-256-CBC from any position in an entry.

import { createCipheriv, createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Entry, read, slice } from './archive.ts'
import { CYCLES_POWER } from './sevenzip-header.ts'
import { type Pattern, patternOf } from './sevenzip-repeated.ts'

const ROUNDS = 2 ** CYCLES_POWER
/** A multiple of 256. With few of them, the first derivation in a process does not wait for memory. */
const ROUNDS_PER_UPDATE = 2 ** 10
/** About half a millisecond of hashing before other callbacks run. */
const ROUNDS_PER_TURN = 2 ** 14
const CHECKPOINT_BYTES = 1024 * 1024

/** A password and the AES key derived from it. Archives that share one derive the key only once. */
export interface SevenZipKey {
  password: string
  /** The first call takes about 15 ms, unless the key is known. */
  bytes(): Promise<Buffer>
  /** What repeated files have in common. */
  pattern(): Promise<Pattern>
}

/** `known` is the key that is derived from the password, if the caller has it already. */
export function sevenZipKey(password: string, known?: Buffer): SevenZipKey {
  let bytes = known && Promise.resolve(known)
  let pattern: Promise<Pattern> | undefined
  return {
    password,
    bytes() {
      bytes ??= deriveKey(password)
      return bytes
    },
    pattern() {
      pattern ??= this.bytes().then(patternOf)
      return pattern
    },
  }
}

/** SHA-256 over 2^19 rounds, each the password in UTF-16LE and the round number in eight bytes; no salt. */
async function deriveKey(password: string): Promise<Buffer> {
  const secret = Buffer.from(password, 'utf16le')
  const roundBytes = secret.length + 8
  const rounds = new Uint8Array(roundBytes * ROUNDS_PER_UPDATE)
  // The lowest byte of the number is the same in each update.
  for (let round = 0, at = 0; at < rounds.length; round++, at += roundBytes) {
    rounds.set(secret, at)
    rounds[at + secret.length] = round
  }
  const hash = createHash('sha256')
  for (let first = 0; first < ROUNDS; first += ROUNDS_PER_UPDATE) {
    for (let round = first, at = secret.length + 1; at < rounds.length; round++, at += roundBytes) {
      rounds[at] = round >>> 8
      rounds[at + 1] = round >>> 16
    }
    hash.update(rounds)
    if (first % ROUNDS_PER_TURN === 0) await setImmediate()
  }
  return hash.digest()
}

/** Encrypts bytes in memory, padded with zeros to whole blocks. */
export function encrypt(key: Buffer, iv: Buffer, plain: Buffer): Buffer {
  return cipherOf(key, iv).update(Buffer.concat([plain, zeros(plain.length)]))
}

/** The ciphertext of an entry, readable from any position. */
export interface Ciphertext {
  open(key: Buffer, start: number, end: number): AsyncGenerator<Uint8Array, void>
}

/**
 * CBC can continue after any ciphertext block. The last block of each MiB is kept as a checkpoint, so that a resumed
 * download starts less than a MiB before its position and not at the beginning of the entry.
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
    const isCheckpoint = addCheckpoints(checkpoints, out, at)
    at += out.length
    yield out
    // A reader that skips the beginning reads it without a pause.
    if (isCheckpoint) await setImmediate()
  }
  yield cipher.update(zeros(entry.sizeBytes))
}

/** Adds checkpoints in order; every read starts at a known one. Returns whether there is a new one. */
function addCheckpoints(checkpoints: Buffer[], out: Buffer, at: number): boolean {
  const before = checkpoints.length
  for (;;) {
    const end = checkpoints.length * CHECKPOINT_BYTES - at
    if (end > out.length) return checkpoints.length > before
    checkpoints.push(Buffer.from(out.subarray(end - 16, end)))
  }
}

function cipherOf(key: Buffer, iv: Buffer) {
  return createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
}

function zeros(sizeBytes: number): Buffer {
  return Buffer.alloc((16 - (sizeBytes % 16)) % 16)
}
