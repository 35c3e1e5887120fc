// arcgis: the layout of release 10.9 below backuprestore, which the ArcGIS API for Python still uses.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { child } from '../frame.ts'
import { mayAdminister } from '../service/access.ts'
import * as service from '../service/backups.ts'
import { restoreBackup } from '../service/restores.ts'
import { DELETE, deleteBackup, RESTORE } from './backup.ts'
import { backupBody } from './backup-body.ts'
import { operation } from './operation.ts'
import { recoveryStatus } from './recovery.ts'
import { LEGACY_DIRECTORY } from './recovery-samples.ts'
import { resource } from './resource.ts'
import { BACKUPS, SUBMITTED_JOB } from './samples.ts'
import { jobLinks, originOf, SUCCEEDED, submitted } from './submitted.ts'

const LEGACY_PATH = '/system/disasterrecovery/backuprestore'
const BACKUP_PATH = `${LEGACY_PATH}/backups/:backupName`

const LAYOUT: Provenance = {
  behaviour: 'The path of release 10.9, deprecated at 10.9.1',
  mark: 'documented',
  source: 'Resource hierarchy',
}
const ANY_STORE: Provenance = {
  behaviour: 'A backup is searched for in the default store first, then in the others in order of registration',
  mark: 'inferred',
}

export function legacy(app: TypedApp): void {
  resource(app, {
    path: LEGACY_PATH,
    operationId: 'getBackupRestore',
    summary: 'Backup and Restore',
    description: 'The parent of the operations and the backups in the layout of release 10.9.',
    params: wire.ArcgisContextParams,
    allow: mayAdminister,
    response: {
      description: 'The names of its operations and resources.',
      schema: wire.ArcgisDirectory,
      documented: LEGACY_DIRECTORY,
    },
    provenance: [LAYOUT, { behaviour: 'The JSON; only the page is documented', mark: 'inferred' }],
    read: () => LEGACY_DIRECTORY,
    page: {
      shown: () => ({}),
      children: ({ resources }) => resources.map(child),
      operations: () => [
        { name: 'Get Status', path: 'status' },
        { name: 'Create Backup', path: 'backup' },
      ],
    },
  })
  recoveryStatus(app, {
    path: `${LEGACY_PATH}/status`,
    operationId: 'getLegacyStatus',
    variantOf: 'getDisasterRecoveryStatus',
  })
  operation(app, {
    path: `${LEGACY_PATH}/backup`,
    operationId: 'createLegacyBackup',
    variantOf: 'createBackup',
    summary: 'Create Backup',
    description: 'Creates a backup in the store that storeName names.',
    params: wire.ArcgisContextParams,
    body: wire.ArcgisLegacyCreateBackupForm,
    allow: mayAdminister,
    response: { description: 'The submitted job.', schema: wire.ArcgisJobSubmitted, documented: SUBMITTED_JOB },
    errors: ['UnknownStore', 'BackupExists'],
    provenance: [LAYOUT, { behaviour: 'storeName is required', mark: 'documented', source: 'Create Backup (10.9)' }],
    run: call => submitted(call, service.createBackup(call.scope, call.input.storeName, call.input, originOf(call))),
    page: { links: jobLinks },
  })
  legacyBackups(app)
}

function legacyBackups(app: TypedApp): void {
  resource(app, {
    path: `${LEGACY_PATH}/backups`,
    operationId: 'listLegacyBackups',
    variantOf: 'listBackups',
    summary: 'Backups',
    description: 'The backups in all registered stores.',
    params: wire.ArcgisContextParams,
    allow: mayAdminister,
    response: { description: 'The backups.', schema: wire.ArcgisBackupList, documented: BACKUPS },
    provenance: [LAYOUT, { behaviour: 'The backups of all registered stores, by store', mark: 'inferred' }],
    read: ({ scope }) => ({ backups: service.listAllBackups(scope).map(backupBody) }),
    page: { shown: () => ({}), children: ({ backups }) => backups.map(({ backupName }) => child(backupName)) },
  })
  resource(app, {
    path: BACKUP_PATH,
    operationId: 'getLegacyBackup',
    variantOf: 'getBackup',
    summary: 'Backup',
    description: 'A backup in one of the registered stores.',
    params: wire.ArcgisLegacyBackupParams,
    allow: mayAdminister,
    response: { description: 'The backup.', schema: wire.ArcgisBackup, documented: BACKUPS.backups[0] },
    errors: ['UnknownBackup'],
    provenance: [LAYOUT, ANY_STORE],
    read({ scope, params: { backupName } }) {
      return backupBody(service.findBackup(scope, service.findStoreOf(scope, backupName), backupName))
    },
    page: {
      title: ({ backupName }) => `Backup: ${backupName}`,
      operations: () => [
        { name: 'Delete Backup', path: 'delete' },
        { name: 'Restore Backup', path: 'restore' },
        { name: 'Validate Backup', path: 'validate' },
      ],
    },
  })
  operation(app, {
    path: `${BACKUP_PATH}/restore`,
    operationId: 'restoreLegacyBackup',
    variantOf: 'restoreBackup',
    params: wire.ArcgisLegacyBackupParams,
    body: wire.ArcgisRestoreBackupForm,
    ...RESTORE,
    provenance: [LAYOUT, ANY_STORE, ...RESTORE.provenance],
    run(call) {
      const { scope, params, input } = call
      const storeName = input.storeName ?? service.findStoreOf(scope, params.backupName)
      restoreBackup(scope, { storeName, name: params.backupName }, input, originOf(call))
      return SUCCEEDED
    },
  })
  operation(app, {
    path: `${BACKUP_PATH}/delete`,
    operationId: 'deleteLegacyBackup',
    variantOf: 'deleteBackup',
    params: wire.ArcgisLegacyBackupParams,
    body: wire.ArcgisDeleteBackupForm,
    ...DELETE,
    provenance: [LAYOUT, ANY_STORE, ...DELETE.provenance],
    run(call) {
      const { backupName } = call.params
      return deleteBackup(call, { storeName: service.findStoreOf(call.scope, backupName), backupName })
    },
    page: { links: jobLinks },
  })
  operation(app, {
    path: `${BACKUP_PATH}/validate`,
    operationId: 'validateLegacyBackup',
    summary: 'Validate Backup',
    description: 'Reports whether the backup can be restored.',
    params: wire.ArcgisLegacyBackupParams,
    body: wire.ArcgisForm,
    allow: mayAdminister,
    response: {
      description: 'Whether the backup can be restored.',
      schema: wire.ArcgisStoreValidation,
      documented: { isReady: true, status: 'success' },
    },
    errors: ['UnknownBackup'],
    provenance: [
      { behaviour: 'The operation', mark: 'client-code', source: 'ArcGIS API for Python' },
      { behaviour: 'The response is that of Validate Backup Store', mark: 'inferred' },
      ANY_STORE,
    ],
    run({ scope, params }) {
      service.findStoreOf(scope, params.backupName)
      return { isReady: true, ...SUCCEEDED }
    },
  })
}
