// disaster-recovery-files: the page that lists the files, and their downloads in the browser.
import * as wire from '../../../../schemas/disaster-recovery-files.ts'
import { sendPage } from '../../../http/html.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { empty, partOf } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { filesPage } from '../pages/files.ts'
import { frameOf } from '../pages/frame.ts'
import { requireDownloadAccess } from '../service/access.ts'
import * as files from '../service/files.ts'
import { ARCHIVE, DOWNLOADED, sendFile, TRANSFERS, tags, wireFiles } from './common.ts'
import { COMMON, page, security } from './web-common.ts'
import { pageFailures } from './web-errors.ts'
import { requireUser } from './web-session.ts'

const GUIDE = 'the Disaster Recovery Files guide'

export function viewFiles(app: TypedApp): void {
  const toWire = wireFiles()
  app.get(
    '/disaster-recovery-files',
    {
      onRequest: requireUser(requireDownloadAccess),
      schema: {
        operationId: 'viewDisasterRecoveryFiles',
        summary: 'View Disaster Recovery Files',
        description:
          'A page that lists the files that have not expired, newest first, each with its status and a link.',
        tags,
        security,
        response: { 200: page('The list.'), ...pageFailures('SignInRequired', 'NoDownloadAccess') },
        'x-provenance': [
          {
            behaviour: 'Filename and download link; green: downloaded; blue: saved',
            mark: 'documented',
            source: GUIDE,
          },
          { behaviour: 'Data-protection access is required', mark: 'documented', source: GUIDE },
          { behaviour: 'The other columns, the order, and grey for files that are not saved yet', mark: 'inferred' },
          ...COMMON,
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const scope = scopeOf(request)
      const listed = files.listFiles(scope, {}).map(file => toWire(file, scope.now))
      return sendPage(reply, filesPage(frameOf(request), listed))
    },
  )
}

export function downloadFile(app: TypedApp): void {
  app.get(
    '/disaster-recovery-files/:id',
    {
      onRequest: requireUser(requireDownloadAccess),
      schema: {
        operationId: 'downloadDisasterRecoveryFile',
        summary: 'Download a file in the web interface',
        description: 'The encrypted archive, as a download of the browser.',
        tags,
        security,
        params: wire.DisasterRecoveryFileParams,
        response: {
          200: { description: 'The archive.', content: ARCHIVE },
          206: partOf(ARCHIVE),
          304: empty('The client has this archive already.'),
          ...pageFailures(
            'SignInRequired',
            'NoDownloadAccess',
            'FileNotFound',
            'PreconditionFailed',
            'RangeNotSatisfiable',
          ),
        },
        'x-provenance': [DOWNLOADED, TRANSFERS, ...COMMON],
      },
    },
    (request, reply) => {
      const scope = scopeOf(request)
      return sendFile(request, reply, files.getFile(scope, request.params.id))
    },
  )
}
