// arcgis: what a scheduled task does when it runs. Synchronous.
import { isoInstant } from '../../../sandbox/clock/clock.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import * as state from '../state.ts'
import { isTaken, outcomeIn, submitBackup } from './backups.ts'
import { API } from './jobs.ts'
import { isRestoring } from './restores.ts'

/** The id of the task that removes backups, of which every organization has one. */
export const CLEANER = 'backupRetentionCleaner'

/** Makes a backup whose name has the time `at`, epoch ms. */
export function runBackup(sandbox: Sandbox, taskId: string, at: number): void {
  const task = state.findTask(sandbox.store, taskId)
  if (!task?.backup) {
    sandbox.jobs.disarm(API, taskId)
    return
  }
  const { namePrefix, storeName, passcodeHash, description, retentionMs } = task.backup
  const name = `${namePrefix}-${timestampOf(at)}`
  const store = state.findStore(sandbox.store, storeName)
  if (isRestoring({ sandbox, now: at })) {
    recordRun(sandbox, task, at, { status: 'skipped', result: 'The organization is being restored.' })
  } else if (!store?.isRegistered) {
    recordRun(sandbox, task, at, { status: 'submitfailed', result: `The backup store ${storeName} was not found.` })
  } else if (isTaken({ sandbox, now: at }, storeName, name)) {
    const result = `The backup store ${storeName} has a backup named ${name}.`
    recordRun(sandbox, task, at, { status: 'submitfailed', result })
  } else {
    const subject = {
      storeName,
      name,
      description,
      retentionAt: retentionMs === null ? null : at + retentionMs,
      trigger: 'scheduled' as const,
      username: task.owner,
      operationUri: task.operationUri,
    }
    const jobId = submitBackup({ sandbox, now: at }, subject, { outcome: outcomeIn(store), passcodeHash })
    recordRun(sandbox, task, at, { jobId })
  }
  if (task.maxRuns !== null && task.runCount + 1 >= task.maxRuns) sandbox.jobs.disarm(API, taskId)
}

/** UTC, to the second: 2021-10-26-22-00-46. */
function timestampOf(at: number): string {
  return isoInstant(at).slice(0, 19).replaceAll(/[T:]/g, '-')
}

/** A run is recorded only when it has removed something: the task runs daily in every sandbox. */
export function runCleaner(sandbox: Sandbox, at: number): void {
  const removed = state.deleteExpiredBackups(sandbox.store, at)
  const task = removed > 0 ? state.findTask(sandbox.store, CLEANER) : undefined
  if (task) recordRun(sandbox, task, at, { status: 'succeeded', result: `${removed} backups have been removed.` })
}

type RunResult = Partial<Pick<state.Run, 'jobId' | 'status' | 'result'>>

function recordRun({ store, ids }: Sandbox, task: state.Task, at: number, run: RunResult): void {
  const id = ids.uuid('arcgis/run').replaceAll('-', '')
  const unknown = { jobId: null, status: null, result: null }
  state.insertRun(store, { ...unknown, ...run, id, taskId: task.id, createdAt: at, modifiedAt: at })
  const { generation, runCount } = task
  state.updateTask(store, { ...task, generation: generation + 1, runCount: runCount + 1, updatedAt: at, lastRunAt: at })
}
