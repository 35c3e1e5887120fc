// Requests that HTTP itself refuses, answered in the shape of the API whose path they are for.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { routedUrl } from './addressing.ts'
import { type ErrorFormat, RequestProblem, toApiError } from './failures.ts'
import { latestResponse } from './journal/messages.ts'
import { hostProblemOf } from './origin.ts'
import { PROBLEM_TYPE, problemBody } from './problem.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/** Requests that expect something that no server here can do. */
const unmetExpectations = new WeakSet<FastifyRequest['raw']>()

/** Node would answer these by itself, without a body. They are routed like any other, and refused by `requestProblemOf`. */
export function routeUnmetExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => {
    unmetExpectations.add(request)
    server.emit('request', request, response)
  })
}

/** What is wrong with the head of a request; undefined when nothing is. `isForwarded`: what proxies say of the host counts. */
export function requestProblemOf(request: FastifyRequest, isForwarded: boolean): RequestProblem | undefined {
  const { raw, headers } = request
  if (headers.expect !== undefined && unmetExpectations.has(raw)) {
    return new RequestProblem(
      'expectationFailed',
      `The expectation "${headers.expect}" cannot be met; 100-continue can, or send no Expect header.`,
    )
  }
  const problem = hostProblemOf(request, isForwarded)
  return problem === undefined ? undefined : new RequestProblem('invalidInput', problem)
}

interface ClientError extends Error {
  code?: string
  /** A Buffer of what was received last, whatever the framework declares it to be. */
  rawPacket?: unknown
}

/** Bytes that are no HTTP request, or not in time: as far as they name a path, its errorFormat answers. */
export function unreadableAnswers(dialectAt: (url: string) => ErrorFormat, prefixOfHost: ReadonlyMap<string, string>) {
  const refuse = (error: ClientError, socket: Socket) => {
    socket.end(refusalText(error.code, dialectAt(urlOf(error.rawPacket, prefixOfHost))))
  }
  return (error: ClientError, socket: Socket): void => {
    const response = latestResponse(socket)
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
    } else if (!response || (response.req.complete && response.writableFinished)) {
      refuse(error, socket)
    } else if (response.req.complete) {
      // The request before it is still being answered.
      response.once('finish', () => refuse(error, socket))
    } else if (response.writableFinished) {
      // It was answered before its body was there.
      socket.destroy()
    } else if (response.headersSent) {
      response.once('finish', () => socket.destroySoon())
    } else if (response.req.listenerCount('error') > 0) {
      // Whoever reads the body answers, in the shape of the API.
      response.req.emit('error', error)
    } else {
      refuse(error, socket)
    }
  }
}

/** A whole answer, as it is sent. */
function refusalText(code: string | undefined, errorFormat: ErrorFormat): string {
  // Of a head that has not arrived the path is not known.
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
      : new RequestProblem('invalidInput', 'The bytes received are not a readable HTTP request.')
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
    ...SECURITY_HEADERS.map(header => header.join(': ')),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** The URL of the first request in the bytes, as it would be routed; empty when there is none. */
function urlOf(bytes: unknown, prefixOfHost: ReadonlyMap<string, string>): string {
  const text = Buffer.isBuffer(bytes) ? bytes.toString('latin1') : ''
  const [, url] = /^[A-Z-]+ +([^\s]+)/.exec(text) ?? []
  const [, host] = /\r\nhost: *([^\s]+)/i.exec(text) ?? []
  return url === undefined ? '' : routedUrl({ url, headers: { host } }, prefixOfHost)
}
