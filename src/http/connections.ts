// The open connections of a server, and what ends those that would keep it from closing.
import type { Server, Socket } from 'node:net'

export class Connections {
  readonly #open = new Set<Socket>()

  /** Node's own `closeAllConnections()` does not know those that asked for an upgrade. */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket)
      socket.once('close', () => this.#open.delete(socket))
    })
  }

  /** Closes the connections on which nothing was ever sent: no client waits there for an answer. */
  closeUnused(): void {
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy()
  }

  closeAll(): void {
    for (const socket of this.#open) socket.destroy()
  }
}
