// Fault `length`: a download whose length is not announced, or announced wrongly.
import { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import type { DownloadPlan } from '../../../archives/download.ts'
import { thenClosed } from '../closing.ts'
import { firstParts, lengthOf, partOf, unchanged, withHeaders } from '../downloads.ts'
import { faultKind } from '../kind.ts'

const MAX_DIFFERENCE = 65_536

const difference = (description: string) =>
  Type.Integer({ minimum: -MAX_DIFFERENCE, maximum: MAX_DIFFERENCE, description })

const Framing = Type.Object(
  {
    contentLength: literals(['missing', 'chunked', 'unterminated', 'file'], {
      description:
        'missing: the body ends where the connection is closed; chunked: complete, in chunks; unterminated: in chunks, and ' +
        'closed without the last one; file: the size of the whole file, also for a part of it',
    }),
    bytes: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Bytes of the body that are sent; all of them when left out' }),
    ),
  },
  { ...strict, description: 'Sends a download without Content-Length, or with that of the whole file.' },
)
const Announced = Type.Object(
  { announced: difference('How much larger Content-Length is than the body; smaller if negative') },
  { ...strict, description: 'Sends a download with a wrong Content-Length, and closes the connection after it.' },
)
const Body = Type.Object(
  { body: difference('How many bytes are sent beyond the announced part; fewer if negative') },
  {
    ...strict,
    description:
      'Sends more or fewer bytes of a file than Content-Range announces; Content-Length is that of the body.',
  },
)

export const length = faultKind({
  name: 'length',
  provokes: 'The end of the connection is taken for the end of the file, or bytes are counted wrongly.',
  forms: [Framing, Announced, Body],
  operationHappens: () => true,
  onDownload(parameters, download) {
    const { plan, source, reply } = download
    if (plan.status !== 200 && plan.status !== 206) return unchanged(download)
    if ('body' in parameters) return { plan: withOtherBody(plan, parameters.body), source }
    const announced = Number(plan.headers['Content-Length'])
    if ('announced' in parameters) {
      reply.header('connection', 'close')
      return { plan: withHeaders(plan, { 'Content-Length': Math.max(announced + parameters.announced, 0) }), source }
    }
    const { contentLength, bytes = announced } = parameters
    const sent = { ...plan, body: plan.body && firstParts(plan.body, bytes) }
    if (contentLength === 'file') {
      reply.header('connection', 'close')
      return { plan: withHeaders(sent, { 'Content-Length': source.sizeBytes }), source }
    }
    if (contentLength === 'missing') reply.raw.useChunkedEncodingByDefault = false
    return { plan: withHeaders(sent, { 'Content-Length': undefined }), source }
  },
  onResponse(parameters, { reply, body }) {
    const isUnterminated = 'contentLength' in parameters && parameters.contentLength === 'unterminated'
    if (!isUnterminated || !(body instanceof Readable)) return body
    const chunks = thenClosed(body, reply, socket => socket.destroy())
    return Readable.from(chunks, { objectMode: false, highWaterMark: 1 })
  },
})

function withOtherBody(plan: DownloadPlan, difference: number): DownloadPlan {
  if (!partOf(plan) || !plan.body) return plan
  const sizeBytes = Math.max(lengthOf(plan.body) + difference, 0)
  const body = difference > 0 ? [...plan.body, Buffer.alloc(difference)] : firstParts(plan.body, sizeBytes)
  return { ...withHeaders(plan, { 'Content-Length': sizeBytes }), body }
}
