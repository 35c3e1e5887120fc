// Lets requests run into the armed faults of their sandbox: on arrival, before anything else is checked, or on the way out.
import type { FastifyInstance, FastifyRequest } from 'fastify'
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

/**
 * Call it after the hook that sets the scope and before any route. Only operations run into faults: no control request, and
 * none for which there is no route.
 */
export function installFaults(app: FastifyInstance, { operations, apis }: FaultingOptions): void {
  const dialects = new Map(apis.map(({ name, dialect }) => [name, dialect]))
  const aftermaths = new WeakMap<Scope, Aftermath>()
  const cuts: Course['cuts'] = new Set()

  app.addHook('onRequest', (request, reply, done) => {
    const scope = scopeOf(request)
    const fired = scope.sandbox.faults.areArmed ? fire(scope, request, operations) : undefined
    const dialect = fired && dialects.get(apiOf(request.routeOptions.schema) ?? '')
    if (!fired || !dialect) return done()
    const aftermath: Aftermath = { fault: fired.fault }
    aftermaths.set(scope, aftermath)
    const fail = (error: ApiError) => {
      if (!dialect.readsBodies) return done(error)
      aftermath.error = error
      done()
    }
    strike(fired, { request, reply, scope, catalogue: dialect.catalogue, goOn: done, fail, cuts })
  })
  app.addHook('onRoute', route => {
    if (!dialects.get(apiOf(route.schema) ?? '')?.readsBodies) return
    const checks = [route.preValidation ?? []].flat()
    route.preValidation = [(request, _reply, done) => done(aftermaths.get(scopeOf(request))?.error), ...checks]
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const scope = findScope(request)
    const aftermath = scope?.fault && aftermaths.get(scope)
    done(null, aftermath ? spoil(reply, payload, aftermath.fault) : payload)
  })
  // A server that waited for these would never close.
  app.addHook('preClose', done => {
    for (const cut of [...cuts]) cut()
    done()
  })
}

function fire(scope: Scope, request: FastifyRequest, operations: FaultingOptions['operations']): Strike | undefined {
  const operation = operations.get(operationIdOf(request.routeOptions.schema) ?? '')
  if (!operation) return undefined
  const { method, url, headers } = request
  const fired = scope.sandbox.faults.fire({ api: operation.api, operation: operation.id, method, url, headers })
  if (fired) scope.fault = { id: fired.id, fault: fired.fault.fault }
  return fired
}
