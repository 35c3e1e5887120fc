// The composition root: one Fastify server, its hooks, and every API at its documented paths.
import type { TlsOptions } from 'node:tls'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Api, basePathsOf } from './apis/api.ts'
import { apis } from './apis/index.ts'
import type { Config } from './config.ts'
import { errorFormat as controlErrorFormat } from './control/errors.ts'
import type { GuardOptions } from './control/guard.ts'
import { answerUnknownControl, CONTROL_PREFIX, type ControlServer, mountControl } from './control/index.ts'
import { addressOf, routedUrl } from './http/addressing.ts'
import { urlsBelow } from './http/base-path.ts'
import { Connections } from './http/connections.ts'
import { debugHeaders } from './http/debug-headers.ts'
import { type ErrorFormat, isBodyFailure, type ReportUnexpected, RequestProblem, toApiError } from './http/failures.ts'
import { faultHooks } from './http/faults/hooks.ts'
import { forcedAnswers } from './http/forced.ts'
import { type Hosts, hostReaders } from './http/hosts.ts'
import { recordRequest, recordResponse, recordUnrouted } from './http/journal/hooks.ts'
import { mount } from './http/mount.ts'
import { nearestHint } from './http/nearest.ts'
import { createNodeServer } from './http/node-server.ts'
import { indexOperations, type Operation } from './http/operations.ts'
import { originOf } from './http/origin.ts'
import { sendProblem } from './http/problem.ts'
import { collectRoutes, NO_ROUTE, type Route, routeOf } from './http/routes.ts'
import { type Destination, findScope, Scope, scopeDecorators, setDestination, setScope } from './http/scope.ts'
import { serveIndex } from './http/server-index.ts'
import { requestProblemOf, routeUnmetExpectations, unreadableAnswers } from './http/transport.ts'
import { packageVersion } from './package.ts'
import { hostNow, hostTimeout } from './sandbox/clock/clock.ts'
import { Refusal } from './sandbox/refusal.ts'
import type { Registry } from './sandbox/registry.ts'
import { StoreError } from './sandbox/store-error.ts'

const BODY_LIMIT_BYTES = 1024 * 1024

export interface ServerOptions {
  config: Pick<
    Config,
    | 'publicUrl'
    | 'host'
    | 'adminToken'
    | 'adminOrigin'
    | 'preferQuery'
    | 'noDebugHeaders'
    | 'requestTimeout'
    | 'shutdownTimeout'
  >
  registry: Registry
  /** Serves HTTPS; plain HTTP without it. */
  tls?: TlsOptions | undefined
  report: ReportUnexpected
  /** The control API's own OpenAPI document, made when it is asked for. */
  describeControl: () => Promise<object>
  /** The OpenAPI document of the APIs as YAML, made when it is asked for. */
  describeApis: () => Promise<string>
  /** Called before any route is added: the OpenAPI emitter listens to the routes. */
  beforeRoutes?: (app: FastifyInstance) => Promise<void>
}

export interface BuiltServer {
  app: FastifyInstance
  control: ControlServer
  /** Lets running responses finish within the shutdown timeout, then closes every connection. */
  close(): Promise<void>
}

/** Without these, Fastify loads compilers that are not used: a tenth of the time that a server takes to start. */
const compilersFactory = {
  buildValidator: () => (): never => {
    throw new RangeError('every mount sets its own validator')
  },
  // Fields that a schema does not declare must not be dropped from a response, so that tests find them.
  buildSerializer: () => () => JSON.stringify,
}

export async function buildServer(options: ServerOptions): Promise<BuiltServer> {
  const { registry, report, beforeRoutes, config, tls } = options
  // Filled while the routes are added, before the first request.
  const operations = new Map<string, Operation>()
  const hosts = hostReaders()
  const app = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    serverFactory: handler => createNodeServer(handler, { tls, requestTimeoutMs: config.requestTimeout }),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1024 },
    schemaController: { compilersFactory },
    rewriteUrl: request => routedUrl(request, prefixOfHost, hosts),
    frameworkErrors: answerUnroutable(options, operations, hosts),
    clientErrorHandler: unreadableAnswers(errorFormatAt, request => routedUrl(request, prefixOfHost, hosts)),
  })
  routeUnmetExpectations(app)
  // A client may reuse a connection at the moment when the server closes it as idle. Fastify treats 0 as a missing option.
  app.server.keepAliveTimeout = 0
  const connections = new Connections(app.server, { isTls: tls !== undefined })
  // Keeps Fastify from looking for a serializer for each response.
  app.setReplySerializer(payload => JSON.stringify(payload))
  const answerUnknown = unknownAnswers(config, operations)
  app.setNotFoundHandler((request, reply) => answerUnknown(request, reply))
  app.setErrorHandler(answerFailure(options, operations))
  await beforeRoutes?.(app)
  indexOperations(app, CONTROL_PREFIX, operations)
  collectRoutes(app, isControl, securitySchemes)
  addHooks(app, options, operations, hosts)
  for (const options of apis.flatMap(({ mounts }) => mounts)) mount(app, report, options)
  const control = controlServer(options, operations)
  mountControl(app, { server: control, guard: guardOptions(config), report })
  const { describeApis } = options
  serveIndex(app, { version: packageVersion(), apis: listedApis, controlPath: CONTROL_PREFIX, describeApis })
  app.addHook('preClose', done => {
    registry.endWaits()
    // A connection on which the last response is being sent is idle afterwards and would keep the server from closing.
    app.server.keepAliveTimeout = 1
    connections.closeUnused()
    done()
  })
  await app.ready()
  const close = async () => {
    const cancel = hostTimeout(config.shutdownTimeout, () => connections.closeAll())
    await app.close()
    cancel()
  }
  return { app, control, close }
}

