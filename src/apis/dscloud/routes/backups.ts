// dscloud: the routes that list and create the backups of an application.
import * as wire from '../../../../schemas/dscloud.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { json } from '../../../http/responses.ts'
import { scopeOf } from '../../../http/scope.ts'
import { isoInstant } from '../../../sandbox/clock/clock.ts'
import { failuresOf } from '../errors.ts'
import * as service from '../service/backups.ts'
import { createBackup } from '../service/creation.ts'
import type { Backup } from '../state.ts'
import { LARGE_KEY, PLANS, SQUARE_CLOUD, security, tags, WITH_KEY } from './common.ts'
import { DOWNLOAD_HOST, downloadOriginOf } from './downloads.ts'

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
export function backupRoutes(app: TypedApp): void {
  listBackups(app)
  createBackups(app)
}

function listBackups(app: TypedApp): void {
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
        security,
        params: wire.DscloudAppParams,
        response: {
          200: json('The contents of the response.', wire.DscloudBackupList, { documented: LISTED }),
          ...failuresOf('ACCESS_DENIED', 'UPGRADE_REQUIRED', 'APP_NOT_FOUND'),
        },
        'x-provenance': [
          {
            behaviour: 'The response, its fields and their order; the raw key in Authorization',
            mark: 'documented',
          },
          ...PLANS,
          ...WITH_KEY,
          {
            behaviour: 'key is a checksum of the archive; a failed backup has size 0 and neither key nor modified',
            mark: 'upstream',
            source: 'pterodactyl/panel BackupTransformer, pterodactyl/wings backup checksum',
          },
          { behaviour: 'The checksum is SHA-1; documented rows keep their documented keys instead', mark: 'inferred' },
          LARGE_KEY,
          { behaviour: 'Times are in +01:00 all year, as in the documented rows', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    request => {
      const backups = service.listBackups(scopeOf(request), request.params.app_id)
      return backups instanceof Promise ? backups.then(listOf) : listOf(backups)
    },
  )
}

const CREATED: wire.DscloudBackupCreated = {
  status: 'success',
  response: {
    url: `https://${DOWNLOAD_HOST}/23457145698959364_Backup%20at%202024-12-07%2022%3A07%3A11.zip?85592d2b15ff867407964790224dcbb3a95ce82b`,
    key: '85592d2b15ff867407964790224dcbb3a95ce82b',
  },
}

function createBackups(app: TypedApp): void {
  app.post(
    '/apps/:app_id/backups',
    {
      schema: {
        operationId: 'createApplicationBackup',
        summary: 'Create an Application Backup',
        description:
          'Starts a backup. It is listed at once, and can be downloaded when its is_successful is true. Exclusive route for ' +
          'Silver and higher plans, such as Titanium and Essential.',
        tags,
        security,
        params: wire.DscloudAppParams,
        response: {
          200: json('Where the backup will be.', wire.DscloudBackupCreated, { upstream: CREATED }),
          ...failuresOf(
            'BAD_REQUEST',
            'ACCESS_DENIED',
            'UPGRADE_REQUIRED',
            'APP_NOT_FOUND',
            'KEEP_CALM',
            'DAILY_SNAPSHOTS_LIMIT_REACHED',
            'PAYLOAD_TOO_LARGE',
            'UNSUPPORTED_MEDIA_TYPE',
          ),
        },
        'x-provenance': [
          { behaviour: 'The path, and url and key in the response', mark: 'upstream', source: SQUARE_CLOUD },
          {
            behaviour:
              'With --dscloud-limits: one backup of an app per minute, twelve in 24 hours; the codes of such limits',
            mark: 'upstream',
            source: SQUARE_CLOUD,
          },
          {
            behaviour: 'Which code belongs to which of these limits, with status 429 and Retry-After',
            mark: 'inferred',
          },
          {
            behaviour: 'While it is made, a backup has size 0, neither key nor modified, and is_successful false',
            mark: 'upstream',
            source: 'pterodactyl/panel BackupTransformer',
          },
          {
            behaviour: 'The name is Backup at and the local time',
            mark: 'upstream',
            source: 'pterodactyl/panel InitiateBackupService',
          },
          { behaviour: 'A backup takes nine seconds, as two of the documented ones did', mark: 'inferred' },
          LARGE_KEY,
          { behaviour: 'Size and contents; the key is known before the backup is finished', mark: 'inferred' },
          ...PLANS,
          ...WITH_KEY,
        ] satisfies Provenance[],
      },
    },
    async (request): Promise<wire.DscloudBackupCreated> => {
      const scope = scopeOf(request)
      const { accountId, name, key } = await createBackup(scope, request.params.app_id)
      const url = `${downloadOriginOf(scope.origin)}/${accountId}_${encodeURIComponent(name)}.zip?${key}`
      return { status: 'success', response: { url, key } }
    },
  )
}

function listOf(backups: Backup[]): wire.DscloudBackupList {
  return { status: 'success', response: backups.map(toWire) }
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
  const ahead = Math.abs(utcOffsetMinutes)
  const hours = String(Math.floor(ahead / 60)).padStart(2, '0')
  const minutes = String(ahead % 60).padStart(2, '0')
  return `${isoInstant(instant + utcOffsetMinutes * 60_000).slice(0, 19)}${sign}${hours}:${minutes}`
}
