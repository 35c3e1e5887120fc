// What fault kinds need in order to close the connection of a response at a certain point.
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** The body; then the connection is closed by `close`, before the response is complete. */
export async function* thenClosed(
  body: Readable | AsyncIterable<Buffer>,
  { raw }: FastifyReply,
  close: (socket: Socket) => void,
): AsyncGenerator<Buffer> {
  yield* body
  raw.flushHeaders()
  const { socket } = raw
  if (!socket) return
  // When this write is done, the earlier ones have been handed to the operating system.
  await new Promise(done => socket.write('', done))
  close(socket)
}
