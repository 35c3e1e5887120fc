// arcgis: one backup: the resource, and the operations that restore, change and delete it.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { mayAdminister } from '../service/access.ts'
import * as service from '../service/backups.ts'
import { restoreBackup } from '../service/restores.ts'
import { backupBody } from './backup-body.ts'
import type { Call } from './call.ts'
import { operation } from './operation.ts'
import { resource } from './resource.ts'
import { BACKUPS } from './samples.ts'
import { jobLinks, originOf, SUCCEEDED, submitted, success } from './submitted.ts'

const BACKUP_PATH = '/system/disasterrecovery/stores/:storeName/backups/:backupName'
const STATUS = { name: 'Status', path: '/system/disasterrecovery/status' }

interface Path {
  storeName: string
  backupName: string
}

export function backup(app: TypedApp): void {
  resource(app, {
    path: BACKUP_PATH,
    operationId: 'getBackup',
    summary: 'Backup',
    description: 'A backup.',
    params: wire.ArcgisBackupParams,
    allow: mayAdminister,
    response: { description: 'The backup.', schema: wire.ArcgisBackup, documented: BACKUPS.backups[0] },
    errors: ['UnknownStore', 'UnknownBackup'],
    provenance: [
      { behaviour: 'The same fields as in the list', mark: 'documented', source: 'Backup' },
      { behaviour: 'A failed or unfinished backup is not found', mark: 'inferred' },
    ],
    read: ({ scope, params }) => backupBody(service.findBackup(scope, params.storeName, params.backupName)),
    page: {
      title: ({ backupName }) => `Backup: ${backupName}`,
      operations: () => BACKUP_OPERATIONS,
    },
  })
  operation(app, {
    path: `${BACKUP_PATH}/restore`,
    operationId: 'restoreBackup',
    params: wire.ArcgisBackupParams,
    body: wire.ArcgisRestoreBackupForm,
    ...RESTORE,
    run(call) {
      const { storeName, backupName } = call.params
      restoreBackup(call.scope, { storeName, name: backupName }, call.input, originOf(call))
      return SUCCEEDED
    },
    page: { values: requireBackup, related: () => [STATUS] },
  })
  operation(app, {
    path: `${BACKUP_PATH}/update`,
    operationId: 'updateBackup',
    summary: 'Update Backup Properties',
    description: 'Changes when the backup is eligible for cleanup.',
    params: wire.ArcgisBackupParams,
    body: wire.ArcgisUpdateBackupForm,
    allow: mayAdminister,
    response: success('The backup has been changed.'),
    errors: ['UnknownStore', 'UnknownBackup'],
    provenance: [
      { behaviour: 'retentionDate, and the response', mark: 'documented', source: 'Update Backup Properties' },
      { behaviour: 'Without retentionDate nothing changes', mark: 'inferred' },
    ],
    run({ scope, params, input }) {
      service.updateBackup(scope, params.storeName, params.backupName, input.retentionDate)
      return SUCCEEDED
    },
    page: { values: requireBackup },
  })
  operation(app, {
    path: `${BACKUP_PATH}/delete`,
    operationId: 'deleteBackup',
    params: wire.ArcgisBackupParams,
    body: wire.ArcgisDeleteBackupForm,
    ...DELETE,
    run: call => deleteBackup(call, call.params),
    page: { values: requireBackup, links: jobLinks },
  })
}

export const BACKUP_OPERATIONS = [
  { name: 'Delete Backup', path: 'delete' },
  { name: 'Restore Backup', path: 'restore' },
  { name: 'Update Backup', path: 'update' },
]

const RESTORE_PROVENANCE: Provenance[] = [
  { behaviour: 'passcode and the response', mark: 'documented', source: 'Restore Backup' },
  { behaviour: 'The organization is unavailable until the restore ends', mark: 'documented', source: 'Restore Backup' },
  {
    behaviour: 'While it is unavailable, all requests are answered 503, except for the status and for signing in',
    mark: 'inferred',
  },
  { behaviour: 'The items are those that existed when the backup was submitted', mark: 'inferred' },
  {
    behaviour: 'A wrong passcode is refused before the restore begins; the stages and their durations',
    mark: 'inferred',
  },
]

/** What the two paths of the operation have in common. */
export const RESTORE = {
  summary: 'Restore Backup',
  description:
    'Restores the organization to what the backup captured. It is unavailable until the restore has ended; the status of ' +
    'disaster recovery shows how far it is.',
  allow: mayAdminister,
  response: success('The restore has begun.'),
  errors: ['UnknownStore' as const, 'UnknownBackup' as const, 'WrongPasscode' as const],
  provenance: RESTORE_PROVENANCE,
}

const DELETE_PROVENANCE: Provenance[] = [
  { behaviour: 'async, and the response without it', mark: 'documented', source: 'Delete Backup' },
  { behaviour: 'The response with async=true; the backup is listed until the job has completed', mark: 'inferred' },
  { behaviour: 'The path below stores; the page documents the one below backuprestore', mark: 'inferred' },
]

/** What the two paths of the operation have in common. */
export const DELETE = {
  summary: 'Delete Backup',
  description: 'Deletes the backup, at once or by a job.',
  allow: mayAdminister,
  response: {
    description: 'Success, or the submitted job.',
    schema: wire.ArcgisBackupDeletion,
    documented: SUCCEEDED,
  },
  errors: ['UnknownStore' as const, 'UnknownBackup' as const],
  provenance: DELETE_PROVENANCE,
}

export function deleteBackup(call: Call<unknown, { async?: boolean }>, { storeName, backupName }: Path) {
  const { scope, input } = call
  if (input.async) return submitted(call, service.submitDelete(scope, storeName, backupName, originOf(call)))
  service.deleteBackup(scope, storeName, backupName)
  return SUCCEEDED
}

/** The form of an operation on a backup that does not exist is an error. */
function requireBackup({ scope, params }: Call<Path, unknown>) {
  service.findBackup(scope, params.storeName, params.backupName)
  return {}
}
