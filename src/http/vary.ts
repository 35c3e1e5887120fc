// Adds to the response header Vary, which lists the request headers that the response depends on.
import type { FastifyReply } from 'fastify'

export function addVary(reply: FastifyReply, name: string): void {
  const others = reply.getHeader('vary')
  reply.header('vary', others === undefined ? name : `${name}, ${others}`)
}
