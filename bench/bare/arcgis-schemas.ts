// The responses of the baseline's ArcGIS.
import { Type } from '@sinclair/typebox'

const text = Type.String()
const instant = Type.Integer()

export const Problem = Type.Object({ error: Type.Object({ code: Type.Integer(), message: text }) })
export const Token = Type.Object({ token: text, expires: instant, ssl: Type.Boolean() })

export const Store = Type.Object({
  default: Type.Boolean(),
  storageConfig: Type.Object({ storageClass: text, size: text, provisioningType: text }),
  identity: text,
  name: text,
  rootDir: text,
  type: text,
})
const ListedStore = Type.Object({
  ...Store.properties,
  identityKey: text,
  versionCreated: text,
  providerID: text,
  serviceID: text,
})
export const Stores = Type.Object({ backupStores: Type.Array(ListedStore) })

const dataStore = { metadata: text, startTime: instant, clusterID: text, endTime: instant, status: text }
export const Backup = Type.Object({
  release: text,
  siteName: text,
  description: text,
  completeTime: instant,
  backupStore: text,
  retentionDate: instant,
  encryptKey: text,
  backupType: text,
  relationalStore: Type.Array(
    Type.Object({
      ...dataStore,
      geodatabases: Type.Array(Type.Object({ gdbName: text, egdbID: text })),
      systemDatabases: Type.Array(text),
    }),
  ),
  scheduleType: text,
  objectStore: Type.Array(Type.Object({ ...dataStore, buckets: Type.Array(text) })),
  namespace: text,
  startTime: instant,
  infrastructures: Type.Object({ startTime: instant, endTime: instant, status: text }),
  category: text,
  backupName: text,
  status: text,
})
export const Backups = Type.Object({ backups: Type.Array(Backup) })
export const Submitted = Type.Object({ jobsUrl: text, jobid: text, status: text })

export const Jobs = Type.Object({ jobs: Type.Array(text) })
export const Job = Type.Object({
  updatedtime: instant,
  jobid: text,
  endtime: instant,
  starttime: instant,
  operationURI: text,
  status: text,
  username: text,
  result: Type.Object({ stages: Type.Array(Type.Object({ name: text, state: text, duration: text })) }),
})

export const Task = Type.Object({
  generation: Type.Integer(),
  created: instant,
  active: Type.Boolean(),
  ownerId: text,
  type: text,
  orgId: text,
  cronSchedule: Type.Object({ dayOfWeek: text, hour: text, month: text, dayOfMonth: text, minute: text }),
  cronExpression: text,
  runIntervalSeconds: Type.Integer(),
  taskType: text,
  taskState: text,
  taskTitle: text,
  maxOccurrences: Type.Integer(),
  id: text,
  updated: instant,
  taskId: text,
})
export const Tasks = Type.Object({ result: Type.Array(Task) })

export const Item = Type.Object({
  id: text,
  owner: text,
  created: instant,
  modified: instant,
  title: text,
  type: text,
  description: text,
  tags: Type.Array(text),
  access: text,
})
export const Found = Type.Object({
  query: text,
  total: Type.Integer(),
  start: Type.Integer(),
  num: Type.Integer(),
  nextStart: Type.Integer(),
  results: Type.Array(Item),
})
