// Applies the armed faults of a sandbox: to requests when they arrive, before anything else is checked, and to their responses.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FaultHit } from '../../sandbox/faults/faults.ts'
import { headerPairs } from '../../sandbox/patterns/requests.ts'
import { withoutSandbox } from '../addressing.ts'
import { defer } from '../deferred.ts'
import type { ApiError } from '../errors.ts'
import type { ErrorFormat } from '../failures.ts'
import type { Operations } from '../operations.ts'
import { findScope, type Scope, scopeOf } from '../scope.ts'
import { appliedFault, setAppliedFault } from './applied.ts'
import { hold, holderOf } from './holding.ts'
import type { FaultedBody, FaultedResponse } from './kind.ts'
import { findFaultKind } from './validation.ts'

export interface FaultHookOptions {
  operations: Operations
  apis: readonly { name: string; errorFormat: ErrorFormat }[]
}

export interface FaultHooks {
  /** Calls `next`, at once or later, unless a fault prevents the operation. */
  onRequest(request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): void
  /** Returns the body to send, or a promise of it. */
  onSend(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown
}

/** Faults apply only to operations: not to the control API, nor to paths without a route. */
export function faultHooks({ operations, apis }: FaultHookOptions): FaultHooks {
  const errorFormats = new Map(apis.map(({ name, errorFormat }) => [name, errorFormat]))
  return {
    onRequest(request, reply, next) {
      const scope = scopeOf(request)
      if (!scope.sandbox.faults.areArmed) return next()
      const hit = fire(scope, request, operations)
      const kind = hit && findFaultKind(hit.fault.fault)
      const errorFormat = errorFormats.get(scope.route.api ?? '')
      if (!hit || !kind || !errorFormat) return next()
      const parameters = hit.fault as never
      scope.trace.fault = { id: hit.id, fault: kind.name, ...(hit.plan && { plan: hit.plan }) }
      if (!kind.operationHappens(parameters)) scope.trace.takeOver('fault')
      setAppliedFault(scope, { kind, parameters, catalogue: errorFormat.catalogue, draw: hit.draw })
      if (!kind.onRequest) return next()
      kind.onRequest(parameters, {
        request,
        reply,
        scope,
        catalogue: errorFormat.catalogue,
        draw: hit.draw,
        next,
        resume() {
          try {
            scope.now = scope.sandbox.settle()
            next()
          } catch (error) {
            next(error as Error)
          }
        },
        fail: error => fail(error, errorFormat, request, next),
        hold: (wait, then) => hold(reply, scope.sandbox.faults, wait, then),
        holdUntilReleased: holderOf(scope, reply),
      })
    },
    onSend(request, reply, payload) {
      const scope = findScope(request)
      const fault = scope && appliedFault(scope)
      if (!scope || !fault?.kind.onResponse) return payload
      const body = (payload ?? undefined) as FaultedBody | undefined
      const holdResponse: FaultedResponse['hold'] = (wait, then) => hold(reply, scope.sandbox.faults, wait, then)
      const response = { reply, scope, body, hold: holdResponse, holdUntilReleased: holderOf(scope, reply) }
      return fault.kind.onResponse(fault.parameters, response) ?? payload
    },
  }
}

function fire(
  { sandbox, route, now }: Scope,
  request: FastifyRequest,
  operations: FaultHookOptions['operations'],
): FaultHit | undefined {
  const operation = operations.get(route.operationId ?? '')
  if (!operation) return undefined
  return sandbox.faults.fire({
    api: operation.api,
    operation: operation.vendorId,
    now,
    method: request.method,
    url: withoutSandbox(request.originalUrl),
    get headers() {
      return headerPairs(request.raw.rawHeaders)
    },
  })
}

/** An error whose format depends on the body of the request has to wait for the body. */
function fail(
  error: ApiError,
  { readsBodies }: ErrorFormat,
  request: FastifyRequest,
  next: (error?: Error) => void,
): void {
  if (!readsBodies) {
    next(error)
    return
  }
  defer(request, () => {
    throw error
  })
  next()
}
