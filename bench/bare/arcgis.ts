// The baseline's ArcGIS: tokens, backup stores, backups, jobs, tasks and items.
import { randomBytes, randomUUID, scryptSync } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import type { Database } from 'better-sqlite3'
import type { FastifyInstance } from 'fastify'
import { storesPage } from './arcgis-page.ts'
import * as schemas from './arcgis-schemas.ts'
import type { Data } from './data.ts'
import { type Job, type Jobs, type Phase, phasesFrom } from './jobs.ts'

const TOKEN_MS = 3_600_000
const API = 'arcgis'
const COST = { N: 1024, r: 8, p: 1 }
const STAGES = {
  SUBMITTED: 1_000,
  Validation: 3_096,
  'Stage Relational store': 5_149,
  'Stage Object store': 50_405,
  'Stage system configuration': 6_517,
  'Post backup operation cleanup': 53,
}
const PROBLEM = { error: { code: 498, message: 'Invalid token.' } }
const MISSING = { error: { code: 404, message: 'Not found.' } }

const TokenRequest = Type.Object({ username: Type.String(), password: Type.String(), f: Type.String() })
const CreateRequest = Type.Object({
  name: Type.String({ minLength: 1 }),
  passcode: Type.String({ minLength: 8 }),
  token: Type.String(),
  f: Type.String(),
})
const Query = Type.Object({ f: Type.String(), token: Type.String(), q: Type.Optional(Type.String()) })
type Query = Static<typeof Query>
interface Params {
  store: string
  name: string
  id: string
}
type Call = { Querystring: Query; Params: Params }

interface User {
  username: string
  isAdministrator: number
}

const answer = <Schema extends object>(schema: Schema) => ({
  schema: { querystring: Query, response: { 200: schema, '4xx': schemas.Problem } },
})

