// Fault `reset`: the TCP connection is reset before, after or within the response.
import { Readable } from 'node:stream'
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { resetConnection } from '../../connections.ts'
import { firstBytes, readableOf, sizeOf } from '../bodies.ts'
import { thenClosed } from '../closing.ts'
import { faultKind } from '../kind.ts'

const AroundHeaders = Type.Object(
  {
    when: Type.Optional(
      literals(['before-headers', 'after-headers'], {
        description:
          'before-headers (the default): the operation does not happen; after-headers: it happens, and its status and headers are sent',
      }),
    ),
  },
  { ...strict, description: 'Resets the TCP connection.' },
)
const MidBody = Type.Object(
  {
    when: Type.Literal('mid-body'),
    afterBytes: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Bytes of the body to send first; half of the body when left out' }),
    ),
  },
  { ...strict, description: 'Resets the TCP connection in the middle of the body; the operation happens.' },
)
type Parameters = Static<typeof AroundHeaders> | Static<typeof MidBody>

export const reset = faultKind({
  name: 'reset',
  provokes:
    'A request whose response was lost is repeated without checking whether it took effect, or is never repeated.',
  forms: [AroundHeaders, MidBody],
  operationHappens: isAnswered,
  onRequest(parameters, { request, next }) {
    if (isAnswered(parameters)) next()
    else resetConnection(request.raw.socket)
  },
  onResponse(parameters, { reply, body }) {
    if (body === undefined) return undefined
    const sizeBytes = sizeOf(reply, body)
    reply.header('content-length', sizeBytes)
    const count = parameters.when === 'mid-body' ? (parameters.afterBytes ?? Math.floor(sizeBytes / 2)) : 0
    const chunks = thenClosed(sentPart(readableOf(body), count), reply, resetConnection)
    // With read-ahead, bytes could be written after the reset.
    return Readable.from(chunks, { objectMode: false, highWaterMark: 1 })
  },
})

function isAnswered({ when }: Parameters): boolean {
  return when === 'after-headers' || when === 'mid-body'
}

function sentPart(body: Readable, count: number): AsyncIterable<Buffer> {
  if (count > 0) return firstBytes(body, count)
  body.destroy()
  return Readable.from([])
}
