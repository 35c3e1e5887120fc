// What --data promises: a killed server loses nothing, and what it left can be taken up.
import { copyFileSync, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeSandboxFolder, sandboxFile } from './data-files.ts'
import { boot, call } from './helpers.ts'
import { serve } from './program.ts'

const INSTANCE = '10000000-0000-4000-8000-000000000002'
const FROZEN = 'frozen:2026-06-10T12:00:00Z'
const BODY = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }

function ask(server: { url: string }, method: string, what: string, body?: unknown, instance = INSTANCE) {
  const headers = { authorization: 'bearer demo-token' }
  return call(server, { method, path: `/v1/instances/${instance}${what}`, headers, body })
}
const perform = (server: { url: string }, instance?: string) =>
  ask(server, 'POST', '/disaster-recovery/perform', BODY, instance)
const restores = async (server: { url: string }, instance?: string) =>
  (await ask(server, 'GET', '/restores', undefined, instance)).json

const control = (server: { url: string }, method: string, path: string, body?: unknown) =>
  call(server, { method, path: `/__admin${path}`, body })

async function advance(server: { url: string }, by: string): Promise<void> {
  const answer = await call(server, { method: 'POST', path: '/__admin/clock/advance', body: { by }, contract: false })
  if (answer.status !== 200) throw new Error(answer.text)
}

async function kill(server: Awaited<ReturnType<typeof serve>>): Promise<void> {
  server.child.kill('SIGKILL')
  await server.ended
}

t.test('kill -9 under a frozen clock: nothing is lost and the job goes on where it was', async t => {
  const args = ['--data', t.testdir({}), '--clock', FROZEN]
  const first = await serve(t, { args })
  t.match(await perform(first), { status: 202, json: { restore_id: 1 } })
  await advance(first, '4s')
  const before = await restores(first)
  t.match(before, [{ id: 1, status: 'running', triggered_at: '2026-06-10T12:00:00.000Z', finished_at: null }])
  await kill(first)

  const second = await serve(t, { args })
  t.same(await restores(second), before, 'the clock stands where it stood')
  t.equal((await perform(second)).status, 409, 'the restore still runs')
  await advance(second, '6s')
  t.match(await restores(second), [{ id: 1, status: 'done', finished_at: '2026-06-10T12:00:10.000Z' }])
  t.match(await perform(second), { status: 202, json: { restore_id: 2 } }, 'the sequence goes on')
  await kill(second)

  const third = await serve(t, { args: ['--data', args[1] as string] })
  t.match(await restores(third), [{ id: 2, status: 'queued' }, { id: 1 }], 'the clock is remembered, too')
})

t.test('kill -9 under a moving clock: what was due while no server ran has happened at its time', async t => {
  const args = ['--data', t.testdir({}), '--clock', 'real', '--job-speed', '1000']
  const first = await serve(t, { args })
  t.match(await perform(first), { status: 202, json: { restore_id: 1 } })
  await kill(first)
  const second = await serve(t, { args })
  const [restore] = await restores(second)
  t.match(restore, { id: 1, status: 'done' })
  t.equal(Date.parse(restore.finished_at) - Date.parse(restore.triggered_at), 10, 'and not at the restart')
})

t.test('kill -9 right after each answer: every answer holds', async t => {
  const args = ['--data', t.testdir({}), '--clock', FROZEN, '--a9s-perform-status', '200']
  for (let id = 1; id <= 3; id += 1) {
    const server = await serve(t, { args })
    t.match(await perform(server), { status: 200, json: { restore_id: id } })
    await kill(server)
  }
  const last = await serve(t, { args })
  t.match(await restores(last), [{ id: 3 }, { id: 2 }, { id: 1 }])
})

t.test('sandboxes keep their own files', async t => {
  const data = t.testdir({})
  const first = await serve(t, { args: ['--data', data, '--clock', FROZEN] })
  const other = { url: first.url }
  const path = `/@other/v1/instances/${INSTANCE}/disaster-recovery/perform`
  const headers = { authorization: 'bearer demo-token' }
  t.match(await call(other, { method: 'POST', path, headers, body: BODY }), { status: 202 })
  await kill(first)
  t.ok(existsSync(sandboxFile(data, 'other')))
  const second = await serve(t, { args: ['--data', data, '--clock', FROZEN] })
  t.same(await restores(second), [], 'the default one knows nothing of it')
  t.match((await call(second, { path: `/@other/v1/instances/${INSTANCE}/restores`, headers })).json, [{ id: 1 }])
})

