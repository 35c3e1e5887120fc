// Describes each request in one line when its response has ended, for a person or a program that follows the server.
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hostNow, hostStopwatch, isoInstant } from '../sandbox/clock/clock.ts'
import type { Failure } from '../sandbox/journal/trace.ts'
import { headerPairs } from '../sandbox/patterns/requests.ts'
import type { RecordedResponse } from './journal/messages.ts'
import { Redaction, redactedText } from './journal/redaction.ts'
import type { Log, RequestLine } from './log-line.ts'
import { PROBLEM_TYPE, type Problem } from './problem.ts'
import { routeOf } from './routes.ts'
import { findDestination, findScope, type Scope } from './scope.ts'

/** Why requests without a trace were refused: those for the control API, and for paths of no API. */
const detailsOf = new WeakMap<FastifyRequest, string>()

/** Of a URL that cannot be routed, for which no hook runs. */
interface Unroutable {
  scope: Scope | undefined
  /** Why it is refused where no API says it. */
  reason: string
}

/** Logs the request when its response has ended. */
export function logRequest(log: Log, request: FastifyRequest, reply: FastifyReply, unroutable?: Unroutable): void {
  const startedAt = hostStopwatch()
  if (unroutable) detailsOf.set(request, unroutable.reason)
  reply.raw.once('close', () => {
    log(lineOf(request, reply, millisecondsSince(startedAt), findScope(request) ?? unroutable?.scope))
  })
}

function millisecondsSince(startedAt: number): number {
  return Math.round((hostStopwatch() - startedAt) * 100) / 100
}

/** Logs a preflight (CORS), which is answered before anything else handles it. `url` is as sent; `sandbox` is the one that it names. */
export function logPreflight(
  log: Log,
  request: IncomingMessage,
  response: RecordedResponse,
  { url, sandbox }: { url: string; sandbox: string },
): void {
  const { method = '', rawHeaders, headers } = request
  const redaction = new Redaction({ url, headers: headerPairs(rawHeaders), bodies: [], marks: undefined })
  const startedAt = hostStopwatch()
  response.once('close', () => {
    log({
      event: 'request',
      at: isoInstant(hostNow()),
      sandbox,
      method,
      path: redaction.url(url),
      status: response.statusCode,
      durationMs: millisecondsSince(startedAt),
      ...(response.crossOrigin?.allowOrigin === undefined
        ? { reason: `Pages of ${headers.origin} may not use the APIs; see --cors.` }
        : {}),
    })
  })
}

/** Keeps why a request for no API was refused. */
export function keepDetail(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  if (typeof payload !== 'string' || !`${reply.getHeader('content-type')}`.startsWith(PROBLEM_TYPE)) return
  detailsOf.set(request, (JSON.parse(payload) as Problem).detail)
}

function lineOf(
  request: FastifyRequest,
  reply: FastifyReply,
  durationMs: number,
  scope: Scope | undefined,
): RequestLine {
  const { raw, method, originalUrl } = request
  const { operationId: operation, secretMarks: marks } = routeOf(request)
  const headers = headerPairs(raw.rawHeaders)
  const bodies = request.body === undefined ? [] : [JSON.stringify(request.body)]
  const redaction = new Redaction({ url: originalUrl, headers, bodies, marks })
  const { fault, forced, failure } = scope?.trace ?? {}
  const reason = failure ? reasonOf(failure) : detailsOf.get(request)
  return {
    event: 'request',
    at: isoInstant(hostNow()),
    ...optional('sandbox', sandboxOf(request, scope)),
    method,
    path: redaction.url(originalUrl),
    ...optional('status', reply.raw.headersSent ? reply.raw.statusCode : undefined),
    durationMs,
    ...optional('operation', operation),
    ...optional('fault', fault?.fault),
    ...optional('forced', forced),
    ...optional('reason', reason === undefined ? undefined : redaction.knownValues(redactedText(reason))),
  }
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>)
}

function reasonOf({ stage, name, message, details }: Failure): string {
  const more = details.filter(detail => detail !== message)
  return `${stage}: ${name}: ${[message, ...more].join(' ')}`
}

/** An operation of the control API can name another sandbox in its path. */
function sandboxOf(request: FastifyRequest, scope: Scope | undefined): string | undefined {
  if (scope) return scope.sandbox.name
  const { sandbox } = (request.params ?? {}) as { sandbox?: string }
  return sandbox ?? findDestination(request)?.sandbox
}
