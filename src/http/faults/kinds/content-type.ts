// Fault `content-type`: the body is declared to be something else.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { faultKind } from '../kind.ts'
import { HEADER_TEXT } from '../parameters.ts'

export const contentType = faultKind({
  name: 'content-type',
  provokes: 'The body is parsed without looking at its content type, or refused though it could be read.',
  forms: [
    Type.Object(
      { type: Type.Optional(Type.String({ ...HEADER_TEXT, description: 'text/html when left out' })) },
      { ...strict, description: 'The operation happens; its response declares another content type.' },
    ),
  ],
  operationHappens: () => true,
  onResponse({ type }, { reply, body }) {
    reply.header('content-type', type ?? 'text/html')
    return body
  },
})
