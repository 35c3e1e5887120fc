// Notes every exchange of every API in its sandbox's journal, and dates every answer by its sandbox's clock.
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Capture } from '../sandbox/capture.ts'
import { hostNow, hostStopwatch, httpDate } from '../sandbox/clock.ts'
import type { Entry, Received } from '../sandbox/entry.ts'
import type { Journal } from '../sandbox/journal.ts'
import { apiOf, isRefusal, operationIdOf } from './operations.ts'
import { findScope, type Scope, scopeOf } from './scope.ts'

/** When an API's request came, by the stopwatch (ms), and its place in the journal unless that is off. */
export interface Arrival {
  at: number
  /** That of the sandbox then: it may have been reset since. */
  journal: Journal
  entry: Entry | undefined
}

type Target = Pick<Received, 'api' | 'operation' | 'matched'>

export interface RecordingOptions {
  /** The path below which there is no API. */
  except: string
  /** The name of the API whose path it is. */
  ownerOf(url: string): string | undefined
}

/** Call it right after the hook that sets the scope: whatever becomes of a request from there on, it is in the journal. */
export function recordArrivals(app: FastifyInstance, { except, ownerOf }: RecordingOptions): void {
  const isExcepted = new RegExp(`^${except}(?=[/?]|$)`)
  app.addHook('onRequest', (request, reply, done) => {
    const { url, schema } = request.routeOptions
    if (!isExcepted.test(url ?? request.url)) {
      arrive(request, reply, scopeOf(request), {
        api: apiOf(schema) ?? ownerOf(request.url),
        operation: operationIdOf(schema),
        matched: url !== undefined && !isRefusal(schema),
      })
    }
    done()
  })
}

/** Call it after every other hook: what is noted is what is sent. */
export function recordAnswers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const scope = findScope(request)
    if (scope?.arrival) {
      reply.header('date', httpDate(scope.now))
      leave(scope, request, reply, payload)
    }
    done()
  })
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
  reply.header('date', httpDate(scope.now))
  answer(scope)
  leave(scope, request, reply, undefined)
}

function arrive(request: FastifyRequest, reply: FastifyReply, scope: Scope, target: Target): void {
  const at = hostStopwatch()
  const { journal } = scope.sandbox
  const entry = journal.enabled ? journal.begin(receivedOf(request, scope, target)) : undefined
  scope.arrival = { at, journal, entry }
  if (!entry) return
  if (hasBody(request.raw)) overhear(request.raw, chunk => journal.receive(entry, chunk))
  reply.raw.on('close', () => {
    if (!entry.ended) journal.end(entry, hostStopwatch() - at)
  })
}

function receivedOf(request: FastifyRequest, scope: Scope, target: Target): Received {
  const { raw } = request
  return {
    method: request.method,
    url: request.originalUrl,
    path: request.url,
    httpVersion: raw.httpVersion,
    rawHeaders: raw.rawHeaders,
    clientIp: request.ip,
    origin: scope.serverUrl,
    ...target,
    virtualAt: scope.now,
    receivedAt: hostNow(),
    body: hasBody(raw) ? new Capture(Number(raw.headers['content-length'] ?? 0)) : NOTHING,
    course: scope,
  }
}

const NOTHING = new Capture()

function hasBody({
  headers: { 'content-length': length = '0', 'transfer-encoding': encoding },
}: IncomingMessage): boolean {
  return length !== '0' || encoding !== undefined
}

/** Sees the body come in, read or not: a listener would set it flowing before whoever reads it is there. */
function overhear(raw: IncomingMessage, hear: (chunk: Buffer) => void): void {
  const { push } = raw
  raw.push = (chunk, ...rest) => {
    if (chunk !== null) hear(chunk)
    return push.call(raw, chunk, ...rest)
  }
}

const BODYLESS = new Set([204, 304])

function leave(scope: Scope, request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  const { at, journal, entry } = scope.arrival as Arrival
  // Whoever asked may have gone by now, or is to get no more than the head.
  if (!entry || entry.ended || scope.fault?.fault === 'reset') return
  const headers = reply.getHeaders()
  const body = new Capture()
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
    const bodyless = request.method === 'HEAD' || BODYLESS.has(reply.statusCode)
    if (!bodyless) body.add(payload)
    headers['content-length'] ??= Buffer.byteLength(payload)
  } else if (request.method !== 'HEAD') {
    body.skip(Number(headers['content-length'] ?? 0))
  }
  journal.end(entry, hostStopwatch() - at, { status: reply.statusCode, headers, body })
}
