// arcgis: scheduled tasks: listed, created, changed, enabled, disabled and deleted.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { child } from '../frame.ts'
import { maySchedule } from '../service/access.ts'
import * as service from '../service/tasks.ts'
import type { Cron } from '../state.ts'
import type { Call } from './call.ts'
import { operation } from './operation.ts'
import { resource } from './resource.ts'
import { originOf, SUCCEEDED, success } from './submitted.ts'
import { taskBody } from './task-body.ts'
import { TASK, TASKS } from './task-samples.ts'

export const TASKS_PATH = '/system/tasks'
export const TASK_PATH = `${TASKS_PATH}/:taskID`

const FIELDS: Provenance[] = [
  { behaviour: 'Fields of a task', mark: 'documented', source: 'Tasks; Task' },
  {
    behaviour: 'Days of the week count from Sunday as 1, as the sample shows, where 7 is a Saturday; hours are in UTC',
    mark: 'documented',
    source: 'Tasks',
  },
  {
    behaviour: 'The passcode is masked; the type of the cleaner; that generation counts changes and runs',
    mark: 'inferred',
  },
]

export function tasks(app: TypedApp): void {
  resource(app, {
    path: TASKS_PATH,
    operationId: 'listTasks',
    summary: 'Tasks',
    description:
      'The scheduled tasks: those that create backups, and the one that removes backups past their retention date.',
    params: wire.ArcgisContextParams,
    allow: maySchedule,
    response: { description: 'The tasks.', schema: wire.ArcgisTaskList, documented: TASKS },
    provenance: [...FIELDS, { behaviour: 'In order of creation', mark: 'inferred' }],
    read: ({ scope }) => ({ result: service.listTasks(scope).map(task => taskBody(scope, task)) }),
    page: {
      shown: ({ result }) => Object.fromEntries(result.map(task => [task.id, task])),
      children: ({ result }) => result.map(({ id, taskTitle }) => ({ ...child(id), name: taskTitle })),
      operations: () => [{ name: 'Create Task', path: 'createTask' }],
    },
  })
  operation(app, {
    path: `${TASKS_PATH}/createTask`,
    operationId: 'createTask',
    summary: 'Create Task',
    description: 'Schedules backups. Their names are that of the task and the time, in UTC.',
    params: wire.ArcgisContextParams,
    body: wire.ArcgisCreateTaskForm,
    allow: maySchedule,
    response: {
      description: 'The ID of the task.',
      schema: wire.ArcgisTaskCreated,
      documented: { success: true, taskId: TASK.id },
    },
    errors: ['UnknownStore'],
    provenance: [
      { behaviour: 'Parameters; only the default administrator role', mark: 'documented', source: 'Create Task' },
      { behaviour: 'The response', mark: 'client-code', source: 'ArcGIS API for Python' },
      {
        behaviour: 'The name of a scheduled backup, its description, and its retention date',
        mark: 'documented',
        source: 'Backups: the sample',
      },
      {
        behaviour: 'The cron fields and maxOccurrences decide when the task runs; metaData is only returned',
        mark: 'inferred',
      },
      { behaviour: '0 as the day of the week is Sunday', mark: 'client-code', source: 'ArcGIS API for Python' },
      {
        behaviour:
          'A backup starts at the time of the schedule; a run is skipped while the organization is being restored',
        mark: 'inferred',
      },
    ],
    run: call => ({
      success: true as const,
      taskId: service.createTask(call.scope, requestOf(call.input), originOf(call)),
    }),
    page: { links: ({ taskId }) => ({ taskId: `${TASKS_PATH}/${taskId}` }) },
  })
  task(app)
}

function requestOf<Fields extends Cron>({ minute, hour, dayOfMonth, month, dayOfWeek, ...request }: Fields) {
  return { ...request, cron: { minute, hour, dayOfMonth, month, dayOfWeek } }
}

