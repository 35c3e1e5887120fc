// arcgis: what all of its jobs have in common, and the jobs of a sandbox. Synchronous; throws from the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import type { Scope } from '../../../http/scope.ts'
import type { Phase } from '../../../sandbox/jobs/plan.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import { catalogue } from '../errors.ts'

export const API = 'arcgis'

/** The first phase of a job; named like the status that clients see. */
export const SUBMITTED = 'SUBMITTED'
export const SUBMITTED_PHASE: Phase = { name: SUBMITTED, ms: 1_000 }

/** Longer jobs are canceled: documented for backups, whose limit the settings can change, and assumed for the others. */
export const DEFAULT_TIME_LIMIT_MS = 7_200_000

/** Where a job comes from; a part of the subject of every job. */
export const Origin = Type.Object({
  username: Type.String(),
  operationUri: Type.String({ description: 'The path of the operation that submitted the job' }),
})
export type Origin = Static<typeof Origin>

export function newJobId({ sandbox: { ids } }: Pick<Scope, 'sandbox'>): string {
  return `j${ids.uuid('arcgis/job')}`
}

/** Ids, in order of submission. */
export function listJobs({ sandbox }: Scope): string[] {
  return sandbox.jobs.ids(API)
}

/** The job after this poll, which under progression `polls:N` advances it. Throws UnknownJob. */
export function pollJob({ sandbox, now }: Scope, id: string): Job {
  const job = sandbox.jobs.find(API, id)
  if (!job) throw catalogue.error('UnknownJob', { message: `The job ${id} was not found.` })
  return sandbox.jobs.poll(job, now)
}
