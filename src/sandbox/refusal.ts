// The error for requests to a sandbox that cannot be carried out; each interface reports it in its own format.

/**
 * - `missing`: what was named does not exist
 * - `conflict`: not possible in the current state
 * - `invalid`: the input is wrong, so repeating it never succeeds
 * - `limit`: a limit is reached
 * - `timeout`: not possible within the time allowed
 */
export type RefusalKind = 'missing' | 'conflict' | 'invalid' | 'limit' | 'timeout'

export interface RefusalOptions {
  cause?: unknown
  /** All problems, if there are others besides the one in the message. */
  details?: readonly string[]
}

/** The message is for people: it says what was wrong and what would be right. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly details: readonly string[]

  constructor(kind: RefusalKind, message: string, { cause, details = [] }: RefusalOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.details = details
  }
}
