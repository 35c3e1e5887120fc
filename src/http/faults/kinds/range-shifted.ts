// Fault `range-shifted`: a part of the file that starts earlier or later than the requested one.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { partOf, unchanged, withHeaders } from '../downloads.ts'
import { faultKind } from '../kind.ts'

export const rangeShifted = faultKind({
  name: 'range-shifted',
  provokes:
    'A part is stored at the offset that was requested, without a look at the offset that Content-Range states.',
  forms: [
    Type.Object(
      {
        bytes: Type.Integer({
          minimum: -1_000_000_000_000,
          maximum: 1_000_000_000_000,
          description: 'How much later the part starts; earlier if negative; within the file',
        }),
        contentRange: Type.Optional(
          literals(['sent', 'requested'], {
            description:
              'The part that Content-Range describes: the one that is sent (the default), or the one that was requested',
          }),
        ),
      },
      { ...strict, description: 'Answers a request for a part of a file with 206 and a part that starts elsewhere.' },
    ),
  ],
  operationHappens: () => true,
  onDownload({ bytes, contentRange = 'sent' }, download) {
    const { plan, source } = download
    const part = partOf(plan)
    if (!part) return unchanged(download)
    const start = Math.min(Math.max(part.start + bytes, 0), source.sizeBytes - 1)
    const end = contentRange === 'sent' ? Math.max(part.end, start + 1) : start + part.end - part.start
    const sent = { start, end: Math.min(end, source.sizeBytes) }
    const headers = {
      'Content-Length': sent.end - sent.start,
      ...(contentRange === 'sent' && { 'Content-Range': `bytes ${sent.start}-${sent.end - 1}/${source.sizeBytes}` }),
    }
    return { plan: { ...withHeaders(plan, headers), body: plan.body && [sent] }, source }
  },
})
