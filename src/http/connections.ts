// Tracks the open connections of a server and closes them on shutdown.
import type { Server, Socket } from 'node:net'

export class Connections {
  readonly #open = new Set<Socket>()

  /** Node's `closeAllConnections()` does not include connections that requested an upgrade. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket)
      socket.once('close', () => this.#open.delete(socket))
    })
  }

  /** Closes the connections on which no bytes were received, so no client is waiting for a response. */
  closeUnused(): void {
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy()
  }

  closeAll(): void {
    for (const socket of this.#open) socket.destroy()
  }
}
