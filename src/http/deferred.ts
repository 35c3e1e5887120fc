// Delays responses that are decided before the body is read, for APIs whose response format depends on the body.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Sends the response, or throws the error to respond with. */
export type Deferred = (request: FastifyRequest, reply: FastifyReply) => unknown

const waiting = new WeakMap<FastifyRequest, Deferred>()

/** The first deferred response of a request is used; later ones are ignored. */
export function defer(request: FastifyRequest, answer: Deferred): void {
  if (!waiting.has(request)) waiting.set(request, answer)
}

/** Removes and returns the deferred response; the caller must send it. */
export function takeDeferred(request: FastifyRequest): Deferred | undefined {
  const answer = waiting.get(request)
  waiting.delete(request)
  return answer
}

/** Call it after adding the hook that reads bodies; deferred responses are sent before any further check. */
export function sendDeferred(app: FastifyInstance): void {
  app.addHook('preValidation', (request, reply, done) => {
    const answer = takeDeferred(request)
    if (answer) respond(answer, request, reply).catch(done)
    else done()
  })
}

/** An async function turns what is thrown at once into a rejection. */
async function respond(answer: Deferred, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await answer(request, reply)
}
