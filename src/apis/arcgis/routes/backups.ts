// arcgis: the resource that lists the backups of a store, and the operation that creates one.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import { child } from '../frame.ts'
import { mayAdminister } from '../service/access.ts'
import * as service from '../service/backups.ts'
import { findStore } from '../service/stores.ts'
import { backupBody } from './backup-body.ts'
import { operation } from './operation.ts'
import { resource } from './resource.ts'
import { BACKUPS, SUBMITTED_JOB } from './samples.ts'
import { jobLinks, originOf, submitted } from './submitted.ts'

const BACKUPS_PATH = '/system/disasterrecovery/stores/:storeName/backups'

export function backups(app: TypedApp): void {
  resource(app, {
    path: BACKUPS_PATH,
    operationId: 'listBackups',
    summary: 'Backups',
    description: 'The backups that have been created for an organization, in one backup store.',
    params: wire.ArcgisStoreParams,
    allow: mayAdminister,
    response: { description: 'The backups of the store.', schema: wire.ArcgisBackupList, documented: BACKUPS },
    errors: ['UnknownStore'],
    provenance: [
      { behaviour: 'Fields of a backup, and the two backups of backupStore', mark: 'documented' },
      { behaviour: 'In order of submission; failed and unfinished backups are not listed', mark: 'inferred' },
      {
        behaviour:
          'A backup past its retentionDate is listed until the system task backupRetentionCleaner runs, daily at 00:00 UTC',
        mark: 'inferred',
        source: 'Create Backup: "eligible for cleanup by a system task"; the name is from Update Backup Properties',
      },
    ],
    read: ({ scope, params }) => ({ backups: service.listBackups(scope, params.storeName).map(backupBody) }),
    page: {
      shown: ({ backups }) => Object.fromEntries(backups.map(backup => [backup.backupName, backup])),
      children: ({ backups }) => backups.map(({ backupName }) => child(backupName)),
      operations: () => [{ name: 'Create Backup', path: 'create' }],
    },
  })
  operation(app, {
    path: `${BACKUPS_PATH}/create`,
    operationId: 'createBackup',
    summary: 'Create Backup',
    description:
      'Creates a backup that can be restored in the event of data loss, data corruption, or deployment failures. The ' +
      "response's jobsUrl is the job resource that tracks the job's status.",
    params: wire.ArcgisStoreParams,
    body: wire.ArcgisCreateBackupForm,
    allow: mayAdminister,
    response: { description: 'The submitted job.', schema: wire.ArcgisJobSubmitted, documented: SUBMITTED_JOB },
    errors: ['UnknownStore', 'BackupExists'],
    provenance: [
      { behaviour: 'Parameters, the minimum of eight characters, and the response', mark: 'documented' },
      {
        behaviour: 'storeName is optional',
        mark: 'documented',
        source: 'the sample request; Create Backup (10.9.1): legacy',
      },
      {
        behaviour: 'A backup with retentionDate -1, or without one, never expires',
        mark: 'documented',
        source: 'Create Backup, Enterprise 10.9.1 and later',
      },
      {
        behaviour: 'HTTP status 200, not 202',
        mark: 'client-code',
        source: 'Esri/arcgis-gitops enterprise-admin-cli',
      },
      {
        behaviour: 'Stages and their approximate durations',
        mark: 'documented',
        source: 'Disaster Recovery > Status',
      },
      {
        behaviour: 'A name is unique in its store from submission on; it can be used again after the backup has failed',
        mark: 'inferred',
      },
      { behaviour: 'It captures the items as they are at submission', mark: 'inferred' },
      { behaviour: 'Several backups can run at the same time', mark: 'inferred' },
      { behaviour: 'A backup to a full volume fails in its object store stage', mark: 'inferred' },
    ],
    run: call => submitted(call, service.createBackup(call.scope, call.params.storeName, call.input, originOf(call))),
    page: {
      values({ scope, params }) {
        findStore(scope, params.storeName)
        return {}
      },
      links: jobLinks,
    },
  })
}
