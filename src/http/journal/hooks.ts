// Records every request and response of the APIs in the journal of its sandbox, and sets the Date header to the sandbox's time.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hostNow } from '../../sandbox/clock/clock.ts'
import { Capture } from '../../sandbox/journal/capture.ts'
import type { Received } from '../../sandbox/journal/entry.ts'
import { announcesBody } from '../body.ts'
import { findScope, type Scope } from '../scope.ts'
import type { RecordedRequest, RecordedResponse } from './messages.ts'

/** Call it before anything else handles the request. `apiAt` returns the name of the API that a URL belongs to. */
export function recordRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: Scope,
  apiAt: (url: string) => string | undefined,
): void {
  const { api = apiAt(request.url), operationId: operation, isServed: matched, secretMarks } = scope.route
  beginEntry(request, reply, scope, { api, operation, matched, secretMarks })
}

/** Call it when only headers can still change, so that the recorded body is the one that is sent. */
export function recordResponse(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  const scope = findScope(request)
  if (scope) prepareResponse(scope, reply, payload)
}

/** Records a request whose URL cannot be routed: no hook runs for it. The body of what `answer` sends is not recorded. */
export function recordUnrouted(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: Scope,
  api: string | undefined,
  answer: (scope: Scope) => void,
): void {
  beginEntry(request, reply, scope, { api, operation: undefined, matched: false, secretMarks: undefined })
  prepareResponse(scope, reply, undefined)
  answer(scope)
}

type Target = Pick<Received, 'api' | 'operation' | 'matched' | 'secretMarks'>

function beginEntry(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: Scope,
  { api, operation, matched, secretMarks }: Target,
): void {
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
    body: hasBody ? new Capture(raw.headers['content-length']) : NO_BODY,
    trace: scope.trace,
    secretMarks,
  })
  scope.entry = entry
  if (hasBody) (raw as RecordedRequest).recordBody(entry)
  // Ends an entry that has no response by then.
  reply.raw.on('close', () => entry.end())
}

const NO_BODY = new Capture()

function prepareResponse({ entry, trace, now, sandbox }: Scope, reply: FastifyReply, payload: unknown): void {
  reply.header('date', sandbox.clock.httpDate(now))
  // The client receives at most the head of a response that is reset, so none is recorded.
  if (!entry || trace.fault?.fault === 'reset') return
  const response = reply.raw as RecordedResponse
  response.entry = entry
  response.payload = payload
}
