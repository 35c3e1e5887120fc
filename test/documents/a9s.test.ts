// The documented parameters and fields of prepare and perform; the tables of statuses are in exchanges.test.ts.
import type { Firedrill } from '../../src/index.ts'
import { call } from '../helpers.ts'
import { type RowTests, testRows } from './rows.ts'

const GUID = '3a2e59ee-40cb-472a-91d0-502ab259918c'
const KEY = 'second-encryption-key'
/** `path` is below the demo instance with that number. */
const a9s = (server: Firedrill, path: string, body?: unknown, instance = 1, method = 'POST') =>
  call(server, {
    method,
    path: `/v1/instances/10000000-0000-4000-8000-00000000000${instance}/${path}`,
    headers: { authorization: 'bearer demo-token', 'content-type': 'application/json' },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  })
const prepare = (server: Firedrill, body?: unknown, instance?: number) =>
  a9s(server, 'disaster-recovery/prepare', body, instance)
const perform = (server: Firedrill, body?: unknown, instance = 2) =>
  a9s(server, 'disaster-recovery/perform', body, instance)
const restore = async (server: Firedrill, id: number) => (await a9s(server, `restores/${id}`, undefined, 2, 'GET')).json

/** Both operations describe their error bodies with the same rows. `body` is a valid one. */
const errorFields = (ask: typeof prepare, body: object): RowTests => ({
  'error, string: a single word in camel case': async (t, server) => {
    const answers = await Promise.all([ask(server, '{', 1), ask(server, body, 4), ask(server, body, 9)])
    for (const { json } of answers) t.match(json.error, /^([A-Z][a-z]+)+$/)
    t.equal(new Set(answers.map(({ json }) => json.error)).size, answers.length, 'each condition has a different name')
  },
  'description, string: a user-facing message explaining why the request failed': async (t, server) => {
    t.match((await ask(server, '{', 1)).json.description, /valid JSON/)
    t.match((await ask(server, body, 9)).json.description, /000000000009/)
  },
})

testRows('a9s, prepare', {
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
    const state = () => JSON.stringify(server.default.state.export())
    await prepare(server, { encryption_key: 'the-first-new-key' })
    t.match(state(), 'the-first-new-key')
    await prepare(server, { encryption_key: 'the-second-new-key' })
    t.match(state(), 'the-second-new-key')
    t.notMatch(state(), 'the-first-new-key')
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

testRows('a9s, perform', {
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
    await perform(server, { backup_guid: GUID, encryption_key: KEY })
    server.default.clock.advance({ by: '1h' })
    t.match(await restore(server, 1), { status: 'done' })
    await perform(server, { backup_guid: GUID, encryption_key: 'not-the-key' })
    server.default.clock.advance({ by: '1h' })
    t.match(await restore(server, 2), { status: 'failed' })
  },
  'restore_id, integer: the internal ID of the restore in the destination': async (t, server) => {
    const { restore_id } = (await perform(server, { backup_guid: GUID, encryption_key: KEY })).json
    t.equal(restore_id, 1)
    t.match(await restore(server, restore_id), { id: restore_id })
    t.equal((await a9s(server, `restores/${restore_id}`, undefined, 1, 'GET')).status, 404, 'not in the source')
  },
  ...errorFields(perform, { backup_guid: GUID, encryption_key: KEY }),
})
