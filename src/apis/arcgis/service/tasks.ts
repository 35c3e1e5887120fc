// arcgis: scheduled tasks: backups, and the removal of backups past their retention date. Synchronous; throws from the catalogue.
import { type Static, Type } from '@sinclair/typebox'
import { BackupTaskParameters } from '../../../../schemas/arcgis.ts'
import type { Scope } from '../../../http/scope.ts'
import { isoInstant } from '../../../sandbox/clock/clock.ts'
import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import type { ScheduleKind } from '../../../sandbox/jobs/kinds.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { Nullable } from '../../../sandbox/tables.ts'
import { catalogue } from '../errors.ts'
import * as state from '../state.ts'
import { isTaken, outcomeIn, submitBackup } from './backups.ts'
import { cronExpression, cronProblem, nextTime } from './cron.ts'
import { API, type Origin } from './jobs.ts'
import { invalid, parseJson } from './json.ts'
import { hashPasscode } from './passcodes.ts'
import { isRestoring } from './restores.ts'
import { findStore } from './stores.ts'

export const BACKUP_KIND = 'backupTask'
/** The kind, and the id of the task of that kind, of which every organization has one. */
export const RETENTION_KIND = 'backupRetentionCleaner'

const Timing = Type.Object({
  taskId: Type.String(),
  cron: Type.String(),
  endsAt: Nullable(Type.Integer({ description: 'Epoch ms' })),
})
type Timing = Static<typeof Timing>

export const backupTaskKind: ScheduleKind<Timing> = {
  subject: Timing,
  next: nextRun,
  run: (sandbox, { taskId }, at) => runBackup(sandbox, taskId, at),
}

/** A backup past its retention date is only eligible for cleanup: it is listed until this task runs. */
export const retentionKind: ScheduleKind<Partial<Timing>> = {
  subject: Type.Partial(Timing),
  // Without a schedule of its own it runs at midnight.
  next: ({ cron, endsAt = null }, after) =>
    cron === undefined ? (Math.floor(after / DAY_MS) + 1) * DAY_MS : nextRun({ cron, endsAt }, after),
  run: runCleaner,
}

function nextRun({ cron, endsAt }: Pick<Timing, 'cron' | 'endsAt'>, after: number): number | undefined {
  const next = nextTime(cron, after)
  return next === undefined || (endsAt !== null && next > endsAt) ? undefined : next
}

/** Creates the task that removes backups past their retention date; `at` is the start of the sandbox, epoch ms. */
export function seedCleaner({ store, jobs }: Sandbox, owner: string, at: number): void {
  const task: state.Task = {
    id: RETENTION_KIND,
    type: 'retention',
    title: RETENTION_KIND,
    owner,
    operationUri: `/arcgis/admin/system/tasks/${RETENTION_KIND}`,
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
  if (!state.findTask(store, RETENTION_KIND)) state.insertTask(store, task)
  const dueAt = retentionKind.next({}, at)
  if (dueAt !== undefined) jobs.arm({ api: API, id: RETENTION_KIND, kind: RETENTION_KIND, subject: {}, dueAt })
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

/** When the task runs next, epoch ms; undefined when it is disabled or has run for the last time. */
export function nextRunAt({ sandbox }: Scope, { id }: state.Task): number | undefined {
  return sandbox.jobs.scheduledAt(API, id)
}

/** The time between the next two runs. */
export function runInterval({ now }: Scope, { cron }: state.Task): number {
  const expression = cronExpression(cron)
  const first = nextTime(expression, now) ?? now
  return (nextTime(expression, first) ?? first) - first
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
      startsAt: request.startDate ?? null,
      endsAt: request.endDate ?? null,
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
  const problem = cronProblem(cron)
  if (problem !== undefined) throw invalid(`The schedule is not valid: ${problem}.`, 'minute')
  if (nextTime(cronExpression(cron), now) === undefined) throw invalid('The schedule names no time.', 'minute')
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

/** Schedules the task's next run, unless it has no more. */
function arm({ sandbox, now }: Scope, task: state.Task): void {
  const { id, type, cron, startsAt, endsAt, maxRuns, runCount } = task
  sandbox.jobs.disarm(API, id)
  if (maxRuns !== null && runCount >= maxRuns) return
  const subject: Timing = { taskId: id, cron: cronExpression(cron), endsAt }
  const dueAt = nextRun(subject, Math.max(now, (startsAt ?? now) - 1))
  if (dueAt === undefined) return
  sandbox.jobs.arm({ api: API, id, kind: type === 'backup' ? BACKUP_KIND : RETENTION_KIND, subject, dueAt })
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

function runBackup(sandbox: Sandbox, taskId: string, at: number): void {
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
function runCleaner(sandbox: Sandbox, _timing: object, at: number): void {
  const removed = state.deleteExpiredBackups(sandbox.store, at)
  const task = removed > 0 ? state.findTask(sandbox.store, RETENTION_KIND) : undefined
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
