// arcgis: the runs of a scheduled task.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { child } from '../frame.ts'
import { maySchedule } from '../service/access.ts'
import * as service from '../service/runs.ts'
import { findTask } from '../service/tasks.ts'
import type { Call } from './call.ts'
import { operation } from './operation.ts'
import { resource } from './resource.ts'
import { SUCCEEDED, success } from './submitted.ts'
import { runBody, taskBody } from './task-body.ts'
import { RUN, RUNS } from './task-samples.ts'
import { TASK_PATH } from './tasks.ts'

const FIELDS: Provenance[] = [
  { behaviour: 'Fields of a run', mark: 'documented', source: 'Runs; Run' },
  {
    behaviour:
      'Instants are epoch milliseconds, as those of a CreateBackup task; the sample of a CleanGPJobs task has texts',
    mark: 'inferred',
  },
  { behaviour: 'A run of a backup has the status of its job; the texts of result', mark: 'inferred' },
  { behaviour: 'The task that removes backups has a run only when it removed some', mark: 'inferred' },
]

export function runs(app: TypedApp): void {
  resource(app, {
    path: `${TASK_PATH}/runs`,
    operationId: 'listRuns',
    summary: 'Runs',
    description: 'The runs of a task, in the order in which they started.',
    params: wire.ArcgisTaskParams,
    allow: maySchedule,
    response: { description: 'The runs.', schema: wire.ArcgisRunList, documented: RUNS },
    errors: ['UnknownTask'],
    provenance: FIELDS,
    read({ scope, params: { taskID } }) {
      const task = taskBody(scope, findTask(scope, taskID))
      return { result: service.listRuns(scope, taskID).map(run => runBody(task, run)) }
    },
    page: { shown: () => ({}), children: ({ result }) => result.map(({ runId }) => child(runId)) },
  })
  resource(app, {
    path: `${TASK_PATH}/runs/:runID`,
    operationId: 'getRun',
    summary: 'Run',
    description: 'One run of a task.',
    params: wire.ArcgisRunParams,
    allow: maySchedule,
    response: { description: 'The run.', schema: wire.ArcgisRun, documented: RUN },
    errors: ['UnknownTask', 'UnknownRun'],
    provenance: FIELDS,
    read({ scope, params: { taskID, runID } }) {
      return runBody(taskBody(scope, findTask(scope, taskID)), service.findRun(scope, taskID, runID))
    },
    page: {
      operations: () => [
        { name: 'Edit Run', path: 'update' },
        { name: 'Delete Run', path: 'delete' },
      ],
    },
  })
  operation(app, {
    path: `${TASK_PATH}/runs/:runID/update`,
    operationId: 'updateRun',
    summary: 'Edit Run',
    description: 'Changes the status and the result of a run.',
    params: wire.ArcgisRunParams,
    body: wire.ArcgisUpdateRunForm,
    allow: maySchedule,
    response: success('The run has been changed.'),
    errors: ['UnknownTask', 'UnknownRun'],
    provenance: [
      { behaviour: 'Parameters and the response', mark: 'documented', source: 'Edit Run' },
      { behaviour: 'The job of the run is not affected', mark: 'inferred' },
    ],
    run({ scope, params, input: { status, result } }) {
      const changes = { ...(status !== undefined && { status }), ...(result !== undefined && { result }) }
      service.updateRun(scope, params.taskID, params.runID, changes)
      return SUCCEEDED
    },
    page: { values: requireRun },
  })
  operation(app, {
    path: `${TASK_PATH}/runs/:runID/delete`,
    operationId: 'deleteRun',
    summary: 'Delete Run',
    description: 'Deletes a run from the list of runs.',
    params: wire.ArcgisRunParams,
    body: wire.ArcgisForm,
    allow: maySchedule,
    response: success('The run has been deleted.'),
    errors: ['UnknownTask', 'UnknownRun'],
    provenance: [
      { behaviour: 'The operation', mark: 'client-code', source: 'ArcGIS API for Python' },
      { behaviour: 'The response; the backup of the run is kept', mark: 'inferred' },
    ],
    run({ scope, params }) {
      service.deleteRun(scope, params.taskID, params.runID)
      return SUCCEEDED
    },
    page: { values: requireRun },
  })
}

/** The form of an operation on a run that does not exist is an error. */
function requireRun({ scope, params }: Call<{ taskID: string; runID: string }, unknown>) {
  service.findRun(scope, params.taskID, params.runID)
  return {}
}