function task(app: TypedApp): void {
  resource(app, {
    path: TASK_PATH,
    operationId: 'getTask',
    summary: 'Task',
    description: 'A scheduled task.',
    params: wire.ArcgisTaskParams,
    allow: maySchedule,
    response: { description: 'The task.', schema: wire.ArcgisTask, documented: TASK },
    errors: ['UnknownTask'],
    provenance: FIELDS,
    read: ({ scope, params }) => taskBody(scope, service.findTask(scope, params.taskID)),
    page: {
      title: ({ taskTitle }) => `Task: ${taskTitle}`,
      children: () => [child('runs')],
      operations: () => [
        { name: 'Edit Task', path: 'update' },
        { name: 'Delete Task', path: 'delete' },
        { name: 'Enable Task', path: 'enable' },
        { name: 'Disable Task', path: 'disable' },
      ],
    },
  })
  const common = { params: wire.ArcgisTaskParams, allow: maySchedule }
  const page = { values: requireTask, related: () => [{ name: 'Tasks', path: TASKS_PATH }] }
  operation(app, {
    ...common,
    path: `${TASK_PATH}/update`,
    operationId: 'updateTask',
    summary: 'Edit Task',
    description: 'Changes the task. It takes effect at the next run.',
    body: wire.ArcgisUpdateTaskForm,
    response: success('The task has been changed.'),
    errors: ['UnknownTask', 'UnknownStore'],
    provenance: [
      { behaviour: 'Parameters, and when changes take effect', mark: 'documented', source: 'Edit Task' },
      { behaviour: 'What is left out does not change; the response', mark: 'inferred' },
    ],
    run({ scope, params, input }) {
      const { minute, hour, dayOfMonth, month, dayOfWeek, ...changes } = input
      const given = Object.entries({ minute, hour, dayOfMonth, month, dayOfWeek }).filter(
        ([, field]) => field !== undefined,
      )
      service.updateTask(scope, params.taskID, { ...changes, cron: Object.fromEntries(given) })
      return SUCCEEDED
    },
    page,
  })
  operation(app, {
    ...common,
    path: `${TASK_PATH}/delete`,
    operationId: 'deleteTask',
    summary: 'Delete Task',
    description: 'Deletes the task and its runs.',
    body: wire.ArcgisForm,
    response: success('The task has been deleted.'),
    errors: ['UnknownTask'],
    provenance: [
      { behaviour: 'Runs are deleted as well', mark: 'client-code', source: 'ArcGIS API for Python' },
      { behaviour: 'The response', mark: 'inferred' },
    ],
    run({ scope, params }) {
      service.deleteTask(scope, params.taskID)
      return SUCCEEDED
    },
    page,
  })
  operation(app, {
    ...common,
    path: `${TASK_PATH}/enable`,
    operationId: 'enableTask',
    summary: 'Enable Task',
    description: 'Enables a task that was disabled.',
    body: wire.ArcgisForm,
    response: success('The task is enabled.'),
    errors: ['UnknownTask'],
    provenance: [
      { behaviour: 'taskState becomes active; the response', mark: 'documented', source: 'Enable Task' },
      { behaviour: 'A task that has run maxOccurrences times stays paused', mark: 'inferred' },
    ],
    run({ scope, params }) {
      service.setTaskEnabled(scope, params.taskID, true)
      return SUCCEEDED
    },
    page,
  })
  operation(app, {
    ...common,
    path: `${TASK_PATH}/disable`,
    operationId: 'disableTask',
    summary: 'Disable Task',
    description: 'Disables the task: it does not run until it is enabled again.',
    body: wire.ArcgisForm,
    response: success('The task is disabled.'),
    errors: ['UnknownTask'],
    provenance: [
      { behaviour: 'Upcoming runs are suspended; the response', mark: 'documented', source: 'Disable Task' },
    ],
    run({ scope, params }) {
      service.setTaskEnabled(scope, params.taskID, false)
      return SUCCEEDED
    },
    page,
  })
}

/** The form of an operation on a task that does not exist is an error. */
function requireTask({ scope, params }: Call<{ taskID: string }, unknown>) {
  service.findTask(scope, params.taskID)
  return {}
}
