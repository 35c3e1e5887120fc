// Lets web pages of other origins use the APIs (CORS), if the server was started with --cors.
import type { IncomingMessage } from 'node:http'
import { HINT_HEADER, REQUEST_ID_HEADER } from './debug-headers.ts'
import type { RecordedResponse } from './journal/messages.ts'

export const ANY_ORIGIN = '*'

/** Browsers show scripts only these, and a few that are always shown. They have no credentials: an API has its own. */
const EXPOSED = ['Content-Range', 'ETag', 'Retry-After', 'Content-Disposition', REQUEST_ID_HEADER, HINT_HEADER].join(
  ', ',
)

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'

/** Browsers ask again after this many seconds. Some do after less. */
const MAX_AGE_S = 600

/**
 * Call it for each request to an API, before anything else handles it. It adds the headers to the response, whatever it will be,
 * and returns true if the request was a preflight, which it has answered. `origins` are those of the pages, or `*` alone.
 */
export function crossOriginRules(origins: readonly string[]) {
  const isAnyAllowed = origins.includes(ANY_ORIGIN)
  const allowed = new Set(origins)
  return (request: IncomingMessage, response: RecordedResponse): boolean => {
    const { origin } = request.headers
    const isAllowed = isAnyAllowed || (origin !== undefined && allowed.has(origin))
    response.crossOrigin = {
      allowOrigin: isAllowed ? (isAnyAllowed ? ANY_ORIGIN : origin) : undefined,
      exposed: EXPOSED,
      variesByOrigin: !isAnyAllowed,
    }
    if (!isPreflight(request)) return false
    response.writeHead(204, isAllowed ? permissionFor(request) : {}).end()
    return true
  }
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && 'access-control-request-method' in headers
}

/** Any header may be sent: `*` would not include Authorization. */
function permissionFor({ headers }: IncomingMessage): Record<string, string | number> {
  const asked = headers['access-control-request-headers']
  return {
    'access-control-allow-methods': METHODS,
    ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
    'access-control-max-age': MAX_AGE_S,
    vary: 'Access-Control-Request-Headers',
  }
}
