// arcgis: scheduled tasks: backups, and the removal of backups past their retention date. Synchronous; throws from the catalogue.
import { BackupTaskParameters } from '../../../../schemas/arcgis.ts'
import type { Scope } from '../../../http/scope.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { cronExpression, cronProblem, nextTime } from './cron.ts'
import { API, type Origin } from './jobs.ts'
import { invalid, parseJson } from './json.ts'
import { hashPasscode } from './passcodes.ts'
import { arm, nextRunAt, RETENTION_KIND, retentionKind } from './schedules.ts'
import { findStore } from './stores.ts'
import { CLEANER } from './task-runs.ts'

/** Creates the task that removes backups past their retention date; `at` is the start of the sandbox, epoch ms. */
export function seedCleaner({ store, jobs }: Sandbox, owner: string, at: number): void {
  const task: state.Task = {
    id: CLEANER,
    type: 'retention',
    title: CLEANER,
    owner,
    operationUri: `/arcgis/admin/system/tasks/${CLEANER}`,
    createdAt: at,
    updatedAt: at,
    generation: 1,
    cron: { minute: '0', hour: '0', dayOfMonth: '*', month: '*', dayOfWeek: '?' },
    startsAt: null,
    endsAt: null,
    maxRuns: null,
    runCount: 0,
    lastRunAt: null,
    backup: null,
  }
  if (!state.findTask(store, CLEANER)) state.insertTask(store, task)
  const dueAt = retentionKind.next({}, at)
  if (dueAt !== undefined) jobs.arm({ api: API, id: CLEANER, kind: RETENTION_KIND, subject: {}, dueAt })
}

/** In order of creation. */
export function listTasks({ sandbox }: Scope): state.Task[] {
  return state.listTasks(sandbox.store)
}

/** Throws UnknownTask. */
export function findTask({ sandbox }: Scope, id: string): state.Task {
  const task = state.findTask(sandbox.store, id)
  if (!task) throw catalogue.error('UnknownTask', { message: `The task ${id} was not found.` })
  return task
}

export interface TaskRequest {
  title?: string
  /** JSON. */
  parameters: string
  /** Epoch ms. */
  startDate?: number
  endDate?: number
  maxOccurrences?: number
}

/** Creates a task that makes backups, and returns its id. Throws InvalidParameter and UnknownStore. */
export function createTask(
  scope: Scope,
  { cron, ...request }: TaskRequest & { cron: state.Cron },
  origin: Origin,
): string {
  const { sandbox, now } = scope
  checkCron(cron, now)
  const startsAt = request.startDate ?? null
  const endsAt = request.endDate ?? null
  checkPeriod({ startsAt, endsAt })
  return sandbox.store.transaction(() => {
    const id = sandbox.ids.uuid('arcgis/task').replaceAll('-', '')
    const backup = planOf(scope, id, request.parameters)
    const task: state.Task = {
      id,
      type: 'backup',
      title: request.title ?? backup.namePrefix,
      owner: origin.username,
      operationUri: origin.operationUri.replace(/[^/]*$/, id),
      createdAt: now,
      updatedAt: now,
      generation: 1,
      cron,
      startsAt,
      endsAt,
      maxRuns: maxRunsOf(request.maxOccurrences),
      runCount: 0,
      lastRunAt: null,
      backup,
    }
    state.insertTask(sandbox.store, task)
    arm(scope, task)
    return id
  })
}

function checkCron(cron: state.Cron, now: number): void {
  const problem = cronProblem(cronExpression(cron))
  if (problem !== undefined) throw invalid(`The schedule is not valid: ${problem}.`, 'minute')
  if (nextTime(cronExpression(cron), now) === undefined) throw invalid('The schedule names no time.', 'minute')
}

function checkPeriod({ startsAt, endsAt }: Pick<state.Task, 'startsAt' | 'endsAt'>): void {
  if (startsAt !== null && endsAt !== null && endsAt < startsAt)
    throw invalid('The field endDate must not be before startDate.', 'endDate')
}

function maxRunsOf(maxOccurrences = -1): number | null {
  if (maxOccurrences === 0) throw invalid('The field maxOccurrences must be at least 1, or -1.', 'maxOccurrences')
  return maxOccurrences === -1 ? null : maxOccurrences
}

/** The passcode is hashed once, so that runs cost little. Throws InvalidParameter and UnknownStore. */
function planOf(scope: Scope, taskId: string, parameters: string): state.BackupPlan {
  const { name, passcode, storeName, description, metaData, retentionOffset } = parseJson(
    'parameters',
    BackupTaskParameters,
    parameters,
  )
  findStore(scope, storeName)
  const generation = scope.sandbox.ids.next(`arcgis/task-passcode/${taskId}`)
  return {
    namePrefix: name,
    storeName,
    passcodeHash: hashPasscode(scope.sandbox.ids, `${taskId}/${generation}`, passcode),
    description: description ?? 'Scheduled Backup',
    retentionMs: retentionOffset ?? null,
    metadata: metaData ?? null,
  }
}

export type TaskChanges = Partial<TaskRequest> & {
  type?: 'CreateBackup' | 'BackupRetentionCleaner'
  cron: Partial<state.Cron>
}

/** Changes what is given; a disabled task stays disabled. Throws UnknownTask, InvalidParameter and UnknownStore. */
export function updateTask(scope: Scope, id: string, { cron, ...changes }: TaskChanges): void {
  const { sandbox, now } = scope
  const task = findTask(scope, id)
  const type = task.type === 'backup' ? 'CreateBackup' : 'BackupRetentionCleaner'
  if (changes.type !== undefined && changes.type !== type)
    throw invalid(`The field type must be ${type}, or be left out.`, 'type')
  if (changes.parameters !== undefined && task.type === 'retention')
    throw invalid('The task has no parameters.', 'parameters')
  const changed: state.Task = {
    ...task,
    title: changes.title ?? task.title,
    updatedAt: now,
    generation: task.generation + 1,
    cron: { ...task.cron, ...cron },
    startsAt: changes.startDate ?? task.startsAt,
    endsAt: changes.endDate ?? task.endsAt,
    maxRuns: changes.maxOccurrences === undefined ? task.maxRuns : maxRunsOf(changes.maxOccurrences),
  }
  checkCron(changed.cron, now)
  checkPeriod(changed)
  sandbox.store.transaction(() => {
    const backup = changes.parameters === undefined ? task.backup : planOf(scope, id, changes.parameters)
    state.updateTask(sandbox.store, { ...changed, backup })
    if (nextRunAt(scope, task) !== undefined) arm(scope, changed)
  })
}

/** Throws UnknownTask. */
export function setTaskEnabled(scope: Scope, id: string, isEnabled: boolean): void {
  const { sandbox, now } = scope
  const task = findTask(scope, id)
  sandbox.store.transaction(() => {
    state.updateTask(sandbox.store, { ...task, updatedAt: now, generation: task.generation + 1 })
    if (isEnabled) arm(scope, task)
    else sandbox.jobs.disarm(API, id)
  })
}

/** Deletes the task and its runs. Throws UnknownTask. */
export function deleteTask(scope: Scope, id: string): void {
  findTask(scope, id)
  scope.sandbox.store.transaction(() => {
    scope.sandbox.jobs.disarm(API, id)
    state.deleteTask(scope.sandbox.store, id)
  })
}
