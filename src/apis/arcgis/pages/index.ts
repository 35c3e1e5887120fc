// arcgis: maps operations to the pages that show their responses.
import type { Page } from '../../../http/html.ts'
import type { Frame } from '../frame.ts'
import { backupsPage, submittedPage } from './backups.ts'
import { jobPage, jobsPage } from './jobs.ts'
import { tokenPage } from './tokens.ts'

const pages: Record<string, (frame: Frame, answer: never) => Page> = {
  listBackups: backupsPage,
  listBackupsByPost: backupsPage,
  createBackup: submittedPage,
  listJobs: jobsPage,
  listJobsByPost: jobsPage,
  getJob: jobPage,
  getJobByPost: jobPage,
  generateToken: tokenPage,
}

/** The page for a response of the operation. Throws RangeError when it has none. */
export function pageOf(operationId: string | undefined, frame: Frame, answer: unknown): Page {
  const page = pages[operationId ?? '']
  if (!page) throw new RangeError(`no page shows ${operationId}`)
  return page(frame, answer as never)
}
