// Rejects requests that are invalid at the HTTP level, in the error format of the API that the path belongs to.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isHandshaking } from './connections.ts'
import { type ErrorFormat, RequestProblem, toApiError } from './failures.ts'
import type { Hosts } from './hosts.ts'
import { latestResponse } from './journal/messages.ts'
import { hostProblemOf } from './origin.ts'
import { PROBLEM_TYPE, problemBody } from './problem.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/** Requests with an Expect header that the server cannot meet. */
const unmetExpectations = new WeakSet<FastifyRequest['raw']>()

/** Node would respond without a body. These requests are routed like others, and `requestProblemOf` rejects them. */
export function routeUnmetExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => {
    unmetExpectations.add(request)
    server.emit('request', request, response)
  })
}

/** The problem with a request's head, if any. `isForwarded`: trust the host given by a proxy. */
export function requestProblemOf(
  request: FastifyRequest,
  isForwarded: boolean,
  hosts: Hosts,
): RequestProblem | undefined {
  const { raw, headers } = request
  if (headers.expect !== undefined && unmetExpectations.has(raw)) {
    return new RequestProblem(
      'expectationFailed',
      `Unsupported expectation "${headers.expect}"; use 100-continue or omit the Expect header.`,
    )
  }
  const problem = hostProblemOf(request, isForwarded, hosts)
  return problem === undefined ? undefined : new RequestProblem('invalidInput', problem)
}

interface ClientError extends Error {
  code?: string
  /** A Buffer of the last bytes received; Fastify declares another type. */
  rawPacket?: unknown
}

/** The URL under which a request with this URL and `Host` header would be routed. */
type Route = (request: { url: string; headers: { host: string | undefined } }) => string

/** Handles bytes that are not a valid HTTP request and requests that time out, in the error format of their path if known. */
export function unreadableAnswers(errorFormatAt: (url: string) => ErrorFormat, route: Route) {
  const refuse = (error: ClientError, socket: Socket) => {
    socket.end(refusalText(error.code, errorFormatAt(urlOf(error.rawPacket, route))))
  }
  return (error: ClientError, socket: Socket): void => {
    const response = latestResponse(socket)
    if (error.code === 'ECONNRESET' || !socket.writable || isHandshaking(socket)) {
      socket.destroy()
    } else if (!response || (response.req.complete && response.writableFinished)) {
      refuse(error, socket)
    } else if (response.req.complete) {
      // The response to the previous request is not finished.
      response.once('finish', () => refuse(error, socket))
    } else if (response.writableFinished) {
      // The response was sent before the request body arrived.
      socket.destroy()
    } else if (response.headersSent) {
      response.once('finish', () => socket.destroySoon())
    } else if (response.req.listenerCount('error') > 0) {
      // The code that reads the body handles the error in the API's error format.
      response.req.emit('error', error)
    } else {
      refuse(error, socket)
    }
  }
}

/** A complete HTTP response as text. */
function refusalText(code: string | undefined, errorFormat: ErrorFormat): string {
  // The path is unknown because the head has not arrived.
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const title = 'Request Timeout'
    return answerText(
      408,
      PROBLEM_TYPE,
      problemBody({ status: 408, title, detail: 'The request did not arrive in time.' }),
    )
  }
  const problem =
    code === 'HPE_HEADER_OVERFLOW'
      ? new RequestProblem('headTooLarge')
      : new RequestProblem('invalidInput', 'The received bytes are not a valid HTTP request.')
  const error = toApiError(problem, errorFormat)
  const mediaType = errorFormat.mediaType ?? 'application/json; charset=utf-8'
  return answerText(error.row.status, mediaType, JSON.stringify(errorFormat.body(error)))
}

function answerText(status: number, mediaType: string, body: string): string {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${mediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...Object.entries(SECURITY_HEADERS).map(header => header.join(': ')),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** The URL under which the first request in the bytes would be routed; empty if there is none. */
function urlOf(bytes: unknown, route: Route): string {
  const text = Buffer.isBuffer(bytes) ? bytes.toString('latin1') : ''
  const [, url] = /^[A-Z-]+ +([^\s]+)/.exec(text) ?? []
  const [, host] = /\r\nhost: *([^\s]+)/i.exec(text) ?? []
  return url === undefined ? '' : route({ url, headers: { host } })
}
