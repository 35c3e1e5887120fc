// Every row of the documents' tables is what the server does; a9s's status tables are rows of exchanges.test.ts.
import t, { type Test } from 'tap'
import type { Firedrill } from '../src/index.ts'
import { createPath, GENERATE, get, post, storePath, tokenOf } from './apis/arcgis/client.ts'
import { boot, type Call, call } from './helpers.ts'

function rows(document: string, of: Record<string, (t: Test, server: Firedrill) => Promise<void>>): void {
  t.test(document, async t => {
    for (const [row, check] of Object.entries(of)) {
      await t.test(row, async t => check(t, await boot(t)))
    }
  })
}

const RECOVERY_KEY = { authorization: 'Bearer YOUR_API_KEY' }
const recovery = (server: Firedrill, what: string, accept = 'application/json') =>
  call(server, {
    path: `/backend/api/v1/disasterRecoveryFiles/${what}`,
    headers: { ...RECOVERY_KEY, accept },
  })
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

rows('Disaster Recovery Files: fields', {
  'generatedDate, Date: the date when this file was generated': async (t, server) => {
    for (const { generatedDate } of (await recovery(server, '')).json) {
      t.match(generatedDate, ISO)
      t.ok(generatedDate <= server.default.clock.get().now, 'not in the future')
    }
    const known = new Set((await recovery(server, '')).json.map(({ id }: { id: string }) => id))
    server.default.clock.advance({ by: '1d' })
    const fresh = (await recovery(server, '')).json.filter(({ id }: { id: string }) => !known.has(id))
    t.not(fresh.length, 0)
    for (const { generatedDate } of fresh) t.ok(generatedDate > '2026-06-10T12:00:00Z', 'since it was not there before')
  },
  'expiresDate, Date: the date when this file expires and will no longer be available': async (t, server) => {
    const { expiresDate } = (await recovery(server, '123')).json
    t.match(expiresDate, ISO)
    server.default.clock.advance({ to: new Date(Date.parse(expiresDate) - 1).toISOString() })
    t.equal((await recovery(server, '123')).status, 200)
    server.default.clock.advance({ to: expiresDate })
    t.match(await recovery(server, '123'), { status: 404, json: { error: { code: 404102 } } })
  },
  'id, Text: the unique identifier for this file': async (t, server) => {
    const { json } = await recovery(server, '')
    t.equal(new Set(json.map(({ id }: { id: string }) => id)).size, json.length)
    for (const file of json) {
      t.type(file.id, 'string')
      t.same((await recovery(server, file.id)).json, file)
    }
  },
  'status, Status Flags: preset values': async (t, server) => {
    const preset = ['Saved', 'Downloaded']
    for (const { status } of (await recovery(server, '')).json) {
      t.same(
        status.filter((flag: string) => !preset.includes(flag)),
        [],
      )
    }
    await recovery(server, '123', 'application/x-7z-compressed')
    t.same((await recovery(server, '123')).json.status, preset)
  },
  'filename, Text: the filename of this file': async (t, server) => {
    const { filename } = (await recovery(server, '123')).json
    const { headers } = await recovery(server, '123', 'application/x-7z-compressed')
    t.match(filename, /\.7z$/)
    t.match(headers['content-disposition'], filename)
  },
})

const GUID = '3a2e59ee-40cb-472a-91d0-502ab259918c'
const KEY = 'second-encryption-key'
const a9s = (server: Firedrill, what: string, body?: unknown, n = 1, method = 'POST') =>
  call(server, {
    method,
    path: `/v1/instances/10000000-0000-4000-8000-00000000000${n}/${what}`,
    headers: { authorization: 'bearer demo-token', 'content-type': 'application/json' },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  })
const prepare = (server: Firedrill, body?: unknown, n?: number) => a9s(server, 'disaster-recovery/prepare', body, n)
const perform = (server: Firedrill, body?: unknown, n = 2) => a9s(server, 'disaster-recovery/perform', body, n)
const restore = async (server: Firedrill, id: number) => (await a9s(server, `restores/${id}`, undefined, 2, 'GET')).json

