// What is asked of a sandbox and cannot be done: one class, which each interface reports in its own way.

/** `missing`: there is no such thing; `conflict`: not in the current state; `invalid`: never; `limit`: a limit is reached; `timeout`: not in time. */
export type RefusalKind = 'missing' | 'conflict' | 'invalid' | 'limit' | 'timeout'

export interface RefusalOptions {
  cause?: unknown
  /** Each of several problems, when there is more than the one in the message. */
  details?: readonly string[]
}

/** The message says what was wrong and what would be right, for a person to read. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly details: readonly string[]

  constructor(kind: RefusalKind, message: string, { cause, details = [] }: RefusalOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.details = details
  }
}
