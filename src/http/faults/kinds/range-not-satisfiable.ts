// Fault `range-not-satisfiable`: 416 for a part that the file has.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { unchanged } from '../downloads.ts'
import type { FaultedDownload } from '../kind.ts'
import { faultKind } from '../kind.ts'

export const rangeNotSatisfiable = faultKind({
  name: 'range-not-satisfiable',
  provokes:
    'Status 416 is taken for the end of the file, whatever size Content-Range states; or a complete file is discarded.',
  forms: [
    Type.Object(
      {
        total: Type.Optional(
          literals(['correct', 'requested', 'smaller', 'malformed', 'missing'], {
            description:
              'The size in Content-Range: that of the file (correct, the default); the offset that was requested, as if the ' +
              'file ended there; half of it, as if the file had become smaller; a header without bytes and slash; or no header',
          }),
        ),
      },
      { ...strict, description: "Answers a request with Range with the API's own error for status 416." },
    ),
  ],
  operationHappens: () => true,
  onDownload({ total = 'correct' }, download) {
    const { request, source } = download
    if (request.headers.range === undefined) return unchanged(download)
    const contentRange = contentRangeOf(total, download)
    const headers = { 'Accept-Ranges': 'bytes', ...(contentRange !== undefined && { 'Content-Range': contentRange }) }
    return { plan: { status: 416, headers, body: null }, source }
  },
})

function contentRangeOf(total: string, { source: { sizeBytes }, plan }: FaultedDownload): string | undefined {
  const [, first = sizeBytes] = /^bytes (\d+)-/.exec(String(plan.headers['Content-Range'] ?? '')) ?? []
  switch (total) {
    case 'missing':
      return undefined
    case 'malformed':
      return `*/${sizeBytes}`
    case 'requested':
      return `bytes */${first}`
    case 'smaller':
      return `bytes */${Math.floor(Number(first) / 2)}`
    default:
      return `bytes */${sizeBytes}`
  }
}
