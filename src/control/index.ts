// The control API: a thin skin over what a rehearsal can do, for the default sandbox and for each by name.
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { mount } from '../http/mount.ts'
import { destinationOf } from '../http/scope.ts'
import { checkName } from '../sandbox/registry.ts'
import type { ControlContext, Place } from './context.ts'
import { changeFailures, errorFormat } from './errors.ts'
import { corsHeaders, type GuardOptions, refusalOf } from './guard.ts'
import { clockRoutes } from './routes/clock.ts'
import { drillRoutes } from './routes/drills.ts'
import { faultRoutes } from './routes/faults.ts'
import { healthRoutes } from './routes/health.ts'
import { jobRoutes } from './routes/jobs.ts'
import { requestRoutes } from './routes/requests.ts'
import { sandboxRoutes } from './routes/sandboxes.ts'
import { stateRoutes } from './routes/state.ts'

export type { ControlContext } from './context.ts'

export const CONTROL_PREFIX = '/__admin'

export const controlTags = [
  { name: 'health', description: 'The server itself.' },
  { name: 'sandboxes', description: 'Isolated worlds on one server.' },
  { name: 'clock', description: "A sandbox's time." },
  { name: 'jobs', description: "Every API's jobs, and how those to come are to go." },
  { name: 'faults', description: 'Misbehaviour of the APIs, armed and proved.' },
  { name: 'requests', description: 'The journal: what clients sent and got, without secrets.' },
  { name: 'state', description: 'All that a sandbox holds.' },
  { name: 'drills', description: 'What clients are put through, and what a correct one ends with.' },
]

const perSandbox = [clockRoutes, jobRoutes, faultRoutes, requestRoutes, stateRoutes]
const places: Place[] = [
  { base: '', hide: false },
  { base: '/sandboxes/:sandbox', hide: true },
]

export function openControl(app: FastifyInstance, context: ControlContext): void {
  const { guard, report } = context
  mount(app, report, {
    prefix: CONTROL_PREFIX,
    errorFormat,
    emptyBodies: true,
    guard(request, reply) {
      reply.headers({ ...corsHeaders(request.headers, guard), 'cache-control': 'no-store' })
      if (isPreflight(request, guard)) return reply.code(204).send()
      const refusal = refusalOf(request.headers, guard, needsToken(request))
      if (refusal) throw refusal
      checkName(destinationOf(request).sandbox)
    },
    routes(room) {
      room.addHook('onRoute', declareChangeFailures)
      healthRoutes(room, context)
      sandboxRoutes(room, context)
      drillRoutes(room, context)
      for (const place of places) for (const routes of perSandbox) routes(room, context, place)
    },
  })
}

/** A body is read wherever the method allows one, whether the operation wants it or not. */
function declareChangeFailures({ method, schema }: RouteOptions): void {
  if (schema?.response && !['GET', 'HEAD'].includes(String(method))) {
    schema.response = { ...changeFailures, ...schema.response }
  }
}

/** A route that needs none says so in its schema, in OpenAPI's own words: `security: []`. */
function needsToken({ routeOptions: { schema } }: FastifyRequest): boolean {
  return schema?.security?.length !== 0
}

/** A browser asks whether a page of the allowed origin may; it cannot send the token with that. */
function isPreflight({ method, headers }: FastifyRequest, { webOrigin }: GuardOptions): boolean {
  return method === 'OPTIONS' && webOrigin !== undefined && headers.origin === webOrigin
}
