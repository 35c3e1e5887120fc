// Fault `content-encoding`: a file that is compressed on its way, or that claims to be.
import { pipeline } from 'node:stream'
import { createGzip } from 'node:zlib'
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import type { Archive } from '../../../archives/archive.ts'
import { unchanged, withHeaders } from '../downloads.ts'
import { faultKind } from '../kind.ts'

const Compressed = Type.Object(
  {
    encoding: literals(['gzip', 'gzip, gzip'], { description: 'Once compressed, or twice' }),
  },
  {
    ...strict,
    description:
      'Compresses the whole file, or the requested part, whatever Accept-Encoding says; its length is not announced.',
  },
)
const Labelled = Type.Object(
  {
    label: literals(['gzip', 'identity', 'br'], { description: 'The value of Content-Encoding' }),
  },
  { ...strict, description: 'Sends the bytes of the file as they are, with a Content-Encoding.' },
)
type Parameters = Static<typeof Compressed> | Static<typeof Labelled>

export const contentEncoding = faultKind({
  name: 'content-encoding',
  provokes: 'Compressed bytes are saved as the file, or joined with bytes that are not compressed.',
  forms: [Compressed, Labelled],
  operationHappens: () => true,
  onDownload(parameters: Parameters, download) {
    const { plan, source } = download
    if (plan.status !== 200 && plan.status !== 206) return unchanged(download)
    if ('label' in parameters) return { plan: withHeaders(plan, { 'Content-Encoding': parameters.label }), source }
    const { encoding } = parameters
    const headers = { 'Content-Encoding': encoding, 'Content-Length': undefined }
    return { plan: withHeaders(plan, headers), source: compressed(source, encoding.split(', ').length) }
  },
})

function compressed(source: Archive, times: number): Archive {
  return {
    ...source,
    async *open(start, end) {
      let chunks: AsyncIterable<Uint8Array> = source.open(start, end)
      for (let count = 0; count < times; count++) chunks = gzipped(chunks)
      yield* chunks
    },
  }
}

function gzipped(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gzip = createGzip()
  // The reader of `gzip` sees its errors.
  pipeline(chunks, gzip, () => {})
  return gzip
}
