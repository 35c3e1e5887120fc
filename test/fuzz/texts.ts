// Writes fuzzed values as text and as parts of a URL.
import fc from 'fast-check'

export const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** Escapes only the characters that a request line cannot contain. */
export const sendable = (path: string): string => path.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent)
/** Whether a value is escaped as it should be; sometimes it is not. */
export const escaping = fc.oneof(
  { weight: 9, arbitrary: fc.constant(true) },
  { weight: 1, arbitrary: fc.constant(false) },
)

export const encoded = (value: string, isEscaped: boolean): string =>
  isEscaped ? encodeURIComponent(value.toWellFormed()) : sendable(value)
