// The composition root: Node's server, and the parts that answer its requests.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { apis } from './apis/index.ts'
import type { ControlServer } from './control/invoke.ts'
import { addressOf, routedUrl } from './http/addressing.ts'
import { Connections } from './http/connections.ts'
import { crossOriginRules } from './http/cross-origin.ts'
import { hostReaders } from './http/hosts.ts'
import type { RecordedResponse } from './http/journal/messages.ts'
import { createNodeServer } from './http/node-server.ts'
import { logPreflight } from './http/request-log.ts'
import { routeUnmetExpectations, unreadableAnswers } from './http/transport.ts'
import { hostTimeout } from './sandbox/clock/clock.ts'
import type { Lifecycle } from './server-hooks.ts'
import type { ServerOptions } from './server-options.ts'
import { controlServer, createApp, Parts } from './server-parts.ts'
import { errorFormatAt } from './server-urls.ts'

export interface BuiltServer {
  /** Listens, and answers requests that are for no other part. */
  app: FastifyInstance
  control: ControlServer
  /** Fails the readiness check and answers all other requests, for the drain delay. Then call `close`. */
  drain(): Promise<void>
  /** Lets running responses finish within the shutdown timeout, then closes every connection. */
  close(): Promise<void>
}

interface SentRequest extends IncomingMessage {
  /** The URL as it was sent, where Fastify looks for it. */
  originalUrl?: string | undefined
}

export async function buildServer(options: ServerOptions): Promise<BuiltServer> {
  const { registry, config, tls, log } = options
  const hosts = hostReaders()
  const control = controlServer(options)
  const crossOrigin = config.cors && crossOriginRules(config.cors)
  const lifecycle: Lifecycle = { phase: 'serving' }
  const partOptions = { ...options, control, hosts, lifecycle }
  const parts = new Parts(partOptions)
  const routed = (request: Parameters<typeof routedUrl>[0]) => routedUrl(request, prefixOfHost, hosts)
  /** Passes each request to the part that its URL belongs to, with the URL as routed. */
  const dispatch =
    (handleRest: RequestListener) =>
    (request: SentRequest, response: ServerResponse): void => {
      const url = routed(request)
      request.originalUrl = request.url
      request.url = url
      if (lifecycle.phase !== 'serving') response.setHeader('connection', 'close')
      const part = parts.at(url)
      if (crossOrigin && part?.isApi && crossOrigin(request, response as RecordedResponse)) {
        if (log) {
          const { name: sandbox } = addressOf(request, registry.bindings, [], hosts)
          logPreflight(log, request, response as RecordedResponse, { url: request.originalUrl ?? url, sandbox })
        }
        return
      }
      if (part) part.handle(request, response)
      else handleRest(request, response)
    }
  const app = createApp(partOptions, {
    serverFactory: handleRest =>
      createNodeServer(dispatch(handleRest), { tls, requestTimeoutMs: config.requestTimeout }),
    forceCloseConnections: 'idle',
    clientErrorHandler: unreadableAnswers(errorFormatAt, routed),
  })
  routeUnmetExpectations(app)
  // A client may reuse a connection at the moment when the server closes it as idle. Fastify treats 0 as a missing option.
  app.server.keepAliveTimeout = 0
  const connections = new Connections(app.server, { isTls: tls !== undefined })
  app.addHook('preClose', done => {
    registry.endWaits()
    // A connection on which the last response is being sent is idle afterwards and would keep the server from closing.
    app.server.keepAliveTimeout = 1
    app.server.keepAliveTimeoutBuffer = 0
    connections.closeUnused()
    done()
  })
  await app.ready()
  const drain = async () => {
    if (config.drainDelay === 0) return
    lifecycle.phase = 'draining'
    await new Promise<void>(resolve => hostTimeout(config.drainDelay, resolve))
  }
  const close = async () => {
    lifecycle.phase = 'stopping'
    const cancel = hostTimeout(config.shutdownTimeout, () => connections.closeAll())
    await Promise.all([parts.close(), app.close()])
    await connections.allClosed()
    cancel()
  }
  return { app, control, drain, close }
}

const prefixOfHost = new Map(
  apis.flatMap(({ mounts }) => mounts).flatMap(({ host, basePath }) => (host === undefined ? [] : [[host, basePath]])),
)
