// The baseline's a9s: an instance, its backups and restores.
import { type Static, Type } from '@sinclair/typebox'
import type { Database } from 'better-sqlite3'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as schemas from './a9s-schemas.ts'
import { bearerOf } from './common.ts'
import { type Data, instantOrNull, isoMs } from './data.ts'
import { type Job, type Jobs, phasesFrom } from './jobs.ts'

const HOUR_MS = 3_600_000
const QUEUED_MS = 1_000
const RUNNING_MS = 27_000

const response = (status: number, schema: object) => ({
  schema: { response: { [status]: schema, '4xx': schemas.Problem } },
})

interface InstanceRow {
  number: number
  id: string
  backupGuid: string
  /** JSON of everything that requests do not change. */
  fixed: string
  retentionDays: number
  minBackupCount: number
  minEncryptionKeyLength: number
  excludeFromAutoBackup: number
  createdAt: number
  updatedAt: number | null
  rowCount: number
  rowCountAt: number | null
  rowsPerHour: number
}
interface BackupRow {
  instanceId: string
  id: number
  status: string
  rowCount: number
  triggeredAt: number
  startedAt: number
  finishedAt: number
}
interface RestoreRow {
  id: number
  backupId: number
  restoredFrom: number
  jobId: string
}
interface Params {
  id: string
  number: string
}

