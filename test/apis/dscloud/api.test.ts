import Database from 'better-sqlite3'
import t from 'tap'
import { start } from '../../../src/index.ts'
import { openapiDocument } from '../../../src/openapi.ts'
import { sandboxFile } from '../../data-files.ts'
import { type Answer, boot, call } from '../../helpers.ts'
import { APP, bootWith, folder, isError, KEY, list, OWN_APP } from './client.ts'

const FREE_KEY = '98765432109876543-free'
const FREE_APP = 'f0000000000000000000000000000001'

const DOCUMENTED = {
  status: 'success',
  response: [
    {
      name: 'Backup at 2024-12-07 22:07:11',
      size: 81865653,
      modified: '2024-12-07T22:07:20+01:00',
      key: '85592d2b15ff867407964790224dcbb3a95ce82b',
      created_at: '2024-12-07T22:07:11+01:00',
      is_successful: true,
    },
    {
      name: 'Backup at 2024-12-07 22:28:26',
      size: 46478659,
      modified: '2024-12-07T22:28:26+01:00',
      key: '803d975bd5726c1f5771221fc59ec0f97e45fa12',
      created_at: '2024-12-07T22:28:48+01:00',
      is_successful: true,
    },
    {
      name: 'Backup at 2024-12-07 22:48:16',
      size: 81865653,
      modified: '2024-12-07T22:48:25+01:00',
      key: '85592d2b15ff867407964790224dcbb3a95ce82b',
      created_at: '2024-12-07T22:48:16+01:00',
      is_successful: true,
    },
  ],
}

t.test('listApplicationBackups: the documented response, byte for byte', async t => {
  const server = await boot(t)
  const answer = await list(server)
  t.equal(answer.status, 200)
  t.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  t.same(answer.json, DOCUMENTED)
  t.equal(answer.text, JSON.stringify(DOCUMENTED), 'also in the order of rows and fields')
  const head = await list(server, APP, KEY, 'HEAD')
  t.same([head.status, head.text, head.headers['content-length']], [200, '', String(answer.bytes.length)])
})

t.test('listApplicationBackups: the documented rows do not depend on the time', async t => {
  const server = await boot(t, { clock: 'frozen:2020-01-01T00:00:00Z' })
  t.same((await list(server)).json, DOCUMENTED)
  server.default.clock.advance({ by: '5200w' })
  t.same((await list(server)).json, DOCUMENTED)
})

t.test('listApplicationBackups: an undocumented backup and a failed one', async t => {
  const server = await boot(t)
  const answers = await Promise.all([list(server, OWN_APP), list(server, OWN_APP), list(server, OWN_APP)])
  const [{ json }] = answers as [Answer, ...Answer[]]
  const key = json.response[0].key
  t.match(key, /^[0-9a-f]{40}$/)
  t.same(json.response, [
    {
      name: 'Backup at 2026-06-08 11:00:00',
      size: 262144,
      modified: '2026-06-08T11:00:03+01:00',
      key,
      created_at: '2026-06-08T11:00:00+01:00',
      is_successful: true,
    },
    {
      name: 'Backup at 2026-06-09 11:00:00',
      size: 0,
      modified: null,
      key: null,
      created_at: '2026-06-09T11:00:00+01:00',
      is_successful: false,
    },
  ])
  t.equal(new Set(answers.map(({ text }) => text)).size, 1, 'simultaneous requests get the same response')
  server.default.reset()
  t.same((await list(server, OWN_APP)).json, json, 'and after a reset')
})

t.test('listApplicationBackups: oldest first, in the zone of each', async t => {
  const accounts = [{ apiKey: 'k', accountId: '1', plan: 'Silver' }]
  const apps = ['full', 'empty'].map(id => ({ id, accountId: '1', name: 'x', deployedAt: '-1d' }))
  const row = { appId: 'full', successful: false, sizeBytes: 0 }
  const server = await bootWith(t, {
    accounts,
    apps,
    backups: [
      { ...row, createdAt: '2025-07-01T00:00:00Z', utcOffsetMinutes: 0, name: 'last' },
      { ...row, createdAt: '2025-06-30T23:30:00Z', utcOffsetMinutes: 330 },
      { ...row, createdAt: '2025-01-01T00:00:00Z', utcOffsetMinutes: -210, modifiedAt: '2025-01-01T00:00:01.999Z' },
    ],
  })
  const { json } = await list(server, 'full', 'k')
  t.match(json.response, [
    { name: 'Backup at 2024-12-31 20:30:00', created_at: '2024-12-31T20:30:00-03:30', modified: /T20:30:01-03:30$/ },
    { name: 'Backup at 2025-07-01 05:00:00', created_at: '2025-07-01T05:00:00+05:30' },
    { name: 'last', created_at: '2025-07-01T00:00:00+00:00' },
  ])
  t.same((await list(server, 'empty', 'k')).json, { status: 'success', response: [] })
})

t.test('listApplicationBackups: 401 without the raw key of an account', async t => {
  const server = await boot(t)
  for (const key of ['', 'unknown', `Bearer ${KEY}`, KEY.toUpperCase(), '23457145698959364', `${KEY} x`]) {
    isError(t, await list(server, APP, key), 401, 'ACCESS_DENIED')
    isError(t, await list(server, 'nope', key), 401, 'ACCESS_DENIED')
  }
})

t.test('listApplicationBackups: 403 below Silver, whatever the app', async t => {
  const server = await boot(t)
  for (const app of [FREE_APP, APP, 'nope']) isError(t, await list(server, app, FREE_KEY), 403, 'UPGRADE_REQUIRED')
})

