// Fault `hang`: no response, ever.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { faultKind } from '../kind.ts'

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
    // Its body has to be read for its disconnection to be noticed.
    request.raw.resume()
    hold(() => () => {})
  },
})
