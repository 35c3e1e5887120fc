// Fault `truncate`: a file that ends early, in a correct response.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import type { Archive } from '../../../archives/archive.ts'
import { faultKind } from '../kind.ts'

export const truncate = faultKind({
  name: 'truncate',
  provokes: 'A file is taken for complete because its response was, without a look at its size or its content.',
  forms: [
    Type.Object(
      {
        bytes: Type.Optional(
          Type.Integer({ minimum: 0, description: 'The size of what is left; half of the file when left out' }),
        ),
      },
      {
        ...strict,
        description: 'Sends a file that ends early: all lengths and ranges are those of the shorter file.',
      },
    ),
  ],
  operationHappens: () => true,
  onDownload({ bytes }, { request, source, planFor }) {
    const shorter = firstOf(source, bytes ?? Math.floor(source.sizeBytes / 2))
    return { plan: planFor(request.headers, shorter), source: shorter }
  },
})

function firstOf(source: Archive, bytes: number): Archive {
  return { ...source, sizeBytes: Math.min(bytes, source.sizeBytes) }
}
