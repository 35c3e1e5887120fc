// Sandboxes: how a request addresses one, the URLs in responses, and that nothing is shared between them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot, type Call, call, createSandbox } from '../../helpers.ts'

const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000002'
const authorization = 'bearer demo-token'
const restores: Call = { path: `${INSTANCE}/restores`, headers: { authorization } }
const perform: Call = {
  method: 'POST',
  path: `${INSTANCE}/disaster-recovery/perform`,
  headers: { authorization },
  body: { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' },
}

function at(prefix: string, what: Call, headers: Record<string, string> = {}): Call {
  return { ...what, path: prefix + what.path, headers: { ...what.headers, ...headers } }
}

async function restoreCount(server: Firedrill, how: Call): Promise<number> {
  return (await call(server, how)).json.length
}

t.test('a request reaches a sandbox by path, header, host or bound credential, in this order', async t => {
  const server = await boot(t)
  createSandbox(server, { name: 'bound', credentials: { 'my-own-key': 'demo-token' } })
  for (const [name, ways] of Object.entries({
    'by-path': at('/@by-path', perform),
    'by-header': at('', perform, { 'x-firedrill-sandbox': 'by-header' }),
    'by-host': at('', perform, { host: `by-host.localhost:${new URL(server.url).port}` }),
    bound: at('', perform, { authorization: 'Bearer my-own-key' }),
    first: at('/@first', perform, { 'x-firedrill-sandbox': 'second', host: 'third.localhost' }),
    second: at('', perform, { 'x-firedrill-sandbox': 'second', host: 'third.localhost' }),
    third: at('', perform, { host: 'third.localhost', authorization: 'Bearer demo-token' }),
  })) {
    t.match(await call(server, ways), { status: 202, json: { restore_id: 1 } }, name)
    t.equal(await restoreCount(server, at(`/@${name}`, restores)), 1, `${name} has it`)
  }
  t.equal(await restoreCount(server, restores), 0, 'the default sandbox has no restores')
})

t.test('URLs in responses point into the sandbox of the request', async t => {
  const server = await boot(t)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const { prefix, headers, jobs } of [
    { prefix: '/@t1', headers: {}, jobs: `${server.url}/@t1/arcgis/admin/jobs/` },
    { prefix: '', headers: { 'x-firedrill-sandbox': 't2' }, jobs: `${server.url}/@t2/arcgis/admin/jobs/` },
    { prefix: '', headers: { host: 't3.localhost' }, jobs: 'http://t3.localhost/arcgis/admin/jobs/' },
    { prefix: '', headers: {}, jobs: `${server.url}/arcgis/admin/jobs/` },
  ]) {
    const post = (path: string, body: string) =>
      call(server, { method: 'POST', path: prefix + path, headers: { ...form, ...headers }, body })
    const login = 'username=siteadmin&password=siteadmin.pass1&f=json&client=requestip'
    const { token } = (await post('/arcgis/sharing/rest/generateToken', login)).json
    const create = '/arcgis/admin/system/disasterrecovery/stores/backupsDefault/backups/create'
    const { jobsUrl } = (await post(create, `name=b1&passcode=long-enough&f=json&token=${token}`)).json
    t.ok(jobsUrl.startsWith(jobs), jobsUrl)
    const poll = new URL(jobsUrl)
    const host = poll.host === new URL(server.url).host ? {} : { host: poll.host }
    const job = await call(server, { path: `${poll.pathname}?f=json&token=${token}`, headers: host })
    t.match(job.json, { status: 'SUBMITTED' }, 'the URL alone addresses the sandbox')
  }
})

t.test('download links point into the sandbox, too', async t => {
  const server = await boot(t)
  const path = '/v3/apps/64d0c750212742ca8704fb458c9771af/backups'
  const { json } = await call(server, { path: `/@t1${path}`, headers: { authorization: '23457145698959364-demo' } })
  const name = encodeURIComponent(json.response[0].name)
  const download = `/@t1/backups.dscloud.pt/23457145698959364_${name}.zip?${json.response[0].key}`
  t.equal((await call(server, { method: 'HEAD', path: download })).status, 200)
})

