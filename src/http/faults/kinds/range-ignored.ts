// Fault `range-ignored`: the whole file is sent, with status 200, to a request for a part of it.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { faultKind } from '../kind.ts'

export const rangeIgnored = faultKind({
  name: 'range-ignored',
  provokes: 'The whole file is appended to the part that the client already has.',
  forms: [
    Type.Object(
      {},
      {
        ...strict,
        description:
          'Responds to a request for a part of a file with the whole file; other responses are not changed. The conditions of the request still apply.',
      },
    ),
  ],
  operationHappens: () => true,
  onDownload(_parameters, { request, source, planFor }) {
    const { range, ...headers } = request.headers
    return { plan: planFor(headers), source }
  },
})
