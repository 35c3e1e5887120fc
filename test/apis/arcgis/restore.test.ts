// arcgis: one backup is restored, changed and deleted; a restore brings back the items of the backup, over HTTP.
import t, { type Test } from 'tap'
import { boot, call } from '../../helpers.ts'
import {
  ADMIN,
  createPath,
  DOCUMENTED,
  errorOf,
  type Fields,
  GENERATE,
  get,
  post,
  storePath,
  tokenOf,
} from './client.ts'

const START = Date.parse('2026-06-10T12:00:00Z')
const SHARING = '/arcgis/sharing/rest'
const STATUS = `${ADMIN}/system/disasterrecovery/status`
const backupPath = (name: string, store = 'backupsDefault') => `${storePath(store)}/${name}`
const UNAVAILABLE = errorOf(503, 'The organization is unavailable while it is being restored.')

async function start(t: Test, options = {}) {
  const server = await boot(t, options)
  const token = await tokenOf(server)
  const read = async (path: string, fields: Fields = {}) => (await get(server, path, { token, ...fields })).json
  const send = async (path: string, fields: Fields = {}) => (await post(server, path, { token, ...fields })).json
  const titles = async () => {
    const { results } = await read(`${SHARING}/search`)
    return results.map(({ title }: { title: string }) => title)
  }
  const backUp = async (name: string) => {
    const { jobid } = await send(createPath('backupsDefault'), { name, passcode: `${name}-passcode` })
    server.default.clock.advance({ by: '2m' })
    return jobid as string
  }
  return { server, token, read, send, titles, backUp }
}

t.test('getBackup: one element of the list', async t => {
  const { read, send } = await start(t)
  const one = await read(backupPath('backup_first', 'backupStore'))
  t.equal(JSON.stringify(one), JSON.stringify(DOCUMENTED.backups[0]))
  t.same(await send(backupPath('backup_first', 'backupStore')), one)
  t.same(
    await read(backupPath('nothing')),
    errorOf(404, 'The backup nothing was not found in the store backupsDefault.'),
  )
  await send(createPath('backupsDefault'), { name: 'unfinished', passcode: 'passcode' })
  t.match(await read(backupPath('unfinished')), { error: { code: 404 } })
})

t.test('restoreBackup: the items become those of the backup', async t => {
  const { server, read, send, titles, backUp } = await start(t)
  t.same(await titles(), ['Parcels', 'Road closures', 'Fire watch'])
  await backUp('before')
  const publisher = await tokenOf(server, 'publisher1')
  const content = `${SHARING}/content/users/publisher1`
  const added = (await post(server, `${content}/addItem`, { token: publisher, title: 'Hydrants', type: 'Web Map' }))
    .json
  t.match(added, { success: true, id: /^[0-9a-f]{32}$/, folder: null })
  const parcels = '4f5c1f0f1c0e4e0d9b2a7c3d5e6f7081'
  const original = await read(`${SHARING}/content/items/${parcels}`)
  t.same(await send(`${content}/items/${parcels}/update`, { title: 'Ruined', tags: 'a, b' }), {
    success: true,
    id: parcels,
  })
  t.same(await send(`${content}/items/5a6d2e1e2d1f4f1eac3b8d4e6f708192/delete`), {
    success: true,
    itemId: '5a6d2e1e2d1f4f1eac3b8d4e6f708192',
  })
  t.same(await titles(), ['Ruined', 'Fire watch', 'Hydrants'])
  t.match(await read(`${SHARING}/content/items/${parcels}`), { tags: ['a', 'b'], modified: START + 120_000 })

  t.same(await send(`${backupPath('before')}/restore`, { passcode: 'before-passcode' }), { status: 'success' })
  server.default.clock.advance({ by: '79s' })
  t.match((await read(STATUS)).status, { state: 'in_progress', operation: 'Restore', backupName: 'before' })
  t.same(await read(`${SHARING}/search`), { error: { ...UNAVAILABLE.error, details: [] } })
  server.default.clock.advance({ by: '5s' })
  t.match((await read(STATUS)).status, { state: 'success', operation: 'Restore' })
  const job = (await read(`${ADMIN}/jobs`)).jobs.at(-1)
  t.match(await read(`${ADMIN}/jobs/${job}`), {
    status: 'COMPLETED',
    operationURI: `${backupPath('before')}/restore`,
    result: { stages: [{ name: 'Validation', state: 'completed' }, {}, {}, {}, {}] },
  })
  t.same(await titles(), ['Parcels', 'Road closures', 'Fire watch'])
  t.same(await read(`${SHARING}/content/items/${parcels}`), original)
  t.match(await read(`${SHARING}/content/items/${added.id}`), {
    error: { code: 400, messageCode: 'CONT_0001', message: 'Item does not exist or is inaccessible.' },
  })
})

