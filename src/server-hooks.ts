// The hooks that run for every request before those of an API, and for every response after them.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { apis } from './apis/index.ts'
import { errorFormat as controlErrorFormat } from './control/errors.ts'
import { addressOf } from './http/addressing.ts'
import { debugHeaders } from './http/debug-headers.ts'
import { RequestProblem, toApiError } from './http/failures.ts'
import { faultHooks } from './http/faults/hooks.ts'
import { forcedAnswers } from './http/forced.ts'
import type { Hosts } from './http/hosts.ts'
import { recordRequest, recordResponse } from './http/journal/hooks.ts'
import type { Operations } from './http/operations.ts'
import { originOf } from './http/origin.ts'
import { keepDetail, logRequest } from './http/request-log.ts'
import { NO_ROUTE, type Route, routeOf } from './http/routes.ts'
import { type Destination, findScope, Scope, scopeDecorators, setDestination, setScope } from './http/scope.ts'
import { requestProblemOf } from './http/transport.ts'
import { Refusal } from './sandbox/refusal.ts'
import type { Registry } from './sandbox/registry.ts'
import type { ServerOptions } from './server-options.ts'
import { isControl, ownerOf } from './server-urls.ts'

/** What the server does with requests: answers all, all but the readiness check, or none but the liveness check. */
export interface Lifecycle {
  phase: 'serving' | 'draining' | 'stopping'
}

/** The operation that says that the process is running, also while it stops. */
const LIVENESS = 'livez'

/** The operation by which load balancers find out whether to send requests. */
const READINESS = 'readyz'

const credentialHeaders = [...new Set(apis.flatMap(api => api.credentialHeaders))]

/**
 * The hooks that run for every request before the hooks of an API, and for every response after them. For requests to an API,
 * they find and settle the sandbox, record the request in the journal, and apply forced responses and faults.
 */
export function addHooks(
  app: FastifyInstance,
  { registry, config, log }: ServerOptions,
  operations: Operations,
  hosts: Hosts,
  lifecycle: Lifecycle,
): void {
  const answerAsForced = forcedAnswers({ operations, apis, fromQuery: config.preferQuery })
  const faults = faultHooks({ operations, apis })
  const addDebugHeaders = debugHeaders(operations, config.noDebugHeaders)

  for (const name of scopeDecorators) app.decorateRequest(name, null)
  app.addHook('onRequest', (request, reply, done) => {
    if (log) logRequest(log, request, reply)
    if (lifecycle.phase !== 'serving' && isUnavailable(lifecycle.phase, routeOf(request)))
      return done(new RequestProblem('unavailable'))
    const destination = destinationFor(request, registry, config.publicUrl, hosts)
    setDestination(request, destination)
    const problem = requestProblemOf(request, config.publicUrl === undefined, hosts)
    const route = routeOf(request)
    if (route.isForServer || (route === NO_ROUTE && isControl(request.url))) return done(problem)
    let scope: Scope | undefined
    try {
      scope = openScope(destination, registry, route)
    } catch (error) {
      // That a sandbox does not exist is not an error of an API.
      if (!(error instanceof Refusal)) throw error
      controlErrorFormat.render(toApiError(error, controlErrorFormat), request, reply)
      return
    }
    if (!scope) return done(problem)
    setScope(request, scope)
    recordRequest(request, reply, scope, url => ownerOf(url)?.name)
    if (problem) return done(problem)
    const { trace } = scope
    trace.enter('routing')
    if (!route.isServed) return done()
    trace.enter('forced')
    if (answerAsForced(request, reply, done)) return
    trace.enter('fault')
    faults.onRequest(request, reply, done)
  })
  app.addHook('preHandler', (request, _reply, done) => {
    const scope = findScope(request)
    if (!scope) return done()
    // The sandbox may have been reset while the body arrived.
    if (!scope.sandbox.store.open) scope.sandbox = registry.get(scope.sandbox.name)
    scope.now = scope.sandbox.settle()
    if (!request.is404) scope.trace.enter('rules')
    done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const send = (sent: unknown) => {
      const scope = findScope(request)
      if (scope) addDebugHeaders(request, reply, scope)
      if (log) keepDetail(request, reply, sent)
      recordResponse(request, reply, sent)
      done(null, sent)
    }
    const sent = faults.onSend(request, reply, payload)
    if (sent instanceof Promise) sent.then(send).catch(done)
    else send(sent)
  })
}

function isUnavailable(phase: Lifecycle['phase'], { operationId }: Route): boolean {
  return phase === 'draining' ? operationId === READINESS : operationId !== LIVENESS
}

/** Call it once for each request: it puts the known credential in place of a bound one. */
export function destinationFor(
  request: FastifyRequest,
  registry: Registry,
  publicUrl: string | undefined,
  hosts: Hosts,
): Destination {
  const { name, urlPrefix } = addressOf(request.raw, registry.bindings, credentialHeaders, hosts)
  const serverUrl = publicUrl ?? originOf(request, hosts)
  return { sandbox: name, origin: serverUrl + urlPrefix, serverUrl }
}

/** Only a request for an operation creates a sandbox that does not exist: undefined for any other. Throws Refusal. */
export function openScope(destination: Destination, registry: Registry, route: Route): Scope | undefined {
  const sandbox = route.isServed ? registry.get(destination.sandbox) : registry.find(destination.sandbox)
  return sandbox && new Scope(sandbox, destination, route)
}
