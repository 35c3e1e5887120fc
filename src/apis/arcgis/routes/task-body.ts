// arcgis: the vendor's JSON for scheduled tasks and their runs, with its fields in the documented order.
import type { ArcgisRun, ArcgisTask } from '../../../../schemas/arcgis.ts'
import type { Scope } from '../../../http/scope.ts'
import { cronExpression } from '../service/cron.ts'
import { PORTAL_ID } from '../service/portal.ts'
import type { CurrentRun } from '../service/runs.ts'
import { nextRunAt, runInterval } from '../service/schedules.ts'
import type { Task } from '../state.ts'

const UNLIMITED = -1

export function taskBody(scope: Scope, task: Task): ArcgisTask {
  const isActive = nextRunAt(scope, task) !== undefined
  const { minute, hour, dayOfMonth, month, dayOfWeek } = task.cron
  return {
    generation: task.generation,
    created: task.createdAt,
    active: isActive,
    ownerId: scope.sandbox.ids.bytes(`arcgis/user/${task.owner}`, 16).toString('hex'),
    type: task.type === 'backup' ? 'CREATE_BACKUP_TASK_TYPE' : 'BACKUP_RETENTION_CLEANER_TASK_TYPE',
    orgId: PORTAL_ID,
    cronSchedule: { dayOfWeek, hour, month, dayOfMonth, minute },
    cronExpression: cronExpression(task.cron),
    runIntervalSeconds: Math.round(runInterval(scope, task) / 1000),
    taskType: task.type === 'backup' ? 'CreateBackup' : 'BackupRetentionCleaner',
    taskState: isActive ? 'active' : 'paused',
    taskTitle: task.title,
    maxOccurrences: task.maxRuns ?? UNLIMITED,
    id: task.id,
    ...(task.lastRunAt !== null && { lastStart: task.lastRunAt }),
    ...parametersOf(task),
    updated: task.updatedAt,
    taskId: task.id,
    ...(task.startsAt !== null && { startDate: task.startsAt }),
    ...(task.endsAt !== null && { endDate: task.endsAt }),
  }
}

/** Only a hash of the passcode is stored. */
function parametersOf({ backup }: Task): Pick<ArcgisTask, 'parameters'> {
  if (!backup) return {}
  const { namePrefix, storeName, retentionMs, metadata } = backup
  return {
    parameters: {
      itemId: '',
      ...(metadata !== null && { metaData: metadata }),
      ...(retentionMs !== null && { retentionOffset: retentionMs }),
      name: namePrefix,
      storeName,
      passcode: '********',
    },
  }
}

export function runBody(task: ArcgisTask, { run, status, result, modifiedAt }: CurrentRun): ArcgisRun {
  return { result, task, created: run.createdAt, modified: modifiedAt, runId: run.id, url: '', status }
}
