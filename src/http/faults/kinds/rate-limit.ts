// Fault `rate-limit`: too many requests.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { sendGatewayPage } from '../gateway.ts'
import { faultKind } from '../kind.ts'

export const rateLimit = faultKind({
  name: 'rate-limit',
  provokes: 'Requests are repeated at once, without waiting as long as Retry-After says.',
  forms: [
    Type.Object(
      {
        retryAfterSeconds: Type.Optional(
          Type.Integer({ minimum: 0, description: 'Sent as Retry-After; no such header when left out' }),
        ),
      },
      {
        ...strict,
        description:
          "Responds with 429: the API's own error where it has one, else the page of an nginx in front of it.",
      },
    ),
  ],
  operationHappens: () => false,
  onRequest({ retryAfterSeconds }, { catalogue, reply, fail }) {
    const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
    const { rateLimited } = catalogue.conditions
    if (rateLimited !== undefined) fail(catalogue.error(rateLimited, { headers }))
    else sendGatewayPage(reply.headers(headers), 429)
  },
})
