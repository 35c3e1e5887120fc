// arcgis: state of earlier releases, in documents and in stored sandboxes, is still readable.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { backupBody } from '../../../src/apis/arcgis/routes/backup-body.ts'
import { findUserByToken, listBackups, listTasks, migrations } from '../../../src/apis/arcgis/state.ts'
import { jobMigrations } from '../../../src/sandbox/jobs/tables.ts'
import { openMemory } from '../../../src/sandbox/store.ts'
import { boot, call } from '../../helpers.ts'
import { DOCUMENTED, get, storePath, tokenOf } from './client.ts'

const golden = readFileSync(new URL('../../golden/state-1.json', import.meta.url), 'utf8')
/** The last format in which a backup was stored as the API returns it. */
const RECORD_FORMAT = 2

t.test('importState: backups of a document with wire records are listed unchanged', async t => {
  const server = await boot(t)
  const headers = { 'content-type': 'application/json' }
  const imported = await call(server, { method: 'PUT', path: '/__admin/state', headers, body: golden, contract: false })
  t.equal(imported.status, 204)
  const token = await tokenOf(server)
  const list = await get(server, storePath('backupStore'), { token })
  t.equal(list.text, JSON.stringify(DOCUMENTED))
  const before = JSON.parse(golden).arcgis.backups.filter(
    (backup: { storeName: string }) => backup.storeName === 'fullStore',
  )
  const fullStore = await get(server, storePath('fullStore'), { token })
  t.same(
    fullStore.json.backups,
    before.flatMap(({ record }: { record: object | null }) => record ?? []),
  )
  const exported = server.default.state.export().arcgis as { backups: object[] }
  t.equal(exported.backups.length, JSON.parse(golden).arcgis.backups.length)
  t.notMatch(JSON.stringify(exported), '"record"')
  t.equal((await boot(t)).default.state.import({ arcgis: exported } as never), undefined, 'and can be imported again')
})

t.test('importState: a record that is not a backup is refused', async t => {
  const server = await boot(t)
  const backup = { storeName: 'backupStore', name: 'broken', record: { ...DOCUMENTED.backups[0], release: 5 } }
  const arcgis = { stores: [{ name: 'backupStore' }], backups: [backup] }
  t.throws(() => server.default.state.import({ arcgis } as never), /record/)
})

t.test('migrations: stored backups keep their contents', async t => {
  const store = openMemory()
  t.teardown(() => store.close())
  store.migrate([jobMigrations, { owner: 'arcgis', scripts: migrations.slice(0, RECORD_FORMAT) }])
  store.run(`INSERT INTO arcgisStore (name, isDefault, volumeFull) VALUES ('backupStore', 0, 0)`)
  const insert = (name: string, jobId: string, record: object | null) =>
    store.run(
      `INSERT INTO arcgisBackup (storeName, name, jobId, pinned, record) VALUES ('backupStore', ?, ?, 0, ?)`,
      name,
      jobId,
      record && JSON.stringify(record),
    )
  const [first, second] = DOCUMENTED.backups as [object, object]
  const unlimited = { ...first, backupName: 'unlimited', description: 'Fünf "Äpfel" — 五', retentionDate: -1 }
  const withoutParts = { ...second, backupName: 'without parts', relationalStore: [], objectStore: [] }
  const records = [...DOCUMENTED.backups, unlimited, withoutParts]
  for (const [index, record] of records.entries()) insert(record.backupName, `j${index}`, record)
  insert('unfinished', 'j9', null)
  const insertJob = (id: string, retentionDate: number) =>
    store.run(
      `INSERT INTO job (api, id, kind, subject, submittedAt, phases, ending, settledPhases, pollsSeen)
       VALUES ('arcgis', ?, 'backup', ?, 0, '[]', '{}', 0, 0)`,
      id,
      JSON.stringify({ name: id, retentionDate }),
    )
  store.run(
    `INSERT INTO schedule (api, id, kind, subject, dueAt)
     VALUES ('arcgis', 'backupRetentionCleaner', 'backupRetentionCleaner', '{}', 86400000)`,
  )
  insertJob('unlimited', -1)
  insertJob('limited', 5)

  store.migrate([jobMigrations, { owner: 'arcgis', scripts: migrations }])

  t.equal(JSON.stringify(listBackups(store, 'backupStore').map(backupBody)), JSON.stringify(records))
  t.same(store.get('SELECT name, retentionAt, contents FROM arcgisBackup WHERE contents IS NULL'), {
    name: 'unfinished',
    retentionAt: null,
    contents: null,
  })
  t.match(listTasks(store), [{ id: 'backupRetentionCleaner', type: 'retention', cron: { hour: '0' } }])
  const subjects = store.all<{ subject: string }>('SELECT subject FROM job').map(({ subject }) => JSON.parse(subject))
  t.same(subjects, [
    { name: 'unlimited', retentionAt: null, trigger: 'manual' },
    { name: 'limited', retentionAt: 5, trigger: 'manual' },
  ])
})

t.test('importState: jobs of a document with retention dates of the API', async t => {
  const server = await boot(t)
  const headers = { 'content-type': 'application/json' }
  await call(server, { method: 'PUT', path: '/__admin/state', headers, body: golden, contract: false })
  const { jobs } = server.default.state.export() as { jobs: { api: string; subject: object }[] }
  const subjects = jobs.filter(({ api }) => api === 'arcgis').map(({ subject }) => subject)
  t.match(subjects, [
    { retentionAt: null, trigger: 'manual' },
    { retentionAt: null, trigger: 'manual' },
  ])
  t.notMatch(JSON.stringify(subjects), 'retentionDate')
})

t.test('migrations: stored tokens stay valid', async t => {
  const store = openMemory()
  t.teardown(() => store.close())
  store.migrate([jobMigrations, { owner: 'arcgis', scripts: migrations.slice(0, RECORD_FORMAT) }])
  store.run(`INSERT INTO arcgisUser (username, password, role, privileges) VALUES ('a', 'b', 'user', '[]')`)
  store.run(`INSERT INTO arcgisToken (token, username, expiresAt) VALUES ('of a', 'a', 1000)`)

  store.migrate([jobMigrations, { owner: 'arcgis', scripts: migrations }])

  t.match(findUserByToken(store, 'of a', 999), { username: 'a' })
  t.equal(findUserByToken(store, 'of a', 1000), undefined)
})
