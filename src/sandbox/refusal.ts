// What is asked of a sandbox and cannot be done: one class, so that every door can say so in its own way.

/** `missing`: there is no such thing; `conflict`: not as things stand; `invalid`: never; `limit`: no room for it; `timeout`: not in time. */
export type RefusalKind = 'missing' | 'conflict' | 'invalid' | 'limit' | 'timeout'

/** The message says what was wrong and what would be right, for a person to read. */
export class Refusal extends Error {
  readonly kind: RefusalKind

  constructor(kind: RefusalKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}
