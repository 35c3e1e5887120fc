// The composition root: one Fastify server, its hooks, and every API at its documented paths.
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Api } from './apis/api.ts'
import { apis } from './apis/index.ts'
import type { Config } from './config.ts'
import { type ReportUnexpected, toApiError } from './http/failures.ts'
import { originOf } from './http/origin.ts'
import { PROBLEM_TYPE, problemBody, sendProblem } from './http/problem.ts'
import { scopeDecorator, scopeOf, setScope } from './http/scope.ts'
import type { Registry } from './sandbox/registry.ts'

export const DEFAULT_SANDBOX = 'default'

const BODY_LIMIT_BYTES = 1024 * 1024

export interface ServerOptions {
  config: Pick<Config, 'publicUrl'>
  registry: Registry
  report: ReportUnexpected
  /** Called before any room is opened: the OpenAPI emitter listens to the routes. */
  beforeRooms?: (app: FastifyInstance) => Promise<void>
}

export async function buildServer({ config, registry, report, beforeRooms }: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1024 },
    rewriteUrl: request => routeByHost(request.url ?? '/', request.headers.host),
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnreadable,
  })
  // What a schema does not declare must never vanish from an answer: tests find it, clients see it.
  app.setSerializerCompiler(() => JSON.stringify)
  app.decorateRequest(scopeDecorator, null)
  app.addHook('onRequest', (request, _reply, done) => {
    const sandbox = registry.get(DEFAULT_SANDBOX)
    setScope(request, { sandbox, now: sandbox.settle(), origin: config.publicUrl ?? originOf(request) })
    done()
  })
  app.addHook('preHandler', (request, _reply, done) => {
    // A body may have taken its time to arrive.
    const scope = scopeOf(request)
    scope.now = scope.sandbox.settle()
    done()
  })
  app.setNotFoundHandler(answerUnknown)
  await beforeRooms?.(app)
  for (const api of apis) api.open(app, report)
  await app.ready()
  return app
}

const prefixOfHost = new Map(apis.flatMap(api => Object.entries(api.hosts ?? {})))

/** Where two APIs could answer, or a host is all there is to tell them apart, the host becomes a path prefix. */
function routeByHost(url: string, host: string | undefined): string {
  const prefix = prefixOfHost.get(host?.replace(/:\d+$/, '').toLowerCase() ?? '')
  return prefix === undefined || url.startsWith(`${prefix}/`) ? url : prefix + url
}

function ownerOf(url: string): Api | undefined {
  return apis.find(({ owns }) => owns.test(url))
}

/** A URL that cannot be routed at all (bad percent-encoding) still gets its owner's dialect. */
function answerUnroutable(error: Parameters<typeof toApiError>[0], request: FastifyRequest, reply: FastifyReply): void {
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
