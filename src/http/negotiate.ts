// Content negotiation: which of the media types that a resource has does the client want most?
import Negotiator from 'negotiator'

/** The best of `available` for an `Accept` header; the first when there is no header; undefined when none is acceptable. */
export function negotiate<T extends string>(accept: string | undefined, available: readonly T[]): T | undefined {
  const negotiator = new Negotiator({ headers: accept === undefined ? {} : { accept } })
  return negotiator.mediaType([...available]) as T | undefined
}
