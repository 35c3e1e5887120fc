// Fault `validators`: other or missing validators of a file, and conditions that are evaluated wrongly.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { unchanged, without, withValidators } from '../downloads.ts'
import { type FaultedDownload, faultKind } from '../kind.ts'

const CONDITIONS = ['if-match', 'if-none-match', 'if-range', 'if-modified-since', 'if-unmodified-since']

const Headers = Type.Object(
  {
    etag: Type.Optional(
      literals(['weak', 'missing', 'changed'], {
        description: 'weak: with W/; missing: none; changed: another one for the same bytes',
      }),
    ),
    lastModified: Type.Optional(
      literals(['missing', 'changed'], { description: 'missing: none; changed: a day later, for the same bytes' }),
    ),
  },
  { ...strict, description: 'Sends the file with another ETag or Last-Modified, or without.' },
)
const Conditions = Type.Object(
  {
    conditions: literals(['ignored', 'failed'], {
      description:
        'ignored: as if the request had none; failed: 412 if the request has If-Match or If-Unmodified-Since',
    }),
  },
  { ...strict, description: 'Ignores the conditions of the request, or answers 412 as if the file had changed.' },
)
type Parameters = Static<typeof Headers> | Static<typeof Conditions>

export const validators = faultKind({
  name: 'validators',
  provokes: 'Parts are joined without proof that they belong to the same version of the file.',
  forms: [Headers, Conditions],
  operationHappens: () => true,
  onDownload(parameters: Parameters, download) {
    const { request, plan, source, planFor } = download
    if ('conditions' in parameters) {
      if (parameters.conditions === 'ignored') return { plan: planFor(without(request.headers, ...CONDITIONS)), source }
      return isConditional(download) ? { plan: { status: 412, headers: {}, body: null }, source } : unchanged(download)
    }
    return { plan: withValidators(plan, parameters, source), source }
  },
})

function isConditional({ request: { headers } }: FaultedDownload): boolean {
  return headers['if-match'] !== undefined || headers['if-unmodified-since'] !== undefined
}
