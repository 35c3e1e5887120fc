// arcgis: the parameters of a request, from its query and its form.
import type { FastifyRequest } from 'fastify'
import { announcesBody } from '../../http/body.ts'

const ADMIN = /^\/[^/?]*\/admin(?=[/?]|$)/

export type Parameters = Record<string, string>

/** The parameters; only those of the query before the body is read, and when it cannot be read. */
export function parametersOf(request: FastifyRequest): Parameters {
  return hasReadParameters(request) ? (request.body as Parameters) : mergeParameters([], queryOf(request))
}

/** Whether the request has a body whose parameters are unknown: it could not be read, or the URL could not be routed. */
export function hasUnreadBody(request: FastifyRequest): boolean {
  return !hasReadParameters(request) && announcesBody(request)
}

function hasReadParameters({ body }: FastifyRequest): boolean {
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
}

/** Without the token of a POST to the Administrator API, which must be in the body or in a header. */
export function queryOf({ url, method }: FastifyRequest): URLSearchParams {
  const start = url.indexOf('?')
  const query = new URLSearchParams(start === -1 ? '' : url.slice(start))
  if (method === 'POST' && ADMIN.test(url)) query.delete('token')
  return query
}

/** The form takes precedence over the query, and the first value over later ones. An empty value counts as absent. */
export function mergeParameters(form: Iterable<[string, string]>, query: Iterable<[string, string]>): Parameters {
  const merged = new Map<string, string>()
  for (const source of [form, query]) {
    for (const [name, value] of source) if (value !== '' && !merged.has(name)) merged.set(name, value)
  }
  return Object.fromEntries(merged)
}
