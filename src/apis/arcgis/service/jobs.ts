// arcgis: the jobs of a sandbox. Synchronous; throws from the catalogue.
import type { Scope } from '../../../http/scope.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import { catalogue } from '../errors.ts'
import { API } from './backups.ts'

/** Ids, in order of submission. */
export function listJobs({ sandbox }: Scope): string[] {
  return sandbox.jobs.list(API).map(({ id }) => id)
}

/** The job after this poll, which under progression `polls:N` advances it. Throws UnknownJob. */
export function pollJob({ sandbox, now }: Scope, id: string): Job {
  const job = sandbox.jobs.find(API, id)
  if (!job) throw catalogue.error('UnknownJob', { message: `The job ${id} was not found.` })
  return sandbox.jobs.polled(job, now)
}