export function addA9s(app: FastifyInstance, db: Database, jobs: Jobs, { state }: Data): void {
  const { tokens, instances, backups, restores } = state.a9s
  db.exec(`CREATE TABLE a9sToken (token TEXT PRIMARY KEY) STRICT;
    CREATE TABLE instance (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, backupGuid TEXT NOT NULL, fixed TEXT NOT NULL,
      retentionDays INTEGER NOT NULL, minBackupCount INTEGER NOT NULL, minEncryptionKeyLength INTEGER NOT NULL,
      excludeFromAutoBackup INTEGER NOT NULL, createdAt INTEGER NOT NULL, updatedAt INTEGER, rowCount INTEGER NOT NULL,
      rowCountAt INTEGER, rowsPerHour INTEGER NOT NULL, encryptionKey TEXT) STRICT;
    CREATE TABLE instanceBackup (instanceId TEXT NOT NULL, id INTEGER NOT NULL, status TEXT NOT NULL, rowCount INTEGER NOT NULL,
      triggeredAt INTEGER NOT NULL, startedAt INTEGER NOT NULL, finishedAt INTEGER NOT NULL, PRIMARY KEY (instanceId, id)) STRICT;
    CREATE TABLE restore (instanceId TEXT NOT NULL, id INTEGER NOT NULL, backupId INTEGER NOT NULL, restoredFrom INTEGER NOT NULL,
      jobId TEXT NOT NULL, PRIMARY KEY (instanceId, id)) STRICT`)
  const insertToken = db.prepare('INSERT INTO a9sToken VALUES (?)')
  for (const { token } of tokens) insertToken.run(token)
  const insertInstance =
    db.prepare(`INSERT INTO instance VALUES (NULL, @id, @backupGuid, @fixed, @retentionDays, @minBackupCount,
    @minEncryptionKeyLength, @excludeFromAutoBackup, @createdAt, @updatedAt, @rowCount, @rowCountAt, @rowsPerHour, NULL)`)
  for (const instance of instances) {
    if (instance.deleted || instance.foreign) continue
    const { name, state, serviceId, planId, tenant, subtenant, urls, availableUpdates, dataSet } = instance
    insertInstance.run({
      ...instance,
      fixed: JSON.stringify({ name, state, serviceId, planId, tenant, subtenant, urls, availableUpdates, dataSet }),
      excludeFromAutoBackup: Number(instance.excludeFromAutoBackup),
      createdAt: Date.parse(instance.createdAt),
      updatedAt: instantOrNull(instance.updatedAt),
      rowCountAt: instantOrNull(instance.rowCountAt),
    })
  }
  const insertBackup = db.prepare<[BackupRow]>(`INSERT INTO instanceBackup VALUES (@instanceId, @id, @status, @rowCount,
    @triggeredAt, @startedAt, @finishedAt)`)
  for (const { triggeredAt, startedAt, finishedAt, ...rest } of backups) {
    const [triggered, started, finished] = [Date.parse(triggeredAt), Date.parse(startedAt), Date.parse(finishedAt)]
    insertBackup.run({ ...rest, triggeredAt: triggered, startedAt: started, finishedAt: finished })
  }
  const insertRestore = db.prepare('INSERT INTO restore VALUES (@instanceId, @id, @backupId, @restoredFrom, @jobId)')
  for (const { restoredFrom, ...rest } of restores)
    insertRestore.run({ ...rest, restoredFrom: Date.parse(restoredFrom) })

  const findToken = db.prepare<[string | undefined], 1>('SELECT 1 FROM a9sToken WHERE token = ?').pluck()
  const findInstance = db.prepare<[string], InstanceRow>('SELECT * FROM instance WHERE id = ?')
  const listBackups = db.prepare<[string], BackupRow>(
    'SELECT * FROM instanceBackup WHERE instanceId = ? ORDER BY id DESC',
  )
  const findBackup = db.prepare<[string, number], BackupRow>(
    'SELECT * FROM instanceBackup WHERE instanceId = ? AND id = ?',
  )
  const lastDone = db
    .prepare<[string, number], number>(
      `SELECT max(id) FROM instanceBackup WHERE instanceId = ? AND status = 'done' AND finishedAt <= ?`,
    )
    .pluck()
  const lastBackup = db
    .prepare<[string], number | null>('SELECT max(id) FROM instanceBackup WHERE instanceId = ?')
    .pluck()
  const listRestores = db.prepare<[string], RestoreRow>('SELECT * FROM restore WHERE instanceId = ? ORDER BY id DESC')
  const findRestore = db.prepare<[string, number], RestoreRow>('SELECT * FROM restore WHERE instanceId = ? AND id = ?')
  const setKey = db.prepare('UPDATE instance SET encryptionKey = ? WHERE id = ?')

  const instanceOf = (request: FastifyRequest<{ Params: Params }>): InstanceRow | undefined =>
    findToken.get(bearerOf(request)) ? findInstance.get(request.params.id) : undefined
  const unknown = { message: 'not found' }

  app.get<{ Params: Params }>('/v1/instances/:id', response(200, schemas.Instance), (request, reply) => {
    const instance = instanceOf(request)
    if (!instance) return reply.code(404).send(unknown)
    return reply.send(instanceBody(instance, Date.now()))
  })

  app.get<{ Params: Params }>('/v1/instances/:id/backup-configs', response(200, schemas.Config), (request, reply) => {
    const instance = instanceOf(request)
    if (!instance) return reply.code(404).send(unknown)
    return reply.send({
      min_backup_count: instance.minBackupCount,
      retention_time: instance.retentionDays,
      min_encryption_key_length: instance.minEncryptionKeyLength,
      exclude_from_auto_backup: instance.excludeFromAutoBackup === 1,
    })
  })

  app.get<{ Params: Params }>(
    '/v1/instances/:id/backups',
    response(200, Type.Array(schemas.Backup)),
    (request, reply) => {
      const instance = instanceOf(request)
      if (!instance) return reply.code(404).send(unknown)
      const now = Date.now()
      const rows = listBackups.all(instance.id)
      const downloadable = rows.find(({ status, finishedAt }) => status === 'done' && finishedAt <= now)?.id
      return reply.send(rows.map(row => backupBody(instance, row, downloadable, now)))
    },
  )

  app.get<{ Params: Params }>('/v1/instances/:id/backups/:number', response(200, schemas.Backup), (request, reply) => {
    const instance = instanceOf(request)
    const backup = instance && findBackup.get(instance.id, Number(request.params.number))
    if (!backup) return reply.code(404).send(unknown)
    const now = Date.now()
    return reply.send(backupBody(instance, backup, lastDone.get(instance.id, now), now))
  })

  app.get<{ Params: Params }>(
    '/v1/instances/:id/restores',
    response(200, Type.Array(schemas.Restore)),
    (request, reply) => {
      const instance = instanceOf(request)
      if (!instance) return reply.code(404).send(unknown)
      const now = Date.now()
      return reply.send(listRestores.all(instance.id).map(row => restoreBody(row, jobs.find.get(row.jobId), now)))
    },
  )

  app.get<{ Params: Params }>(
    '/v1/instances/:id/restores/:number',
    response(200, schemas.Restore),
    (request, reply) => {
      const instance = instanceOf(request)
      const restore = instance && findRestore.get(instance.id, Number(request.params.number))
      if (!restore) return reply.code(404).send(unknown)
      return reply.send(restoreBody(restore, jobs.find.get(restore.jobId), Date.now()))
    },
  )

  app.post<{ Params: Params; Body: Static<typeof schemas.PrepareRequest> }>(
    '/v1/instances/:id/disaster-recovery/prepare',
    { schema: { body: schemas.PrepareRequest, response: { 200: schemas.Prepared, '4xx': schemas.Problem } } },
    (request, reply) => {
      const instance = instanceOf(request)
      if (!instance) return reply.code(404).send(unknown)
      const { encryption_key } = request.body
      if (encryption_key !== undefined) setKey.run(encryption_key, instance.id)
      return reply.send({ backup_guid: instance.backupGuid })
    },
  )

  const createBackup = db.transaction((instanceId: string, now: number) => {
    const id = (lastBackup.get(instanceId) ?? 0) + 1
    const phases = phasesFrom(now, { queued: QUEUED_MS, running: RUNNING_MS })
    const finishedAt = now + QUEUED_MS + RUNNING_MS
    jobs.insert({
      id: `backup/${instanceId}/${id}`,
      api: 'a9s',
      kind: 'backup',
      username: null,
      operationUri: null,
      submittedAt: now,
      phases: JSON.stringify(phases),
      state: 'completed',
      reason: null,
      endAt: finishedAt,
    })
    insertBackup.run({
      instanceId,
      id,
      status: 'done',
      rowCount: 0,
      triggeredAt: now,
      startedAt: now + QUEUED_MS,
      finishedAt,
    })
    return id
  })
  app.post<{ Params: Params }>('/v1/instances/:id/backups', response(201, schemas.Queued), (request, reply) => {
    const instance = instanceOf(request)
    if (!instance) return reply.code(404).send(unknown)
    return reply.code(201).send({ id: createBackup(instance.id, Date.now()), message: 'job to backup is queued' })
  })
}

