// arcgis: the contents of a finished backup, made from its job's instants and the sandbox's seed.
import type { Static } from '@sinclair/typebox'
import { Type } from '@sinclair/typebox'
import { literals } from '../../../../schemas/literals.ts'
import type { Ids } from '../../../sandbox/ids.ts'
import type { Job } from '../../../sandbox/jobs/tables.ts'
import { Nullable } from '../../../sandbox/tables.ts'
import type { BackupContents } from '../state/contents.ts'
import { Origin } from './jobs.ts'

export const BackupSubject = Type.Object({
  ...Origin.properties,
  storeName: Type.String(),
  name: Type.String(),
  description: Type.String(),
  retentionAt: Nullable(Type.Integer({ description: 'Epoch ms; null for never' })),
  trigger: literals(['manual', 'scheduled']),
})
export type BackupSubject = Static<typeof BackupSubject>

const COMPLETED = 'completed'

/** `job` has ended, so each of its phases has an end. */
export function contentsOf(ids: Ids, job: Job & { subject: BackupSubject }): BackupContents {
  const [start, relationalStart, relationalEnd, objectStart, objectEnd, infraStart, infraEnd, end] = timesOf(job)
  return {
    release: '10.9.1',
    siteName: 'arcgis',
    namespace: 'arcgis',
    category: 'SYSTEM',
    backupType: 'FULL',
    trigger: job.subject.trigger,
    status: COMPLETED,
    description: job.subject.description,
    storeName: job.subject.storeName,
    encryptionKey: `${ids.bytes(`arcgis/encryptKey/${job.id}`, 16).toString('base64url')}..`,
    startedAt: start,
    finishedAt: end,
    relationalStores: [relationalStore(ids, job.id, { startedAt: relationalStart, finishedAt: relationalEnd })],
    objectStores: [objectStore(ids, job.id, { startedAt: objectStart, finishedAt: objectEnd })],
    infrastructure: { startedAt: infraStart, finishedAt: infraEnd, status: COMPLETED },
  }
}

interface Span {
  startedAt: number
  finishedAt: number
}

function relationalStore(ids: Ids, jobId: string, span: Span): BackupContents['relationalStores'][number] {
  const clusterId = clusterIdOf(ids, 'relational')
  return {
    ...span,
    status: COMPLETED,
    clusterId,
    metadata: encrypted(ids, `${jobId}/relational`),
    geodatabases: [{ name: `hgdb_${clusterId}`, id: ids.bytes('arcgis/egdb', 16).toString('hex') }],
    systemDatabases: ['arcgis', 'datastoreconfig', 'gwdb', 'metrics'],
  }
}

function objectStore(ids: Ids, jobId: string, span: Span): BackupContents['objectStores'][number] {
  const deployment = ids.bytes('arcgis/bucket', 8).toString('hex')
  return {
    ...span,
    status: COMPLETED,
    clusterId: clusterIdOf(ids, 'object'),
    metadata: encrypted(ids, `${jobId}/object`),
    buckets: ['arcgis', 'content', 'uploads', deployment],
  }
}

/** Five letters and digits, as in the sample; the same in every backup of a deployment. */
function clusterIdOf(ids: Ids, store: string): string {
  return ids.bytes(`arcgis/cluster/${store}`, 5).reduce((id, byte) => id + (byte % 36).toString(36), '')
}

function encrypted(ids: Ids, label: string): string {
  return `{crypt}${ids.bytes(`arcgis/metadata/${label}`, 48).toString('base64')}`
}

type Times = [number, number, number, number, number, number, number, number]

/** Strictly increasing, even where phases end at the same instant (progression `immediate`, `polls:N`, `manual`). */
function timesOf({ phases }: Job): Times {
  const [submitted, validated, relational, object, configuration, cleaned] = phases.map(({ endAt }) => endAt ?? 0)
  const steps = [submitted, validated, relational, relational, object, object, configuration, cleaned]
  let latest = 0
  return steps.map(at => {
    latest = Math.max(at ?? 0, latest + 1)
    return latest
  }) as Times
}