t.test('restoreBackup: the documented backups have the passcode of the documented request', async t => {
  const { server, send, titles } = await start(t)
  t.same(await send(`${backupPath('backup_first', 'backupStore')}/restore`, { passcode: 'passcode' }), {
    status: 'success',
  })
  server.default.clock.advance({ by: '5m' })
  t.same(await titles(), ['Parcels'])
})

t.test('restoreBackup: a wrong passcode is refused', async t => {
  const { server, send, titles, backUp } = await start(t)
  await backUp('before')
  const wrong = errorOf(400, 'The passcode is not that of the backup.')
  for (const passcode of ['wrong-passcode', 'before-passcodE', 'p']) {
    t.same(await send(`${backupPath('before')}/restore`, { passcode }), wrong)
  }
  t.match(await send(`${backupPath('before')}/restore`), {
    error: { code: 400, message: 'The field passcode is required.' },
  })
  t.match(await send(`${backupPath('before')}/restore`, { passcode: 'before-passcode', storeName: 'backupStore' }), {
    error: { code: 400, message: /storeName must be backupsDefault/ },
  })
  t.match(await send(`${backupPath('nothing')}/restore`, { passcode: 'before-passcode' }), { error: { code: 404 } })
  t.equal(server.default.jobs.list().length, 3, 'no job was submitted')
  t.equal((await titles()).length, 3, 'and the organization is available')
  t.notMatch(JSON.stringify(server.default.requests.list()), 'before-passcode')
})

t.test('restoreBackup: while it runs, everything is unavailable except for the status and for signing in', async t => {
  const { server, token, send, backUp } = await start(t)
  await backUp('before')
  await send(`${backupPath('before')}/restore`, { passcode: 'before-passcode' })
  const unavailable = [
    ADMIN,
    `${ADMIN}/jobs`,
    `${ADMIN}/system/tasks`,
    `${ADMIN}/system/disasterrecovery/stores`,
    `${ADMIN}/nope`,
    `${SHARING}/content/items/4f5c1f0f1c0e4e0d9b2a7c3d5e6f7081`,
  ]
  for (const path of unavailable) {
    for (const method of ['GET', 'POST']) {
      const query = method === 'GET' ? `?f=json&token=${token}` : '?f=json'
      const { status, json } = await call(server, { method, path: path + query, contract: false })
      t.equal(status, 503, `${method} ${path}`)
      t.equal(json.error.code, 503)
    }
  }
  const page = await call(server, { path: `${ADMIN}/jobs?token=${token}`, contract: false })
  t.match(page.headers['content-type'], /^text\/html/)
  t.match(page.text, 'The organization is unavailable while it is being restored.')
  const form = await post(server, createPath('backupsDefault'), { token, f: 'pjson' })
  t.equal(form.status, 503)
  t.equal(form.text, JSON.stringify(UNAVAILABLE, null, 2))
  const stages: string[] = []
  for (let step = 0; step < 6; step++) {
    const { status } = (await get(server, STATUS, { token })).json
    stages.push(status.stages.map(({ state }: { state: string }) => state).join(' '))
    server.default.clock.advance({ by: '17s' })
  }
  t.same(stages, [
    '',
    'completed completed in_progress',
    'completed completed in_progress',
    'completed completed in_progress',
    'completed completed in_progress',
    'completed completed completed completed completed',
  ])
  t.equal((await get(server, `${ADMIN}/jobs`, { token })).status, 200)
})