/** `body` is a good one. */
const errorFields = (ask: typeof prepare, body: object) => ({
  'error, string: a single word in camel case': async (t: Test, server: Firedrill) => {
    const answers = await Promise.all([ask(server, '{', 1), ask(server, body, 4), ask(server, body, 9)])
    for (const { json } of answers) t.match(json.error, /^([A-Z][a-z]+)+$/)
    t.equal(new Set(answers.map(({ json }) => json.error)).size, answers.length, 'each condition has its own')
  },
  'description, string: a user-facing message explaining why the request failed': async (
    t: Test,
    server: Firedrill,
  ) => {
    t.match((await ask(server, '{', 1)).json.description, /valid JSON/)
    t.match((await ask(server, body, 9)).json.description, /000000000009/)
  },
})

rows('a9s, prepare', {
  'the body must be sent in valid JSON format': async (t, server) => {
    t.match(await prepare(server, '{"encryption_key":'), { status: 400, json: { error: 'BadRequest' } })
  },
  'encryption_key, string, not required': async (t, server) => {
    t.equal((await prepare(server, { encryption_key: KEY })).status, 200)
    t.equal((await prepare(server, {})).status, 200)
    t.equal((await prepare(server)).status, 200)
    t.match(await prepare(server, { encryption_key: 12345678 }), { status: 400 })
  },
  'encryption_key: a new key overwrites any existing one': async (t, server) => {
    const keyOf = () => JSON.stringify(server.default.state.export())
    await prepare(server, { encryption_key: 'the-first-new-key' })
    t.match(keyOf(), 'the-first-new-key')
    await prepare(server, { encryption_key: 'the-second-new-key' })
    t.match(keyOf(), 'the-second-new-key')
    t.notMatch(keyOf(), 'the-first-new-key')
  },
  'encryption_key: the key is not returned, nor applied to prior backups': async (t, server) => {
    const answer = await prepare(server, { encryption_key: 'a-brand-new-key' })
    t.same(Object.keys(answer.json), ['backup_guid'])
    await perform(server, { backup_guid: GUID, encryption_key: 'a-brand-new-key' })
    server.default.clock.advance({ by: '1h' })
    t.match(await restore(server, 1), { status: 'failed' })
    await perform(server, { backup_guid: GUID, encryption_key: KEY })
    server.default.clock.advance({ by: '1h' })
    t.match(await restore(server, 2), { status: 'done' })
  },
  'backup_guid, string: refers to backups of a given instance': async (t, server) => {
    const { backup_guid } = (await prepare(server)).json
    t.equal(backup_guid, GUID)
    t.not((await prepare(server, {}, 2)).json.backup_guid, backup_guid)
    t.match(await perform(server, { backup_guid, encryption_key: KEY }), { status: 202 })
  },
  ...errorFields(prepare, { encryption_key: KEY }),
})

rows('a9s, perform', {
  'the body must be sent in valid JSON format': async (t, server) => {
    t.match(await perform(server, '{"encryption_key":'), { status: 400, json: { error: 'BadRequest' } })
  },
  'backup_guid, string, required: the originating instance’s backups': async (t, server) => {
    t.match(await perform(server, { encryption_key: KEY }), { status: 400, json: { description: /backup_guid/ } })
    t.match(await perform(server, { encryption_key: KEY, backup_guid: 1 }), { status: 400 })
    t.match(await perform(server, { encryption_key: KEY, backup_guid: 'other' }), { status: 404 })
    t.match(await perform(server, { encryption_key: KEY, backup_guid: GUID }), { status: 202 })
  },
  'encryption_key, string, required: the key the backups are encrypted with': async (t, server) => {
    t.match(await perform(server, { backup_guid: GUID }), { status: 400, json: { description: /encryption_key/ } })
    t.match(await perform(server, { backup_guid: GUID, encryption_key: 1 }), { status: 400 })
    for (const [id, encryption_key, status] of [
      [1, KEY, 'done'],
      [2, 'not-the-key', 'failed'],
    ] as const) {
      await perform(server, { backup_guid: GUID, encryption_key })
      server.default.clock.advance({ by: '1h' })
      t.match(await restore(server, id), { status })
    }
  },
  'restore_id, integer: the internal ID of the restore in the destination': async (t, server) => {
    const { restore_id } = (await perform(server, { backup_guid: GUID, encryption_key: KEY })).json
    t.equal(restore_id, 1)
    t.match(await restore(server, restore_id), { id: restore_id })
    t.equal((await a9s(server, `restores/${restore_id}`, undefined, 1, 'GET')).status, 404, 'not in the source')
  },
  ...errorFields(perform, { backup_guid: GUID, encryption_key: KEY }),
})

