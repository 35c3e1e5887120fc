// Fault `accept-ranges`: an Accept-Ranges that does not say what the server does.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { withHeaders, without } from '../downloads.ts'
import { faultKind } from '../kind.ts'

export const acceptRanges = faultKind({
  name: 'accept-ranges',
  provokes: 'Accept-Ranges is trusted: the client never resumes, or expects a part though the whole file is sent.',
  forms: [
    Type.Object(
      {
        value: literals(['bytes', 'none', 'missing'], { description: 'The value of the header; missing: no header' }),
        ranges: literals(['honoured', 'ignored'], {
          description: 'What happens with Range: 206 with the part, or 200 with the whole file',
        }),
      },
      { ...strict, description: 'Sends the file with an Accept-Ranges that may be wrong.' },
    ),
  ],
  operationHappens: () => true,
  onDownload({ value, ranges }, { request, plan, source, planFor }) {
    const served = ranges === 'ignored' ? planFor(without(request.headers, 'range')) : plan
    return { plan: withHeaders(served, { 'Accept-Ranges': value === 'missing' ? undefined : value }), source }
  },
})
