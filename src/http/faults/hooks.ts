// Lets requests run into the armed faults of their sandbox: on arrival, before anything else is checked, or on the way out.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FaultHit } from '../../sandbox/faults/faults.ts'
import type { Fault } from '../../sandbox/faults/kinds.ts'
import { headerPairs } from '../../sandbox/patterns/requests.ts'
import { withoutSandbox } from '../addressing.ts'
import { defer } from '../deferred.ts'
import type { ApiError } from '../errors.ts'
import type { ErrorFormat } from '../failures.ts'
import { apiOf, type Operation, operationIdOf } from '../operations.ts'
import { findScope, type Scope, scopeOf } from '../scope.ts'
import { type Course, strike } from './requests.ts'
import { spoil } from './responses.ts'

export interface FaultingOptions {
  operations: ReadonlyMap<string, Operation>
  apis: readonly { name: string; errorFormat: ErrorFormat }[]
}

export interface Faulting {
  /** Calls `next` in the end, unless the fault that the request runs into has answered it. */
  meet(request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): void
  /** The body to send instead of `payload`. */
  spoil(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown
}

/** Call it before any route. Only operations run into faults: no control request, and none for which there is no route. */
export function openFaulting(app: FastifyInstance, { operations, apis }: FaultingOptions): Faulting {
  const errorFormats = new Map(apis.map(({ name, errorFormat }) => [name, errorFormat]))
  /** What each request has run into. */
  const met = new WeakMap<Scope, Fault>()
  const cuts: Course['cuts'] = new Set()

  // A server that waited for these would never close.
  app.addHook('preClose', done => {
    for (const cut of [...cuts]) cut()
    done()
  })
  return {
    meet(request, reply, next) {
      const scope = scopeOf(request)
      const fired = scope.sandbox.faults.areArmed ? fire(scope, request, operations) : undefined
      const errorFormat = fired && errorFormats.get(apiOf(request.routeOptions.schema) ?? '')
      if (!fired || !errorFormat) return next()
      met.set(scope, fired.fault)
      const fail = (error: ApiError) => {
        if (!errorFormat.readsBodies) return next(error)
        defer(request, () => {
          throw error
        })
        next()
      }
      strike(fired, { request, reply, scope, catalogue: errorFormat.catalogue, next, fail, cuts })
    },
    spoil(request, reply, payload) {
      const scope = findScope(request)
      const fault = scope?.fault && met.get(scope)
      return fault ? spoil(reply, payload, fault) : payload
    },
  }
}

function fire(scope: Scope, request: FastifyRequest, operations: FaultingOptions['operations']): FaultHit | undefined {
  const operation = operations.get(operationIdOf(request.routeOptions.schema) ?? '')
  if (!operation) return undefined
  const fired = scope.sandbox.faults.fire({
    api: operation.api,
    operation: operation.vendorId,
    method: request.method,
    url: withoutSandbox(request.originalUrl),
    get headers() {
      return headerPairs(request.raw.rawHeaders)
    },
  })
  if (fired) scope.fault = { id: fired.id, fault: fired.fault.fault }
  return fired
}