const API_KEY = '23457145698959364-demo'
const APP = '64d0c750212742ca8704fb458c9771af'
const backups = (server: Firedrill, app = APP, headers: Call['headers'] = { authorization: API_KEY }) =>
  call(server, { path: `/v3/apps/${app}/backups`, headers })
const OWN_APP = '7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5'

rows('DS Cloud, list of application backups', {
  'exclusive route for Silver and higher plans': async (t, server) => {
    t.equal((await backups(server)).status, 200)
    const free = { authorization: '98765432109876543-free' }
    t.match(await backups(server, 'f0000000000000000000000000000001', free), { status: 403 })
  },
  'Authorization, string, required: the API key for your account': async (t, server) => {
    t.match(await backups(server, APP, {}), { status: 401 })
    t.match(await backups(server, APP, { authorization: 'unknown' }), { status: 401 })
    t.match(await backups(server, APP, { authorization: API_KEY }), { status: 200 })
  },
  'app_id, string, required: the ID of the application': async (t, server) => {
    t.notSame((await backups(server, OWN_APP)).json, (await backups(server)).json)
    t.match(await backups(server, 'unknown'), { status: 404 })
  },
  'status, string: success if successful, error if not': async (t, server) => {
    t.equal((await backups(server)).json.status, 'success')
    t.equal((await backups(server, 'unknown')).json.status, 'error')
  },
  'response: the contents of the response': async (t, server) => {
    t.equal((await backups(server)).json.response.length, 3)
    for (const backup of (await backups(server)).json.response) {
      t.same(Object.keys(backup), ['name', 'size', 'modified', 'key', 'created_at', 'is_successful'])
    }
  },
  'the URL to download is https://backups.dscloud.pt/{accountID}_{name}.zip?{key}': async (t, server) => {
    const [{ name, key, size }] = (await backups(server, OWN_APP)).json.response
    const path = `/${API_KEY.split('-')[0]}_${encodeURIComponent(name)}.zip?${key}`
    const headers = { host: 'backups.dscloud.pt' }
    const answer = await call(server, { path, headers, contract: false })
    t.match(answer, { status: 200, headers: { 'content-type': 'application/zip', 'content-length': String(size) } })
    t.equal(answer.bytes.length, size)
  },
})

const good = { name: 'backup', storeName: 'backupsDefault', passcode: 'passcode' }

/** Creates a backup in `backupsDefault` and gives its answer and what stands in the list when its time has come. */
async function created(server: Firedrill, fields: Record<string, string | number>) {
  const token = await tokenOf(server)
  const { json } = await post(server, createPath('backupsDefault'), { ...fields, token })
  server.default.clock.advance({ by: '10m' })
  const [backup] = (await get(server, storePath('backupsDefault'), { token: await tokenOf(server) })).json.backups
  return { json, backup }
}

