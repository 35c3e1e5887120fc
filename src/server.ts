// The composition root: one Fastify server, its hooks, and every API at its documented paths.
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Api } from './apis/api.ts'
import { apis } from './apis/index.ts'
import type { Config } from './config.ts'
import { dialect as controlDialect } from './control/errors.ts'
import { CONTROL_PREFIX, openControl } from './control/index.ts'
import { addressOf, routedUrl } from './http/addressing.ts'
import { type ReportUnexpected, toApiError } from './http/failures.ts'
import { indexOperations, type Operation } from './http/operations.ts'
import { originOf } from './http/origin.ts'
import { PROBLEM_TYPE, problemBody, sendProblem } from './http/problem.ts'
import { scopeDecorator, scopeOf, setScope } from './http/scope.ts'
import { packageVersion } from './package.ts'
import { hostNow } from './sandbox/clock.ts'
import { Refusal } from './sandbox/refusal.ts'
import type { Registry } from './sandbox/registry.ts'

const BODY_LIMIT_BYTES = 1024 * 1024

export interface ServerOptions {
  config: Pick<Config, 'publicUrl' | 'host' | 'adminToken' | 'adminOrigin'>
  registry: Registry
  report: ReportUnexpected
  /** The control API's own OpenAPI document, made when it is asked for. */
  describeControl: () => Promise<object>
  /** Called before any room is opened: the OpenAPI emitter listens to the routes. */
  beforeRooms?: (app: FastifyInstance) => Promise<void>
}

export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { config, registry, report, beforeRooms } = options
  const app = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1024 },
    rewriteUrl: request => routedUrl(request, prefixOfHost),
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnreadable,
  })
  // What a schema does not declare must never vanish from an answer: tests find it, clients see it.
  app.setSerializerCompiler(() => JSON.stringify)
  scopeRequests(app, registry, config.publicUrl)
  app.setNotFoundHandler(answerUnknown)
  await beforeRooms?.(app)
  const operations = indexOperations(app, CONTROL_PREFIX)
  for (const api of apis) api.open(app, report)
  openControl(app, controlContext(options, operations))
  await app.ready()
  return app
}

const prefixOfHost = new Map(apis.flatMap(api => Object.entries(api.hosts ?? {})))

/** Every request finds its sandbox, settled, before any room sees it. */
function scopeRequests(app: FastifyInstance, registry: Registry, publicUrl: string | undefined): void {
  app.decorateRequest(scopeDecorator, null)
  app.addHook('onRequest', (request, reply, done) => {
    const { name, urlPrefix } = addressOf(request.raw, registry.bindings)
    const serverUrl = publicUrl ?? originOf(request)
    try {
      const sandbox = registry.get(name)
      setScope(request, { sandbox, now: sandbox.settle(), origin: serverUrl + urlPrefix, serverUrl })
    } catch (error) {
      // No room is at fault for a sandbox that is not there.
      if (!(error instanceof Refusal)) throw error
      controlDialect.render(toApiError(error, controlDialect), request, reply)
      return
    }
    done()
  })
  app.addHook('preHandler', (request, _reply, done) => {
    // A body may have taken its time to arrive.
    const scope = scopeOf(request)
    scope.now = scope.sandbox.settle()
    done()
  })
}

function controlContext(
  { config, registry, report, describeControl }: ServerOptions,
  operations: ReadonlyMap<string, Operation>,
) {
  const startedAt = hostNow()
  return {
    registry,
    report,
    operations,
    tenants: apis,
    guard: { token: config.adminToken, webOrigin: config.adminOrigin, hosts: [config.host] },
    version: packageVersion(),
    uptimeMs: () => hostNow() - startedAt,
    describe: describeControl,
  }
}

function ownerOf(url: string): Api | undefined {
  return apis.find(({ owns }) => owns.test(url))
}

/** A URL that cannot be routed at all (bad percent-encoding) still gets its owner's dialect. */
function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const owner = ownerOf(request.url)
  if (owner) owner.dialect.render(toApiError(error, owner.dialect), request, reply)
  else answerUnknown(request, reply)
}

function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, {
    status: 404,
    title: 'No API here',
    detail: `Nothing is served at ${request.method} ${request.url.split('?')[0]}. The APIs are at the paths listed.`,
    apis: apis.map(({ name, title, basePaths }) => ({ name, title, basePaths })),
  })
}

/** Bytes that are no HTTP request reach no room. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, title] =
    error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request']
  const body = problemBody({ status, title, detail: 'The bytes received are not a readable HTTP request.' })
  const head = `HTTP/1.1 ${status} ${title}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}`
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`)
}
