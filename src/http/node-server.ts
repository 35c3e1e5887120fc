// Node's HTTP or HTTPS server, with our classes of requests and responses.
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { RecordedRequest, RecordedResponse } from './journal/messages.ts'

/** The interval at which Node checks for requests that take too long to arrive; shorter for shorter timeouts. */
const MAX_TIMEOUT_CHECK_MS = 1000

interface NodeServerOptions {
  /** Plain HTTP without it. */
  tls: TlsOptions | undefined
  requestTimeoutMs: number
}

export function createNodeServer(handler: RequestListener, { tls, requestTimeoutMs }: NodeServerOptions): Server {
  const options = {
    IncomingMessage: RecordedRequest,
    ServerResponse: RecordedResponse,
    connectionsCheckingInterval: Math.min(requestTimeoutMs, MAX_TIMEOUT_CHECK_MS),
    // Node's limit for the head alone is the shorter of this and a minute.
    requestTimeout: requestTimeoutMs,
    // Otherwise Node itself answers a request without a host, not in the API's error format.
    requireHostHeader: false,
  }
  if (!tls) return createServer(options, handler as RequestListener<typeof RecordedRequest, typeof RecordedResponse>)
  // Loaded only now: TLS takes a tenth of the time in which a server without it starts.
  const { createServer: createTlsServer } = process.getBuiltinModule('node:https')
  return createTlsServer({ ...options, ...tls, handshakeTimeout: requestTimeoutMs }, handler)
}

/** A second listener of an HTTPS server, for plain HTTP: the HTTPS server handles its connections like those that TLS was set up on. */
export function plainListenerOf(server: Server): TcpServer {
  return createTcpServer(socket => server.emit('secureConnection', socket))
}
