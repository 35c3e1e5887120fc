// Fuzzed values as the text of a URL.
import fc from 'fast-check'

export const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** What may stand in a request line; the rest is escaped. */
export const sendable = (path: string): string => path.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent)
export const segment = fc.oneof(
  { weight: 9, arbitrary: fc.constant(true) },
  { weight: 1, arbitrary: fc.constant(false) },
)
export const encoded = (value: string, isEscaped: boolean): string =>
  isEscaped ? encodeURIComponent(value.toWellFormed()) : sendable(value)
