// Fault `wrong-password`: an archive that is encrypted with another password than the known one.
import { Type } from '@sinclair/typebox'
import { strict } from '../../../../schemas/strict.ts'
import { unchanged } from '../downloads.ts'
import { type FaultedApi, faultKind } from '../kind.ts'

export const wrongPassword = faultKind({
  name: 'wrong-password',
  provokes: 'A backup is kept that cannot be opened, because it was never tested with its password.',
  forms: [
    Type.Object(
      {},
      {
        ...strict,
        description:
          'Sends the archive encrypted with another password: the known one with `-other` at its end. It has the same size and another ETag. Refused for an API whose archives are not encrypted.',
      },
    ),
  ],
  operationHappens: () => true,
  check: (_parameters, api) => (!api || api.archives?.areEncrypted ? undefined : notEncrypted(api)),
  onDownload(_parameters, download) {
    const other = download.source.encryptedOtherwise?.()
    return other ? { plan: download.planFor(download.request.headers, other), source: other } : unchanged(download)
  },
})

function notEncrypted({ name, archives }: FaultedApi): string {
  return `fault wrong-password has no effect: ${archives ? `the archives of ${name} are not encrypted` : `${name} sends no archives`}`
}