t.test('restoreBackup: the token routes and the legacy status are served while it runs', async t => {
  const { server, token, send, backUp } = await start(t)
  await backUp('before')
  await send(`${backupPath('before')}/restore`, { passcode: 'before-passcode' })
  t.match((await post(server, GENERATE, { username: 'siteadmin', password: 'siteadmin.pass1' })).json, {
    token: String,
  })
  t.equal((await get(server, `${ADMIN}/system/disasterrecovery/backuprestore/status`, { token })).status, 200)
  t.equal((await call(server, { path: `${ADMIN}/login`, contract: false })).status, 200)
  t.equal((await post(server, `${SHARING}/portals/self`, { token })).status, 200)
  t.equal((await get(server, `${SHARING}/info`)).status, 200)
  t.equal((await call(server, { method: 'POST', path: `${STATUS}/rest/info?f=json`, contract: false })).status, 200)
})

t.test(
  'restoreBackup: a restore that fails or is cancelled changes nothing and makes the organization available',
  async t => {
    const { server, read, send, titles, backUp } = await start(t)
    await backUp('before')
    await send(`${SHARING}/content/users/publisher1/items/4f5c1f0f1c0e4e0d9b2a7c3d5e6f7081/delete`)
    const outcomes = [
      { result: 'fail', reason: 'The volume is broken.' },
      { result: 'cancel' },
      { result: 'time-out' },
      { result: 'no-result' },
    ] as const
    const states = []
    for (const outcome of outcomes) {
      server.default.jobs.addRule({ operation: 'restoreBackup', outcome, times: 1 })
      await send(`${backupPath('before')}/restore`, { passcode: 'before-passcode' })
      server.default.clock.advance({ by: '3h' })
      states.push((await read(STATUS)).status.state)
      t.same(await titles(), ['Road closures', 'Fire watch'])
    }
    t.same(states, ['failed', 'failed', 'failed', 'completed_with_warnings'])
  },
)

t.test('restoreBackup: under progression polls:N, the status advances it', async t => {
  const { read, send, titles, server } = await start(t, { jobProgression: 'polls:2' })
  t.same(await send(`${backupPath('backup_first', 'backupStore')}/restore`, { passcode: 'passcode' }), {
    status: 'success',
  })
  t.match((await read(STATUS)).status, { state: 'in_progress' })
  t.match((await read(STATUS)).status, { state: 'success' })
  server.default.clock.advance({ by: '1s' })
  t.same(await titles(), ['Parcels'])
})

t.test('updateBackup: the retention date', async t => {
  const { server, read, send, backUp } = await start(t)
  await backUp('kept')
  await backUp('removed')
  const update = (name: string, retentionDate: number) => send(`${backupPath(name)}/update`, { retentionDate })
  t.same(await update('removed', START + 3_600_000), { status: 'success' })
  t.same(await update('kept', START + 3_600_000), { status: 'success' })
  t.match(await read(backupPath('kept')), { retentionDate: START + 3_600_000 })
  t.same(await update('kept', -1), { status: 'success' })
  t.match(await read(backupPath('kept')), { retentionDate: -1 })
  server.default.clock.advance({ by: '2d' })
  t.match((await read(storePath('backupsDefault'))).backups, [{ backupName: 'kept' }])
  t.match(await update('removed', 5), { error: { code: 404 } })
  t.match(await update('kept', -2), { error: { code: 400 } })
})

