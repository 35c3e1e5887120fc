// Fault `entry-names`: an archive with an entry whose path leads out of the folder into which it is extracted.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { unchanged } from '../downloads.ts'
import { faultKind } from '../kind.ts'

export const entryNames = faultKind({
  name: 'entry-names',
  provokes: 'A restore writes files outside of its folder, because it trusts the names in the archive.',
  forms: [
    Type.Object(
      {},
      {
        ...strict,
        description:
          'Sends the archive with one more entry, a text with the path `../firedrill-escaped.txt`. Only armed on a server that was started with --allow-unsafe-archives, and never part of a plan or a drill.',
      },
    ),
  ],
  isUnsafe: true,
  operationHappens: () => true,
  check: (_parameters, api) =>
    !api || api.archives ? undefined : `fault entry-names has no effect: ${api.name} sends no archives`,
  onDownload(_parameters, download) {
    const unsafe = download.source.withEscapingEntry?.()
    return unsafe ? { plan: download.planFor(download.request.headers, unsafe), source: unsafe } : unchanged(download)
  },
})
