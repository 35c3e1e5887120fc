// Fault `proxy-error`: the HTML page of a proxy in front of the API.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { sendGatewayPage } from '../gateway.ts'
import { faultKind } from '../kind.ts'

export const proxyError = faultKind({
  name: 'proxy-error',
  provokes: 'An HTML page is parsed as JSON, or a temporary failure is taken for a permanent one.',
  forms: [
    Type.Object(
      {
        status: Type.Optional(literals([502, 503, 504], { description: '502 when left out' })),
      },
      {
        ...strict,
        description:
          'Responds with the HTML error page of an nginx in front of the API; the operation does not happen.',
      },
    ),
  ],
  operationHappens: () => false,
  onRequest({ status = 502 }, { reply }) {
    sendGatewayPage(reply, status)
  },
})
