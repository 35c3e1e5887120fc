// Recognizes requests that a browser sends for a page of another site, such as a form that such a page submits.
import type { FastifyRequest } from 'fastify'

/**
 * Browsers that send Sec-Fetch-Site say it themselves. Others send Origin, which is `null` for pages that send no Referer.
 * Programs send neither.
 */
export function isCrossSite({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { origin, host } = headers
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}