function instanceBody(row: InstanceRow, now: number): Static<typeof schemas.Instance> {
  const { name, state, serviceId, planId, tenant, subtenant, urls, availableUpdates, dataSet } = JSON.parse(row.fixed)
  const hours = row.rowCountAt === null ? 0 : Math.floor((now - row.rowCountAt) / HOUR_MS)
  return {
    id: row.number,
    name,
    state,
    service_id: serviceId,
    plan_id: planId,
    tenant_id: tenant.id,
    tenant_name: tenant.name,
    subtenant_id: subtenant.id,
    subtenant_name: subtenant.name,
    urls,
    available_updates: availableUpdates,
    created_at: isoMs(row.createdAt),
    updated_at: isoMs(row.updatedAt ?? row.createdAt),
    data: { set: dataSet, rows: row.rowCount + hours * row.rowsPerHour },
  }
}

function backupBody(
  { backupGuid }: InstanceRow,
  row: BackupRow,
  downloadable: number | undefined,
  now: number,
): Static<typeof schemas.Backup> {
  const status = now < row.startedAt ? 'queued' : now < row.finishedAt ? 'running' : row.status
  return {
    id: row.id,
    backup_id: `${backupGuid}-${row.triggeredAt}`,
    size: status === 'done' ? 72 + 81 * row.rowCount : 0,
    status,
    triggered_at: isoMs(row.triggeredAt),
    started_at: now < row.startedAt ? null : isoMs(row.startedAt),
    finished_at: now < row.finishedAt ? null : isoMs(row.finishedAt),
    downloadable: row.id === downloadable,
  }
}

function restoreBody(row: RestoreRow, job: Job | undefined, now: number): Static<typeof schemas.Restore> {
  const { submittedAt, endAt } = job ?? { submittedAt: 0, endAt: 0 }
  return {
    id: row.id,
    backup_id: row.backupId,
    metadata: { restored_from: isoMs(row.restoredFrom) },
    status: now < submittedAt + QUEUED_MS ? 'queued' : now < endAt ? 'running' : 'done',
    triggered_at: isoMs(submittedAt),
    finished_at: now < endAt ? null : isoMs(endAt),
  }
}
