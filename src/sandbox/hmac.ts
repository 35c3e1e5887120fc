// HMAC-SHA256 (RFC 2104), for many texts with the same key.
import { hash } from 'node:crypto'

const BLOCK_BYTES = 64

export type Hmac = (text: string) => Buffer

/**
 * The same as `createHmac('sha256', key).update(text).digest()`, without its objects, which have to be collected: what needs an id
 * takes about a fifth less time.
 */
export function hmacWith(key: string): Hmac {
  const given = Buffer.from(key)
  const padded = Buffer.alloc(BLOCK_BYTES)
  const shortened = given.length > BLOCK_BYTES ? hash('sha256', given, 'buffer') : given
  shortened.copy(padded)
  const inner = Buffer.from(padded.map(byte => byte ^ 0x36))
  const outer = Buffer.from(padded.map(byte => byte ^ 0x5c))
  return text => sha256(outer, sha256(inner, Buffer.from(text)))
}

function sha256(start: Buffer, end: Buffer): Buffer {
  return hash('sha256', Buffer.concat([start, end]), 'buffer')
}
