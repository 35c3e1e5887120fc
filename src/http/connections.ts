// Tracks the open connections of a server: closes them on shutdown, and resets one when a fault asks for it.
import type { Server, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** The TCP connection below each TLS connection. */
const transports = new WeakMap<Socket, Socket>()

export class Connections {
  readonly #open = new Set<Socket>()
  #noteAllClosed = () => {}
  /** TCP connections by their addresses, until TLS is set up on them. */
  readonly #handshaking = new Map<string, Socket>()

  /** Node's `closeAllConnections()` does not include connections that requested an upgrade. */
  constructor(server: Server, { isTls }: { isTls: boolean }) {
    server.on('connection', (socket: Socket) => {
      this.#add(socket)
      if (!isTls) return
      const addresses = addressesOf(socket)
      this.#handshaking.set(addresses, socket)
      socket.once('close', () => {
        if (this.#handshaking.get(addresses) === socket) this.#handshaking.delete(addresses)
      })
    })
    server.on('secureConnection', (socket: Socket) => {
      this.#add(socket)
      const addresses = addressesOf(socket)
      const transport = this.#handshaking.get(addresses)
      if (!transport || !isTlsSocket(socket)) return
      transports.set(socket, transport)
      this.#handshaking.delete(addresses)
    })
  }

  #add(socket: Socket): void {
    this.#open.add(socket)
    socket.once('close', () => {
      this.#open.delete(socket)
      if (this.#open.size === 0) this.#noteAllClosed()
    })
  }

  /** Resolves when no connection is open. Node's `close()` does not wait for connections that another listener accepted. */
  async allClosed(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>(resolve => (this.#noteAllClosed = resolve))
  }

  /** Closes the connections on which no bytes were received, so no client is waiting for a response. */
  closeUnused(): void {
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy()
  }

  closeAll(): void {
    for (const socket of this.#open) socket.destroy()
  }
}

/** Without the class, which would load TLS. */
function isTlsSocket(socket: Socket): boolean {
  return 'encrypted' in socket && (socket as TLSSocket).encrypted
}

/** Whether TLS is not yet set up on it, so that nothing can be sent. */
export function isHandshaking(socket: Socket): boolean {
  return isTlsSocket(socket) && !transports.has(socket)
}

/** Resets the TCP connection: Node cannot reset a TLS socket. */
export function resetConnection(socket: Socket): void {
  const transport = transports.get(socket) ?? socket
  transport.resetAndDestroy()
}

function addressesOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