t.test('createSandbox, listSandboxes, dropSandbox', async t => {
  const server = await boot(t)
  const create = (body: unknown) => call(server, { method: 'POST', path: '/__admin/sandboxes', body })
  t.match(await create({ name: 't1' }), { status: 201, json: { name: 't1', url: `${server.url}/@t1` } })
  t.match(await create({ name: 't1' }), { status: 409, json: { detail: /^sandbox "t1" already exists/i } })
  for (const name of ['', 'A', '-x', 'a/b', '..', 'x'.repeat(64)])
    t.match(await create({ name }), { status: 400 }, name)
  t.match(await create({ name: 'T_1!' }), {
    status: 400,
    json: {
      detail:
        'Invalid sandbox name "T_1!": use 1–63 characters from a-z, 0-9, - and _, starting with a letter or a digit.',
    },
  })
  t.match(await create({ name: 't2', from: { scenario: 'nope' } }), { status: 404 })
  t.match(await create({ name: 't2', from: { snapshot: 'nope' } }), { status: 404 })
  t.match(await create({ name: 't2', clock: 'backwards' }), { status: 400 })
  t.match(await create({ name: 't2', typo: 1 }), {
    status: 400,
    json: { detail: /^unknown field "typo"; known fields are name, from, clock, faultPlan, credentials$/ },
  })
  const list = async () =>
    (await call(server, { path: '/__admin/sandboxes' })).json.map((one: { name: string }) => one.name)
  t.same(await list(), ['default', 't1'], 'refused requests created no sandbox')
  t.equal((await call(server, { method: 'DELETE', path: '/__admin/sandboxes/t1' })).status, 204)
  t.equal((await call(server, { method: 'DELETE', path: '/__admin/sandboxes/t1' })).status, 404)
  t.equal((await call(server, { method: 'DELETE', path: '/__admin/sandboxes/default' })).status, 409)
  t.same(await list(), ['default'])
})

t.test('createSandbox: a blank sandbox is empty, and a sandbox can have its own clock', async t => {
  const server = await boot(t)
  createSandbox(server, { name: 'bare', from: 'blank' })
  t.equal((await call(server, at('/@bare', restores))).status, 401, 'not even credentials')
  const later = createSandbox(server, { name: 'later', clock: 'frozen:2030-01-01T00:00:00Z' })
  t.equal(later.clock.get().now, '2030-01-01T00:00:00.000Z')
  t.equal(server.default.clock.get().now, '2026-06-10T12:00:00.000Z')
})

t.test('resetting and dropping one sandbox does not affect the others', async t => {
  const server = await boot(t)
  await call(server, at('/@a', perform))
  await call(server, at('/@b', perform))
  server.sandbox('a').reset()
  t.equal(await restoreCount(server, at('/@a', restores)), 0)
  t.equal(await restoreCount(server, at('/@b', restores)), 1)
  server.sandbox('b').clock.advance({ by: '1h' })
  t.match((await call(server, at('/@b', restores))).json, [{ status: 'done' }])
  t.equal(server.default.clock.get().now, '2026-06-10T12:00:00.000Z', 'only the clock of b has moved')
  server.sandboxes.drop('b')
  t.equal(await restoreCount(server, at('/@b', restores)), 0, 'the next use creates it again')
})

t.test('an unknown sandbox is created at its first use, unless that is turned off', async t => {
  const server = await boot(t, { noAutoSandbox: true })
  const missing = await call(server, { ...at('/@unknown', restores), contract: false })
  t.match(missing, { status: 404, json: { detail: /^there is no sandbox "unknown"/i } })
  t.equal(missing.headers['content-type'], 'application/problem+json; charset=utf-8')
  createSandbox(server, { name: 'unknown' })
  t.equal((await call(server, at('/@unknown', restores))).status, 200)
  for (const name of ['UPPER', 'a%20b', '%zz', '']) {
    t.match(
      await call(server, { ...at(`/@${name}`, restores), contract: false }),
      { status: 400 },
      `"${name}" is not a valid name`,
    )
  }
})

