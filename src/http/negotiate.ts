// Content negotiation: chooses the media type that a client prefers from those available.
import Negotiator from 'negotiator'

/**
 * The preferred one of `available` for an `Accept` header; the first one when the header is absent or empty; undefined
 * when none is acceptable. Invalid media ranges are ignored.
 */
export function negotiate<T extends string>(accept: string | undefined, available: readonly T[]): T | undefined {
  // What most clients send. The negotiator takes as long as reading a row.
  if (accept === undefined || accept === '*/*') return available[0]
  const exact = available.find(type => type === accept)
  if (exact !== undefined) return exact
  const negotiator = new Negotiator({ headers: accept.trim() ? { accept } : {} })
  return negotiator.mediaType([...available]) as T | undefined
}
