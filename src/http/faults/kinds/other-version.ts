// Fault `other-version`: the file has other bytes than before.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { strict } from '../../../../schemas/strict.ts'
import type { Archive } from '../../../archives/archive.ts'
import { type OtherValidators, withChunks, without, withValidators } from '../downloads.ts'
import { faultKind } from '../kind.ts'

export const otherVersion = faultKind({
  name: 'other-version',
  provokes: 'Bytes of two versions are joined to one file.',
  forms: [
    Type.Object(
      {
        etag: Type.Optional(
          literals(['changed', 'same', 'weak', 'missing'], {
            description: 'changed (the default); the same as that of the file; weak: the same with W/; or missing',
          }),
        ),
        lastModified: Type.Optional(
          Type.Literal('missing', { description: 'Leaves out Last-Modified, which is a second later otherwise' }),
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
  onDownload({ etag = 'changed', lastModified, ifRange = 'evaluated' }, { request, source, planFor }) {
    const other = otherVersionOf(source, etag === 'changed' ? `"other-${source.etag.slice(1)}` : source.etag)
    const headers = ifRange === 'ignored' ? without(request.headers, 'if-range') : request.headers
    const plan = planFor(headers, other)
    return {
      plan: withValidators(plan, { ...sentEtag(etag), ...(lastModified && { lastModified }) }, other),
      source: other,
    }
  },
})

function sentEtag(etag: string): OtherValidators {
  return etag === 'weak' || etag === 'missing' ? { etag } : {}
}

function otherVersionOf(source: Archive, etag: string): Archive {
  const inverted = withChunks(source, chunk => chunk.map(byte => byte ^ 0xff))
  return { ...inverted, etag, lastModified: source.lastModified + 1000 }
}
