// Files as `gzip | openssl enc -aes256 -md md5` makes them, whose exact size is known in advance.
import { createCipheriv, createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Archive, checkRange, type Entry, etagOf, slice } from './archive.ts'
import {
  GZIP_EXTRA_HEADER_BYTES,
  GZIP_HEADER_BYTES,
  gzipBody,
  gzipBodySize,
  gzipExtraHeader,
  gzipHeader,
  MAX_BLOCK_BYTES,
} from './gzip.ts'

const MAGIC = Buffer.from('Salted__')
const PREFIX_BYTES = MAGIC.length + 8
const BLOCK_BYTES = 16
const KEY_BYTES = 32
/** About a millisecond of encryption before other callbacks run. */
const BYTES_PER_TURN = 512 * 1024

// A block of CBC depends on the one before. The content is therefore divided into members of a gzip file. The header of each but the
// first ends with a link: a field that readers skip, chosen so that it is encrypted to a block that is known. What follows the link can
// be encrypted without what precedes it.
const MEMBER_CONTENT_BYTES = 64 * MAX_BLOCK_BYTES
const FIRST_PART_BYTES = aligned(GZIP_HEADER_BYTES + gzipBodySize(MEMBER_CONTENT_BYTES) + GZIP_EXTRA_HEADER_BYTES)
const PART_BYTES = BLOCK_BYTES + aligned(gzipBodySize(MEMBER_CONTENT_BYTES) + GZIP_EXTRA_HEADER_BYTES)

export interface OpensslOptions {
  fileName: string
  entry: Entry
  password: string
  /** Eight bytes. */
  salt: Buffer
}

/** The size of the file with that many bytes of content. */
export function opensslSize(contentBytes: number): number {
  const last = memberCount(contentBytes) - 1
  const header = last === 0 ? GZIP_HEADER_BYTES : BLOCK_BYTES
  const lastBytes = header + gzipBodySize(contentBytes - last * MEMBER_CONTENT_BYTES)
  // Padding is never empty.
  return PREFIX_BYTES + startOfPart(last) + aligned(lastBytes + 1)
}

/**
 * The entry, compressed and encrypted. Opened by `openssl enc -d -aes256 -md md5 -pass pass:PASSWORD | gunzip`. A range is read
 * from less than 5 MB before its start.
 */
export function opensslFile({ fileName, entry, password, salt }: OpensslOptions): Archive {
  const sizeBytes = opensslSize(entry.sizeBytes)
  const cipher = { ...keyOf(Buffer.from(password), salt), link: linkOf(salt) }
  return {
    fileName,
    mediaType: 'application/octet-stream',
    sizeBytes,
    etag: etagOf(['openssl', password, salt.toString('hex'), String(sizeBytes)], [entry]),
    lastModified: entry.modifiedAt,
    open(start, end) {
      checkRange(start, end, sizeBytes)
      return openFile(entry, salt, cipher, start, end)
    },
  }
}

interface Cipher {
  key: Buffer
  iv: Buffer
  /** The encrypted link. */
  link: Buffer
}

function memberCount(contentBytes: number): number {
  return Math.max(1, Math.ceil(contentBytes / MEMBER_CONTENT_BYTES))
}

/** The position in the ciphertext of the first member, or of the link of a later one. */
function startOfPart(index: number): number {
  return index === 0 ? 0 : FIRST_PART_BYTES + (index - 1) * PART_BYTES
}

async function* openFile(
  entry: Entry,
  salt: Buffer,
  cipher: Cipher,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void> {
  if (start < Math.min(end, PREFIX_BYTES)) yield Buffer.concat([MAGIC, salt]).subarray(start, end)
  const from = Math.max(start - PREFIX_BYTES, 0)
  const to = end - PREFIX_BYTES
  const first = from < FIRST_PART_BYTES ? 0 : 1 + Math.floor((from - FIRST_PART_BYTES) / PART_BYTES)
  for (let index = first; startOfPart(index) < to; index++) {
    const origin = startOfPart(index)
    const size = startOfPart(index + 1) - origin
    yield* slice(openPart(entry, cipher, index), Math.max(from - origin, 0), Math.min(to - origin, size))
  }
}

/** The ciphertext of a member, beginning with its link, and of the header of the next one up to its link. */
async function* openPart(entry: Entry, { key, iv, link }: Cipher, index: number): AsyncGenerator<Uint8Array, void> {
  const cipher = createCipheriv('aes-256-cbc', key, index === 0 ? iv : link)
  const start = index * MEMBER_CONTENT_BYTES
  const isLast = index === memberCount(entry.sizeBytes) - 1
  const header = index === 0 ? gzipHeader(entry.modifiedAt) : Buffer.alloc(0)
  yield index === 0 ? cipher.update(header) : link
  let at = header.length
  let bytesInTurn = 0
  for await (const chunk of gzipBody(entry, start, isLast ? entry.sizeBytes : start + MEMBER_CONTENT_BYTES)) {
    yield cipher.update(chunk)
    at += chunk.length
    bytesInTurn += chunk.length
    // A reader that skips the beginning reads it without a pause.
    if (bytesInTurn < BYTES_PER_TURN) continue
    await setImmediate()
    bytesInTurn = 0
  }
  if (isLast) {
    yield cipher.final()
    return
  }
  const paddingBytes = aligned(at + GZIP_EXTRA_HEADER_BYTES) - at - GZIP_EXTRA_HEADER_BYTES
  yield cipher.update(gzipExtraHeader(entry.modifiedAt, paddingBytes + BLOCK_BYTES))
  yield cipher.update(Buffer.alloc(paddingBytes))
}

/** Rounded up to whole blocks. */
function aligned(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES
}

function linkOf(salt: Buffer): Buffer {
  return createHash('sha256').update('openssl link').update(salt).digest().subarray(0, BLOCK_BYTES)
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
