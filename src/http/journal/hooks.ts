// Notes every exchange of every API in its sandbox's journal, and dates every answer by its sandbox's clock.
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hostNow, httpDate } from '../../sandbox/clock/clock.ts'
import { Capture } from '../../sandbox/journal/capture.ts'
import type { Received } from '../../sandbox/journal/entry.ts'
import { apiOf, isServed, operationIdOf } from '../operations.ts'
import { findScope, type Scope } from '../scope.ts'
import type { NotedRequest, NotedResponse } from './messages.ts'

/** Whatever becomes of the request from here on, it is in the journal. `ownerOf` names the API whose path a URL is. */
export function recordArrival(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: Scope,
  ownerOf: (url: string) => string | undefined,
): void {
  const { schema } = request.routeOptions
  arrive(request, reply, scope, {
    api: apiOf(schema) ?? ownerOf(request.url),
    operation: operationIdOf(schema),
    matched: isServed(request),
  })
}

/** Call it when nothing but headers can change any more: what is noted is what is sent. */
export function recordAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  const scope = findScope(request)
  if (scope) leave(scope, reply, payload)
}

/** For a URL that cannot be routed: no hook sees its request. What `answer` sends is noted without its body. */
export function recordUnrouted(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: Scope,
  api: string | undefined,
  answer: (scope: Scope) => void,
): void {
  arrive(request, reply, scope, { api, operation: undefined, matched: false })
  leave(scope, reply, undefined)
  answer(scope)
}

type Target = Pick<Received, 'api' | 'operation' | 'matched'>

function arrive(request: FastifyRequest, reply: FastifyReply, scope: Scope, { api, operation, matched }: Target): void {
  const { journal } = scope.sandbox
  if (!journal.enabled) return
  const { raw } = request
  const hasBody = announcesBody(raw)
  const entry = journal.begin({
    method: request.method,
    url: request.originalUrl,
    path: request.url,
    httpVersion: raw.httpVersion,
    rawHeaders: raw.rawHeaders,
    clientIp: request.ip,
    origin: scope.serverUrl,
    api,
    operation,
    matched,
    virtualAt: scope.now,
    receivedAt: hostNow(),
    body: hasBody ? new Capture(raw.headers['content-length']) : NOTHING,
    trace: scope.trace,
  })
  scope.entry = entry
  const heard = raw as NotedRequest
  if (hasBody) heard.bodyOf = entry
  // Without an answer, if none has been noted by then.
  reply.raw.on('close', () => entry.end())
}

const NOTHING = new Capture()

function announcesBody({
  headers: { 'content-length': length = '0', 'transfer-encoding': encoding },
}: IncomingMessage): boolean {
  return length !== '0' || encoding !== undefined
}

function leave({ entry, trace, now }: Scope, reply: FastifyReply, payload: unknown): void {
  reply.header('date', httpDate(now))
  // Who is to get no more than the head is left without an answer.
  if (!entry || trace.fault?.fault === 'reset') return
  const noted = reply.raw as NotedResponse
  noted.answerOf = entry
  noted.payload = payload
}
