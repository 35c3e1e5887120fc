// The ready-made scenarios: each can be started with, and contains what its name says.
import { readdirSync } from 'node:fs'
import t from 'tap'
import { OptionError, start } from '../../../src/index.ts'
import { boot, call, createSandbox } from '../../helpers.ts'

const names = readdirSync(new URL('../../../fixtures/scenarios/', import.meta.url)).map(file =>
  file.replace('.json', ''),
)
const INSTANCE = '/v1/instances/10000000-0000-4000-8000-00000000000'

/** What a client sees of each API in a sandbox. */
async function survey(server: { url: string }, prefix: string) {
  const get = (path: string, authorization: string) => call(server, { path: prefix + path, headers: { authorization } })
  const login = 'username=siteadmin&password=siteadmin.pass1&f=json&client=requestip'
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const tokens = { method: 'POST', path: `${prefix}/arcgis/sharing/rest/generateToken`, headers: form, body: login }
  const bearer = `Bearer ${(await call(server, tokens)).json.token}`
  const stores = '/arcgis/admin/system/disasterrecovery/stores'
  const restores = await get(`${INSTANCE}2/restores`, 'bearer demo-token')
  const dscloud = '23457145698959364-demo'
  const second = await get('/v3/apps/7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5/backups', dscloud)
  return {
    files: (await get('/backend/api/v1/disasterRecoveryFiles/', 'Bearer YOUR_API_KEY')).json.length,
    restores: restores.json,
    upstream: (await get(`${INSTANCE}1/restores`, 'bearer demo-token')).status,
    firstApp: (await get('/v3/apps/64d0c750212742ca8704fb458c9771af/backups', dscloud)).json.response,
    secondApp: second.json.response,
    backups: (await get(`${stores}/backupStore/backups?f=json`, bearer)).json.backups,
    jobs: (await get('/arcgis/admin/jobs?f=json', bearer)).json.jobs,
  }
}

t.test('listScenarios', async t => {
  const server = await boot(t)
  t.same(
    server.scenarios.list().map(({ name }) => name),
    names.toSorted(),
  )
})

t.test('there is a scenario for each documented name', async t => {
  t.same(names, ['busy', 'documented', 'empty', 'expired', 'failing', 'huge', 'large'])
})

t.test('createSandbox: names of inherited properties are not scenarios', async t => {
  const server = await boot(t)
  for (const name of ['constructor', 'valueOf', '__proto__', 'hasOwnProperty', '', 'nope']) {
    const body = { name: 'x', from: { scenario: name } }
    const answer = await call(server, { method: 'POST', path: '/__admin/sandboxes', body })
    t.match(answer, { status: 404, json: { detail: /^there is no scenario ".*"; there are busy/i } }, name)
    t.throws(() => createSandbox(server, { name: 'x', from: { scenario: name } }), /there is no scenario/, name)
    await t.rejects(start({ scenario: name }), { message: /^scenario must be/ }, name)
  }
})

t.test('each scenario contains what its name says', async t => {
  const server = await boot(t)
  for (const name of names) createSandbox(server, { name, from: { scenario: name } })
  const seen = Object.fromEntries(await Promise.all(names.map(async name => [name, await survey(server, `/@${name}`)])))
  const demo = await survey(server, '')
  t.same(seen.documented.backups, demo.backups)
  t.same(seen.documented.firstApp, demo.firstApp)
  t.match(seen.empty, { files: 0, restores: [], firstApp: [], secondApp: [], backups: [], jobs: [] })
  t.match(seen.busy.restores, [{ id: 1, status: 'running' }])
  t.match(seen.busy.secondApp.at(-1), { is_successful: false, modified: null })
  t.ok(seen.busy.jobs.length > demo.jobs.length)
  t.match(seen.expired, { files: 0, upstream: 200 })
  t.equal(seen.failing.upstream, 502)
  t.ok(seen.failing.firstApp.every((row: { is_successful: boolean }) => !row.is_successful))
  t.ok(seen.large.files > 150 && seen.large.secondApp.length > 150 && seen.large.backups.length > 50)
})

t.test('busy: its jobs continue until they end', async t => {
  const server = await boot(t, { scenario: 'busy' })
  const { fired } = server.default.clock.runUntilIdle()
  t.match(fired.at(-1), { api: 'a9s', state: 'completed' })
  t.match((await survey(server, '')).restores, [{ status: 'done' }])
})

t.test('failing: new jobs fail', async t => {
  const server = await boot(t, { scenario: 'failing' })
  const body = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
  const path = `${INSTANCE}2/disaster-recovery/perform`
  await call(server, { method: 'POST', path, headers: { authorization: 'bearer demo-token' }, body })
  server.default.clock.runUntilIdle()
  t.match((await survey(server, '')).restores, [{ status: 'failed' }])
})

t.test('expired: expired files, backups and tokens are refused', async t => {
  const server = await boot(t, { scenario: 'expired' })
  const file = { path: '/backend/api/v1/disasterRecoveryFiles/123', headers: { authorization: 'Bearer YOUR_API_KEY' } }
  t.match(await call(server, file), { status: 404, json: { error: { code: 404102 } } })
  const jobs = await call(server, { path: '/arcgis/admin/jobs?f=json&token=expired-token' })
  t.match(jobs.json, { error: { code: 498 } })
})

t.test('an unknown scenario stops the start, with one line that names it', async t => {
  await t.rejects(start({ scenario: 'nope' }), {
    constructor: OptionError,
    message: /scenario must be one of busy, .*"nope"/,
  })
})
