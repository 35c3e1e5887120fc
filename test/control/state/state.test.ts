// All that a sandbox holds: exported, imported, kept under a name and put back.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import t from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'

const send = (server: Firedrill, method: string, path: string, body?: unknown) =>
  call(server, { method, path: `/__admin${path}`, body })
const RESTORES = '/v1/instances/10000000-0000-4000-8000-000000000002/restores'
const headers = { authorization: 'bearer demo-token' }
const restores = async (server: Firedrill, prefix = '') =>
  (await call(server, { path: prefix + RESTORES, headers })).json

async function perform(server: Firedrill): Promise<void> {
  const body = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
  const path = RESTORES.replace('restores', 'disaster-recovery/perform')
  await call(server, { method: 'POST', path, headers, body })
}

t.test('exportState, importState: a running job continues in another sandbox exactly as in the first', async t => {
  const here = await boot(t)
  await perform(here)
  here.default.clock.advance({ by: '5s' })
  const { json: document } = await send(here, 'GET', '/state')
  const there = await boot(t, { clock: 'frozen:2020-01-01T00:00:00Z' })
  t.equal((await send(there, 'PUT', '/state', document)).status, 204)
  t.equal(there.default.clock.get().now, '2026-06-10T12:00:05.000Z', 'time comes along')
  t.same(await restores(there), await restores(here))
  for (const server of [here, there]) server.default.clock.advance({ by: '5s' })
  t.match(await restores(there), [{ status: 'done', finished_at: '2026-06-10T12:00:10.000Z' }])
  t.same((await send(there, 'GET', '/state')).json, (await send(here, 'GET', '/state')).json)
  await perform(here)
  await perform(there)
  for (const server of [here, there]) server.default.clock.advance({ by: '31d' })
  t.same((await send(there, 'GET', '/state')).json, (await send(here, 'GET', '/state')).json, 'and a month later')
})

t.test('exportState: the document matches stateSchema and is valid for --fixtures', async t => {
  const server = await boot(t)
  await perform(server)
  const schema = (await send(server, 'GET', '/state/schema')).json
  const document = (await send(server, 'GET', '/state')).json
  const validate = new Ajv2020.default({ strict: false }).compile(schema)
  t.ok(validate(document), JSON.stringify(validate.errors))
  t.notOk(validate({ ...document, typo: 1 }), 'and it refuses what it does not know')
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const fixtures = join(directory, 'state.json')
  writeFileSync(fixtures, JSON.stringify(document))
  const other = await boot(t, { fixtures, clock: undefined })
  t.match(await restores(other), [{ id: 1, status: 'queued' }])
  t.same((await send(other, 'GET', '/state')).json, document)
  other.sandbox('fresh').clock.advance({ by: '10s' })
  t.match(await restores(other, '/@fresh'), [{ status: 'done' }], 'new sandboxes begin with it as well')
})

const JOB = {
  api: 'a9s',
  id: 'x',
  kind: 'nope',
  subject: {},
  submittedAt: '-1h',
  phases: [{ name: 'running', endAt: '+1h' }],
  ending: { state: 'completed' },
}

const RESTORE = { ...JOB, kind: 'restore', subject: { instanceId: 'i', restoreId: 1 } }
const EVENT = {
  api: 'disaster-recovery-files',
  id: 'x',
  kind: 'generation',
  subject: { kind: 'database-backup' },
  dueAt: '+1d',
}
const RULE = { id: 'r', operation: 'performDisasterRecovery' }
const FAULT = { id: 'f', api: 'a9s', operation: '*' }
const inherited = ['constructor', 'valueOf', '__proto__', 'hasOwnProperty']
const CLEANER = { api: 'arcgis', id: 'backupRetentionCleaner', kind: 'backupRetentionCleaner', subject: {} }

