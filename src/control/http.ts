// Binds control operations to HTTP routes: one for the addressed sandbox, and one with the name of the sandbox in the path.
import { Readable } from 'node:stream'
import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Archive } from '../archives/archive.ts'
import { planDownload } from '../archives/download.ts'
import { sendPlan } from '../http/download.ts'
import type { Log } from '../http/log-line.ts'
import type { TypedApp } from '../http/mount.ts'
import { type Answer, empty, json, partOf } from '../http/responses.ts'
import { destinationOf } from '../http/scope.ts'
import { coerced } from '../http/validation.ts'
import { hostNow, isoInstant } from '../sandbox/clock/clock.ts'
import { catalogue, changeFailures, type ErrorName, failuresOf, nameOfRefusal } from './errors.ts'
import { type Context, type ControlServer, contextFor, type Implementation, invoke } from './invoke.ts'
import type { Listener, Operation } from './operation.ts'
import { runInTurns, type Steps, withProgress } from './steps.ts'

const EMPTY = 204
export const SANDBOX_PATH = '/sandboxes/:sandbox'

/** Adds the routes of every operation. */
export function addControlRoutes(
  app: TypedApp,
  implementations: readonly Implementation[],
  server: ControlServer,
  log?: Log,
): void {
  for (const implementation of implementations) {
    const { id, method, path, scope, aliases = [] } = implementation.operation
    for (const route of [{ id, method, path }, ...aliases]) {
      addRoute(app, implementation, server, route, '', log)
      // Hidden in the OpenAPI document.
      if (scope === 'sandbox') addRoute(app, implementation, server, route, SANDBOX_PATH, log)
    }
  }
}

type Route = Pick<Operation, 'id' | 'method' | 'path'>

function addRoute(
  app: TypedApp,
  implementation: Implementation,
  server: ControlServer,
  { id, method, path }: Route,
  base: '' | typeof SANDBOX_PATH,
  log: Log | undefined,
): void {
  const { operation } = implementation
  const { capability, summary, description, bodyLimitBytes, in: parts = {} } = operation
  app.route({
    method,
    url: base + path,
    schema: {
      operationId: id,
      summary,
      ...(description === undefined ? {} : { description }),
      tags: [capability],
      hide: base !== '',
      ...(operation.guarded === false ? { security: [] } : {}),
      ...(parts.path ? { params: parts.path } : {}),
      ...(parts.query ? { querystring: parts.query } : {}),
      ...(parts.body ? { body: parts.body } : {}),
      response: responsesOf(operation, method),
    },
    ...(bodyLimitBytes === undefined ? {} : { bodyLimit: bodyLimitBytes }),
    ...(operation.kind === 'events' ? { exposeHeadRoute: false } : {}),
    // `invoke` validates, for every interface.
    validatorCompiler: () => () => true,
    handler: (request, reply) => {
      const context = contextOf(server, request, reply)
      const given = {
        path: parts.path && fromText(parts.path, request.params),
        query: parts.query && fromText(parts.query, request.query),
        body: request.body,
      }
      const result = invoke(implementation, context, given)
      const later = implementation.inSteps
        ? runInTurns(logged(result as Steps<unknown>, operation, context, log))
        : result
      return later instanceof Promise
        ? later.then(value => send(request, reply, operation, value))
        : send(request, reply, operation, later)
    },
  })
}

const PROGRESS_INTERVAL_MS = 1000

/** The same steps; with a log, work that takes long is reported there. */
function logged(
  steps: Steps<unknown>,
  { id }: Operation,
  { registry, sandboxName }: Context,
  log: Log | undefined,
): Steps<unknown> {
  if (!log) return steps
  return withProgress(steps, PROGRESS_INTERVAL_MS, elapsedMs =>
    log({
      event: 'progress',
      at: isoInstant(hostNow()),
      sandbox: sandboxName,
      operation: id,
      elapsedMs: Math.round(elapsedMs),
      virtualTime: isoInstant(registry.existing(sandboxName).clock.now()),
    }),
  )
}

