// Fault `multipart`: one part of a file in the format for several.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { lengthOf, partOf, unchanged, withHeaders } from '../downloads.ts'
import { faultKind } from '../kind.ts'

const BOUNDARY = 'FIREDRILL-BYTE-RANGES'

export const multipart = faultKind({
  name: 'multipart',
  provokes: 'The boundaries and headers of multipart/byteranges are saved as bytes of the file.',
  forms: [
    Type.Object(
      {
        contentRange: Type.Optional(
          literals(['present', 'missing'], { description: 'Whether the part states its range; present by default' }),
        ),
      },
      { ...strict, description: 'Sends the requested part of a file as multipart/byteranges with one part.' },
    ),
  ],
  operationHappens: () => true,
  onDownload({ contentRange = 'present' }, download) {
    const { plan, source } = download
    const part = partOf(plan)
    if (!part) return unchanged(download)
    const head = [
      `--${BOUNDARY}`,
      `Content-Type: ${source.mediaType}`,
      ...(contentRange === 'present' ? [`Content-Range: ${plan.headers['Content-Range']}`] : []),
      '',
      '',
    ]
    const body = [Buffer.from(head.join('\r\n')), part, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]
    const headers = {
      'Content-Type': `multipart/byteranges; boundary=${BOUNDARY}`,
      'Content-Length': lengthOf(body),
      'Content-Range': undefined,
    }
    return { plan: { ...withHeaders(plan, headers), body: plan.body && body }, source }
  },
})
