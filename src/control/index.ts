// Mounts the control API under /__admin: its guard and the routes of its operations.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ReportUnexpected } from '../http/failures.ts'
import { mount } from '../http/mount.ts'
import { destinationOf } from '../http/scope.ts'
import { checkName } from '../sandbox/registry.ts'
import { errorFormat } from './errors.ts'
import { corsHeaders, type GuardOptions, refusalOf } from './guard.ts'
import { addControlRoutes } from './http.ts'
import { implementations } from './implementations.ts'
import type { ControlServer } from './invoke.ts'
import { CAPABILITIES } from './operation.ts'

export type { ControlServer } from './invoke.ts'

export const CONTROL_PREFIX = '/__admin'

export const controlTags = Object.entries(CAPABILITIES).map(([name, description]) => ({ name, description }))

export interface ControlOptions {
  server: ControlServer
  guard: GuardOptions
  report: ReportUnexpected
}

export function mountControl(app: FastifyInstance, { server, guard, report }: ControlOptions): void {
  mount(app, report, {
    basePath: CONTROL_PREFIX,
    errorFormat,
    emptyBodies: true,
    guard(request, reply) {
      reply.headers({ ...corsHeaders(request.headers, guard), 'cache-control': 'no-store' })
      if (isPreflight(request, guard)) return reply.code(204).send()
      const refusal = refusalOf(request.headers, guard, needsToken(request))
      if (refusal) throw refusal
      checkName(destinationOf(request).sandbox)
    },
    routes: instance => addControlRoutes(instance, implementations, server),
  })
}

/** As in OpenAPI, `security: []` marks a route that needs no token. */
function needsToken({ routeOptions: { schema } }: FastifyRequest): boolean {
  return schema?.security?.length !== 0
}

/** Whether a browser asks if a page of the allowed origin may send a request. Such a preflight carries no token. */
function isPreflight({ method, headers }: FastifyRequest, { webOrigin }: GuardOptions): boolean {
  return method === 'OPTIONS' && webOrigin !== undefined && headers.origin === webOrigin
}
