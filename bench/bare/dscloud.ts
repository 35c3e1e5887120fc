// The baseline's DS Cloud: the account, an app and its backups.
import { createHash, randomInt, randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Type } from '@sinclair/typebox'
import type { Database } from 'better-sqlite3'
import type { FastifyInstance } from 'fastify'
import { nullableText } from './common.ts'
import { type AccountData, type AppData, type Data, isoMs } from './data.ts'
import { type Jobs, phasesFrom } from './jobs.ts'

const MINUTE_MS = 60_000
const UTC_OFFSET_MINUTES = 60
const EVENTS = ['login', 'message', 'command', 'reply', 'error', 'logout']

const Refused = Type.Object({ status: Type.String(), code: Type.String() })
const answer = <Schema extends ReturnType<typeof Type.Object> | ReturnType<typeof Type.Array>>(schema: Schema) => ({
  schema: { response: { 200: Type.Object({ status: Type.String(), response: schema }), '4xx': Refused } },
})
const App = {
  name: Type.String(),
  id: Type.String(),
  cluster: Type.String(),
  ram: Type.Integer(),
  language: Type.String(),
}
const Application = Type.Object({ ...App, owner: Type.String(), domain: nullableText, custom: nullableText })
const Memory = Type.Object({ limit: Type.Integer(), available: Type.Integer(), used: Type.Integer() })
const User = Type.Object({
  user: Type.Object({
    id: Type.String(),
    name: Type.String(),
    email: Type.String(),
    plan: Type.Object({ name: Type.String(), memory: Memory, duration: Type.Null() }),
  }),
  applications: Type.Array(Type.Object(App)),
  databases: Type.Array(Type.String()),
})
const Backup = Type.Object({
  name: Type.String(),
  size: Type.Integer(),
  modified: Type.String(),
  key: Type.String(),
  created_at: Type.String(),
  is_successful: Type.Boolean(),
})
const Created = Type.Object({ url: Type.String(), key: Type.String() })

interface BackupRow {
  name: string
  sizeBytes: number
  key: string
  createdAt: number
  modifiedAt: number
  utcOffsetMinutes: number
  successful: number
}
interface Params {
  id: string
}

