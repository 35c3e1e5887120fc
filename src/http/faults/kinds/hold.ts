// Fault `hold`: a request waits until a test lets it go on, so that timeouts and cancellation need no real waiting.
import { Readable } from 'node:stream'
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { chunksAround, readableOf, sendHead, sizeOf } from '../bodies.ts'
import { type FaultedBody, type FaultedResponse, faultKind } from '../kind.ts'

/** The longest that a request is held, in ms of this machine's time. */
const MAX_HOLD_MS = 60_000

const maxMs = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_HOLD_MS,
    description: `The longest hold, in ms of this machine's time; ${MAX_HOLD_MS} when left out. After it the connection is reset`,
  }),
)
const Whole = Type.Object(
  {
    at: literals(['request', 'response'], {
      description: 'request: before the operation happens; response: after it, before the first byte of the response',
    }),
    maxMs,
  },
  { ...strict, description: 'Keeps the request waiting until it is released or the fault is disarmed.' },
)
const InBody = Type.Object(
  {
    at: Type.Literal('body'),
    afterBytes: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Bytes of the body to send first; half of the body when left out' }),
    ),
    maxMs,
  },
  {
    ...strict,
    description:
      'Keeps the response waiting in the middle of its body until it is released or the fault is disarmed; a response without a body is not held.',
  },
)
type Parameters = Static<typeof Whole> | Static<typeof InBody>

export const hold = faultKind({
  name: 'hold',
  provokes:
    'A timeout or a cancellation leaves something half done, or a response that comes late is used all the same.',
  forms: [Whole, InBody],
  operationHappens: () => true,
  onRequest({ at, maxMs = MAX_HOLD_MS }, { next, resume, holdUntilReleased }) {
    if (at !== 'request') return next()
    holdUntilReleased(at, maxMs, continues => {
      if (continues) resume()
    })
  },
  onResponse(parameters: Parameters, response) {
    const { maxMs = MAX_HOLD_MS } = parameters
    if (parameters.at === 'body') return heldInBody(response, maxMs, parameters.afterBytes)
    return parameters.at === 'response' ? heldWhole(response, maxMs) : response.body
  },
})

/** Stays pending when the connection is closed: then there is nothing to send. */
function heldWhole({ body, holdUntilReleased }: FaultedResponse, maxMs: number): Promise<FaultedBody | undefined> {
  return new Promise(resolve => {
    holdUntilReleased('response', maxMs, continues => {
      if (continues) resolve(body)
      else if (body instanceof Readable) body.destroy()
    })
  })
}

function heldInBody(
  { reply, body, holdUntilReleased }: FaultedResponse,
  maxMs: number,
  afterBytes: number | undefined,
): FaultedBody | undefined {
  if (body === undefined || reply.request.method === 'HEAD') return body
  const sizeBytes = sizeOf(reply, body)
  reply.header('content-length', sizeBytes)
  const released = () => new Promise<boolean>(resolve => holdUntilReleased('body', maxMs, resolve))
  const chunks = chunksAround(readableOf(body), afterBytes ?? Math.floor(sizeBytes / 2), () => {
    sendHead(reply)
    return released()
  })
  // With read-ahead, bytes after the hold could be read before it ends.
  return Readable.from(chunks, { objectMode: false, highWaterMark: 1 })
}
