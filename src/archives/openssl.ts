// Files as `gzip | openssl enc -aes256 -md md5` makes them, whose exact size is known in advance.
import { createCipheriv, createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Archive, checkRange, type Entry, etagOf, slice } from './archive.ts'
import { gzipped, gzippedSize } from './gzip.ts'

const MAGIC = Buffer.from('Salted__')
const SALT_BYTES = 8
const BLOCK_BYTES = 16
const KEY_BYTES = 32
/** About a millisecond of encryption before other callbacks run. */
const BYTES_PER_TURN = 512 * 1024

export interface OpensslOptions {
  fileName: string
  entry: Entry
  password: string
  /** Eight bytes. */
  salt: Buffer
}

/** The size of the file with that many bytes of content. */
export function opensslSize(contentBytes: number): number {
  const padded = (Math.floor(gzippedSize(contentBytes) / BLOCK_BYTES) + 1) * BLOCK_BYTES
  return MAGIC.length + SALT_BYTES + padded
}

/**
 * The entry, compressed and encrypted. Opened by `openssl enc -d -aes256 -md md5 -pass pass:PASSWORD | gunzip`. A range is read
 * from the beginning, because each block of the cipher depends on the one before.
 */
export function opensslFile({ fileName, entry, password, salt }: OpensslOptions): Archive {
  const sizeBytes = opensslSize(entry.sizeBytes)
  return {
    fileName,
    mediaType: 'application/octet-stream',
    sizeBytes,
    etag: etagOf(['openssl', password, salt.toString('hex')], [entry]),
    lastModified: entry.modifiedAt,
    open(start, end) {
      checkRange(start, end, sizeBytes)
      return slice(encrypted(entry, password, salt), start, end)
    },
  }
}

async function* encrypted(entry: Entry, password: string, salt: Buffer): AsyncGenerator<Uint8Array, void> {
  yield Buffer.concat([MAGIC, salt])
  const { key, iv } = keyOf(Buffer.from(password), salt)
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  let bytesInTurn = 0
  for await (const chunk of gzipped(entry)) {
    yield cipher.update(chunk)
    bytesInTurn += chunk.length
    // A reader that skips the beginning reads it without a pause.
    if (bytesInTurn < BYTES_PER_TURN) continue
    await setImmediate()
    bytesInTurn = 0
  }
  yield cipher.final()
}

/** OpenSSL's EVP_BytesToKey with MD5 and one iteration. */
function keyOf(password: Buffer, salt: Buffer): { key: Buffer; iv: Buffer } {
  let derived = Buffer.alloc(0)
  let last = Buffer.alloc(0)
  while (derived.length < KEY_BYTES + BLOCK_BYTES) {
    last = createHash('md5').update(last).update(password).update(salt).digest()
    derived = Buffer.concat([derived, last])
  }
  return { key: derived.subarray(0, KEY_BYTES), iv: derived.subarray(KEY_BYTES) }
}
