// ArcGIS Enterprise Administrator API: the wire contract of scheduled tasks and their runs, as the vendor documents it.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { secret } from '../secret.ts'
import { strict } from '../strict.ts'
import { common, context, JsonText, Millis } from './common.ts'

export const ArcgisTaskParams = Type.Object({
  context,
  taskID: Type.String({ description: 'The ID of the task', examples: ['5f0cdc50cf36460990bb6edfe9b60e08'] }),
})
export const ArcgisRunParams = Type.Object({
  ...ArcgisTaskParams.properties,
  runID: Type.String({ description: 'The ID of the run', examples: ['dae1bfa5d6ec44349790ebb3f27dd4e1'] }),
})

/** What the parameter parameters of a CreateBackup task holds. */
export const BackupTaskParameters = Type.Object({
  name: Type.String({ minLength: 1, description: 'The prefix of the names of the backups' }),
  passcode: Type.String({ ...secret, minLength: 8 }),
  storeName: Type.String({ minLength: 1 }),
  description: Type.Optional(Type.String()),
  metaData: Type.Optional(Type.Object({}, { description: 'What a user interface shows; only returned' })),
  retentionOffset: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 3_153_600_000_000, description: 'After how many ms a backup may be removed' }),
  ),
})

const PARAMETERS_EXAMPLE = {
  name: 'myBackup',
  passcode: 'myPassword',
  storeName: 'backupsDefault',
  metaData: { recurring: true, startTime: '04:00', retention: { type: 'day', value: 14 } },
  retentionOffset: 1209600000,
}

const cronField = (description: string, example: string) =>
  Type.String({
    pattern: String.raw`^[^\s@]+$`,
    'x-expected': 'a cron expression without blanks, such as * or 0-59/15',
    description,
    examples: [example],
  })
const cron = {
  minute: cronField('Minutes', '0'),
  hour: cronField('Hours, in UTC', '22'),
  dayOfMonth: cronField('Days of the month', '*'),
  month: cronField('Months', '*'),
  dayOfWeek: cronField('Days of the week, from 1, Sunday, to 7, Saturday', '?'),
}

const MAX_INSTANT = 253_402_300_799_999
const schedule = {
  title: Type.Optional(Type.String({ description: 'The title of the task', examples: ['schedule1'] })),
  startDate: Type.Optional(
    Type.Integer({ minimum: 0, maximum: MAX_INSTANT, description: 'The earliest time of a run' }),
  ),
  endDate: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_INSTANT, description: 'The latest time of a run' })),
  maxOccurrences: Type.Optional(
    Type.Integer({ minimum: -1, maximum: 1_000_000, description: 'How many times the task runs; -1 for no limit' }),
  ),
}
const taskTypes = ['CreateBackup', 'BackupRetentionCleaner'] as const
const parameters = JsonText(BackupTaskParameters, 'What the task does', PARAMETERS_EXAMPLE, secret)

export const ArcgisCreateTaskForm = Type.Object(
  {
    title: schedule.title,
    type: Type.Literal('CreateBackup', { description: 'The type of the task' }),
    parameters,
    startDate: schedule.startDate,
    endDate: schedule.endDate,
    ...cron,
    maxOccurrences: schedule.maxOccurrences,
    ...common,
  },
  { $id: 'ArcgisCreateTaskForm' },
)
export type ArcgisCreateTaskForm = Static<typeof ArcgisCreateTaskForm>

export const ArcgisUpdateTaskForm = Type.Partial(
  Type.Object({
    title: schedule.title,
    type: literals(taskTypes, { description: 'The type of the task, which cannot be changed' }),
    parameters,
    itemId: Type.String({ description: 'Without effect' }),
    startDate: schedule.startDate,
    endDate: schedule.endDate,
    ...cron,
    maxOccurrences: schedule.maxOccurrences,
    ...common,
  }),
  { $id: 'ArcgisUpdateTaskForm' },
)
export type ArcgisUpdateTaskForm = Static<typeof ArcgisUpdateTaskForm>

export const ArcgisTaskCreated = Type.Object(
  { success: Type.Literal(true), taskId: Type.String() },
  { $id: 'ArcgisTaskCreated', ...strict },
)
export type ArcgisTaskCreated = Static<typeof ArcgisTaskCreated>

export const ArcgisTask = Type.Object(
  {
    generation: Type.Integer({ description: 'Counts the changes and the runs of the task' }),
    created: Millis('When the task was created'),
    active: Type.Boolean({ description: 'Whether another run is scheduled' }),
    ownerId: Type.String(),
    type: literals(['CREATE_BACKUP_TASK_TYPE', 'BACKUP_RETENTION_CLEANER_TASK_TYPE']),
    orgId: Type.String(),
    cronSchedule: Type.Object(
      {
        dayOfWeek: Type.String(),
        hour: Type.String(),
        month: Type.String(),
        dayOfMonth: Type.String(),
        minute: Type.String(),
      },
      strict,
    ),
    cronExpression: Type.String({ examples: ['0 0 4 ? * 7'] }),
    runIntervalSeconds: Type.Integer({ description: 'The time between two runs' }),
    taskType: literals(taskTypes),
    taskState: literals(['active', 'paused']),
    taskTitle: Type.String(),
    maxOccurrences: Type.Integer({ description: '-1 for no limit' }),
    id: Type.String(),
    lastStart: Type.Optional(Millis('When the last run started')),
    parameters: Type.Optional(
      Type.Object(
        {
          itemId: Type.String(),
          metaData: Type.Optional(Type.Unknown()),
          retentionOffset: Type.Optional(Type.Integer()),
          name: Type.String(),
          storeName: Type.String(),
          passcode: Type.String({ ...secret, description: 'Masked' }),
        },
        strict,
      ),
    ),
    updated: Millis('When the task was last changed or run'),
    taskId: Type.String(),
    startDate: Type.Optional(Millis('The earliest time of a run')),
    endDate: Type.Optional(Millis('The latest time of a run')),
  },
  { $id: 'ArcgisTask', ...strict },
)
export type ArcgisTask = Static<typeof ArcgisTask>

export const ArcgisTaskList = Type.Object({ result: Type.Array(ArcgisTask) }, { $id: 'ArcgisTaskList', ...strict })
export type ArcgisTaskList = Static<typeof ArcgisTaskList>

const runStatus = literals(['scheduled', 'executing', 'succeeded', 'skipped', 'failed', 'submitfailed'], {
  description: 'The status of the run',
})

export const ArcgisRun = Type.Object(
  {
    result: Type.String({ description: 'The outcome of the run, as text' }),
    task: ArcgisTask,
    created: Millis('When the run started'),
    modified: Millis('When the run last changed'),
    runId: Type.String(),
    url: Type.String(),
    status: runStatus,
  },
  { $id: 'ArcgisRun', ...strict },
)
export type ArcgisRun = Static<typeof ArcgisRun>

export const ArcgisRunList = Type.Object({ result: Type.Array(ArcgisRun) }, { $id: 'ArcgisRunList', ...strict })
export type ArcgisRunList = Static<typeof ArcgisRunList>

export const ArcgisUpdateRunForm = Type.Object(
  {
    status: Type.Optional(runStatus),
    result: Type.Optional(Type.String({ description: 'The outcome of the run, as text' })),
    ...common,
  },
  { $id: 'ArcgisUpdateRunForm' },
)
