// The documented parameters, fields and formats of creating and listing backups.
import type { Firedrill } from '../../src/index.ts'
import { createPath, FORM, GENERATE, get, post, storePath, tokenOf } from '../apis/arcgis/client.ts'
import { type Answer, boot, call } from '../helpers.ts'
import { type RowTests, testRows } from './rows.ts'

const valid = { name: 'backup', storeName: 'backupsDefault', passcode: 'passcode' }

/** Creates a backup in `backupsDefault`. Returns the answer, and the first backup in the list ten minutes later. */
async function created(server: Firedrill, fields: Record<string, string | number>) {
  const token = await tokenOf(server)
  const { json } = await post(server, createPath('backupsDefault'), { ...fields, token })
  server.default.clock.advance({ by: '10m' })
  const [backup] = (await get(server, storePath('backupsDefault'), { token: await tokenOf(server) })).json.backups
  return { json, backup }
}

testRows('ArcGIS, create a backup', {
  'name, required': async (t, server) => {
    t.match((await created(server, valid)).backup, { backupName: 'backup' })
    const { name: _, ...nameless } = valid
    t.match((await created(server, nameless)).json, { error: { code: 400, message: /name/ } })
  },
  'storeName, required: the store where the backup will be stored': async (t, server) => {
    t.match((await created(server, valid)).backup, { backupName: 'backup', backupStore: 'backupsDefault' })
    const other = await created(server, { ...valid, name: 'other', storeName: 'backupStore' })
    t.match(other.json, { error: { code: 400, message: /storeName/ } }, 'the only such store is that of the path')
  },
  'passcode, required: at least eight characters': async (t, server) => {
    t.match((await created(server, { ...valid, passcode: 'seven77' })).json, {
      error: { code: 400, message: /passcode/ },
    })
    t.match((await created(server, { name: 'backup' })).json, { error: { code: 400, message: /passcode/ } })
    t.match((await created(server, { ...valid, passcode: 'eight888' })).backup, { backupName: 'backup' })
  },
  'description, optional': async (t, server) => {
    t.match((await created(server, { ...valid, description: 'Nightly' })).backup, { description: 'Nightly' })
    t.match((await created(await boot(t), valid)).backup, { description: '' })
  },
  'retentionDate, optional: when the backup will be eligible for cleanup': async (t, server) => {
    const retentionDate = Date.parse('2026-06-15T00:00:00Z')
    t.match((await created(server, { ...valid, retentionDate })).backup, { retentionDate })
    const listed = async () => (await get(server, storePath('backupsDefault'), { token: await tokenOf(server) })).json
    server.default.clock.advance({ to: '2026-06-14T23:59:59Z' })
    t.equal((await listed()).backups.length, 1)
    server.default.clock.advance({ by: '2d' })
    t.same(await listed(), { backups: [] })
  },
  'jobsUrl, jobid and status of the answer: the job that tracks it': async (t, server) => {
    const token = await tokenOf(server)
    const { json } = await post(server, createPath('backupsDefault'), { ...valid, token })
    t.same(Object.keys(json), ['jobsUrl', 'jobid', 'status'])
    t.equal(json.jobsUrl, `${server.url}/arcgis/admin/jobs/${json.jobid}`)
    t.match(await get(server, new URL(json.jobsUrl).pathname, { token }), { json: { status: json.status } })
  },
  'access with the "Security and infrastructure" privilege': async (t, server) => {
    const token = await tokenOf(server, 'publisher1')
    t.match((await post(server, createPath('backupsDefault'), { ...valid, token })).json, { error: { code: 403 } })
    t.match((await created(server, valid)).json, { status: 'SUBMITTED' })
  },
  'a POST must include a token in the request body': async (t, server) => {
    t.match((await post(server, createPath('backupsDefault'), valid)).json, { error: { code: 499 } })
  },
  'methods: POST': async (t, server) => {
    const answer = await call(server, { path: `${createPath('backupsDefault')}?f=json`, contract: false })
    t.ok(answer.json.error)
  },
})

const FORMATS = {
  'f: html, the default': { parameters: {}, mediaType: /^text\/html\b/, body: /^<!doctype html>/ },
  'f: html': { parameters: { f: 'html' }, mediaType: /^text\/html\b/, body: /^<!doctype html>/ },
  'f: json': { parameters: { f: 'json' }, mediaType: /^application\/json\b/, body: /^\{"/ },
  'f: pjson': { parameters: { f: 'pjson' }, mediaType: /^text\/plain\b/, body: /^\{\n {2}"/ },
}

function formats(ask: (server: Firedrill, parameters: { f?: string }) => Promise<Answer>): RowTests {
  const tests = Object.entries(FORMATS).map(([row, { parameters, mediaType, body }]): [string, RowTests[string]] => [
    row,
    async (t, server) => {
      t.match(await ask(server, parameters), { status: 200, headers: { 'content-type': mediaType }, text: body })
    },
  ])
  return Object.fromEntries(tests)
}

testRows('ArcGIS, create a backup: the response format', {
  ...formats(async (server, parameters) => {
    const body = new URLSearchParams({ ...valid, ...parameters, token: await tokenOf(server) }).toString()
    return call(server, { method: 'POST', path: createPath('backupsDefault'), headers: FORM, body })
  }),
})

testRows('ArcGIS, backups', {
  ...formats(async (server, parameters) => {
    const query = new URLSearchParams({ ...parameters, token: await tokenOf(server) })
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
    const { json, backup } = await created(server, valid)
    t.match(json, { status: 'SUBMITTED' })
    t.match(backup, { backupName: 'backup', status: 'completed' })
  },
})
