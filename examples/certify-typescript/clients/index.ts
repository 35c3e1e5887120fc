// Clients for all drills: for each a correct one, and one for each mistake that the drill detects. Time is moved, never slept.
import { clientsByDrill as a9s } from './a9s.ts'
import { clientsByDrill as a9sBackups } from './a9s-backups.ts'
import { clientsByDrill as a9sPolling } from './a9s-polling.ts'
import { clientsByDrill as arcgis } from './arcgis.ts'
import { clientsByDrill as arcgisErrors } from './arcgis-errors.ts'
import { clientsByDrill as arcgisJobs } from './arcgis-jobs.ts'
import { clientsByDrill as disasterRecoveryFiles } from './disaster-recovery-files.ts'
import { clientsByDrill as downloadParts } from './download-parts.ts'
import { clientsByDrill as downloads } from './downloads.ts'
import { clientsByDrill as dscloud } from './dscloud.ts'
import { clientsByDrill as dscloudBackups } from './dscloud-backups.ts'
import { clientsByDrill as plans } from './plans.ts'
import { clientsByDrill as recoveryFiles } from './recovery-files.ts'
import type { DrillClients } from './session.ts'

export type { Answer, Attempt, Call, Client, DrillClients, Report, Run, Session } from './session.ts'

/** Those of the drills of downloads. */
export const downloadClients: Record<string, DrillClients> = { ...downloads, ...downloadParts }

export const clientsByDrill: Record<string, DrillClients> = {
  ...a9s,
  ...a9sBackups,
  ...a9sPolling,
  ...arcgis,
  ...arcgisErrors,
  ...arcgisJobs,
  ...disasterRecoveryFiles,
  ...downloadClients,
  ...dscloud,
  ...dscloudBackups,
  ...recoveryFiles,
  ...plans,
}
