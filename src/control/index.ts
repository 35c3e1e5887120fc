// Mounts the control API under /__admin: its guard and the routes of its operations.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ReportUnexpected } from '../http/errors.ts'
import type { Log } from '../http/log-line.ts'
import { mount } from '../http/mount.ts'
import { type ComparedOperation, nearestHint } from '../http/nearest.ts'
import { sendProblem } from '../http/problem.ts'
import { destinationOf } from '../http/scope.ts'
import { checkName } from '../sandbox/names.ts'
import { catalogue, errorFormat, problemOf } from './errors.ts'
import { corsHeaders, type GuardOptions, refusalOf } from './guard.ts'
import { addControlRoutes, SANDBOX_PATH } from './http.ts'
import { implementations } from './implementations.ts'
import type { ControlServer } from './invoke.ts'
import { CAPABILITIES } from './operation.ts'
import { CONTROL_PREFIX } from './prefix.ts'

export type { ControlServer } from './invoke.ts'

export const controlTags = Object.entries(CAPABILITIES).map(([name, description]) => ({ name, description }))

export interface ControlOptions {
  server: ControlServer
  guard: GuardOptions
  report: ReportUnexpected
  /** Gets the progress of work that takes long. */
  log?: Log | undefined
}

export function mountControl(app: FastifyInstance, { server, guard, report, log }: ControlOptions): void {
  mount(app, report, {
    basePath: CONTROL_PREFIX,
    errorFormat,
    emptyBodies: true,
    guard(request, reply) {
      reply.header('cache-control', 'no-store').headers(corsHeaders(request.headers, guard))
      if (isPreflight(request, guard)) return reply.code(204).send()
      const refusal = refusalOf(request.headers, guard, () => needsToken(request))
      if (refusal) throw refusal
      checkName(destinationOf(request).sandbox)
      return request.is404 ? sendNotFound(request, reply) : undefined
    },
    routes: instance => addControlRoutes(instance, implementations, server, log),
  })
}

/** Answers a request for a path of no control operation that did not reach the mount. The guard comes first. */
export function answerUnknownControl(request: FastifyRequest, reply: FastifyReply, guard: GuardOptions): FastifyReply {
  const refusal = refusalOf(request.headers, guard)
  if (refusal) {
    errorFormat.render(refusal, request, reply)
    return reply
  }
  return sendNotFound(request, reply)
}

function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, {
    ...problemOf(catalogue.error('NotFound')),
    hint: nearestHint(request.method, request.url, comparedOperations),
  })
}

const comparedOperations: readonly ComparedOperation[] = implementations.flatMap(
  ({ operation: { id, method, path, scope } }) =>
    (scope === 'sandbox' ? [path, SANDBOX_PATH + path] : [path]).map(each => ({
      id,
      api: 'control',
      method,
      url: CONTROL_PREFIX + each,
    })),
)

/** As in OpenAPI, `security: []` marks a route that needs no token. */
function needsToken({ routeOptions: { schema } }: FastifyRequest): boolean {
  return schema?.security?.length !== 0
}

/** Whether a browser asks if a page of the allowed origin may send a request. Such a preflight carries no token. */
function isPreflight({ method, headers }: FastifyRequest, { webOrigin }: GuardOptions): boolean {
  return method === 'OPTIONS' && webOrigin !== undefined && headers.origin === webOrigin
}
