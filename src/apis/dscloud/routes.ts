// DS Cloud: the routes that list the backups of an application and download them.
import * as wire from '../../../schemas/dscloud.ts'
import { sendDownload } from '../../http/download.ts'
import type { TypedApp } from '../../http/mount.ts'
import type { Provenance } from '../../http/provenance.ts'
import { empty, json } from '../../http/responses.ts'
import { scopeOf } from '../../http/scope.ts'
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { failuresOf } from './errors.ts'
import * as service from './service.ts'
import type { Backup } from './state.ts'

const LISTED: wire.DscloudBackupList = {
  status: 'success',
  response: [
    {
      name: 'Backup at 2024-12-07 22:07:11',
      size: 81865653,
      modified: '2024-12-07T22:07:20+01:00',
      key: '85592d2b15ff867407964790224dcbb3a95ce82b',
      created_at: '2024-12-07T22:07:11+01:00',
      is_successful: true,
    },
    {
      name: 'Backup at 2024-12-07 22:28:26',
      size: 46478659,
      modified: '2024-12-07T22:28:26+01:00',
      key: '803d975bd5726c1f5771221fc59ec0f97e45fa12',
      created_at: '2024-12-07T22:28:48+01:00',
      is_successful: true,
    },
    {
      name: 'Backup at 2024-12-07 22:48:16',
      size: 81865653,
      modified: '2024-12-07T22:48:25+01:00',
      key: '85592d2b15ff867407964790224dcbb3a95ce82b',
      created_at: '2024-12-07T22:48:16+01:00',
      is_successful: true,
    },
  ],
}
const tags = ['dscloud']

const COMMON: Provenance[] = [
  {
    behaviour: 'Error body of status, code; codes in UPPER_SNAKE_CASE',
    mark: 'upstream',
    source: 'Square Cloud API, whose documentation the vendor adapted',
  },
  { behaviour: 'The message of an error; 404 for an unknown path, 405', mark: 'inferred' },
  {
    behaviour: '429 after too many requests; retry after 30 minutes',
    mark: 'documented',
    source: 'DS Cloud database restrictions',
  },
]

export function listRoutes(app: TypedApp): void {
  app.get(
    '/apps/:app_id/backups',
    {
      schema: {
        operationId: 'listApplicationBackups',
        summary: 'Get List of Application Backups',
        description:
          'The backups of an application, oldest first. Exclusive route for Silver and higher plans, such as Titanium and ' +
          'Essential. The URL to download a backup is https://backups.dscloud.pt/{accountID}_{name}.zip?{key}',
        tags,
        security: [{ dscloudApiKey: [] }],
        params: wire.DscloudAppParams,
        response: {
          200: json('The contents of the response.', wire.DscloudBackupList, { documented: LISTED }),
          ...failuresOf('ACCESS_DENIED', 'UPGRADE_REQUIRED', 'APP_NOT_FOUND'),
        },
        'x-provenance': [
          {
            behaviour: 'The response, its fields and their order; the raw key in Authorization; the plans',
            mark: 'documented',
          },
          ...COMMON,
          { behaviour: '401 ACCESS_DENIED; the codes UPGRADE_REQUIRED and APP_NOT_FOUND', mark: 'upstream' },
          {
            behaviour: 'Statuses 403 and 404; the plan is checked before the app; 404 for apps of other accounts',
            mark: 'inferred',
          },
          { behaviour: 'The part of the API key before the first dash is the account ID', mark: 'upstream' },
          {
            behaviour: 'key is a checksum of the archive; a failed backup has size 0 and neither key nor modified',
            mark: 'upstream',
            source: 'pterodactyl/panel BackupTransformer, pterodactyl/wings backup checksum',
          },
          { behaviour: 'The checksum is SHA-1; documented rows keep their documented keys instead', mark: 'inferred' },
          { behaviour: 'Times are in +01:00 all year, as in the documented rows', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    async request => {
      const backups = await service.listBackups(scopeOf(request), request.params.app_id)
      return { status: 'success', response: backups.map(toWire) }
    },
  )
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
          206: { description: 'The requested part of the archive.', content: ARCHIVE },
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
      const archive = await service.openBackup(scopeOf(request), request.params.file, keyOf(request.url))
      return sendDownload(request, reply, { archive, refuse: service.refuseDownload })
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

function toWire(backup: Backup): wire.DscloudBackup {
  const { name, sizeBytes, key, createdAt, modifiedAt, successful, utcOffsetMinutes } = backup
  return {
    name,
    size: sizeBytes,
    modified: modifiedAt === null ? null : localTime(modifiedAt, utcOffsetMinutes),
    key,
    created_at: localTime(createdAt, utcOffsetMinutes),
    is_successful: successful,
  }
}

/** ISO 8601 in whole seconds with an offset, which is the vendor's format. */
function localTime(instant: number, utcOffsetMinutes: number): string {
  const sign = utcOffsetMinutes < 0 ? '-' : '+'
  const ahead = isoInstant(Math.abs(utcOffsetMinutes) * 60_000).slice(11, 16)
  return `${isoInstant(instant + utcOffsetMinutes * 60_000).slice(0, 19)}${sign}${ahead}`
}
