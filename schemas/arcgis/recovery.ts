// ArcGIS Enterprise Administrator API: the wire contract of the root, and of the status and settings of disaster recovery.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { strict } from '../strict.ts'
import { common, JsonText, Millis } from './common.ts'
import { StorageConfig } from './stores.ts'

export const ArcgisRoot = Type.Object(
  {
    fullVersion: Type.String({ examples: ['10.9.1'] }),
    resources: Type.Array(Type.String()),
    currentVersion: Type.Number({ examples: [10.91] }),
    status: Type.Object(
      {
        stages: Type.Array(
          Type.Object({ lastUpdated: Millis('When'), name: Type.String(), state: Type.String() }, strict),
        ),
        state: literals(['not_configured', 'in_progress', 'configured', 'failed', 'ready']),
        message: Type.Optional(Type.String()),
      },
      strict,
    ),
  },
  { $id: 'ArcgisRoot', ...strict },
)
export type ArcgisRoot = Static<typeof ArcgisRoot>

export const ArcgisSystem = Type.Object({}, { $id: 'ArcgisSystem', ...strict })

export const ArcgisDirectory = Type.Object(
  { operations: Type.Array(Type.String()), resources: Type.Array(Type.String()) },
  { $id: 'ArcgisDirectory', ...strict },
)
export type ArcgisDirectory = Static<typeof ArcgisDirectory>

const StatusStage = Type.Object(
  {
    duration: Type.String({ examples: ['50405 millis (~ 0 minutes)'] }),
    lastUpdated: Millis('When the stage last changed'),
    name: Type.String({ examples: ['Stage Object store'] }),
    state: literals(['in_progress', 'completed', 'failed']),
  },
  strict,
)

export const ArcgisRecoveryStatus = Type.Object(
  {
    status: Type.Object(
      {
        code: Type.Integer({
          description: '0 not_started, 1 in_progress, 2 failed, 3 success, 4 completed_with_warnings',
        }),
        scheduleType: Type.Optional(literals(['MANUAL', 'SCHEDULED'])),
        stages: Type.Array(StatusStage),
        completeTime: Type.Optional(Millis('When the job ended, 0 until then')),
        startTime: Type.Optional(Millis('When the job was submitted')),
        state: literals(['not_started', 'in_progress', 'success', 'completed_with_warnings', 'failed']),
        backupStore: Type.Optional(Type.String()),
        message: Type.String({ description: 'Why the job did not succeed' }),
        operation: Type.Optional(literals(['Backup', 'Restore'])),
        overallDuration: Type.Optional(Type.String({ examples: ['00hr:01min:04sec:221millisec'] })),
        backupName: Type.Optional(Type.String()),
      },
      strict,
    ),
  },
  { $id: 'ArcgisRecoveryStatus', ...strict },
)
export type ArcgisRecoveryStatus = Static<typeof ArcgisRecoveryStatus>

/** What the parameter settings of update holds. */
export const RecoverySettings = Type.Object({
  stagingVolumeConfig: Type.Optional(StorageConfig),
  timeoutInSeconds: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 2_592_000, description: 'After which a backup is cancelled' }),
  ),
})

const SETTINGS_EXAMPLE = {
  stagingVolumeConfig: { storageClass: 'default', size: '64Gi', provisioningType: 'DYNAMIC' },
  timeoutInSeconds: 7200,
}

export const ArcgisUpdateSettingsForm = Type.Object(
  { settings: JsonText(RecoverySettings, 'The settings to change', SETTINGS_EXAMPLE), ...common },
  { $id: 'ArcgisUpdateSettingsForm' },
)

export const ArcgisRecoverySettings = Type.Object(
  {
    stagingVolumeConfig: Type.Optional(
      Type.Object(
        {
          component: Type.Literal('DR_JOB'),
          storageClass: Type.String(),
          size: Type.String(),
          provisioningType: literals(['STATIC', 'DYNAMIC']),
          labels: Type.Optional(Type.Record(Type.String(), Type.String())),
          g: Millis('When the volume was configured; the name of the field is that of the sample'),
        },
        strict,
      ),
    ),
    timeoutInSeconds: Type.Optional(Type.Integer({ description: 'Present once it has been set' })),
  },
  { $id: 'ArcgisRecoverySettings', ...strict },
)
export type ArcgisRecoverySettings = Static<typeof ArcgisRecoverySettings>
