// Fault `hang`: there is no response.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { faultKind } from '../kind.ts'
import { ENDLESS } from '../waiting.ts'

export const hang = faultKind({
  name: 'hang',
  provokes: 'There is no timeout: the client waits forever.',
  forms: [
    Type.Object(
      {},
      {
        ...strict,
        description: 'Never responds; ends when the client disconnects, or the sandbox or the server closes.',
      },
    ),
  ],
  operationHappens: () => false,
  onRequest(_parameters, { request, hold }) {
    // The server notices that the client has disconnected only when the body has been read.
    request.raw.resume()
    hold(ENDLESS)
  },
})
