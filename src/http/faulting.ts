// Lets requests run into the armed faults of their sandbox: on arrival, before anything else is checked, or on the way out.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Fault } from '../sandbox/faultkinds.ts'
import type { Strike } from '../sandbox/faults.ts'
import type { ApiError } from './errors.ts'
import type { Dialect } from './failures.ts'
import { apiOf, type Operation, operationIdOf } from './operations.ts'
import { findScope, type Scope, scopeOf } from './scope.ts'
import { spoil } from './spoiling.ts'
import { type Course, strike } from './striking.ts'

export interface FaultingOptions {
  operations: ReadonlyMap<string, Operation>
  apis: readonly { name: string; dialect: Dialect }[]
}

/** What is left to do for a request that has run into a fault. */
interface Aftermath {
  fault: Fault
  /** Waits until the body has been read. */
  error?: ApiError
}

export interface Faulting {
  /** Calls `goOn` in the end, unless the fault that the request runs into has answered it. */
  meet(request: FastifyRequest, reply: FastifyReply, goOn: (error?: Error) => void): void
  /** The body to send instead of `payload`. */
  spoil(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown
}

/** Call it before any route. Only operations run into faults: no control request, and none for which there is no route. */
export function openFaulting(app: FastifyInstance, { operations, apis }: FaultingOptions): Faulting {
  const dialects = new Map(apis.map(({ name, dialect }) => [name, dialect]))
  const aftermaths = new WeakMap<Scope, Aftermath>()
  const cuts: Course['cuts'] = new Set()

  app.addHook('onRoute', route => {
    if (!dialects.get(apiOf(route.schema) ?? '')?.readsBodies) return
    const checks = [route.preValidation ?? []].flat()
    route.preValidation = [(request, _reply, done) => done(aftermaths.get(scopeOf(request))?.error), ...checks]
  })
  // A server that waited for these would never close.
  app.addHook('preClose', done => {
    for (const cut of [...cuts]) cut()
    done()
  })
  return {
    meet(request, reply, goOn) {
      const scope = scopeOf(request)
      const fired = scope.sandbox.faults.areArmed ? fire(scope, request, operations) : undefined
      const dialect = fired && dialects.get(apiOf(request.routeOptions.schema) ?? '')
      if (!fired || !dialect) return goOn()
      const aftermath: Aftermath = { fault: fired.fault }
      aftermaths.set(scope, aftermath)
      const fail = (error: ApiError) => {
        if (!dialect.readsBodies) return goOn(error)
        aftermath.error = error
        goOn()
      }
      strike(fired, { request, reply, scope, catalogue: dialect.catalogue, goOn, fail, cuts })
    },
    spoil(request, reply, payload) {
      const scope = findScope(request)
      const aftermath = scope?.fault && aftermaths.get(scope)
      return aftermath ? spoil(reply, payload, aftermath.fault) : payload
    },
  }
}

function fire(scope: Scope, request: FastifyRequest, operations: FaultingOptions['operations']): Strike | undefined {
  const operation = operations.get(operationIdOf(request.routeOptions.schema) ?? '')
  if (!operation) return undefined
  const { method, url, headers } = request
  const fired = scope.sandbox.faults.fire({ api: operation.api, operation: operation.id, method, url, headers })
  if (fired) scope.fault = { id: fired.id, fault: fired.fault.fault }
  return fired
}
