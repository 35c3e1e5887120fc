// arcgis: the resource Disaster Recovery, its status and its settings.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { child } from '../frame.ts'
import { mayAdminister } from '../service/access.ts'
import * as service from '../service/recovery.ts'
import { operation } from './operation.ts'
import { settingsBody, statusBody } from './recovery-body.ts'
import { DIRECTORY, RECOVERY_STATUS, SETTINGS } from './recovery-samples.ts'
import { resource } from './resource.ts'
import { SUCCEEDED, success } from './submitted.ts'

const RECOVERY_PATH = '/system/disasterrecovery'

const STATUS_PROVENANCE: Provenance[] = [
  { behaviour: 'Fields; code 3 and state success', mark: 'documented', source: 'Disaster Recovery > Status' },
  {
    behaviour: 'The states success, completed_with_warnings and failed; a client polls in any other state',
    mark: 'client-code',
    source: 'Esri/arcgis-gitops enterprise-admin-cli',
  },
  {
    behaviour:
      'The states not_started and in_progress, all other codes, the stages of a restore, and that a job without a result ' +
      'completes with warnings',
    mark: 'inferred',
  },
]

/** `path` and ids of the status of disaster recovery, which is served at two paths. */
export function recoveryStatus(app: TypedApp, at: { path: string; operationId: string; variantOf?: string }): void {
  resource(app, {
    ...at,
    summary: 'Status',
    duringRestore: true,
    description: 'The status of the backup or restore that was submitted last, and of its stages.',
    params: wire.ArcgisContextParams,
    allow: mayAdminister,
    response: {
      description: 'The status of the last job.',
      schema: wire.ArcgisRecoveryStatus,
      documented: RECOVERY_STATUS,
    },
    provenance: STATUS_PROVENANCE,
    read: ({ scope }) => statusBody(service.latestJob(scope), scope.now),
  })
}

export function recovery(app: TypedApp): void {
  resource(app, {
    path: RECOVERY_PATH,
    operationId: 'getDisasterRecovery',
    summary: 'Disaster Recovery',
    description: 'The parent of the backup stores and of the settings of disaster recovery.',
    params: wire.ArcgisContextParams,
    allow: mayAdminister,
    response: {
      description: 'The names of its operations and resources.',
      schema: wire.ArcgisDirectory,
      documented: DIRECTORY,
    },
    provenance: [{ behaviour: 'operations and resources', mark: 'documented', source: 'Disaster Recovery' }],
    read: () => DIRECTORY,
    page: {
      shown: () => ({}),
      children: ({ resources }) => resources.map(child),
      operations: () => [{ name: 'Get Status', path: 'status' }],
    },
  })
  recoveryStatus(app, { path: `${RECOVERY_PATH}/status`, operationId: 'getDisasterRecoveryStatus' })
  resource(app, {
    path: `${RECOVERY_PATH}/settings`,
    operationId: 'getDisasterRecoverySettings',
    summary: 'Disaster Recovery Settings',
    description: 'The staging volume of backups, and after how long a backup is cancelled.',
    params: wire.ArcgisContextParams,
    allow: mayAdminister,
    response: { description: 'The settings.', schema: wire.ArcgisRecoverySettings, documented: SETTINGS },
    provenance: [
      {
        behaviour: 'Fields of stagingVolumeConfig, including g, whose name is that of the sample',
        mark: 'documented',
        source: 'Disaster Recovery Settings',
      },
      {
        behaviour: 'stagingVolumeConfig is absent until it is configured',
        mark: 'client-code',
        source: 'Esri/arcgis-gitops enterprise-admin-cli',
      },
      { behaviour: 'timeoutInSeconds is present once it has been set', mark: 'inferred' },
    ],
    read: ({ scope }) => settingsBody(service.readSettings(scope)),
    page: { operations: () => [{ name: 'Update Settings', path: 'update' }] },
  })
  operation(app, {
    path: `${RECOVERY_PATH}/settings/update`,
    operationId: 'updateDisasterRecoverySettings',
    summary: 'Update Disaster Recovery Settings',
    description: 'Changes the staging volume of backups, and after how long a backup is cancelled.',
    params: wire.ArcgisContextParams,
    body: wire.ArcgisUpdateSettingsForm,
    allow: mayAdminister,
    response: success('The settings have been changed.'),
    provenance: [
      {
        behaviour:
          'The parameter settings; a backup that takes longer than timeoutInSeconds, by default two hours, is cancelled',
        mark: 'documented',
        source: 'Update Settings; Create a backup (Enterprise on Kubernetes help)',
      },
      { behaviour: 'The minimum of 16 GiB', mark: 'documented', source: 'Enterprise on Kubernetes help' },
      { behaviour: 'The response; that settings which are left out do not change', mark: 'inferred' },
    ],
    run({ scope, input }) {
      service.updateSettings(scope, input.settings)
      return SUCCEEDED
    },
    page: { related: () => [{ name: 'Settings', path: '/system/disasterrecovery/settings' }] },
  })
}
