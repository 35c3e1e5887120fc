// arcgis: the runs of scheduled tasks. Synchronous; throws from the catalogue.
import type { Scope } from '../../../http/scope.ts'
import { type JobStatus, jobAt } from '../../../sandbox/jobs/plan.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { API } from './jobs.ts'
import { findTask } from './tasks.ts'

type RunStatus = NonNullable<state.Run['status']>

/** A run with its status now. */
export interface CurrentRun {
  run: state.Run
  status: RunStatus
  result: string
  /** Epoch ms. */
  modifiedAt: number
}

/** In the order in which they started. Throws UnknownTask. */
export function listRuns(scope: Scope, taskId: string): CurrentRun[] {
  findTask(scope, taskId)
  return state.listRuns(scope.sandbox.store, taskId).map(run => currentRun(scope, run))
}

/** Throws UnknownTask and UnknownRun. */
export function findRun(scope: Scope, taskId: string, id: string): CurrentRun {
  return currentRun(scope, storedRun(scope, taskId, id))
}

function storedRun(scope: Scope, taskId: string, id: string): state.Run {
  findTask(scope, taskId)
  const run = state.findRun(scope.sandbox.store, taskId, id)
  if (!run) throw catalogue.error('UnknownRun', { message: `The run ${id} was not found.` })
  return run
}

function currentRun({ sandbox, now }: Scope, run: state.Run): CurrentRun {
  const job = run.jobId === null ? undefined : sandbox.jobs.find(API, run.jobId)
  if (run.status !== null || !job) {
    return { run, status: run.status ?? 'failed', result: run.result ?? '', modifiedAt: run.modifiedAt }
  }
  const status = jobAt(job, now)
  const modifiedAt = Math.max(run.modifiedAt, status.since)
  return { run, status: statusOf(status), result: run.result ?? resultOf(status, job.ending.reason), modifiedAt }
}

function statusOf({ state: of }: JobStatus): RunStatus {
  if (of === 'running') return 'executing'
  return of === 'completed' ? 'succeeded' : 'failed'
}

function resultOf({ state: of }: JobStatus, reason = 'The backup was not made.'): string {
  if (of === 'running') return ''
  return of === 'completed' ? 'Backup has been created.' : reason
}

/** What is given takes precedence over the job's own status. Throws UnknownTask and UnknownRun. */
export function updateRun(
  scope: Scope,
  taskId: string,
  id: string,
  changes: Partial<Pick<state.Run, 'status' | 'result'>>,
): void {
  const run = storedRun(scope, taskId, id)
  const { status = run.status, result = run.result } = changes
  state.updateRun(scope.sandbox.store, { ...run, status, result, modifiedAt: scope.now })
}

/** Throws UnknownTask and UnknownRun. */
export function deleteRun(scope: Scope, taskId: string, id: string): void {
  storedRun(scope, taskId, id)
  state.deleteRun(scope.sandbox.store, id)
}
