// Fault `other-version`: the file has other bytes than before.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import type { Archive } from '../../../archives/archive.ts'
import { withChunks, without } from '../downloads.ts'
import { faultKind } from '../kind.ts'

export const otherVersion = faultKind({
  name: 'other-version',
  provokes: 'Bytes of two versions are joined to one file.',
  forms: [
    Type.Object(
      {
        etag: Type.Optional(
          literals(['changed', 'same'], { description: 'changed (the default), or the same as that of the file' }),
        ),
        ifRange: Type.Optional(
          literals(['evaluated', 'ignored'], {
            description: 'ignored: a part is sent although If-Range names the other version; evaluated by default',
          }),
        ),
      },
      {
        ...strict,
        description:
          'Sends another version of the file: of the same size, with every byte inverted, modified a second later.',
      },
    ),
  ],
  operationHappens: () => true,
  onDownload({ etag = 'changed', ifRange = 'evaluated' }, { request, source, planFor }) {
    const other = otherVersionOf(source, etag === 'same' ? source.etag : `"other-${source.etag.slice(1)}`)
    const headers = ifRange === 'ignored' ? without(request.headers, 'if-range') : request.headers
    return { plan: planFor(headers, other), source: other }
  },
})

function otherVersionOf(source: Archive, etag: string): Archive {
  const inverted = withChunks(source, chunk => chunk.map(byte => byte ^ 0xff))
  return { ...inverted, etag, lastModified: source.lastModified + 1000 }
}