export function addArcgis(app: FastifyInstance, db: Database, jobs: Jobs, { state, answers, styles }: Data): void {
  // The columns `body` are JSON: nothing in them is changed or selected by.
  db.exec(`CREATE TABLE arcgisUser (username TEXT PRIMARY KEY, password TEXT NOT NULL, isAdministrator INTEGER NOT NULL) STRICT;
    CREATE TABLE arcgisToken (token TEXT PRIMARY KEY, username TEXT NOT NULL, expiresAt INTEGER NOT NULL) STRICT;
    CREATE INDEX arcgisTokenByExpiry ON arcgisToken (expiresAt);
    CREATE TABLE store (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE storeBackup (number INTEGER PRIMARY KEY, storeName TEXT NOT NULL, name TEXT NOT NULL, passcodeHash TEXT,
      jobId TEXT, body TEXT, UNIQUE (storeName, name)) STRICT;
    CREATE TABLE task (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE item (id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL) STRICT`)
  const insertUser = db.prepare('INSERT INTO arcgisUser VALUES (?, ?, ?)')
  for (const { username, password, privileges } of state.arcgis.users) {
    insertUser.run(username, password, Number(privileges.length > 0))
  }
  const insertStore = db.prepare('INSERT INTO store VALUES (?, ?)')
  for (const store of answers.stores) insertStore.run(store.name, JSON.stringify(store))
  const insertBackup = db.prepare('INSERT INTO storeBackup VALUES (NULL, ?, ?, ?, ?, ?)')
  for (const backup of answers.backups) {
    insertBackup.run('backupStore', backup.backupName, null, null, JSON.stringify(backup))
  }
  const insertTask = db.prepare('INSERT INTO task VALUES (?, ?)')
  for (const task of answers.tasks) insertTask.run(task.id, JSON.stringify(task))
  const insertItem = db.prepare('INSERT INTO item VALUES (?, ?, ?)')
  for (const item of answers.items) insertItem.run(item.id, item.title, JSON.stringify(item))

  const findUser = db.prepare<[string, string], User>('SELECT * FROM arcgisUser WHERE username = ? AND password = ?')
  const findByToken = db.prepare<[string, number], User>(
    'SELECT arcgisUser.* FROM arcgisToken JOIN arcgisUser USING (username) WHERE token = ? AND expiresAt > ?',
  )
  const deleteExpired = db.prepare('DELETE FROM arcgisToken WHERE expiresAt <= ?')
  const insertToken = db.prepare('INSERT INTO arcgisToken VALUES (?, ?, ?)')
  const bodies = (sql: string) => db.prepare<string[], string>(sql).pluck()
  const listStores = bodies('SELECT body FROM store ORDER BY rowid')
  const findStore = bodies('SELECT body FROM store WHERE name = ?')
  const listBackups = bodies('SELECT body FROM storeBackup WHERE storeName = ? AND body IS NOT NULL ORDER BY number')
  const findBackup = bodies('SELECT body FROM storeBackup WHERE storeName = ? AND name = ? AND body IS NOT NULL')
  const listTasks = bodies('SELECT body FROM task ORDER BY rowid')
  const findTask = bodies('SELECT body FROM task WHERE id = ?')
  const findItem = bodies('SELECT body FROM item WHERE id = ?')
  const searchItems = bodies(`SELECT body FROM item WHERE title LIKE '%' || ? || '%' ORDER BY rowid`)

  const isAdministrator = (token: string) => findByToken.get(token, Date.now())?.isAdministrator === 1
  const parsed = (texts: string[]) => texts.map(text => JSON.parse(text))

  const issueToken = db.transaction((username: string, now: number) => {
    deleteExpired.run(now)
    const token = randomBytes(96).toString('base64url')
    insertToken.run(token, username, now + TOKEN_MS)
    return token
  })
  app.post<{ Body: Static<typeof TokenRequest> }>(
    '/arcgis/sharing/rest/generateToken',
    { schema: { body: TokenRequest, response: { 200: schemas.Token, '4xx': schemas.Problem } } },
    (request, reply) => {
      const now = Date.now()
      const user = findUser.get(request.body.username, request.body.password)
      if (!user) return reply.code(400).send(PROBLEM)
      return reply.send({ token: issueToken(user.username, now), expires: now + TOKEN_MS, ssl: false })
    },
  )

  const STORES = '/arcgis/admin/system/disasterrecovery/stores'
  app.get<Call>(STORES, answer(schemas.Stores), (request, reply) => {
    const { f, token } = request.query
    const user = findByToken.get(token, Date.now())
    if (!user?.isAdministrator) return reply.code(498).send(PROBLEM)
    const backupStores = parsed(listStores.all())
    if (f === 'json') return reply.send({ backupStores })
    reply.type('text/html; charset=utf-8')
    return reply.serializer(String).send(storesPage(backupStores, user.username, token, styles.stores))
  })
  app.get<Call>(`${STORES}/:store`, answer(schemas.Store), (request, reply) => {
    if (!isAdministrator(request.query.token)) return reply.code(498).send(PROBLEM)
    const store = findStore.get(request.params.store)
    return store === undefined ? reply.code(404).send(MISSING) : reply.send(JSON.parse(store))
  })
  app.get<Call>(`${STORES}/:store/backups`, answer(schemas.Backups), (request, reply) => {
    if (!isAdministrator(request.query.token)) return reply.code(498).send(PROBLEM)
    if (findStore.get(request.params.store) === undefined) return reply.code(404).send(MISSING)
    return reply.send({ backups: parsed(listBackups.all(request.params.store)) })
  })
  app.get<Call>(`${STORES}/:store/backups/:name`, answer(schemas.Backup), (request, reply) => {
    if (!isAdministrator(request.query.token)) return reply.code(498).send(PROBLEM)
    const { store, name } = request.params
    const backup = findStore.get(store) && findBackup.get(store, name)
    return backup === undefined ? reply.code(404).send(MISSING) : reply.send(JSON.parse(backup))
  })

  const createBackup = db.transaction(
    (store: string, name: string, passcode: string, username: string, now: number) => {
      const id = `j${randomUUID()}`
      const salt = randomBytes(16)
      const hash = scryptSync(passcode, salt, 32, COST)
      const phases = phasesFrom(now, STAGES)
      jobs.insert({
        id,
        api: API,
        kind: 'backup',
        username,
        operationUri: `${STORES}/${store}/backups/create`,
        submittedAt: now,
        phases: JSON.stringify(phases),
        state: 'completed',
        reason: null,
        endAt: phases.at(-1)?.endAt ?? now,
      })
      insertBackup.run(store, name, `${salt.toString('base64url')}$${hash.toString('base64url')}`, id, null)
      return id
    },
  )
  app.post<{ Params: Params; Body: Static<typeof CreateRequest> }>(
    `${STORES}/:store/backups/create`,
    { schema: { body: CreateRequest, response: { 200: schemas.Submitted, '4xx': schemas.Problem } } },
    (request, reply) => {
      const now = Date.now()
      const { name, passcode, token } = request.body
      const user = findByToken.get(token, now)
      if (!user?.isAdministrator) return reply.code(498).send(PROBLEM)
      const { store } = request.params
      if (findStore.get(store) === undefined) return reply.code(404).send(MISSING)
      const jobid = createBackup(store, name, passcode, user.username, now)
      return reply.send({ jobsUrl: `http://${request.host}/arcgis/admin/jobs/${jobid}`, jobid, status: 'SUBMITTED' })
    },
  )

  app.get<Call>('/arcgis/admin/jobs', answer(schemas.Jobs), (request, reply) => {
    if (!isAdministrator(request.query.token)) return reply.code(498).send(PROBLEM)
    return reply.send({ jobs: jobs.idsOf.all(API) })
  })
  app.get<Call>('/arcgis/admin/jobs/:id', answer(schemas.Job), (request, reply) => {
    if (!isAdministrator(request.query.token)) return reply.code(498).send(PROBLEM)
    const job = jobs.find.get(request.params.id)
    return job ? reply.send(jobBody(job, Date.now())) : reply.code(404).send(MISSING)
  })
  app.get<Call>('/arcgis/admin/system/tasks', answer(schemas.Tasks), (request, reply) => {
    if (!isAdministrator(request.query.token)) return reply.code(498).send(PROBLEM)
    return reply.send({ result: parsed(listTasks.all()) })
  })
  app.get<Call>('/arcgis/admin/system/tasks/:id', answer(schemas.Task), (request, reply) => {
    if (!isAdministrator(request.query.token)) return reply.code(498).send(PROBLEM)
    const task = findTask.get(request.params.id)
    return task === undefined ? reply.code(404).send(MISSING) : reply.send(JSON.parse(task))
  })
  app.get<Call>('/arcgis/sharing/rest/search', answer(schemas.Found), (request, reply) => {
    const { token, q = '' } = request.query
    if (!findByToken.get(token, Date.now())) return reply.code(498).send(PROBLEM)
    const results = parsed(searchItems.all(q))
    const { length } = results
    return reply.send({ query: q, total: length, start: 1, num: length, nextStart: -1, results })
  })
  app.get<Call>('/arcgis/sharing/rest/content/items/:id', answer(schemas.Item), (request, reply) => {
    if (!findByToken.get(request.query.token, Date.now())) return reply.code(498).send(PROBLEM)
    const item = findItem.get(request.params.id)
    return item === undefined ? reply.code(404).send(MISSING) : reply.send(JSON.parse(item))
  })
}

function jobBody(job: Job, now: number): Static<typeof schemas.Job> {
  const phases: Phase[] = JSON.parse(job.phases)
  const isRunning = job.endAt > now
  let begunAt = phases[0]?.endAt ?? job.submittedAt
  const stages = []
  for (const { name, endAt } of phases.slice(1)) {
    if (begunAt > now) break
    const ms = endAt - begunAt
    const duration = `${ms} millis (~ ${Math.floor(ms / 60_000)} minutes)`
    stages.push({ name, state: endAt <= now ? 'completed' : 'running', duration })
    begunAt = endAt
  }
  return {
    updatedtime: isRunning ? now : job.endAt,
    jobid: job.id,
    endtime: job.endAt,
    starttime: job.submittedAt,
    operationURI: job.operationUri ?? '',
    status: isRunning ? 'SUBMITTED' : job.state.toUpperCase(),
    username: job.username ?? '',
    result: { stages },
  }
}
