// Fault `dribble`: a body that arrives slowly, a little at a time.
import { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { readableOf, sendHead, sizeOf } from '../bodies.ts'
import { faultKind } from '../kind.ts'
import { clockField, waitOf } from '../waiting.ts'

const PIECES_PER_SECOND = 10

export const dribble = faultKind({
  name: 'dribble',
  provokes:
    'A timeout for the whole download ends one that is slow but progresses, or there is no lowest speed at all.',
  forms: [
    Type.Object(
      {
        bytesPerSecond: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Of the body' }),
        ...clockField,
      },
      {
        ...strict,
        description: 'The operation happens; its body is sent at a low speed, in up to ten pieces per second.',
      },
    ),
  ],
  operationHappens: () => true,
  onResponse({ bytesPerSecond, clock = 'real' }, { reply, body, scope, hold }) {
    if (body === undefined || reply.request.method === 'HEAD') return body
    reply.header('content-length', sizeOf(reply, body))
    const pieceBytes = Math.ceil(bytesPerSecond / PIECES_PER_SECOND)
    const ms = (pieceBytes / bytesPerSecond) * 1000
    let from = scope.sandbox.clock.now()
    const pause = () => {
      sendHead(reply)
      return new Promise<void>(resolve => {
        hold(waitOf(scope, clock, { from, ms }), resolve)
        from += ms
      })
    }
    return Readable.from(pieces(readableOf(body), pieceBytes, pause), { objectMode: false, highWaterMark: 1 })
  },
})

/** Each piece after a pause. */
async function* pieces(body: Readable, pieceBytes: number, pause: () => Promise<void>): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      await pause()
      yield chunk.subarray(at, at + pieceBytes)
    }
  }
}
