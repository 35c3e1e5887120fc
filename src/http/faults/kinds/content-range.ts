// Fault `content-range`: a Content-Range that is missing, malformed or wrong.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import type { DownloadPlan } from '../../../archives/download.ts'
import { partOf, unchanged, withHeaders } from '../downloads.ts'
import { faultKind } from '../kind.ts'

/** The largest offset of clients that use signed 64-bit integers has 19 digits. */
const DIGITS = '[0-9]{1,30}'

const Wrong = Type.Object(
  {
    how: literals(['missing', 'malformed', 'with-200'], {
      description:
        'missing: the header is left out; malformed: its offsets are not numbers; with-200: it is correct, but the status is 200',
    }),
  },
  { ...strict, description: 'Sends the requested part of a file without a valid Content-Range and status.' },
)
const Total = Type.Object(
  {
    total: Type.String({
      pattern: `^(\\*|${DIGITS})$`,
      description: 'The size of the file in Content-Range, or * for an unknown one',
    }),
  },
  { ...strict, description: 'Sends the requested part of a file with another total size in Content-Range.' },
)
const Higher = Type.Object(
  { add: Type.String({ pattern: `^${DIGITS}$`, description: 'How much larger both offsets and the total size are' }) },
  { ...strict, description: 'Sends the requested part of a file with huge numbers in Content-Range.' },
)
type Parameters = Static<typeof Wrong> | Static<typeof Total> | Static<typeof Higher>

export const contentRange = faultKind({
  name: 'content-range',
  provokes: 'Content-Range is not read, or an invalid one is taken for the requested part; large offsets overflow.',
  forms: [Wrong, Total, Higher],
  operationHappens: () => true,
  onDownload(parameters, download) {
    const { plan, source } = download
    const part = partOf(plan)
    return part ? { plan: changed(parameters, plan, part, source.sizeBytes), source } : unchanged(download)
  },
})

function changed(
  parameters: Parameters,
  plan: DownloadPlan,
  { start, end }: { start: number; end: number },
  sizeBytes: number,
): DownloadPlan {
  const withRange = (text: string | undefined) => withHeaders(plan, { 'Content-Range': text })
  if ('total' in parameters) return withRange(`bytes ${start}-${end - 1}/${parameters.total}`)
  if ('add' in parameters) {
    const [first, last, total] = [start, end - 1, sizeBytes].map(number => BigInt(number) + BigInt(parameters.add))
    return withRange(`bytes ${first}-${last}/${total}`)
  }
  if (parameters.how === 'with-200') return { ...plan, status: 200 }
  return withRange(parameters.how === 'missing' ? undefined : 'bytes start-end/size')
}
