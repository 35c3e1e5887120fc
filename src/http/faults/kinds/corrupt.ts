// Fault `corrupt`: a file with one wrong byte.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import type { Archive } from '../../../archives/archive.ts'
import { withChunks } from '../downloads.ts'
import { faultKind } from '../kind.ts'

/** In both formats the eighth byte of the file is part of a header, and the tenth from the end is part of the directory. */
const HEADER_OFFSET = 8
const FOOTER_BYTES = 10

const Place = Type.Object(
  {
    where: literals(['header', 'entry', 'footer'], {
      description:
        'header: at the beginning of the archive; entry: in the middle of the content of its largest entry; footer: in its directory',
    }),
  },
  { ...strict, description: 'Sends the archive with one wrong byte, in every part of it that contains the byte.' },
)
const Offset = Type.Object(
  {
    offset: Type.Integer({ minimum: 0, description: 'Of the byte, in the file; nothing is changed beyond its end' }),
  },
  { ...strict, description: 'Sends the file with a wrong byte at an offset.' },
)
type Parameters = Static<typeof Place> | Static<typeof Offset>

export const corrupt = faultKind({
  name: 'corrupt',
  provokes: 'A damaged backup is kept, because its checksums were not compared.',
  forms: [Place, Offset],
  operationHappens: () => true,
  onDownload(parameters: Parameters, { plan, source }) {
    const offset = 'offset' in parameters ? parameters.offset : offsetOf(parameters.where, source)
    return { plan, source: withChunks(source, (chunk, at) => inverted(chunk, offset - at)) }
  },
})

function offsetOf(where: Static<typeof Place>['where'], source: Archive): number {
  const { sizeBytes } = source
  if (where === 'header') return Math.min(HEADER_OFFSET, sizeBytes)
  if (where === 'footer') return Math.max(sizeBytes - FOOTER_BYTES, 0)
  const [largest] = (source.entryRanges?.() ?? []).toSorted((a, b) => b.end - b.start - (a.end - a.start))
  return Math.floor(largest ? (largest.start + largest.end) / 2 : sizeBytes / 2)
}

/** A copy with the byte at the index inverted; the same chunk if the index is outside of it. */
function inverted(chunk: Uint8Array, index: number): Uint8Array {
  const byte = chunk[index]
  if (byte === undefined) return chunk
  const copy = Uint8Array.from(chunk)
  copy[index] = byte ^ 0xff
  return copy
}
