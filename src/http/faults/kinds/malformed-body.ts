// Fault `malformed-body`: a truncated or garbled body in a valid HTTP response.
import { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { firstBytes, sizeOf } from '../bodies.ts'
import { type FaultedBody, faultKind } from '../kind.ts'

export const malformedBody = faultKind({
  name: 'malformed-body',
  provokes: 'A body is used without checking that it is complete and valid.',
  forms: [
    Type.Object(
      {
        how: Type.Optional(
          literals(['truncated', 'garbled'], {
            description:
              'truncated (the default): only its first half, sent as the complete body; garbled: every byte inverted',
          }),
        ),
      },
      { ...strict, description: 'The operation happens; its body is truncated or garbled.' },
    ),
  ],
  operationHappens: () => true,
  onResponse({ how }, { reply, body }) {
    if (body === undefined) return undefined
    return how === 'garbled' ? garbled(body) : truncated(reply, body)
  },
})

function garbled(body: FaultedBody): FaultedBody {
  return body instanceof Readable ? Readable.from(invertedChunks(body), { objectMode: false }) : inverted(body)
}

async function* invertedChunks(body: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of body) yield inverted(chunk)
}

function inverted(bytes: string | Buffer): Buffer {
  return Buffer.from(Buffer.from(bytes).map(byte => byte ^ 0xff))
}

/** Content-Length is that of the sent body. */
function truncated(reply: FastifyReply, body: FaultedBody): FaultedBody {
  const half = Math.floor(sizeOf(reply, body) / 2)
  reply.header('content-length', half)
  if (!(body instanceof Readable)) return Buffer.from(body).subarray(0, half)
  return Readable.from(firstBytes(body, half), { objectMode: false })
}
