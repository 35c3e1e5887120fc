// arcgis: hashes the passcodes of backups and compares them; only the salted hash is stored.
import { scryptSync, timingSafeEqual } from 'node:crypto'
import type { Ids } from '../../../sandbox/ids.ts'

// A low cost, because tests create many backups and the passcodes protect nothing real.
const COST = { N: 1024, r: 8, p: 1 }
const HASH_BYTES = 32

/** `scrypt$N$r$p$salt$hash`, with salt and hash in base64url; the salt depends on `label`. */
export function hashPasscode(ids: Ids, label: string, passcode: string): string {
  const salt = ids.bytes(`arcgis/passcode/${label}`, 16)
  const hash = scryptSync(passcode, salt, HASH_BYTES, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Whether the hash is that of the passcode. */
export function isPasscode(passcode: string, hash: string): boolean {
  const [, , , , salt = '', expected = ''] = hash.split('$')
  const actual = scryptSync(passcode, Buffer.from(salt, 'base64url'), HASH_BYTES, COST)
  const bytes = Buffer.from(expected, 'base64url')
  return bytes.length === actual.length && timingSafeEqual(bytes, actual)
}
