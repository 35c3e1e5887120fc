// arcgis: scheduled tasks and their runs.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import { secret } from '../../../../schemas/secret.ts'
import type { Store } from '../../../sandbox/store.ts'
import { defineTable, Instant, Nullable } from '../../../sandbox/tables.ts'

export const Cron = Type.Object({
  minute: Type.String(),
  hour: Type.String(),
  dayOfMonth: Type.String(),
  month: Type.String(),
  dayOfWeek: Type.String({ description: '1 is Sunday' }),
})
export type Cron = Static<typeof Cron>

const BackupPlan = Type.Object({
  namePrefix: Type.String(),
  storeName: Type.String(),
  passcodeHash: Type.String({ ...secret, description: 'scrypt$N$r$p$salt$hash' }),
  description: Type.String(),
  retentionMs: Nullable(Type.Integer({ description: 'After which a backup may be removed; null for never' })),
  metadata: Type.Unknown({ 'x-json': true, description: 'As sent; only returned' }),
})
export type BackupPlan = Static<typeof BackupPlan>

export const tasks = defineTable(
  'arcgisTask',
  'tasks',
  Type.Object({
    id: Type.String({ minLength: 1 }),
    type: literals(['backup', 'retention']),
    title: Type.String(),
    owner: Type.String(),
    operationUri: Type.String({ description: 'The path of the task' }),
    createdAt: Instant(),
    updatedAt: Instant(),
    generation: Type.Integer({ default: 1, description: 'Counts changes and runs' }),
    cron: Cron,
    startsAt: Nullable(Instant()),
    endsAt: Nullable(Instant()),
    maxRuns: Nullable(Type.Integer({ minimum: 1 })),
    runCount: Type.Integer({ default: 0 }),
    lastRunAt: Nullable(Instant()),
    backup: Nullable(BackupPlan),
  }),
)
export type Task = Static<typeof tasks.row>

const RUN_STATUSES = ['scheduled', 'executing', 'succeeded', 'skipped', 'failed', 'submitfailed'] as const

export const runs = defineTable(
  'arcgisRun',
  'runs',
  Type.Object({
    id: Type.String({ minLength: 1 }),
    taskId: Type.String(),
    jobId: Nullable(Type.String({ description: 'Its status is that of the run' })),
    status: Nullable(literals(RUN_STATUSES, { description: 'Takes precedence over the status of the job' })),
    result: Nullable(Type.String()),
    createdAt: Instant(),
    modifiedAt: Instant(),
  }),
)
export type Run = Static<typeof runs.row>

export const taskTables = `
  CREATE TABLE arcgisTask (id TEXT PRIMARY KEY, type TEXT NOT NULL, title TEXT NOT NULL, owner TEXT NOT NULL,
    operationUri TEXT NOT NULL, createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL, generation INTEGER NOT NULL,
    cron TEXT NOT NULL, startsAt INTEGER, endsAt INTEGER, maxRuns INTEGER, runCount INTEGER NOT NULL, lastRunAt INTEGER,
    backup TEXT) STRICT;
  CREATE TABLE arcgisRun (id TEXT PRIMARY KEY, taskId TEXT NOT NULL REFERENCES arcgisTask (id) ON DELETE CASCADE,
    jobId TEXT, status TEXT, result TEXT, createdAt INTEGER NOT NULL, modifiedAt INTEGER NOT NULL) STRICT;
  CREATE INDEX arcgisRunTask ON arcgisRun (taskId);
  INSERT INTO arcgisTask SELECT id, 'retention', id, 'siteadmin', '/arcgis/admin/system/tasks/' || id, dueAt, dueAt, 1,
    '{"minute":"0","hour":"0","dayOfMonth":"*","month":"*","dayOfWeek":"?"}', NULL, NULL, NULL, 0, NULL, NULL
    FROM schedule WHERE api = 'arcgis' AND id = 'backupRetentionCleaner';`

export function findTask(store: Store, id: string): Task | undefined {
  const raw = store.get<object>('SELECT * FROM arcgisTask WHERE id = ?', id)
  return raw && tasks.decode(raw)
}

/** In order of creation. */
export function listTasks(store: Store): Task[] {
  return store.all<object>('SELECT * FROM arcgisTask ORDER BY rowid').map(tasks.decode)
}

export function insertTask(store: Store, task: Task): void {
  tasks.insert(store, task)
}

/** Saves everything that can change after the task has been created. */
export function updateTask(store: Store, task: Task): void {
  store.run(
    `UPDATE arcgisTask SET title = ?, updatedAt = ?, generation = ?, cron = ?, startsAt = ?, endsAt = ?, maxRuns = ?,
       runCount = ?, lastRunAt = ?, backup = ? WHERE id = ?`,
    task.title,
    task.updatedAt,
    task.generation,
    JSON.stringify(task.cron),
    task.startsAt,
    task.endsAt,
    task.maxRuns,
    task.runCount,
    task.lastRunAt,
    task.backup && JSON.stringify(task.backup),
    task.id,
  )
}

/** With its runs. */
export function deleteTask(store: Store, id: string): void {
  store.run('DELETE FROM arcgisTask WHERE id = ?', id)
}

export function insertRun(store: Store, run: Run): void {
  runs.insert(store, run)
}

export function findRun(store: Store, taskId: string, id: string): Run | undefined {
  const raw = store.get<object>('SELECT * FROM arcgisRun WHERE taskId = ? AND id = ?', taskId, id)
  return raw && runs.decode(raw)
}

/** In the order in which they started. */
export function listRuns(store: Store, taskId: string): Run[] {
  return store.all<object>('SELECT * FROM arcgisRun WHERE taskId = ? ORDER BY rowid', taskId).map(runs.decode)
}

export function updateRun(store: Store, { id, status, result, modifiedAt }: Run): void {
  store.run('UPDATE arcgisRun SET status = ?, result = ?, modifiedAt = ? WHERE id = ?', status, result, modifiedAt, id)
}

export function deleteRun(store: Store, id: string): void {
  store.run('DELETE FROM arcgisRun WHERE id = ?', id)
}