rows('ArcGIS, create a backup', {
  'name, required': async (t, server) => {
    t.match((await created(server, good)).backup, { backupName: 'backup' })
    const { name: _, ...nameless } = good
    t.match((await created(server, nameless)).json, { error: { code: 400, message: /name/ } })
  },
  'storeName, required: the store where the backup will be stored': async (t, server) => {
    t.match((await created(server, good)).backup, { backupName: 'backup', backupStore: 'backupsDefault' })
    const other = await created(server, { ...good, name: 'other', storeName: 'backupStore' })
    t.match(other.json, { error: { code: 400, message: /storeName/ } }, 'there is but one such store: that of the path')
  },
  'passcode, required: at least eight characters': async (t, server) => {
    t.match((await created(server, { ...good, passcode: 'seven77' })).json, {
      error: { code: 400, message: /passcode/ },
    })
    t.match((await created(server, { name: 'backup' })).json, { error: { code: 400, message: /passcode/ } })
    t.match((await created(server, { ...good, passcode: 'eight888' })).backup, { backupName: 'backup' })
  },
  'description, optional': async (t, server) => {
    t.match((await created(server, { ...good, description: 'Nightly' })).backup, { description: 'Nightly' })
    const server2 = await boot(t)
    t.match((await created(server2, good)).backup, { description: '' })
  },
  'retentionDate, optional: when the backup will be eligible for cleanup': async (t, server) => {
    const retentionDate = Date.parse('2026-06-15T00:00:00Z')
    t.match((await created(server, { ...good, retentionDate })).backup, { retentionDate })
    const left = async () => (await get(server, storePath('backupsDefault'), { token: await tokenOf(server) })).json
    server.default.clock.advance({ to: '2026-06-14T23:59:59Z' })
    t.equal((await left()).backups.length, 1)
    server.default.clock.advance({ by: '2d' })
    t.same(await left(), { backups: [] })
  },
  'jobsUrl, jobid and status of the answer: the job that tracks it': async (t, server) => {
    const token = await tokenOf(server)
    const { json } = await post(server, createPath('backupsDefault'), { ...good, token })
    t.same(Object.keys(json), ['jobsUrl', 'jobid', 'status'])
    t.equal(json.jobsUrl, `${server.url}/arcgis/admin/jobs/${json.jobid}`)
    t.match(await get(server, new URL(json.jobsUrl).pathname, { token }), { json: { status: json.status } })
  },
  'access with the "Security and infrastructure" privilege': async (t, server) => {
    const token = await tokenOf(server, 'publisher1')
    t.match((await post(server, createPath('backupsDefault'), { ...good, token })).json, { error: { code: 403 } })
    t.match((await created(server, good)).json, { status: 'SUBMITTED' })
  },
  'a POST must include a token in the request body': async (t, server) => {
    t.match((await post(server, createPath('backupsDefault'), good)).json, { error: { code: 499 } })
  },
  'methods: POST': async (t, server) => {
    const answer = await call(server, { path: `${createPath('backupsDefault')}?f=json`, contract: false })
    t.ok(answer.json.error)
  },
})

const FORMATS = {
  'f: html, the default': [{}, /^text\/html\b/, /^<!doctype html>/],
  'f: html': [{ f: 'html' }, /^text\/html\b/, /^<!doctype html>/],
  'f: json': [{ f: 'json' }, /^application\/json\b/, /^\{"/],
  'f: pjson': [{ f: 'pjson' }, /^text\/plain\b/, /^\{\n {2}"/],
} as const

function formats(ask: (server: Firedrill, f: { f?: string }) => Promise<{ headers: object; text: string }>) {
  const checks = Object.entries(FORMATS).map(([row, [f, type, body]]) => [
    row,
    async (t: Test, server: Firedrill) => {
      t.match(await ask(server, f), { status: 200, headers: { 'content-type': type }, text: body })
    },
  ])
  return Object.fromEntries(checks)
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

rows('ArcGIS, create a backup: the response format', {
  ...formats(async (server, f) => {
    const body = new URLSearchParams({ ...good, ...f, token: await tokenOf(server) }).toString()
    return call(server, { method: 'POST', path: createPath('backupsDefault'), headers: FORM, body })
  }),
})

rows('ArcGIS, backups', {
  ...formats(async (server, f) => {
    const query = new URLSearchParams({ ...f, token: await tokenOf(server) })
    return call(server, { path: `${storePath('backupStore')}?${query}` })
  }),
  'tokens: acquired from the generateToken operation': async (t, server) => {
    const { json } = await post(server, GENERATE, { username: 'siteadmin', password: 'siteadmin.pass1' })
    const answer = await get(server, storePath('backupStore'), { token: json.token })
    t.equal(answer.json.backups.length, 2)
    t.match((await get(server, storePath('backupStore'))).json, { error: { code: 499 } })
  },
  'required privileges': async (t, server) => {
    const token = await tokenOf(server, 'publisher1')
    t.match((await get(server, storePath('backupStore'), { token })).json, { error: { code: 403 } })
  },
  'returns the backups that have been created': async (t, server) => {
    const { json, backup } = await created(server, good)
    t.match(json, { status: 'SUBMITTED' })
    t.match(backup, { backupName: 'backup', status: 'completed' })
  },
})
