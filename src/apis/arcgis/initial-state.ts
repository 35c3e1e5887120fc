// arcgis: what a new sandbox contains: the fixture's rows, the daily cleanup task, and earlier backups of full stores.

import fixture from '../../../fixtures/arcgis.json' with { type: 'json' }
import type { Outcome } from '../../../schemas/outcome.ts'
import { DAY_MS } from '../../sandbox/clock/durations.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { outcomeIn, submitBackup } from './service/backups.ts'
import { seedCleaner } from './service/tasks.ts'
import { type BackupStore, findBackup, listFullStores } from './state.ts'

export { fixture }

/** A user of the fixture with all privileges. */
export const DEMO = { username: 'siteadmin', password: 'siteadmin.pass1' }

/** Of the passcode `passcode`; made in advance, because making it takes a tenth of the time in which a server starts. */
const PASSCODE_HASH = 'scrypt$1024$8$1$gOOrymimoVvRiUPiUuRZnA$wl3ETmhzQ5fnftRRCiaTPk0ZpdH2TosrEa9dHMWShVg'

/** Runs after the rows of a document have been inserted; `at` is the start of the sandbox, epoch ms. */
export function seed(sandbox: Sandbox, at: number): void {
  seedCleaner(sandbox, DEMO.username, at)
  for (const store of listFullStores(sandbox.store)) seedFullStore(sandbox, store, at)
}

/** Two earlier backups: one that completed, and one that failed because the volume was full. */
function seedFullStore(sandbox: Sandbox, store: BackupStore, at: number): void {
  const earlier: { name: string; daysAgo: number; outcome: Outcome }[] = [
    { name: 'backup_that_fitted', daysAgo: 2, outcome: { result: 'success' } },
    { name: 'backup_too_many', daysAgo: 1, outcome: outcomeIn(store) },
  ]
  for (const { name, daysAgo, outcome } of earlier) {
    if (findBackup(sandbox.store, store.name, name)) continue
    const subject = {
      storeName: store.name,
      name,
      description: '',
      retentionAt: null,
      trigger: 'manual' as const,
      username: DEMO.username,
      operationUri: `/arcgis/admin/system/disasterrecovery/stores/${encodeURIComponent(store.name)}/backups/create`,
    }
    // Both have ended by the start of the sandbox, for all values of the server's options for jobs.
    const timing = { progression: { by: 'time' }, speed: 1 } as const
    submitBackup({ sandbox, now: at - daysAgo * DAY_MS }, subject, { outcome, passcodeHash: PASSCODE_HASH, timing })
  }
}
