// Tells problems that the user of a certification can solve from unexpected ones.
import { Refusal } from '../sandbox/refusal.ts'
import { ClientStartError } from './process.ts'

/** Its message is one line for the user: a drill that does not exist, a command that cannot be run. */
export function isRefused(error: unknown): error is Error {
  return error instanceof Refusal || error instanceof ClientStartError
}
