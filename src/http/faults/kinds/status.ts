// Fault `status`: a status and a body of the user's choice.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { faultKind } from '../kind.ts'
import { HEADER_TEXT } from '../parameters.ts'

export const status = faultKind({
  name: 'status',
  provokes: 'The body is parsed in the API’s error format though a proxy or gateway sent something else.',
  forms: [
    Type.Object(
      {
        status: Type.Integer({ minimum: 200, maximum: 599 }),
        body: Type.Optional(
          Type.Unknown({ description: 'Text is sent as it is, anything else as JSON; no body when left out' }),
        ),
        contentType: Type.Optional(
          Type.String({
            ...HEADER_TEXT,
            description: 'When left out: text/plain for text, application/json for anything else',
          }),
        ),
      },
      {
        ...strict,
        description:
          "Responds with any status and body, not in the API's own error format; the operation does not happen.",
      },
    ),
  ],
  operationHappens: () => false,
  onRequest({ status, body, contentType }, { reply }) {
    const isText = body === undefined || typeof body === 'string'
    reply.code(status).type(contentType ?? (isText ? 'text/plain' : 'application/json'))
    reply.send(isText ? (body ?? '') : JSON.stringify(body))
  },
})