t.test('the number of sandboxes is limited, and idle sandboxes are dropped', async t => {
  const full = await boot(t, { maxSandboxes: 2 })
  t.equal((await call(full, at('/@one', restores))).status, 200)
  t.match(await call(full, { ...at('/@two', restores), contract: false }), { status: 429 })
  full.sandboxes.drop('one')
  t.equal((await call(full, at('/@two', restores))).status, 200)

  const hasty = await boot(t, { maxSandboxes: 2, sandboxTtl: '1ms' })
  await call(hasty, at('/@one', perform))
  // Each request takes longer than the millisecond after which a sandbox counts as idle.
  while ((await call(hasty, { path: '/__admin/sandboxes' })).json.length > 1) t.pass('not dropped yet')
  t.equal((await call(hasty, at('/@two', restores))).status, 200, 'the limit is not reached any more')
})

t.test('with a data directory a sandbox is kept when it is idle and when the server stops', async t => {
  const data = mkdtempSync(join(tmpdir(), 'firedrill-'))
  t.teardown(() => rmSync(data, { recursive: true }))
  const first = await boot(t, { data, sandboxTtl: '1ms' })
  await call(first, at('/@kept', perform))
  first.sandbox('kept').snapshots.take({ name: 'later' })
  await call(first, { path: '/__admin/sandboxes' })
  t.equal(await restoreCount(first, at('/@kept', restores)), 1)
  await first.close()
  const second = await boot(t, { data })
  t.equal(await restoreCount(second, at('/@kept', restores)), 1)
  t.same(
    (await call(second, { path: '/__admin/sandboxes' })).json.map((one: { name: string }) => one.name),
    ['default', 'kept'],
  )
  createSandbox(second, { name: 'copy', from: { snapshot: 'later' } })
  t.equal(await restoreCount(second, at('/@copy', restores)), 1, 'snapshots are kept, too')
  second.sandbox('kept').reset()
  t.equal(await restoreCount(second, at('/@kept', restores)), 0)
})

t.test('a thousand tests in parallel on one server do not affect each other', async t => {
  const server = await boot(t)
  const tests = Array.from({ length: 1000 }, async (_, index) => {
    const name = `p${index}`
    const times = 1 + (index % 3)
    for (let run = 1; run <= times; run += 1) {
      const { json } = await call(server, at(`/@${name}`, perform))
      if (json.restore_id !== run) return `${name} got restore ${json.restore_id} for its ${run}.`
      server.sandbox(name).clock.advance({ by: '1m' })
    }
    const count = await restoreCount(server, at(`/@${name}`, restores))
    return count === times ? undefined : `${name} has ${count} restores instead of ${times}`
  })
  t.same((await Promise.all(tests)).filter(Boolean), [])
})

t.test('createSandbox: the clock option replaces the clock of the snapshot', async t => {
  const server = await boot(t, { clock: 'frozen:2030-01-01T00:00:00Z' })
  server.default.snapshots.take({ name: 'kept' })
  const from = { snapshot: 'kept' }
  const later = createSandbox(server, { name: 'later', from, clock: 'frozen:2031-01-01T00:00:00Z' })
  t.match(later.clock.get(), { mode: 'frozen', now: '2031-01-01T00:00:00.000Z' })
  t.match(createSandbox(server, { name: 'same', from }).clock.get(), {
    mode: 'frozen',
    now: '2030-01-01T00:00:00.000Z',
  })
  later.clock.advance({ by: '1h' })
  later.reset()
  t.equal(later.clock.get().now, '2031-01-01T00:00:00.000Z', 'reset restores it')
  const earlier = { name: 'earlier', from, clock: 'frozen:2029-01-01T00:00:00Z' }
  t.throws(() => server.sandboxes.create(earlier), { kind: 'conflict', message: /only moves forward/ })
  t.notOk(server.sandboxes.list().some(({ name }) => name === 'earlier'))
})
