// Recognizes requests that a browser sends for a page of another site, such as a form that such a page submits.
import type { FastifyRequest } from 'fastify'
import { destinationOf } from './scope.ts'

/**
 * Browsers state the site of the page in Sec-Fetch-Site if the connection is secure or local, and otherwise send Origin. Programs send neither.
 * The page that was shown must not have the referrer policy no-referrer, with which its forms have the origin `null`.
 */
export function isCrossSite(request: FastifyRequest): boolean {
  const { origin, host, 'sec-fetch-site': site } = request.headers
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (origin === undefined) return false
  // The server may be behind a proxy, or have a public URL.
  return ![`http://${host}`, `https://${host}`, destinationOf(request).serverUrl].includes(origin)
}
