// arcgis: how the passcode of a backup is kept: as a salted hash, never as it is.
import { scryptSync } from 'node:crypto'
import type { Ids } from '../../../sandbox/ids.ts'

// Cheap on purpose: rehearsals make many backups, and none of them protects anything.
const COST = { N: 1024, r: 8, p: 1 }
const HASH_BYTES = 32

/** As `scrypt$N$r$p$salt$hash`, salt and hash in base64url; `label` makes the salt the backup's own. */
export function hashPasscode(ids: Ids, label: string, passcode: string): string {
  const salt = ids.bytes(`arcgis/passcode/${label}`, 16)
  const hash = scryptSync(passcode, salt, HASH_BYTES, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}
