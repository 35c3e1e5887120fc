// arcgis: the vendor's sample responses about scheduled tasks, as examples for openapi.yaml.

export const TASK = {
  generation: 2,
  created: 1634933908445,
  active: false,
  ownerId: 'f4630325200d48d3bd1c763e6d0dd904',
  type: 'CREATE_BACKUP_TASK_TYPE',
  orgId: '0123456789ABCDEF',
  cronSchedule: { dayOfWeek: '7', hour: '4', month: '*', dayOfMonth: '?', minute: '0' },
  cronExpression: '0 0 4 ? * 7',
  runIntervalSeconds: 604800,
  taskType: 'CreateBackup',
  taskState: 'paused',
  taskTitle: 'schedule2',
  maxOccurrences: -1,
  id: '5f0cdc50cf36460990bb6edfe9b60e08',
  lastStart: 1634961600000,
  parameters: {
    itemId: '',
    metaData: { recurring: true, startTime: '04:00', retention: { type: 'day', value: 14 } },
    retentionOffset: 1209600000,
    name: 'schedule2',
    storeName: 'default',
    passcode: '********',
  },
  updated: 1635343062131,
  taskId: '5f0cdc50cf36460990bb6edfe9b60e08',
  startDate: 1634961600000,
}

export const TASKS = { result: [TASK] }

/** The sample is of a task that cleans the jobs of geoprocessing, which this server does not have. */
export const RUN = {
  result: 'Backup has been created.',
  task: TASK,
  created: 1634961600000,
  modified: 1634961667000,
  runId: 'dae1bfa5d6ec44349790ebb3f27dd4e1',
  url: '',
  status: 'succeeded',
}

export const RUNS = { result: [RUN] }
