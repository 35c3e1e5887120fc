// Content negotiation: which of the media types that a resource has does the client want most?
import Negotiator from 'negotiator'

/**
 * The best of `available` for an `Accept` header; the first when the header is absent or empty; undefined when none is
 * acceptable. Entries that are no media range count for nothing.
 */
export function negotiate<T extends string>(accept: string | undefined, available: readonly T[]): T | undefined {
  const negotiator = new Negotiator({ headers: accept?.trim() ? { accept } : {} })
  return negotiator.mediaType([...available]) as T | undefined
}
