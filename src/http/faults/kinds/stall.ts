// Fault `stall`: a download that stops for a while, or for ever, while its connection stays open.
import { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { chunksAround, readableOf, sendHead, sizeOf } from '../bodies.ts'
import { faultKind } from '../kind.ts'
import { milliseconds } from '../parameters.ts'
import { clockField, ENDLESS, waitOf } from '../waiting.ts'

export const stall = faultKind({
  name: 'stall',
  provokes: 'There is no timeout for a body that stops, or a long pause is taken for the end.',
  forms: [
    Type.Object(
      {
        afterBytes: Type.Optional(
          Type.Integer({ minimum: 0, description: 'Bytes of the body to send first; half of the body when left out' }),
        ),
        ms: Type.Optional(milliseconds('How long it stops, in ms; until the client disconnects when left out')),
        ...clockField,
      },
      { ...strict, description: 'The operation happens; its body stops, and may continue after a time.' },
    ),
  ],
  operationHappens: () => true,
  onResponse({ afterBytes, ms, clock: kind = 'real' }, { reply, body, scope, hold }) {
    if (body === undefined || reply.request.method === 'HEAD') return body
    const sizeBytes = sizeOf(reply, body)
    reply.header('content-length', sizeBytes)
    const pause = () => {
      sendHead(reply)
      return new Promise<boolean>(resolve => {
        const from = scope.sandbox.clock.now()
        hold(ms === undefined ? ENDLESS : waitOf(scope, kind, { from, ms }), () => resolve(true))
      })
    }
    const chunks = chunksAround(readableOf(body), afterBytes ?? Math.floor(sizeBytes / 2), pause)
    // With read-ahead, bytes after the pause could be read before it ends.
    return Readable.from(chunks, { objectMode: false, highWaterMark: 1 })
  },
})
