// Which names sandboxes and snapshots can have.
import { Refusal } from './refusal.ts'

/** Narrow because a name is also part of a file name and a label of a host name. */
export const SANDBOX_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/

/** Throws Refusal for an invalid name. Sandboxes and snapshots have the same form of names. */
export function checkName(name: string, what: 'sandbox' | 'snapshot' = 'sandbox'): void {
  if (!SANDBOX_NAME.test(name)) {
    throw new Refusal(
      'invalid',
      `invalid ${what} name "${name}": use 1–63 characters from a-z, 0-9, - and _, starting with a letter or a digit`,
    )
  }
}
