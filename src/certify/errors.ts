// Problems that the user of a certification can solve: options that are refused, and how to tell them from unexpected ones.
import { Refusal } from '../sandbox/refusal.ts'
import { ClientStartError } from './process.ts'

/** Its message is one line for the user: a drill that does not exist, a command that cannot be run. */
export function isRefused(error: unknown): error is Error {
  return error instanceof Refusal || error instanceof ClientStartError
}

/** Throws Refusal if the option is given and is not a positive whole number. */
export function checkCount(option: string, count: number | undefined): void {
  if (count === undefined || (Number.isSafeInteger(count) && count >= 1)) return
  throw new Refusal('invalid', `${option} must be a positive whole number, not ${count}`)
}
