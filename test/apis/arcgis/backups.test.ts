// arcgis: creating, listing and cleaning up backups, over HTTP.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { type Answer, boot, call } from '../../helpers.ts'
import {
  createPath,
  DOCUMENTED,
  errorOf,
  type Fields,
  FORM,
  GENERATE,
  get,
  post,
  storePath,
  tokenOf,
} from './client.ts'

const JOB_ID = /^j[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const good = { name: 'backup_first', passcode: 'passcode' }

async function start(t: Test, options = {}) {
  const server = await boot(t, options)
  const token = await tokenOf(server)
  const create = (fields: Fields, store = 'backupsDefault') => post(server, createPath(store), { token, ...fields })
  const list = async (store = 'backupsDefault') => (await get(server, storePath(store), { token })).json.backups
  const names = async (store?: string) => (await list(store)).map((backup: { backupName: string }) => backup.backupName)
  return { server, token, create, list, names }
}

t.test('listBackups: the documented response at the documented path, in any context', async t => {
  const { server, token } = await start(t)
  for (const context of ['arcgis', 'context', 'a%20b']) {
    const path = `/${context}/admin/system/disasterrecovery/stores/backupStore/backups`
    const answer = await call(server, { path: `${path}?f=pjson&token=${token}` })
    t.same(JSON.parse(answer.text), DOCUMENTED)
    t.equal(answer.text, JSON.stringify(DOCUMENTED, null, 2), 'formatted as in the document')
    t.equal(answer.headers['content-type'], 'text/plain;charset=utf-8')
    const json = await call(server, { path: `${path}?f=json&token=${token}` })
    t.equal(json.text, JSON.stringify(DOCUMENTED))
    t.equal(json.headers['content-type'], 'application/json;charset=utf-8')
  }
  t.same((await post(server, storePath('backupStore'), { token })).json, DOCUMENTED, 'POST returns the same')
})

t.test('listBackups: each store has its own backups; an unknown store is an error', async t => {
  const { server, token, names } = await start(t)
  t.same((await get(server, storePath('backupsDefault'), { token })).json, { backups: [] })
  t.same(await names('fullStore'), ['backup_that_fitted'])
  const missing = errorOf(404, 'The backup store no/such was not found.')
  t.same((await get(server, storePath('no%2Fsuch'), { token })).json, missing)
  t.same((await post(server, createPath('no%2Fsuch'), { token, ...good })).json, missing)
})

t.test('createBackup: the documented request and response', async t => {
  const { server, token } = await start(t)
  const body = `name=backup_first&passcode=passcode&description=&retentionDate=1635945710988&f=pjson&token=${token}`
  const path = '/context/admin/system/disasterrecovery/stores/backupsDefault/backups/create'
  const headers = { ...FORM, host: 'organization.domain.com', 'x-forwarded-proto': 'https' }
  const answer = await call(server, { method: 'POST', path, headers, body })
  t.equal(answer.status, 200)
  const { jobid } = JSON.parse(answer.text)
  t.match(jobid, JOB_ID)
  const jobsUrl = `https://organization.domain.com/context/admin/jobs/${jobid}`
  t.equal(answer.text, JSON.stringify({ jobsUrl, jobid, status: 'SUBMITTED' }, null, 2))
})

t.test('createBackup: jobsUrl has the origin and the context of the request', async t => {
  const { server, token, create } = await start(t)
  const { jobsUrl, jobid } = (await create(good)).json
  t.ok(jobsUrl.startsWith(`${server.url}/arcgis/admin/jobs/j`))
  t.equal((await get(server, new URL(jobsUrl).pathname, { token })).json.jobid, jobid)
  const path = '/a%20%22b/admin/system/disasterrecovery/stores/backupsDefault/backups/create'
  const odd = (await post(server, path, { token, ...good, name: 'odd' })).json
  t.equal(odd.jobsUrl, `${server.url}/a%20%22b/admin/jobs/${odd.jobid}`)
  const published = await start(t, { publicUrl: 'https://gis.example.com' })
  t.match((await published.create(good)).json.jobsUrl, /^https:\/\/gis\.example\.com\/arcgis\/admin\/jobs\/j/)
})

t.test('createBackup: a completed backup is listed with every field of the sample', async t => {
  const { server, create, list } = await start(t)
  await create({ ...good, description: 'Fünf Äpfel — 五', retentionDate: 1_893_456_000_000 })
  server.default.clock.advance({ by: '66219ms' })
  t.same(await list(), [], 'not before it is complete')
  server.default.clock.advance({ by: '1ms' })
  const [backup] = await list()
  const [sample] = DOCUMENTED.backups
  t.same(shapeOf(backup), shapeOf(sample))
  t.equal(JSON.stringify(shapeOf(backup)), JSON.stringify(shapeOf(sample)), 'in the documented order')
  t.match(backup, {
    backupName: 'backup_first',
    description: 'Fünf Äpfel — 五',
    retentionDate: 1_893_456_000_000,
    backupStore: 'backupsDefault',
    scheduleType: 'MANUAL',
    status: 'completed',
  })
  const at = Date.parse('2026-06-10T12:00:00Z')
  t.equal(backup.startTime, at + 1000)
  t.equal(backup.completeTime, at + 66_220)
  increases(t, backup)
})

t.test('createBackup: the times increase even when the job ends immediately', async t => {
  const { create, list } = await start(t, { jobProgression: 'immediate' })
  await create(good)
  increases(t, (await list())[0])
})

function increases(t: Test, backup: (typeof DOCUMENTED.backups)[number]): void {
  const { startTime, completeTime, relationalStore, objectStore, infrastructures } = backup
  const parts = [...relationalStore, ...objectStore, infrastructures]
  const times = [startTime, ...parts.flatMap(part => [part.startTime, part.endTime]), completeTime]
  t.same(
    times,
    [...new Set(times)].sort((a, b) => a - b),
  )
}

/** The value with the type of each field in place of its content. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [shapeOf(value[0])]
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOf(field)]))
}

t.test('createBackup: parameters that are refused, and parameters that are accepted', async t => {
  const { create } = await start(t)
  const range = 'The field retentionDate must be '
  const refused: [fields: Fields, message: string][] = [
    [{ passcode: 'passcode' }, 'The field name is required.'],
    [{ ...good, name: '' }, 'The field name is required.'],
    [{ name: 'a' }, 'The field passcode is required.'],
    [{ ...good, passcode: 'seven77' }, 'The field passcode must be at least 8 characters long.'],
    [
      { ...good, storeName: 'backupStore' },
      'The field storeName must be backupsDefault, the backup store of the path, or be left out.',
    ],
    ...['soon', '-2', '1.5', '1e3', '8640000000000001'].map((retentionDate): [Fields, string] => [
      { ...good, retentionDate },
      range,
    ]),
  ]
  for (const [fields, message] of refused) {
    const { json } = await create(fields)
    t.equal(json.error?.code, 400, JSON.stringify(fields))
    t.ok(json.error.message.startsWith(message), json.error.message)
    t.ok('details' in json.error)
  }
  const accepted: Fields[] = [
    { passcode: 'eight888' },
    { storeName: 'backupsDefault' },
    { retentionDate: -1 },
    { retentionDate: 8_640_000_000_000_000 },
    { retentionDate: '' },
    { unknown: 'parameters are ignored' },
    { name: '<b>"&\' ünï/code' },
  ]
  for (const [index, fields] of accepted.entries()) {
    t.match((await create({ ...good, name: `backup${index}`, ...fields })).json, { status: 'SUBMITTED' })
  }
})

t.test('createBackup: all invalid parameters are reported', async t => {
  const { create } = await start(t)
  const message = 'The field name is required.'
  const details = [message, 'The field passcode must be at least 8 characters long.']
  t.same((await create({ passcode: 'short' })).json, errorOf(400, message, details))
})

t.test('createBackup: defaults of description and retentionDate', async t => {
  const { server, create, list } = await start(t)
  await create({ ...good, description: 'None', retentionDate: -1 })
  await create({ ...good, name: 'second' })
  server.default.clock.advance({ by: '2m' })
  t.match(await list(), [
    { description: 'None', retentionDate: -1 },
    { description: '', retentionDate: -1 },
  ])
})

t.test('createBackup: a name is unique in its store from submission on', async t => {
  const { server, create, names } = await start(t)
  const taken = errorOf(400, 'The backup store backupsDefault has a backup named backup_first.')
  await create(good)
  t.same((await create(good)).json, taken, 'while the backup is being made')
  server.default.clock.advance({ by: '2m' })
  t.same((await create(good)).json, taken, 'after it has been made')
  t.match((await create({ ...good, name: 'Backup_first' })).json, { status: 'SUBMITTED' })
  t.match((await create({ ...good, name: 'other' }, 'backupStore')).json, { status: 'SUBMITTED' })
  t.match((await create(good, 'backupStore')).json, errorOf(400, /has a backup named backup_first/ as never))
  server.default.clock.advance({ by: '2m' })
  t.same(await names(), ['backup_first', 'Backup_first'], 'in order of submission')
})

t.test('createBackup: a backup to a full volume fails, and its name can be used again', async t => {
  const { server, create, names } = await start(t)
  await create(good, 'fullStore')
  server.default.clock.advance({ by: '2m' })
  t.same(await names('fullStore'), ['backup_that_fitted'])
  t.match((await create(good, 'fullStore')).json, { status: 'SUBMITTED' })
})

t.test('listBackups: the daily cleanup removes backups past their retentionDate, and no others', async t => {
  const { server, create, names } = await start(t)
  const midnight = Date.parse('2026-06-11T00:00:00Z')
  const dates = { past: 1_635_945_710_988, soon: midnight, tomorrow: midnight + 1, never: -1 }
  for (const [name, retentionDate] of Object.entries(dates)) await create({ ...good, name, retentionDate })
  server.default.clock.advance({ to: midnight - 1 })
  t.same(await names(), ['past', 'soon', 'tomorrow', 'never'], 'eligible for cleanup, but not yet removed')
  const { fired } = server.default.clock.advance({ to: midnight })
  t.match(fired, [{ at: '2026-06-11T00:00:00.000Z', api: 'arcgis', kind: 'backupRetentionCleaner' }])
  t.same(await names(), ['tomorrow', 'never'])
  server.default.clock.advance({ by: '24h' })
  t.same(await names(), ['never'])
  t.same(
    await names('backupStore'),
    ['backup_first', 'schedule1-2021-10-22-20-00-09'],
    'the documented backups are pinned',
  )
  t.match((await create({ ...good, name: 'past' })).json, { status: 'SUBMITTED' }, 'its name can be used again')
})

t.test('createBackup: a job that completed without a backup frees the name', async t => {
  const { server, create, names } = await start(t)
  server.default.jobs.addRule({ operation: 'createBackup', outcome: { result: 'no-result' }, times: 1 })
  await create(good)
  t.match((await create(good)).json, { error: { code: 400 } }, 'the name is taken while the job runs')
  server.default.clock.advance({ by: '2m' })
  t.same(await names(), [])
  t.match((await create(good)).json, { status: 'SUBMITTED' })
  server.default.clock.advance({ by: '2m' })
  t.same(await names(), ['backup_first'])
})

t.test('createBackup: jobsUrl and links in pages lead to the same sandbox', async t => {
  const server = await boot(t)
  const { url } = server.sandbox('one')
  const prefix = new URL(url).pathname
  const { token } = (await post(server, prefix + GENERATE, { username: 'siteadmin', password: 'siteadmin.pass1' })).json
  const created = await post(server, prefix + createPath('backupsDefault'), { token, ...good })
  t.equal(created.json.jobsUrl, `${url}/arcgis/admin/jobs/${created.json.jobid}`)
  const page = await call(server, { path: `${prefix}${createPath('backupStore')}?token=${token}`, contract: false })
  t.ok(page.text.includes(`action="${prefix}${createPath('backupStore')}"`), 'the form of the page too')
})

t.test('createBackup: passcodes are stored only as hashes', async t => {
  const directory = t.testdir({})
  const { server, create, list } = await start(t, { data: directory })
  const passcode = 'correct-horse-battery'
  const answer = await create({ ...good, passcode })
  server.default.clock.advance({ by: '2m' })
  t.notOk((answer.text + JSON.stringify(await list())).includes(passcode))
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const bytes = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)))
  const found = (text: string) => bytes.some(file => file.includes(text))
  t.ok(found('scrypt$1024$8$1$'), 'the hash is stored')
  t.notOk(found(passcode))
})

t.test('createBackup: two servers in one process share no state', async t => {
  const [one, other] = [await start(t), await start(t, { clock: 'frozen:2030-01-01T00:00:00Z' })]
  await one.create(good)
  one.server.default.clock.advance({ by: '2m' })
  t.same([await one.names(), await other.names()], [['backup_first'], []])
  t.match((await get(other.server, storePath('backupsDefault'), { token: one.token })).json, { backups: [] })
  const seeded = await start(t, { seed: 'another' })
  const stranger = await get(seeded.server, storePath('backupsDefault'), { token: one.token })
  t.same(stranger.json, errorOf(498, 'Invalid Token.'))
})

t.test('createBackup: the same seed, requests and times give the same bytes', async t => {
  const run = async (): Promise<string> => {
    const { server, token, create } = await start(t)
    const answer: Answer = await create(good)
    server.default.clock.advance({ by: '2m' })
    const list = await get(server, storePath('backupsDefault'), { token })
    return (token + answer.text + list.text).replaceAll(server.url, '')
  }
  t.equal(await run(), await run())
})

t.test('createBackup: requires the administration privilege', async t => {
  const server: Firedrill = await boot(t)
  const denied = errorOf(403, 'You do not have permissions to access this resource or perform this operation.')
  for (const username of ['publisher1', 'viewer1']) {
    const token = await tokenOf(server, username)
    t.same((await post(server, createPath('backupsDefault'), { token, ...good })).json, denied)
    t.same(
      (await post(server, createPath('backupsDefault'), { token })).json,
      denied,
      'before the parameters are checked',
    )
    t.same((await get(server, storePath('backupStore'), { token })).json, denied)
  }
})