t.test('updateBackup: a documented backup is removed once a client has set its retention date', async t => {
  const { server, read, send } = await start(t)
  const names = async () => {
    const { backups } = await read(storePath('backupStore'))
    return backups.map(({ backupName }: { backupName: string }) => backupName)
  }
  const path = backupPath('backup_first', 'backupStore')
  t.same(await send(`${path}/update`, { retentionDate: START + 3_600_000 }), { status: 'success' })
  server.default.clock.advance({ by: '2d' })
  t.same(await names(), ['schedule1-2021-10-22-20-00-09'], 'the other one stays, past its date')
})

t.test('deleteBackup: at once, and by a job', async t => {
  const { server, read, send, backUp } = await start(t)
  await backUp('first')
  await backUp('second')
  t.same(await send(`${backupPath('first')}/delete`), { status: 'success' })
  t.match(await read(backupPath('first')), { error: { code: 404 } })
  const { jobid, status } = await send(`${backupPath('second')}/delete`, { async: 'true' })
  t.equal(status, 'SUBMITTED')
  t.match(await read(backupPath('second')), { backupName: 'second' }, 'listed until the job has completed')
  server.default.clock.advance({ by: '1m' })
  t.match(await read(`${ADMIN}/jobs/${jobid}`), {
    status: 'COMPLETED',
    operationURI: `${backupPath('second')}/delete`,
    result: { stages: [{ name: 'Delete Relational store', state: 'completed' }, {}, {}] },
  })
  t.same((await read(storePath('backupsDefault'))).backups, [])
  t.match(await send(`${backupPath('second')}/delete`), { error: { code: 404 } })
  t.ok(await backUp('first'), 'the name can be used again')
})

t.test('searchItems: words, fields and pages', async t => {
  const { read } = await start(t)
  const found = async (q: string) =>
    (await read(`${SHARING}/search`, { q })).results.map(({ title }: { title: string }) => title)
  t.same(await found('roads'), ['Road closures'])
  t.same(await found('type:"Web Map" AND traffic'), ['Road closures'])
  t.same(await found('type:"web map"'), ['Road closures'])
  t.same(await found('owner:publisher1 tags:fire'), ['Fire watch'])
  t.same(await found('owner:unknown'), [])
  t.same(await found('nothing:x'), [])
  const page = await read(`${SHARING}/search`, { start: 2, num: 1 })
  t.match(page, { query: '', total: 3, start: 2, num: 1, nextStart: 3, results: [{ title: 'Road closures' }] })
  t.match(await read(`${SHARING}/search`, { start: 3, num: 5 }), { num: 1, nextStart: -1 })
  t.match(await read(`${SHARING}/search`, { num: 101 }), { error: { code: 400 } })
})

t.test('addItem, updateItem, deleteItem: only the owner and administrators', async t => {
  const { server, send } = await start(t)
  const viewer = await tokenOf(server, 'viewer1')
  const content = `${SHARING}/content/users`
  const denied = { error: { code: 403 } }
  const parcels = '4f5c1f0f1c0e4e0d9b2a7c3d5e6f7081'
  const item = { title: 'Own', type: 'Web Map' }
  t.match((await post(server, `${content}/publisher1/addItem`, { token: viewer, ...item })).json, denied)
  t.match((await post(server, `${content}/publisher1/items/${parcels}/update`, { token: viewer })).json, denied)
  t.match((await post(server, `${content}/publisher1/items/${parcels}/delete`, { token: viewer })).json, denied)
  t.match((await post(server, `${content}/viewer1/addItem`, { token: viewer, ...item })).json, { success: true })
  t.match(await send(`${content}/viewer1/items/${parcels}/delete`), { error: { code: 400 } }, 'of another owner')
  t.match(await send(`${content}/viewer1/addItem`, { title: 'x' }), { error: { code: 400 } })
  t.match(await send(`${content}/nobody/addItem`, item), { error: { details: ['The user nobody was not found.'] } })
  t.match((await get(server, `${SHARING}/search`)).json, { error: { code: 499 } })
})
