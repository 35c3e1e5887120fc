// Fault `empty-body`: status and headers, but no body.
import { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { faultKind } from '../kind.ts'

export const emptyBody = faultKind({
  name: 'empty-body',
  provokes: 'An empty body is parsed as JSON, or saved as a backup.',
  forms: [
    Type.Object(
      {},
      { ...strict, description: 'The operation happens; its status and headers are sent without a body.' },
    ),
  ],
  operationHappens: () => true,
  onResponse(_parameters, { reply, body }) {
    if (body === undefined) return undefined
    if (body instanceof Readable) body.destroy()
    reply.removeHeader('content-length')
    return ''
  },
})
