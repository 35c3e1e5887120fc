// Adds response headers that help to find out what happened: the id of the journal entry, and a hint for an unknown path.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { nearestHint } from './nearest.ts'
import type { Operations } from './operations.ts'
import { PROBLEM_TYPE } from './problem.ts'
import type { Scope } from './scope.ts'

export const REQUEST_ID_HEADER = 'x-firedrill-request-id'
export const HINT_HEADER = 'x-firedrill-hint'

/** Call the result for each response of an API. There is no id while the journal is off. */
export function debugHeaders(operations: Operations, isOff: boolean) {
  return (request: FastifyRequest, reply: FastifyReply, { entry, route }: Scope): void => {
    if (isOff) return
    if (entry) reply.header(REQUEST_ID_HEADER, entry.id)
    // A path of no API is answered in our own format, with the hint in the body.
    if (route.isServed || String(reply.getHeader('content-type')).startsWith(PROBLEM_TYPE)) return
    const hint = nearestHint(request.method, request.url, operations.values())
    if (hint !== undefined) reply.header(HINT_HEADER, hint)
  }
}
