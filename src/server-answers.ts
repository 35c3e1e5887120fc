// Answers requests that no route serves, and failures outside the APIs, in the error format of the API that owns the path.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { debugHeaders } from './http/debug-headers.ts'
import { isBodyFailure, RequestProblem, toApiError } from './http/failures.ts'
import type { Hosts } from './http/hosts.ts'
import { recordUnrouted } from './http/journal/hooks.ts'
import { nearestHint } from './http/nearest.ts'
import { negotiate } from './http/negotiate.ts'
import type { Operations } from './http/operations.ts'
import { sendProblem } from './http/problem.ts'
import { logRequest } from './http/request-log.ts'
import { NO_ROUTE } from './http/routes.ts'
import { findDestination, findScope, type Scope } from './http/scope.ts'
import { addVary } from './http/vary.ts'
import { StoreError } from './sandbox/store-error.ts'
import { destinationFor, openScope } from './server-hooks.ts'
import type { ServerOptions } from './server-options.ts'
import { errorFormatAt, isControl, listedApis, ownerOf } from './server-urls.ts'

/** Why a URL that cannot be routed is refused, if it belongs to no API. */
function reasonOf({ code }: FastifyError): string {
  return code === 'FST_ERR_MAX_PARAM_LENGTH'
    ? `A part of the path is longer than ${MAX_PARAM_LENGTH} characters.`
    : 'The percent-encoding of the URL is not valid.'
}

/** The maximum length of a parameter in a path, decoded. */
export const MAX_PARAM_LENGTH = 1024

/** A URL that cannot be routed (bad percent-encoding, a parameter that is too long) is recorded in the journal as well. */
export function answerUnroutable(options: ServerOptions, operations: Operations, hosts: Hosts) {
  const { registry, config, log } = options
  const answerUnknown = unknownAnswers(options, operations)
  const addDebugHeaders = debugHeaders(operations, config.noDebugHeaders)
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const answer = (scope?: Scope) => {
      if (log) logRequest(log, request, reply, { scope, reason: reasonOf(error) })
      if (scope) addDebugHeaders(request, reply, scope)
      answerUnknown(request, reply, scope)
    }
    if (isControl(request.url)) {
      answer()
      return
    }
    try {
      const scope = openScope(destinationFor(request, registry, config.publicUrl, hosts), registry, NO_ROUTE)
      if (scope) recordUnrouted(request, reply, scope, ownerOf(request.url)?.name, answer)
      else answer()
    } catch (cause) {
      // The URL is invalid, whether or not the sandbox can be opened.
      if (!(cause instanceof StoreError)) throw cause
      answer()
    }
  }
}

/** Answers requests that match no route: in the error format of the API that the path belongs to, if there is one. */
export function unknownAnswers({ answerControl }: ServerOptions, operations: Operations) {
  return (request: FastifyRequest, reply: FastifyReply, scope = findScope(request)): FastifyReply => {
    if (answerControl) return answerControl(request, reply)
    const errorFormat = ownerOf(request.url)?.errorFormat
    if (!errorFormat) return answerUnowned(request, reply, operations)
    const { catalogue } = errorFormat
    const error = catalogue.error(catalogue.conditions.unknownPath)
    scope?.trace.enter('routing')
    scope?.trace.fail(error)
    errorFormat.render(error, request, reply)
    return reply
  }
}

function answerUnowned(request: FastifyRequest, reply: FastifyReply, operations: Operations): FastifyReply {
  const nothing = `Nothing is served at ${request.method} ${request.url.split('?')[0]}.`
  addVary(reply, 'Accept')
  const destination = findDestination(request)
  if (destination && negotiate(request.headers.accept, ['application/json', 'text/html']) === 'text/html') {
    void import('./http/pages/not-found.ts').then(({ sendNotFound }) =>
      sendNotFound(reply, { detail: nothing, origin: destination.origin, apis: listedApis }),
    )
    return reply
  }
  return sendProblem(reply, {
    status: 404,
    title: 'No API here',
    detail: `${nothing} The APIs are at the paths listed, the console at / and the reference at /docs.`,
    hint: nearestHint(request.method, request.url, operations.values()),
    apis: listedApis,
  })
}

/** Answers failures outside the mounted APIs, and failures of an error renderer, so that no response has Fastify's own shape. */
export function answerFailure(options: ServerOptions, operations: Operations) {
  const { report } = options
  const answerUnknown = unknownAnswers(options, operations)
  return (error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    // The path is unknown, even if the body is also invalid.
    if (request.is404 && isBodyFailure(error)) return answerUnknown(request, reply)
    if (error instanceof RequestProblem || error instanceof StoreError) {
      const errorFormat = errorFormatAt(request.url)
      errorFormat.render(toApiError(error, errorFormat), request, reply)
      return reply
    }
    report(error, { method: request.method, url: request.url })
    return sendProblem(reply, {
      status: 500,
      title: 'Internal Server Error',
      detail: 'The server failed unexpectedly.',
    })
  }
}
