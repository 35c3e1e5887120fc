// arcgis: the status and the settings of disaster recovery. Synchronous; throws from the catalogue.
import { RecoverySettings } from '../../../../schemas/arcgis.ts'
import type { Scope } from '../../../http/scope.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import * as state from '../state.ts'
import { API } from './jobs.ts'
import { parseJson } from './json.ts'
import { volumeOf } from './stores.ts'

/** The backup or restore that was submitted last, after this poll: under progression `polls:N` reading the status advances it. */
export function latestJob({ sandbox, now }: Scope): Job | undefined {
  const job = sandbox.jobs.latest(API, ['backup', 'restore'])
  return job && sandbox.jobs.poll(job, now)
}

export function readSettings({ sandbox }: Scope): state.Settings {
  return state.readSettings(sandbox.store)
}

/** Changes what the text, which is JSON, holds. Throws InvalidParameter. */
export function updateSettings({ sandbox, now }: Scope, text: string): void {
  const { stagingVolumeConfig, timeoutInSeconds } = parseJson('settings', RecoverySettings, text)
  const current = state.readSettings(sandbox.store)
  const staging = stagingVolumeConfig && {
    stagingVolume: volumeOf('settings.stagingVolumeConfig', stagingVolumeConfig),
    stagingUpdatedAt: now,
  }
  const timeoutSeconds = timeoutInSeconds ?? current.timeoutSeconds
  sandbox.store.transaction(() => state.saveSettings(sandbox.store, { ...current, ...staging, timeoutSeconds }))
}