t.test('listApplicationBackups: Silver, Titanium and Essential are allowed', async t => {
  const plans = ['Free', 'Silver', 'Titanium', 'Essential']
  const server = await bootWith(t, {
    accounts: plans.map(plan => ({ apiKey: plan, accountId: plan, plan })),
    apps: plans.map(plan => ({ id: plan, accountId: plan, name: plan, deployedAt: '-1d' })),
  })
  const statuses = await Promise.all(plans.map(async plan => (await list(server, plan, plan)).status))
  t.same(statuses, [403, 200, 200, 200])
})

t.test('listApplicationBackups: 404 for an unknown app and for one of another account', async t => {
  const server = await boot(t)
  for (const app of ['nope', APP.toUpperCase(), `${APP}0`, FREE_APP]) {
    isError(t, await list(server, app), 404, 'APP_NOT_FOUND')
  }
})

t.test('listApplicationBackups: 405 with the allowed methods', async t => {
  const server = await boot(t)
  const allowed = { [`/v3/apps/${APP}/backups`]: 'GET, HEAD, POST', [`/v3/apps/${APP}`]: 'GET, HEAD' }
  for (const [path, allow] of Object.entries(allowed)) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(each => !allow.includes(each))) {
      const body = method === 'PUT' || method === 'POST' ? '{' : undefined
      const answer = await call(server, { method, path, headers: { authorization: KEY }, body, contract: false })
      isError(t, answer, 405, 'METHOD_NOT_ALLOWED')
      t.equal(answer.headers.allow, allow)
    }
  }
})

t.test(
  'listApplicationBackups: unknown paths and unreadable bodies are answered in the error format of the API',
  async t => {
    const server = await boot(t)
    const headers = { authorization: KEY }
    for (const path of [
      '/v3',
      '/v3/',
      '/v3/apps',
      `/v3/apps/${APP}/`,
      `/v3/apps/${APP}/backups/`,
      '/v3/apps/%zz/backups',
    ]) {
      isError(t, await call(server, { path, headers, contract: false }), 404, 'NOT_FOUND')
    }
    isError(t, await call(server, { path: '/v3/apps', contract: false }), 401, 'ACCESS_DENIED')
    const json = { ...headers, 'content-type': 'application/json' }
    const post = { method: 'POST', path: '/v3/apps', headers: json, contract: false }
    for (const body of ['{', `"${'x'.repeat(1024 * 1024)}"`]) {
      isError(t, await call(server, { ...post, body }), 404, 'NOT_FOUND')
    }
    const elsewhere = await call(server, { path: '/v33', headers, contract: false })
    t.match(
      elsewhere.headers['content-type'],
      'application/problem+json',
      'a path that only starts with the same characters is not one of the API',
    )
  },
)

t.test('listApplicationBackups: 500 does not reveal the cause', async t => {
  const data = folder(t)
  await (await start({ data })).close()
  const db = new Database(sandboxFile(data, 'default'))
  db.pragma('foreign_keys = OFF')
  db.exec('DROP TABLE dscloudBackup')
  db.close()
  const reported: unknown[] = []
  const server = await boot(t, { data, onUnexpected: error => reported.push(error) })
  const answer = await list(server)
  isError(t, answer, 500, 'INTERNAL_SERVER_ERROR')
  t.notMatch(answer.text, /sql|table|dscloudBackup/i)
  t.match(String(reported), /no such table/, 'the cause is reported to the operator')
})

t.test('listApplicationBackups: inconsistent state is refused at the start', async t => {
  const accounts = [{ apiKey: 'k', accountId: '1', plan: 'Silver' }]
  const apps = [{ id: 'a', accountId: '1', name: 'x', deployedAt: '-1d' }]
  const backup = { appId: 'a', sizeBytes: 4096, createdAt: '-1d' }
  const tooSmall = { ...backup, sizeBytes: 4095 }
  const cases = [
    {
      state: { accounts: [{ ...accounts[0], plan: 'silver' }] },
      message: /the plan "silver", which plans does not list/,
    },
    { state: { accounts: [{ ...accounts[0], accountId: '1_2' }] }, message: /accountId/ },
    { state: { accounts, apps: [{ ...apps[0], accountId: '2' }] }, message: /FOREIGN KEY/ },
    { state: { accounts, apps, backups: [{ ...backup, appId: 'b' }] }, message: /FOREIGN KEY/ },
    { state: { accounts, apps, backups: [tooSmall] }, message: /a successful backup has at least 4096 bytes/ },
    { state: { accounts, apps, backups: [{ ...backup, key: 'no sha' }] }, message: /key/ },
  ]
  for (const { state, message } of cases) await t.rejects(bootWith(t, state), { message })
})

t.test('listApplicationBackups, downloadApplicationBackup: the statuses that the contract declares', async t => {
  const { paths, components } = await openapiDocument('apis')
  const operations = Object.values(paths).flatMap(path => Object.values(path))
  const statusesOf = (id: string) =>
    Object.keys(operations.find(({ operationId }) => operationId === id)?.responses ?? {}).map(Number)
  t.same(statusesOf('listApplicationBackups'), [200, 401, 403, 404, 429, 500])
  t.same(statusesOf('downloadApplicationBackup'), [200, 206, 304, 403, 404, 412, 416, 429, 500])
  t.match(components.securitySchemes, { dscloudApiKey: { type: 'apiKey', in: 'header', name: 'Authorization' } })
})