t.test('createSandbox: kill -9 right after the answer, and it is as it was asked for', async t => {
  const data = t.testdir({})
  const first = await serve(t, { args: ['--data', data, '--clock', FROZEN] })
  const created = {
    name: 'made',
    from: { scenario: 'busy' },
    clock: 'frozen:2030-01-01T00:00:00Z',
    credentials: { 'my-own-key': 'demo-token' },
  }
  t.equal((await control(first, 'POST', '/sandboxes', created)).status, 201)
  const refused = { name: 'refused', credentials: { 'my-own-key': 'demo-token' } }
  t.match(await control(first, 'POST', '/sandboxes', refused), { status: 409 }, 'the credential is taken')
  await kill(first)

  const second = await boot(t, { data, clock: FROZEN })
  const names = async () => (await control(second, 'GET', '/sandboxes')).json.map((one: { name: string }) => one.name)
  t.same(await names(), ['default', 'made'], 'what was refused was not made')
  const now = async () => (await control(second, 'GET', '/sandboxes/made/clock')).json.now
  t.equal(await now(), '2030-01-01T00:00:00.000Z', 'its own clock holds, not the server’s')
  const state = async () => (await control(second, 'GET', '/sandboxes/made/state')).json
  const before = await state()
  t.not(before.jobs.length, 0, 'it began with the scenario')
  const headers = { authorization: 'bearer my-own-key' }
  const bound = { path: `/v1/instances/${INSTANCE}/restores`, headers }
  t.equal((await call(second, bound)).status, 200, 'the credential leads there')

  t.equal((await control(second, 'POST', '/sandboxes/made/clock/advance', { by: '1h' })).status, 200)
  t.equal((await control(second, 'POST', '/sandboxes/made/reset')).status, 204)
  t.same(await state(), before, 'and so does the beginning that a reset goes back to')
  t.equal((await control(second, 'DELETE', '/sandboxes/made')).status, 204)
  await second.close()

  const third = await boot(t, { data, clock: FROZEN })
  t.equal((await call(third, bound)).status, 401, 'what was dropped is forgotten')
  t.equal((await control(third, 'POST', '/sandboxes', created)).status, 201)
})

/** Kills the server at the moment at which it would rename a file. */
const KILLED_AT_RENAME = `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs'
  import { syncBuiltinESMExports } from 'node:module'
  fs.renameSync = () => process.kill(process.pid, 'SIGKILL')
  syncBuiltinESMExports()
`)}`

t.test('kill -9 while a sandbox is reset: what was answered before is there', async t => {
  const args = ['--data', t.testdir({}), '--clock', FROZEN]
  const headers = { authorization: 'bearer demo-token' }
  const path = `/@other/v1/instances/${INSTANCE}`
  const first = await serve(t, { args })
  const performed = { method: 'POST', path: `${path}/disaster-recovery/perform`, headers, body: BODY }
  t.match(await call(first, performed), { status: 202 })
  await kill(first)
  // This server has not opened the file that the reset replaces, and its latest changes are only in its log.
  const second = await serve(t, { args, nodeArgs: ['--import', KILLED_AT_RENAME] })
  await t.rejects(control(second, 'POST', '/sandboxes/other/reset'))
  t.match(await second.ended, { signal: 'SIGKILL' })
  const third = await serve(t, { args })
  t.match((await call(third, { path: `${path}/restores`, headers })).json, [{ id: 1 }])
})

t.test('what a killed server left behind does not get in the way', async t => {
  const data = t.testdir({})
  const first = await serve(t, { args: ['--data', data, '--clock', FROZEN] })
  t.match(await perform(first), { status: 202 })
  t.equal((await control(first, 'POST', '/snapshots', { name: 's' })).status, 201)
  await kill(first)
  const file = sandboxFile(data, 'default')
  t.ok(statSync(`${file}-wal`).size > 0, 'the last of it is in the log alone')
  copyFileSync(`${file}-wal`, `${file}-log`)
  const remnants = [
    `${file}.new`,
    `${makeSandboxFolder(data, 'other')}.new-journal`,
    `${sandboxFile(data, 'other')}-wal`,
    join(data, 'snapshots', 's.sqlite.new'),
  ]
  for (const remnant of remnants) writeFileSync(remnant, 'half of an im')

  const second = await boot(t, { data })
  t.match(await restores(second), [{ id: 1 }], 'a replacement that was not finished has not begun')
  t.same(
    remnants.filter(remnant => existsSync(remnant)),
    [],
  )
  await second.close()

  renameSync(`${file}-log`, `${file}-wal`)
  rmSync(file)
  t.same(await restores(await boot(t, { data })), [], 'a log without its database is not replayed onto a new one')
})