function responsesOf(operation: Operation, method: Operation['method']): Record<number, Answer> {
  // Fastify reads a body for all methods but GET, also for operations without one.
  const ofBodies = method === 'GET' ? {} : changeFailures
  const { 401: unauthorized, ...failures } = { ...ofBodies, ...failuresOf(...errorNames(operation)) }
  const success = { [statusOf(operation)]: answerOf(operation), ...(operation.kind === 'file' && partsOf(operation)) }
  return operation.guarded === false || !unauthorized
    ? { ...success, ...failures }
    : { ...success, ...failures, 401: unauthorized }
}

/** The other responses with which a file is sent. */
function partsOf(operation: Operation): Record<number, Answer> {
  return {
    206: partOf(answerOf(operation).content),
    304: empty('The client already has this file.'),
    ...failuresOf('PreconditionFailed', 'RangeNotSatisfiable'),
  }
}

function statusOf({ out, status = 200 }: Operation): number {
  return out === undefined ? EMPTY : status
}

function answerOf({ out, outcome, kind, media }: Operation): Answer {
  if (out === undefined) return empty(outcome)
  if (kind === 'events') return json(outcome, Type.String(), undefined, 'text/event-stream')
  return json(outcome, out, undefined, media)
}

function errorNames({ in: parts = {}, errors = [] }: Operation): ErrorName[] {
  const invalid = parts.body || parts.query ? (['invalid'] as const) : []
  return [...invalid, ...errors].map(nameOfRefusal)
}

/** Converts path or query texts to the types of the schema, without the `sandbox` of the route unless it is in the schema. */
function fromText(schema: TSchema, given: unknown): unknown {
  const { sandbox: _, ...own } = given as Record<string, unknown>
  return coerced(schema, 'sandbox' in schema.properties ? given : own)
}

function contextOf(server: ControlServer, request: FastifyRequest, reply: FastifyReply): Context {
  const destination = destinationOf(request)
  const { sandbox = destination.sandbox } = request.params as { sandbox?: string }
  return contextFor(server, sandbox, destination.serverUrl, () => signalUntilClosed(reply))
}

function send(request: FastifyRequest, reply: FastifyReply, operation: Operation, value: unknown): FastifyReply {
  if (operation.kind === 'events') return sendEvents(value as Subscribe, reply)
  if (operation.kind === 'file') return sendFile(request, reply, value as Archive)
  reply.code(statusOf(operation))
  if (operation.out === undefined) return reply.send()
  if (operation.securityPolicy !== undefined) reply.header('content-security-policy', operation.securityPolicy)
  return operation.media === undefined ? reply.send(value) : reply.type(`${operation.media}; charset=utf-8`).send(value)
}

/** A signal that is aborted when the client disconnects. */
function signalUntilClosed(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

/** The file, or a part of it. */
function sendFile({ method, headers }: FastifyRequest, reply: FastifyReply, file: Archive): FastifyReply {
  const plan = planDownload(file, { method, headers })
  if (plan.status === 412 || plan.status === 416) {
    reply.headers(plan.headers)
    throw catalogue.error(plan.status === 412 ? 'PreconditionFailed' : 'RangeNotSatisfiable')
  }
  return sendPlan(reply, file, plan)
}

type Subscribe = (listener: Listener<{ id: string }>) => () => void

/** The bytes of an event, which all listeners share. */
const messages = new WeakMap<{ id: string }, Buffer>()

function messageOf(event: { id: string }): Buffer {
  const message =
    messages.get(event) ?? Buffer.from(`id: ${event.id}\nevent: request\ndata: ${JSON.stringify(event)}\n\n`)
  messages.set(event, message)
  return message
}

/** A client that does not read is disconnected when this much is waiting for it. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024

function sendEvents(subscribe: Subscribe, reply: FastifyReply): FastifyReply {
  const events = new Readable({ read() {} })
  const stop = subscribe({
    event(event) {
      if (events.readableLength > MAX_UNREAD_BYTES) events.destroy()
      else events.push(messageOf(event))
    },
    closed: () => events.push(null),
  })
  events.once('close', stop)
  // Node.js sends the headers with the first bytes of the body; they tell the client that it is connected.
  events.push('retry: 1000\n\n')
  return reply.type('text/event-stream').send(events)
}