/** As the index and the 404 for paths of no API list them. */
const listedApis = apis.map(({ name, title, mounts }) => ({ name, title, basePaths: basePathsOf({ mounts }) }))

const prefixOfHost = new Map(
  apis.flatMap(({ mounts }) => mounts).flatMap(({ host, basePath }) => (host === undefined ? [] : [[host, basePath]])),
)

const securitySchemes = Object.fromEntries(apis.flatMap(api => Object.entries(api.securitySchemes)))

const credentialHeaders = [...new Set(apis.flatMap(api => api.credentialHeaders))]

/**
 * The hooks that run for every request before the hooks of an API, and for every response after them. For requests to an API,
 * they find and settle the sandbox, record the request in the journal, and apply forced responses and faults.
 */
function addHooks(
  app: FastifyInstance,
  { registry, config }: ServerOptions,
  operations: ReadonlyMap<string, Operation>,
  hosts: Hosts,
): void {
  const answerAsForced = forcedAnswers({ operations, apis, fromQuery: config.preferQuery })
  const faults = faultHooks({ operations, apis })
  const addDebugHeaders = debugHeaders(operations, config.noDebugHeaders)

  let isStopping = false
  app.addHook('preClose', done => {
    isStopping = true
    done()
  })
  for (const name of scopeDecorators) app.decorateRequest(name, null)
  app.addHook('onRequest', (request, reply, done) => {
    if (isStopping) return done(new RequestProblem('unavailable'))
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
    const sent = faults.onSend(request, reply, payload)
    const scope = findScope(request)
    if (scope) addDebugHeaders(request, reply, scope)
    recordResponse(request, reply, sent)
    done(null, sent)
  })
}

/** Call it once for each request: it puts the known credential in place of a bound one. */
function destinationFor(
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
function openScope(destination: Destination, registry: Registry, route: Route): Scope | undefined {
  const sandbox = route.isServed ? registry.get(destination.sandbox) : registry.find(destination.sandbox)
  return sandbox && new Scope(sandbox, destination, route)
}

function controlServer(
  { registry, describeControl }: ServerOptions,
  operations: ControlServer['operations'],
): ControlServer {
  const startedAt = hostNow()
  return {
    registry,
    apis,
    operations,
    version: packageVersion(),
    uptimeMs: () => hostNow() - startedAt,
    describe: describeControl,
  }
}

function guardOptions({ adminToken, adminOrigin, host }: ServerOptions['config']): GuardOptions {
  return { token: adminToken, webOrigin: adminOrigin, hosts: [host] }
}

const urlsOfApis = apis.map(api => ({ api, urls: urlsBelow(basePathsOf(api)) }))

function ownerOf(url: string): Api | undefined {
  return urlsOfApis.find(({ urls }) => urls.test(url))?.api
}

const BELOW_CONTROL = new RegExp(`^${CONTROL_PREFIX}(?=[/?]|$)`)

/** Whether a URL belongs to the control API, which finds sandboxes itself, after it has checked the caller. */
function isControl(url: string): boolean {
  return BELOW_CONTROL.test(url)
}

/** At paths of no API, the format is that of the control API, which follows RFC 9457. */
function errorFormatAt(url: string): ErrorFormat {
  return ownerOf(url)?.errorFormat ?? controlErrorFormat
}

type Operations = ReadonlyMap<string, Operation>

/** A URL that cannot be routed (bad percent-encoding) is recorded in the journal as well. */
function answerUnroutable({ registry, config }: ServerOptions, operations: Operations, hosts: Hosts) {
  const answerUnknown = unknownAnswers(config, operations)
  const addDebugHeaders = debugHeaders(operations, config.noDebugHeaders)
  return (_error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    const answer = (scope?: Scope) => {
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
function unknownAnswers(config: ServerOptions['config'], operations: Operations) {
  const guard = guardOptions(config)
  return (request: FastifyRequest, reply: FastifyReply, scope = findScope(request)): FastifyReply => {
    if (isControl(request.url)) return answerUnknownControl(request, reply, guard)
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
  return sendProblem(reply, {
    status: 404,
    title: 'No API here',
    detail: `Nothing is served at ${request.method} ${request.url.split('?')[0]}. The APIs are at the paths listed.`,
    hint: nearestHint(request.method, request.url, operations.values()),
    apis: listedApis,
  })
}

/** Answers failures outside the mounted APIs, and failures of an error renderer, so that no response has Fastify's own shape. */
function answerFailure({ report, config }: ServerOptions, operations: Operations) {
  const answerUnknown = unknownAnswers(config, operations)
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
