// DS Cloud: creating backups, over HTTP and the virtual clock.
import t from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'
import { APP, bootWith, isError, KEY, list, OWN_APP, sha1 } from './client.ts'

const FREE = { key: '98765432109876543-free', app: 'f0000000000000000000000000000001' }

const create = (server: { url: string }, app = OWN_APP, authorization = KEY) =>
  call(server, { method: 'POST', path: `/v3/apps/${app}/backups`, headers: { authorization } })
const latest = async (server: Firedrill) => (await list(server, OWN_APP)).json.response.at(-1)
/** Follows the URL of an answer, as a client does. */
const follow = (server: Firedrill, { url }: { url: string }) =>
  call(server, { path: url.slice(server.url.length), contract: false })

t.test('createApplicationBackup: it is listed while it is made, then successful and downloadable', async t => {
  const server = await boot(t)
  const { json } = await create(server)
  const { url, key } = json.response
  t.same(json, { status: 'success', response: { url, key } })
  t.equal(
    url,
    `${server.url}/backups.dscloud.pt/23457145698959364_Backup%20at%202026-06-10%2013%3A00%3A00.zip?${key}`,
    'the documented form',
  )
  const running = {
    name: 'Backup at 2026-06-10 13:00:00',
    size: 0,
    modified: null,
    key: null,
    created_at: '2026-06-10T13:00:00+01:00',
    is_successful: false,
  }
  t.same(await latest(server), running)
  isError(t, await follow(server, { url }), 404, 'BACKUP_DATA_NOT_FOUND')
  server.default.clock.advance({ by: '8999ms' })
  t.same(await latest(server), running)
  server.default.clock.advance({ by: '1ms' })
  const finished = await latest(server)
  t.match(finished, { ...running, size: Number, modified: '2026-06-10T13:00:09+01:00', key, is_successful: true })
  const { status, bytes } = await follow(server, { url })
  t.equal(status, 200)
  t.equal(bytes.length, finished.size)
  t.equal(sha1(bytes), key)
})

t.test('createApplicationBackup: in another sandbox, the URL leads there', async t => {
  const server = await boot(t)
  const other = await call(server, {
    method: 'POST',
    path: `/@t1/v3/apps/${OWN_APP}/backups`,
    headers: { authorization: KEY },
  })
  t.match(other.json.response.url, `${server.url}/@t1/backups.dscloud.pt/`)
  server.sandbox('t1').clock.advance({ by: '1m' })
  t.equal((await follow(server, other.json.response)).status, 200)
})

t.test('createApplicationBackup: a job rule makes it fail, get stuck or finish at once', async t => {
  const server = await boot(t)
  const operation = 'createApplicationBackup'
  const outcomeOf = async (result: object) => {
    server.default.jobs.addRule({ operation, times: 1, ...result })
    const { json } = await create(server)
    server.default.clock.advance({ by: '3h' })
    return { row: await latest(server), download: (await follow(server, json.response)).status }
  }
  const failed = { row: { is_successful: false, size: 0, key: null, modified: null }, download: 404 }
  t.match(await outcomeOf({ outcome: { result: 'fail', reason: 'No space left' } }), failed)
  t.match(await outcomeOf({ outcome: { result: 'stuck' } }), failed)
  t.match(await outcomeOf({ outcome: { result: 'no-result' } }), failed)
  t.match(await outcomeOf({ outcome: { result: 'success' } }), { row: { is_successful: true }, download: 200 })
  server.default.jobs.addRule({ operation, times: 1, progression: 'polls:2' })
  await create(server)
  t.equal((await latest(server)).is_successful, false)
  t.equal((await latest(server)).is_successful, true, 'the second list')
})

t.test('createApplicationBackup: refuses whom the list refuses', async t => {
  const server = await boot(t)
  isError(t, await create(server, APP, 'nobody'), 401, 'ACCESS_DENIED')
  isError(t, await create(server, FREE.app, FREE.key), 403, 'UPGRADE_REQUIRED')
  isError(t, await create(server, FREE.app), 404, 'APP_NOT_FOUND')
  isError(t, await create(server, 'nope'), 404, 'APP_NOT_FOUND')
  t.equal((await list(server, APP)).json.response.length, 3)
})

t.test('createApplicationBackup: needs no body, and reads the one that comes', async t => {
  const server = await boot(t)
  const send = (type: string, body: string) => {
    const headers = { authorization: KEY, 'content-type': type }
    return call(server, { method: 'POST', path: `/v3/apps/${OWN_APP}/backups`, headers, body })
  }
  for (const body of ['', '{}', '{"any":1}']) t.equal((await send('application/json', body)).status, 200, body)
  isError(t, await send('application/json', '{'), 400, 'BAD_REQUEST')
  isError(t, await send('text/plain', 'x'), 415, 'UNSUPPORTED_MEDIA_TYPE')
  isError(t, await send('application/json', `"${'x'.repeat(2 ** 20)}"`), 413, 'PAYLOAD_TOO_LARGE')
})

t.test('createApplicationBackup: months in one step give the same as in many', async t => {
  const [one, many] = await Promise.all([boot(t), boot(t)])
  for (const server of [one, many]) {
    await create(server)
    server.default.clock.advance({ by: '5s' })
    await create(server)
  }
  one.default.clock.advance({ by: '90d' })
  for (let day = 0; day < 90; day++) many.default.clock.advance({ by: '1d' })
  const listed = await list(one, OWN_APP)
  t.equal(listed.text, (await list(many, OWN_APP)).text)
  t.match(listed.json.response.slice(-2), [
    { modified: '2026-06-10T13:00:09+01:00' },
    { modified: '2026-06-10T13:00:14+01:00' },
  ])
})

t.test('createApplicationBackup: a running backup survives an export and an import', async t => {
  const server = await boot(t)
  const { key } = (await create(server)).json.response
  const copy = await boot(t)
  copy.default.state.import(server.default.state.export())
  copy.default.clock.advance({ by: '1m' })
  t.match(await latest(copy), { key, is_successful: true })
})

t.test('plans: which of them include backups is in the state', async t => {
  const account = (plan: string) => ({ accounts: [{ apiKey: 'k', accountId: '1', plan }] })
  const apps = [{ id: 'a', accountId: '1', name: 'a', deployedAt: '-1d' }]
  const server = await bootWith(t, {
    plans: [{ name: 'Gold' }, { name: 'Lead', backups: false }],
    ...account('Gold'),
    apps,
  })
  t.equal((await list(server, 'a', 'k')).status, 200)
  server.default.state.import({
    dscloud: { plans: [{ name: 'Lead', backups: false }], ...account('Lead'), apps },
  } as never)
  isError(t, await list(server, 'a', 'k'), 403, 'UPGRADE_REQUIRED')
  t.throws(
    () => server.default.state.import({ dscloud: { plans: [{ name: 'Gold' }], ...account('Lead') } } as never),
    /1 has the plan "Lead", which plans does not list/,
  )
  server.default.state.import({ dscloud: { ...account('Silver'), apps } } as never)
  t.equal((await list(server, 'a', 'k')).status, 200, 'documents of earlier releases have no plans')
})