export function addDscloud(app: FastifyInstance, db: Database, jobs: Jobs, { state }: Data): void {
  const { plans, accounts, apps, backups } = state.dscloud
  db.exec(`CREATE TABLE plan (name TEXT PRIMARY KEY, memoryMb INTEGER NOT NULL) STRICT;
    CREATE TABLE account (apiKey TEXT PRIMARY KEY, accountId TEXT NOT NULL, plan TEXT NOT NULL, name TEXT NOT NULL,
      email TEXT NOT NULL) STRICT;
    CREATE TABLE app (id TEXT PRIMARY KEY, accountId TEXT NOT NULL, name TEXT NOT NULL, cluster TEXT NOT NULL,
      memoryMb INTEGER NOT NULL, language TEXT NOT NULL, domain TEXT, customDomain TEXT) STRICT;
    CREATE TABLE appBackup (number INTEGER PRIMARY KEY, appId TEXT NOT NULL, name TEXT NOT NULL, sizeBytes INTEGER NOT NULL,
      key TEXT NOT NULL, createdAt INTEGER NOT NULL, modifiedAt INTEGER NOT NULL, utcOffsetMinutes INTEGER NOT NULL,
      successful INTEGER NOT NULL) STRICT;
    CREATE INDEX appBackupByApp ON appBackup (appId)`)
  const insertPlan = db.prepare('INSERT INTO plan VALUES (@name, @memoryMb)')
  for (const plan of plans) insertPlan.run(plan)
  const insertAccount = db.prepare('INSERT INTO account VALUES (@apiKey, @accountId, @plan, @name, @email)')
  for (const account of accounts) insertAccount.run(account)
  const insertApp = db.prepare(
    'INSERT INTO app VALUES (@id, @accountId, @name, @cluster, @memoryMb, @language, @domain, @customDomain)',
  )
  for (const each of apps) insertApp.run(each)
  const insertBackup = db.prepare<
    [BackupRow & Params]
  >(`INSERT INTO appBackup VALUES (NULL, @id, @name, @sizeBytes, @key,
    @createdAt, @modifiedAt, @utcOffsetMinutes, @successful)`)
  for (const { appId, successful, key, createdAt, modifiedAt, ...rest } of backups) {
    const instants = { createdAt: Date.parse(createdAt), modifiedAt: Date.parse(modifiedAt ?? createdAt) }
    insertBackup.run({ ...rest, id: appId, key: key ?? '', successful: Number(successful), ...instants })
  }

  const findAccount = db.prepare<[string | undefined], AccountData>('SELECT * FROM account WHERE apiKey = ?')
  const findPlan = db.prepare<[string], { name: string; memoryMb: number }>('SELECT * FROM plan WHERE name = ?')
  const findApp = db.prepare<[string, string], AppData>('SELECT * FROM app WHERE id = ? AND accountId = ?')
  const listApps = db.prepare<[string], AppData>('SELECT * FROM app WHERE accountId = ?')
  const listBackups = db.prepare<[string], BackupRow>('SELECT * FROM appBackup WHERE appId = ? ORDER BY number')

  app.get('/v3/users/me', answer(User), (request, reply) => {
    const account = findAccount.get(request.headers.authorization)
    if (!account) return reply.code(401).send({ status: 'error', code: 'ACCESS_DENIED' })
    const plan = findPlan.get(account.plan)
    const own = listApps.all(account.accountId)
    const limit = plan?.memoryMb ?? 0
    const used = own.reduce((sum, { memoryMb }) => sum + memoryMb, 0)
    return reply.send({
      status: 'success',
      response: {
        user: {
          id: account.accountId,
          name: account.name,
          email: account.email,
          plan: { name: account.plan, memory: { limit, available: limit - used, used }, duration: null },
        },
        applications: own.map(({ id, name, cluster, memoryMb, language }) => ({
          id,
          name,
          cluster,
          ram: memoryMb,
          language,
        })),
        databases: [],
      },
    })
  })

  app.get<{ Params: Params }>('/v3/apps/:id', answer(Application), (request, reply) => {
    const account = findAccount.get(request.headers.authorization)
    const found = account && findApp.get(request.params.id, account.accountId)
    if (!found) return reply.code(404).send({ status: 'error', code: 'APP_NOT_FOUND' })
    const { name, id, accountId, cluster, memoryMb, language, domain, customDomain } = found
    const response = { name, id, owner: accountId, cluster, ram: memoryMb, language, domain, custom: customDomain }
    return reply.send({ status: 'success', response })
  })

  app.get<{ Params: Params }>('/v3/apps/:id/backups', answer(Type.Array(Backup)), (request, reply) => {
    const account = findAccount.get(request.headers.authorization)
    const found = account && findApp.get(request.params.id, account.accountId)
    if (!found) return reply.code(404).send({ status: 'error', code: 'APP_NOT_FOUND' })
    const response = listBackups.all(found.id).map(row => ({
      name: row.name,
      size: row.sizeBytes,
      modified: localTime(row.modifiedAt, row.utcOffsetMinutes),
      key: row.key,
      created_at: localTime(row.createdAt, row.utcOffsetMinutes),
      is_successful: row.successful === 1,
    }))
    return reply.send({ status: 'success', response })
  })

  const addBackup = db.transaction((backup: BackupRow & Params) => {
    const { lastInsertRowid } = insertBackup.run(backup)
    const phases = phasesFrom(backup.createdAt, { running: 9_000 })
    jobs.insert({
      id: `backup/${lastInsertRowid}`,
      api: 'dscloud',
      kind: 'backup',
      username: null,
      operationUri: null,
      submittedAt: backup.createdAt,
      phases: JSON.stringify(phases),
      state: 'completed',
      reason: null,
      endAt: backup.modifiedAt,
    })
  })
  app.post<{ Params: Params }>('/v3/apps/:id/backups', answer(Created), (request, reply) => {
    const now = Date.now()
    const account = findAccount.get(request.headers.authorization)
    const found = account && findApp.get(request.params.id, account.accountId)
    if (!found) return reply.code(404).send({ status: 'error', code: 'APP_NOT_FOUND' })
    const name = `Backup at ${localTime(now, UTC_OFFSET_MINUTES).slice(0, 19).replace('T', ' ')}`
    const sizeBytes = randomInt(64 * 1024, 512 * 1024)
    const key = archiveKey(sizeBytes)
    const times = { createdAt: now, modifiedAt: now + 9_000, utcOffsetMinutes: UTC_OFFSET_MINUTES }
    addBackup({ id: found.id, name, sizeBytes, key, ...times, successful: 1 })
    const url = `http://${request.host}/backups.dscloud.pt/${found.accountId}_${encodeURIComponent(name)}.zip?${key}`
    return reply.send({ status: 'success', response: { url, key } })
  })
}

function localTime(instant: number, offsetMinutes: number): string {
  const hours = String(Math.abs(offsetMinutes) / 60).padStart(2, '0')
  return `${isoMs(instant + offsetMinutes * MINUTE_MS).slice(0, 19)}${offsetMinutes < 0 ? '-' : '+'}${hours}:00`
}

/** The checksum of the backup's archive, which is made for it: a stored file of random rows, as Firedrill's. */
function archiveKey(sizeBytes: number): string {
  const hash = createHash('sha1')
  let length = 0
  let checksum = 0
  for (let id = 1; length < sizeBytes; id++) {
    const at = isoMs(1_700_000_000_000 + randomInt(1_000_000_000))
    const row = `${id},${at},${randomUUID()},${EVENTS[randomInt(EVENTS.length)]},${randomInt(1, 30_000)}\n`
    length += row.length
    checksum = crc32(row, checksum)
    hash.update(row)
  }
  return hash.update(String(checksum)).digest('hex')
}
