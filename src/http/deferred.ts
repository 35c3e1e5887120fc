// Answers that are decided when a request arrives, in APIs whose format depends on the body: they wait until it has been read.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Sends the answer, or throws the error that is to be answered. */
export type Deferred = (request: FastifyRequest, reply: FastifyReply) => unknown

const waiting = new WeakMap<FastifyRequest, Deferred>()

/** Of several the first counts: what was decided first is what the request is answered with. */
export function defer(request: FastifyRequest, answer: Deferred): void {
  if (!waiting.has(request)) waiting.set(request, answer)
}

/** The answer that waits, once: from then on it is the caller's to send. */
export function takeDeferred(request: FastifyRequest): Deferred | undefined {
  const answer = waiting.get(request)
  waiting.delete(request)
  return answer
}

/** Call it after the hook that reads bodies has been added: what waits is sent before anything else is checked. */
export function sendDeferred(app: FastifyInstance): void {
  app.addHook('preValidation', async (request, reply) => {
    const answer = takeDeferred(request)
    if (!answer) return
    await answer(request, reply)
    return reply
  })
}
