// The control API: a thin skin over what a rehearsal can do, for the default sandbox and for each by name.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { acceptEmptyBodies, openRoom } from '../http/room.ts'
import type { ControlContext, Place } from './context.ts'
import { dialect } from './errors.ts'
import { corsHeaders, type GuardOptions, refusalOf } from './guard.ts'
import { clockRoutes } from './routes/clock.ts'
import { healthRoutes } from './routes/health.ts'
import { jobRoutes } from './routes/jobs.ts'
import { sandboxRoutes } from './routes/sandboxes.ts'
import { stateRoutes } from './routes/state.ts'

export type { ControlContext } from './context.ts'

export const CONTROL_PREFIX = '/__admin'

export const controlTags = [
  { name: 'health', description: 'The server itself.' },
  { name: 'sandboxes', description: 'Isolated worlds on one server.' },
  { name: 'clock', description: "A sandbox's time." },
  { name: 'jobs', description: "Every API's jobs, and how those to come are to go." },
  { name: 'state', description: 'All that a sandbox holds.' },
]

const perSandbox = [clockRoutes, jobRoutes, stateRoutes]
const places: Place[] = [
  { base: '', hide: false },
  { base: '/sandboxes/:sandbox', hide: true },
]

export function openControl(app: FastifyInstance, context: ControlContext): void {
  const { guard, report } = context
  openRoom(app, report, {
    prefix: CONTROL_PREFIX,
    dialect,
    authenticate(request, reply) {
      reply.headers({ ...corsHeaders(request.headers, guard), 'cache-control': 'no-store' })
      if (isPreflight(request, guard)) return reply.code(204).send()
      const refusal = refusalOf(request.headers, guard)
      if (refusal) throw refusal
    },
    routes(room) {
      acceptEmptyBodies(room)
      healthRoutes(room, context)
      sandboxRoutes(room, context)
      for (const place of places) for (const routes of perSandbox) routes(room, context, place)
    },
  })
}

/** A browser asks whether a page of the allowed origin may; it cannot send the token with that. */
function isPreflight({ method, headers }: FastifyRequest, { webOrigin }: GuardOptions): boolean {
  return method === 'OPTIONS' && webOrigin !== undefined && headers.origin === webOrigin
}
