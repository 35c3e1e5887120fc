// dscloud: the route that downloads backups, on a host of its own.
import * as wire from '../../../../schemas/dscloud.ts'
import { sendDownload } from '../../../http/download.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { empty, partOf } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { failuresOf } from '../errors.ts'
import { optionsOf } from '../options.ts'
import * as service from '../service/backups.ts'
import { COMMON, LARGE_KEY, tags } from './common.ts'

export const DOWNLOAD_HOST = 'backups.dscloud.pt'

const API_ORIGIN = /^(https?:\/\/)api\.dscloud\.pt(?=[:/]|$)/i

/** Where downloads are for a client that reaches the API at `origin`: on the vendor's download host if it uses the vendor's hosts. */
export function downloadOriginOf(origin: string): string {
  return API_ORIGIN.test(origin) ? origin.replace(API_ORIGIN, `$1${DOWNLOAD_HOST}`) : `${origin}/${DOWNLOAD_HOST}`
}

const ARCHIVE = { 'application/zip': { schema: wire.DscloudArchive } }

export function downloadRoutes(app: TypedApp): void {
  app.get(
    '/:file',
    {
      schema: {
        operationId: 'downloadApplicationBackup',
        summary: 'Download an Application Backup',
        description:
          'On the host backups.dscloud.pt the path is /{accountID}_{name}.zip alone. The key of the backup is the whole query ' +
          'string, `?{key}`, without a name; `?{key}=`, as libraries send it, means the same.',
        tags,
        security: [],
        params: wire.DscloudFileParams,
        querystring: wire.DscloudKeyQuery,
        response: {
          200: { description: 'The whole archive.', content: ARCHIVE },
          206: partOf(ARCHIVE),
          304: empty('The client already has this archive.'),
          ...failuresOf(
            'WRONG_KEY',
            'BACKUP_NOT_FOUND',
            'BACKUP_DATA_NOT_FOUND',
            'PRECONDITION_FAILED',
            'RANGE_NOT_SATISFIABLE',
          ),
        },
        'x-provenance': [
          { behaviour: 'The form of the URL; the size is that in the list', mark: 'documented' },
          {
            behaviour:
              'The key is the SHA-1 of the bytes, except for documented rows, which keep theirs; equal keys mean equal bytes',
            mark: 'inferred',
          },
          LARGE_KEY,
          { behaviour: '`?{key}=` means `?{key}`', mark: 'inferred', source: 'what URLSearchParams and requests send' },
          ...COMMON,
          {
            behaviour: 'The codes BACKUP_NOT_FOUND and BACKUP_DATA_NOT_FOUND; a zip as an attachment',
            mark: 'upstream',
            source: 'VertraCloud, a related product: download of a backup',
          },
          { behaviour: 'Only the key is needed, no Authorization; 403 for a wrong or missing key', mark: 'inferred' },
          { behaviour: 'Ranges, conditions, validators and HEAD', mark: 'inferred', source: 'RFC 9110' },
          { behaviour: 'The contents of the archive', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    async (request, reply) => {
      const scope = scopeOf(request)
      const { file } = request.params
      const archive = await service.openBackup(scope, file, keyOf(request.url))
      const personality = optionsOf(scope.sandbox.settings).downloadPersonality
      return sendDownload(request, reply, { file, archive, personality, refuse: service.refuseDownload })
    },
  )
}

/**
 * The key is the whole query string as sent. Libraries that build queries treat it as the name of a parameter without a value
 * and append an equals sign.
 */
export function keyOf(url: string): string | undefined {
  return /\?(.*?)=?$/s.exec(url)?.[1]
}