t.test('importState: an invalid document changes nothing', async t => {
  const server = await boot(t)
  await perform(server)
  const before = (await send(server, 'GET', '/state')).json
  const [restore] = before.a9s.restores
  for (const [document, detail] of [
    [{ format: 2 }, /unsupported format 2; this version of Firedrill reads format 1/],
    [{ nope: {} }, /unknown field "nope"; known fields are format, clock, /],
    [{ a9s: { nope: [] } }, /a9s: unknown field "nope"; known fields are tokens, /],
    [{ a9s: { tokens: [{ token: 'x', typo: 1 }] } }, /a9s: tokens\/0\/typo/],
    [{ a9s: { tokens: [{ token: 1 }] } }, /tokens\/0\/token/],
    [{ a9s: { backups: [{ instanceId: 'x', id: 1 }] } }, /backups\/0/],
    [{ clock: { now: 'noon', rate: 0 } }, /clock/],
    [{ clock: { now: '1969-12-31', rate: 0 } }, /clock: now must be from 1970-01-01 to 9999/],
    [{ clock: { now: '2026-06-10', rate: 1e15 } }, /clock: rate must be 0 or from 0.000001 to 1000000/],
    [{ schedules: [{ ...CLEANER, dueAt: '0001-01-01' }] }, /more than 100000 events .* are due before 2026-06-10/],
    [{ jobRules: [{ id: 'x', operation: 'createBackup', speed: 1e-300 }] }, /jobRules\/0\/speed/],
    [{ jobRules: [{ id: 'x', operation: 'createBackup', times: 1e21 }] }, /jobRules\/0\/times/],
    [
      { jobRules: [{ id: 'x', operation: 'createBackup', durations: { Validation: 8.64e15 } }] },
      /jobRules\/0\/durations/,
    ],
    [{ faults: [{ id: 'x', operation: '*', fault: { fault: 'hang' }, times: 1e21 }] }, /faults\/0\/times/],
    [{ jobs: [JOB] }, /jobs: unknown kind of job "a9s\/nope"/],
    [{ schedules: [{ api: 'nope', id: 'x', kind: 'x', subject: {}, dueAt: '+1d' }] }, /recurring event "nope\/x"/],
    [{ ...before, clock: 5 }, /clock/],
    ...inherited.map(kind => [{ jobs: [{ ...JOB, kind }] }, /jobs: unknown kind of job/] as const),
    ...inherited.map(
      kind => [{ schedules: [{ ...EVENT, kind }] }, /schedules: unknown kind of recurring event/] as const,
    ),
    [{ schedules: [{ ...EVENT, subject: { kind: 'nope' } }] }, /schedules: x: subject\/kind/],
    [{ jobs: [{ ...RESTORE, subject: null }] }, /jobs: x: subject/],
    [{ jobs: [{ ...RESTORE, phases: [] }] }, /jobs: x: phases must contain at least one of queued, running/],
    [{ jobs: [{ ...RESTORE, phases: [{ name: 'nope' }] }] }, /unknown phase "nope"; phases are queued, running/],
    [{ jobs: [{ ...RESTORE, settledPhases: 2 }] }, /settledPhases must be from 0 to 1/],
    [
      { jobs: before.jobs, a9s: { ...before.a9s, restores: [{ ...restore, jobId: 'gone' }] } },
      /restore 1 of .* needs the job "gone"/,
    ],
    [{ a9s: before.a9s }, /a9s: restores: restore 1 of .* needs the job/],
    [{ jobRules: [{ id: 'r', operation: 'nope' }] }, /jobRules: r: operation "nope" submits no jobs/],
    [{ jobRules: [{ ...RULE, progression: 'soon' }] }, /jobRules: r: progression must be time, /],
    [{ jobRules: [{ ...RULE, durations: { constructor: 1 } }] }, /jobRules: r: unknown phase "constructor"/],
    [{ jobRules: [{ ...RULE, outcome: { result: 'stuck', phase: 'nope' } }] }, /jobRules: r: unknown phase "nope"/],
    [
      { faults: [{ ...FAULT, fault: { fault: 'error', name: 'constructor' } }] },
      /faults: f: unknown error "constructor" of a9s; known errors are BadRequest/,
    ],
    [
      { faults: [{ ...FAULT, sequence: [{ fault: 'error', name: 'Nope' }] }] },
      /faults: f: unknown error "Nope" of a9s/,
    ],
    [
      { faults: [{ ...FAULT, api: null, fault: { fault: 'error', name: 'NotFound' } }] },
      /faults: f: .* each API has its own errors/,
    ],
  ] as const) {
    t.match(
      await send(server, 'PUT', '/state', document),
      { status: 400, json: { detail } },
      JSON.stringify(document).slice(0, 80),
    )
  }
  t.match(await send(server, 'PUT', '/state', []), { status: 400 })
  t.same((await send(server, 'GET', '/state')).json, before)
})

t.test('importState: reset still restores the initial state of the sandbox', async t => {
  const server = await boot(t)
  await send(server, 'PUT', '/state', {})
  t.equal((await call(server, { path: RESTORES, headers })).status, 401, 'an empty document holds no credentials')
  t.equal(server.default.clock.get().now, '2026-06-10T12:00:00.000Z', 'a document without a clock leaves time alone')
  await send(server, 'POST', '/reset')
  t.same(await restores(server), [])
})

t.test('takeSnapshot, restoreSnapshot, listSnapshots, dropSnapshot', async t => {
  const server = await boot(t)
  await perform(server)
  t.match(await send(server, 'POST', '/snapshots', { name: 's1' }), { status: 201, json: { name: 's1' } })
  server.default.clock.advance({ by: '1m' })
  t.match(await restores(server), [{ status: 'done' }])
  t.equal((await send(server, 'POST', '/snapshots/s1/restore')).status, 204)
  t.match(await restores(server), [{ status: 'queued' }], 'the job is where it was, and so is time')
  server.default.clock.advance({ by: '10s' })
  t.match(await restores(server), [{ status: 'done' }])
  t.equal((await send(server, 'POST', '/sandboxes/other/snapshots/s1/restore')).status, 204)
  t.match(await restores(server, '/@other'), [{ status: 'queued' }], 'any sandbox can be restored from it')
  t.same((await send(server, 'GET', '/snapshots')).json, [{ name: 's1' }])
  t.equal((await send(server, 'DELETE', '/snapshots/s1')).status, 204)
  t.match(await send(server, 'POST', '/snapshots/s1/restore'), { status: 404, json: { detail: /no snapshot "s1"/ } })
  t.match(await send(server, 'POST', '/snapshots', { name: '../x' }), { status: 400 })
})

t.test('restoreSnapshot: the same requests give the same bytes as the first time', async t => {
  const server = await boot(t)
  await send(server, 'POST', '/snapshots', { name: 'start' })
  const runSteps = async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const login = { method: 'POST', path: '/arcgis/sharing/rest/generateToken', headers: form }
    const body = 'username=siteadmin&password=siteadmin.pass1&f=json&client=requestip'
    return [(await call(server, { ...login, body })).text, (await call(server, { ...login, body })).text]
  }
  const first = await runSteps()
  t.not(first[0], first[1])
  await send(server, 'POST', '/snapshots/start/restore')
  t.same(await runSteps(), first)
})

t.test('importState: documents of every released format are read', async t => {
  const server = await boot(t)
  const golden = JSON.parse(readFileSync(new URL('../../golden/state-1.json', import.meta.url), 'utf8'))
  t.equal((await send(server, 'PUT', '/state', golden)).status, 204)
  t.match(await restores(server), [{ id: 1, status: 'running' }])
  server.default.clock.advance({ by: '10s' })
  t.match(await restores(server), [{ id: 1, status: 'done' }])
})
