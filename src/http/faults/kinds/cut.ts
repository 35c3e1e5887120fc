// Fault `cut`: a download whose connection ends early.
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import { resetConnection } from '../../connections.ts'
import { thenClosed } from '../closing.ts'
import { firstParts, lengthOf, unchanged, withValidators } from '../downloads.ts'
import { type FaultedDownload, faultKind } from '../kind.ts'

const fieldsOf = {
  how: Type.Optional(
    literals(['fin', 'rst', 'keep-alive'], {
      description:
        'fin (the default): the connection is closed; rst: it is reset; keep-alive: it stays open, as after a complete response',
    }),
  ),
}
const ofBodies = {
  ...fieldsOf,
  etag: Type.Optional(
    literals(['weak', 'missing'], { description: 'The ETag of the response; that of the file by default' }),
  ),
  lastModified: Type.Optional(Type.Literal('missing', { description: 'Leaves out Last-Modified' })),
}
const BeforeHeaders = Type.Object(
  {
    where: Type.Literal('before-headers'),
    how: Type.Optional(literals(['fin', 'rst'], { description: 'fin (the default): it is closed; rst: it is reset' })),
  },
  { ...strict, description: 'Ends the connection instead of a response; the operation does not happen.' },
)
const Place = Type.Object(
  {
    where: literals(['last-byte', 'entry'], {
      description:
        'last-byte: before the last byte of the response; entry: before the first entry of the archive after that',
    }),
    ...ofBodies,
  },
  { ...strict, description: 'Ends the response to a download at a certain place.' },
)
const Offset = Type.Object(
  {
    afterBytes: Type.Integer({ minimum: 0, description: 'Bytes of the body that are sent' }),
    ...ofBodies,
  },
  { ...strict, description: 'Ends the response to a download after a number of bytes, if it has more.' },
)
type Parameters = Static<typeof BeforeHeaders> | Static<typeof Place> | Static<typeof Offset>

export const cut = faultKind({
  name: 'cut',
  provokes: 'A part of a file is taken for the whole, or the client tries again for ever though nothing more arrives.',
  forms: [BeforeHeaders, Place, Offset],
  operationHappens: parameters => !isBeforeHeaders(parameters),
  onRequest(parameters, { request, next }) {
    if (isBeforeHeaders(parameters)) closeBy(parameters.how, request.raw.socket)
    else next()
  },
  onDownload(parameters, download) {
    const { plan, source, reply } = download
    if (!plan.body || isBeforeHeaders(parameters)) return unchanged(download)
    const body = firstParts(plan.body, sentBytes(parameters, download))
    if (lengthOf(body) === lengthOf(plan.body)) return unchanged(download)
    cutReplies.add(reply)
    return { plan: { ...withValidators(plan, parameters, source), body }, source }
  },
  onResponse(parameters, { reply, body }) {
    if (!cutReplies.has(reply) || !(body instanceof Readable) || parameters.how === 'keep-alive') return body
    const chunks = thenClosed(body, reply, socket => closeBy(parameters.how, socket))
    // With read-ahead, bytes could be written after the end.
    return Readable.from(chunks, { objectMode: false, highWaterMark: 1 })
  },
})

/** The responses of which a part is left out. */
const cutReplies = new WeakSet<FastifyReply>()

function isBeforeHeaders(parameters: Parameters): parameters is Static<typeof BeforeHeaders> {
  return 'where' in parameters && parameters.where === 'before-headers'
}

function closeBy(how: Parameters['how'], socket: Socket): void {
  if (how === 'rst') resetConnection(socket)
  else socket.destroy()
}

function sentBytes(
  parameters: Static<typeof Place> | Static<typeof Offset>,
  { plan, source }: FaultedDownload,
): number {
  if ('afterBytes' in parameters) return parameters.afterBytes
  const sizeBytes = lengthOf(plan.body ?? [])
  if (parameters.where === 'last-byte') return sizeBytes - 1
  const [first] = plan.body ?? []
  const start = first && 'start' in first ? first.start : 0
  const next = source.entryRanges?.().find(entry => entry.start > start)
  return next ? next.start - start : sizeBytes - 1
}
