// a9s: encryption keys of instances.
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { catalogue } from '../errors.ts'
import type * as state from '../state.ts'

/** Throws BadRequest for a key that is shorter than the instance's backup configuration demands. */
export function requireKeyLength({ minEncryptionKeyLength }: state.InstanceAccess, key: string): void {
  // A character has at most two UTF-16 code units, so that a key with twice as many is long enough without counting.
  if (key.length >= 2 * minEncryptionKeyLength || [...key].length >= minEncryptionKeyLength) return
  throw catalogue.error('BadRequest', {
    message: `The field encryption_key must be at least ${minEncryptionKeyLength} characters long.`,
  })
}

/** The key of the next backup of an instance: the one that a user has set, or else one that is derived from the seed. */
export function keyOf({ ids }: Sandbox, { id, encryptionKey }: Pick<state.Instance, 'id' | 'encryptionKey'>): string {
  return encryptionKey ?? ids.uuidOf(`a9s/key/${id}`)
}
