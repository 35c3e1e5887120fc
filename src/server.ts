// The composition root: one Fastify server, its hooks, and every API at its documented paths.
import Fastify, { type FastifyInstance } from 'fastify'
import { apis } from './apis/index.ts'
import { CONTROL_PREFIX, type ControlServer, mountControl } from './control/index.ts'
import { routedUrl } from './http/addressing.ts'
import { Connections } from './http/connections.ts'
import { hostReaders } from './http/hosts.ts'
import { mount } from './http/mount.ts'
import { createNodeServer } from './http/node-server.ts'
import { indexOperations, type Operation } from './http/operations.ts'
import { collectRoutes } from './http/routes.ts'
import { serveIndex } from './http/server-index.ts'
import { routeUnmetExpectations, unreadableAnswers } from './http/transport.ts'
import { packageVersion } from './package.ts'
import { hostNow, hostTimeout } from './sandbox/clock/clock.ts'
import { answerFailure, answerUnroutable, unknownAnswers } from './server-answers.ts'
import { addHooks } from './server-hooks.ts'
import { guardOptions, type ServerOptions } from './server-options.ts'
import { errorFormatAt, isControl, listedApis } from './server-urls.ts'

const BODY_LIMIT_BYTES = 1024 * 1024

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

const prefixOfHost = new Map(
  apis.flatMap(({ mounts }) => mounts).flatMap(({ host, basePath }) => (host === undefined ? [] : [[host, basePath]])),
)

const securitySchemes = Object.fromEntries(apis.flatMap(api => Object.entries(api.securitySchemes)))

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
