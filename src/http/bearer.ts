// Bearer tokens in a header: the scheme in any case, as RFC 9110 has it.
import { memoizeLast } from '../sandbox/memoize.ts'

/** The token of `Bearer <token>`; undefined when the header is absent or has another scheme. */
export const bearerToken = memoizeLast(
  (header: string | string[] | undefined): string | undefined =>
    /^bearer +(\S+) *$/i.exec([header].flat()[0] ?? '')?.[1],
)
