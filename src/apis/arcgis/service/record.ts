// arcgis: what a finished backup says of itself, made from its job's instants and the sandbox's seed.
import { type Static, Type } from '@sinclair/typebox'
import type { ArcgisBackup } from '../../../../schemas/arcgis.ts'
import type { Ids } from '../../../sandbox/ids.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'

export const BackupSubject = Type.Object({
  storeName: Type.String(),
  name: Type.String(),
  description: Type.String(),
  retentionDate: Type.Integer({ description: 'Epoch ms; -1 is never' }),
  username: Type.String(),
  operationUri: Type.String({ description: 'The path of the operation that submitted the job' }),
})
export type BackupSubject = Static<typeof BackupSubject>

const COMPLETED = 'completed'

/** Every field of the vendor's sample, in its order. `job` has ended, so each of its phases has its instant. */
export function backupRecord(ids: Ids, job: Job & { subject: BackupSubject }): ArcgisBackup {
  const { storeName, name, description, retentionDate } = job.subject
  const [start, relationalStart, relationalEnd, objectStart, objectEnd, infraStart, infraEnd, complete] = timesOf(job)
  return {
    release: '10.9.1',
    siteName: 'arcgis',
    description,
    completeTime: complete,
    backupStore: storeName,
    retentionDate,
    encryptKey: `${ids.bytes(`arcgis/encryptKey/${job.id}`, 16).toString('base64url')}..`,
    backupType: 'FULL',
    relationalStore: [relationalStore(ids, job.id, { startTime: relationalStart, endTime: relationalEnd })],
    scheduleType: 'MANUAL',
    objectStore: [objectStore(ids, job.id, { startTime: objectStart, endTime: objectEnd })],
    namespace: 'arcgis',
    startTime: start,
    infrastructures: { startTime: infraStart, endTime: infraEnd, status: COMPLETED },
    category: 'SYSTEM',
    backupName: name,
    status: COMPLETED,
  }
}

interface Span {
  startTime: number
  endTime: number
}

function relationalStore(ids: Ids, jobId: string, { startTime, endTime }: Span) {
  const clusterID = clusterId(ids, 'relational')
  return {
    metadata: encrypted(ids, `${jobId}/relational`),
    geodatabases: [{ gdbName: `hgdb_${clusterID}`, egdbID: ids.bytes('arcgis/egdb', 16).toString('hex') }],
    systemDatabases: ['arcgis', 'datastoreconfig', 'gwdb', 'metrics'],
    startTime,
    clusterID,
    endTime,
    status: COMPLETED,
  }
}

function objectStore(ids: Ids, jobId: string, { startTime, endTime }: Span) {
  const deployment = ids.bytes('arcgis/bucket', 8).toString('hex')
  return {
    metadata: encrypted(ids, `${jobId}/object`),
    buckets: ['arcgis', 'content', 'uploads', deployment],
    startTime,
    clusterID: clusterId(ids, 'object'),
    endTime,
    status: COMPLETED,
  }
}

/** Five letters and digits, as in the sample; the same in every backup of a deployment. */
function clusterId(ids: Ids, store: string): string {
  return ids.bytes(`arcgis/cluster/${store}`, 5).reduce((id, byte) => id + (byte % 36).toString(36), '')
}

function encrypted(ids: Ids, label: string): string {
  return `{crypt}${ids.bytes(`arcgis/metadata/${label}`, 48).toString('base64')}`
}

type Times = [number, number, number, number, number, number, number, number]

/** Strictly increasing, even where phases end in one instant because nothing but being read moves the job on. */
function timesOf({ phases }: Job): Times {
  const [submitted, validated, relational, object, configuration, cleaned] = phases.map(({ endAt }) => endAt ?? 0)
  const steps = [submitted, validated, relational, relational, object, object, configuration, cleaned]
  let latest = 0
  return steps.map(at => {
    latest = Math.max(at ?? 0, latest + 1)
    return latest
  }) as Times
}
