// a9s: every documented answer, status and rule, over HTTP.
import t, { type Test } from 'tap'
import type { Firedrill, StartOptions } from '../../../src/index.ts'
import { type Answer, boot, call } from '../../helpers.ts'

const INSTANCE = '10000000-0000-4000-8000-00000000000'
const GUID = '3a2e59ee-40cb-472a-91d0-502ab259918c'
const DELETED_GUID = '3a2e59ee-40cb-472a-91d0-502ab2599183'
const STATUS_TEXT = {
  401: 'The user does not have valid authentication credentials for the target resource.',
  403: 'The user does not have the required right to do this request.',
  500: 'An unexpected error occurred while handling the request.',
  502: 'An error occurred during upstream communication.',
  504: 'A timeout occurred during upstream communication.',
}

interface To {
  n?: number | string
  body?: unknown
  token?: string | undefined
  headers?: Record<string, string>
}

function send(
  server: Firedrill,
  method: string,
  what: string,
  { n = 2, body, token = 'bearer demo-token', headers }: To,
) {
  const id = typeof n === 'number' ? `${INSTANCE}${n}` : n
  const authorization = token === '' ? {} : { authorization: token }
  return call(server, { method, path: `/v1/instances/${id}${what}`, headers: { ...authorization, ...headers }, body })
}
const prepare = (server: Firedrill, to: To) => send(server, 'POST', '/disaster-recovery/prepare', { n: 1, ...to })
const perform = (server: Firedrill, to: To) => send(server, 'POST', '/disaster-recovery/perform', to)
const restores = (server: Firedrill, to: To = {}) => send(server, 'GET', '/restores', to)
const restore = (server: Firedrill, id: number | string, to: To = {}) => send(server, 'GET', `/restores/${id}`, to)
const good = { backup_guid: GUID, encryption_key: 'second-encryption-key' }

function isError(t: Test, answer: Answer, status: number, error: string, description?: string): void {
  t.match(answer, { status, json: { error, ...(description === undefined ? {} : { description }) } })
  t.same(Object.keys(answer.json), ['error', 'description'], 'the body has the two documented fields')
}

const both = async (t: Test, check: (t: Test, ask: typeof prepare) => Promise<void>) => {
  await t.test('prepareDisasterRecovery', t => check(t, prepare))
  await t.test('performDisasterRecovery', t => check(t, (server, to) => perform(server, { body: good, ...to })))
}

t.test('prepareDisasterRecovery: the documented answer', async t => {
  const server = await boot(t)
  for (const body of [{ encryption_key: '<encryption_key>' }, {}, undefined]) {
    t.match(await prepare(server, { body }), { status: 200, json: { backup_guid: GUID } })
  }
  const empty = await prepare(server, { body: '', headers: { 'content-type': 'application/json' } })
  t.match(empty, { status: 200, json: { backup_guid: GUID } }, 'an empty JSON body counts as no body')
})

t.test('prepareDisasterRecovery: the GUID is stable and not the instance id', async t => {
  const server = await boot(t)
  const first = await prepare(server, { n: 2 })
  const second = await prepare(server, { n: 2, body: { encryption_key: 'another-key' } })
  t.equal(first.json.backup_guid, second.json.backup_guid)
  t.not(first.json.backup_guid, `${INSTANCE}2`)
})

t.test('prepareDisasterRecovery: a new key is never returned and is not retroactive', async t => {
  const server = await boot(t)
  const secret = 'a-brand-new-secret-key'
  const answer = await prepare(server, { body: { encryption_key: secret } })
  t.notOk(answer.text.includes(secret))
  await perform(server, { body: { backup_guid: GUID, encryption_key: secret } })
  server.default.clock.advance({ by: '1m' })
  t.match((await restore(server, 1)).json, { status: 'failed' }, 'backups remember the key that they were made with')
  await perform(server, { body: good })
  server.default.clock.advance({ by: '1m' })
  t.match((await restore(server, 2)).json, { status: 'done' })
})

t.test('prepareDisasterRecovery: with status 202 the key is set later', async t => {
  const server = await boot(t, { a9sPrepareStatus: 202 })
  t.match(await prepare(server, {}), { status: 202, json: { backup_guid: GUID } })
  isError(t, await prepare(server, {}), 409, 'Conflict', 'There is already such action in progress.')
  t.match(await prepare(server, { n: 2 }), { status: 202 }, 'another instance is not affected')
  server.default.clock.advance({ by: '4999ms' })
  t.equal((await prepare(server, {})).status, 409)
  server.default.clock.advance({ by: '1ms' })
  t.equal((await prepare(server, { body: { encryption_key: 'long-enough' } })).status, 202)
})

t.test('performDisasterRecovery: the documented answer, 202 by default and 200 as an option', async t => {
  t.match(await perform(await boot(t), { body: good }), { status: 202, json: { restore_id: 1 } })
  const atOnce = await boot(t, { a9sPerformStatus: 200 })
  t.match(await perform(atOnce, { body: good }), { status: 200, json: { restore_id: 1 } })
  t.match((await restore(atOnce, 1)).json, { status: 'done' }, '200 means processed')
})

t.test('performDisasterRecovery: the restore goes through its states on the clock', async t => {
  const server = await boot(t)
  await perform(server, { body: good })
  const started = { id: 1, backup_id: 2, metadata: { restored_from: '2026-06-09T10:00:00.000Z' } }
  const triggered_at = '2026-06-10T12:00:00.000Z'
  t.same((await restore(server, 1)).json, { ...started, status: 'queued', triggered_at, finished_at: null })
  const { fired } = server.default.clock.advance({ by: '1s' })
  t.match(fired, [{ api: 'a9s', kind: 'restore', phase: 'queued', at: '2026-06-10T12:00:01.000Z' }])
  t.match((await restore(server, 1)).json, { status: 'running', finished_at: null })
  server.default.clock.advance({ by: '9s' })
  const done = { ...started, status: 'done', triggered_at, finished_at: '2026-06-10T12:00:10.000Z' }
  t.same((await restore(server, 1)).json, done)
  t.same((await restores(server)).json, [done])
  t.same((await restores(server, { n: 1 })).json, [], 'it is the destination that has the restore')
})

t.test('performDisasterRecovery: which backup', async t => {
  const server = await boot(t)
  const older = `${GUID}-${Date.parse('2026-06-08T10:00:00Z')}`
  const cases = [
    { backup_guid: GUID, encryption_key: 'second-encryption-key', backup_id: 2, status: 'done' },
    { backup_guid: GUID, encryption_key: 'first-encryption-key', backup_id: 2, status: 'failed' },
    { backup_guid: older, encryption_key: 'first-encryption-key', backup_id: 1, status: 'done' },
    { backup_guid: older, encryption_key: 'second-encryption-key', backup_id: 1, status: 'failed' },
    { backup_guid: DELETED_GUID, encryption_key: 'third-encryption-key', backup_id: 1, status: 'done' },
  ]
  for (const [index, { backup_id, status, ...body }] of cases.entries()) {
    t.match(
      await perform(server, { body }),
      { status: 202, json: { restore_id: index + 1 } },
      'a wrong key is accepted',
    )
    server.default.clock.advance({ by: '1m' })
    t.match((await restore(server, index + 1)).json, { backup_id, status }, JSON.stringify(body))
  }
  t.same(
    (await restores(server)).json.map(({ id }: { id: number }) => id),
    [5, 4, 3, 2, 1],
    'newest first',
  )
})

t.test('performDisasterRecovery: no such backup', async t => {
  const server = await boot(t)
  const failedBackup = `${GUID}-${Date.parse('2026-06-10T10:00:00Z')}`
  const empty = (await prepare(server, { n: 2 })).json.backup_guid
  for (const backup_guid of ['nonsense', `${GUID}-1234567890123`, failedBackup, empty, `${INSTANCE}1`]) {
    const answer = await perform(server, { body: { backup_guid, encryption_key: 'x' } })
    isError(t, answer, 404, 'NotFound', `The backup ${backup_guid} was not found.`)
  }
  t.same((await restores(server)).json, [], 'nothing was started')
})

t.test('performDisasterRecovery: one restore at a time in a destination', async t => {
  const server = await boot(t)
  await perform(server, { body: good })
  isError(t, await perform(server, { body: good }), 409, 'RestoreInProgress', 'Restore of 2 is already in progress')
  t.equal((await perform(server, { n: 1, body: good })).status, 202, 'another destination is free')
  server.default.clock.advance({ by: '10s' })
  t.match(await perform(server, { body: good }), { status: 202, json: { restore_id: 2 } })
})

t.test('performDisasterRecovery: both fields are required and others are refused', async t => {
  const server = await boot(t)
  const cases = [
    { body: { backup_guid: GUID }, description: 'The field encryption_key is required.' },
    { body: { encryption_key: 'x' }, description: 'The field backup_guid is required.' },
    { body: undefined, description: 'The field backup_guid is required.' },
    { body: { ...good, typo: 1 }, description: 'The field typo is not known.' },
    { body: { ...good, encryption_key: 5 }, description: 'The field encryption_key must be a string.' },
    { body: { ...good, backup_guid: '' }, description: 'The field backup_guid must not be empty.' },
    { body: [], description: 'The body must be a JSON object.' },
  ]
  for (const { body, description } of cases) isError(t, await perform(server, { body }), 400, 'BadRequest', description)
  const short = await prepare(server, { body: { encryption_key: 'short' } })
  isError(t, short, 400, 'BadRequest', 'The field encryption_key must be at least 8 characters long.')
})

t.test('401: no valid credentials', t =>
  both(t, async (t, ask) => {
    const server = await boot(t)
    for (const token of [
      '',
      'Bearer unknown',
      'demo-token',
      'Basic ZGVtby10b2tlbg==',
      'Bearer',
      'Bearer demo-token x',
    ]) {
      isError(t, await ask(server, { token }), 401, 'Unauthorized', STATUS_TEXT[401])
    }
    for (const token of ['bearer demo-token', 'Bearer demo-token', 'BEARER demo-token']) {
      t.ok((await ask(server, { token, n: 1 })).status < 300, 'the scheme may be in any case')
      server.default.clock.advance({ by: '1m' })
    }
  }),
)

t.test('403: without the manage right, or without it on that instance', t =>
  both(t, async (t, ask) => {
    const server = await boot(t)
    isError(t, await ask(server, { token: 'bearer viewer-token' }), 403, 'Forbidden', STATUS_TEXT[403])
    isError(t, await ask(server, { n: 4 }), 403, 'Forbidden', STATUS_TEXT[403])
  }),
)

t.test('404: unknown and deleted instances', t =>
  both(t, async (t, ask) => {
    const server = await boot(t)
    isError(t, await ask(server, { n: 'nope' }), 404, 'NotFound', 'The instance nope was not found.')
    isError(t, await ask(server, { n: 3 }), 404, 'NotFound', `The instance ${INSTANCE}3 was not found.`)
  }),
)

t.test('500, 502, 504: instances whose upstream fails', t =>
  both(t, async (t, ask) => {
    const server = await boot(t)
    isError(t, await ask(server, { n: 5 }), 502, 'BadGateway', STATUS_TEXT[502])
    isError(t, await ask(server, { n: 6 }), 504, 'GatewayTimeout', STATUS_TEXT[504])
    isError(t, await ask(server, { n: 7 }), 500, 'InternalServerError', STATUS_TEXT[500])
  }),
)

t.test('bodies that cannot be read', t =>
  both(t, async (t, ask) => {
    const server = await boot(t)
    const json = { 'content-type': 'application/json' }
    isError(t, await ask(server, { body: '{"encryption_key":', headers: json }), 400, 'BadRequest')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    isError(t, await ask(server, { body: 'encryption_key=x', headers: form }), 415, 'UnsupportedMediaType')
    isError(t, await ask(server, { body: { encryption_key: 'x'.repeat(1024 * 1024) } }), 413, 'PayloadTooLarge')
  }),
)

t.test('listRestores, getRestore: errors', async t => {
  const server = await boot(t)
  isError(t, await restores(server, { token: '' }), 401, 'Unauthorized')
  isError(t, await restores(server, { n: 4 }), 403, 'Forbidden')
  isError(t, await restores(server, { n: 3 }), 404, 'NotFound')
  isError(t, await restores(server, { n: 5 }), 502, 'BadGateway')
  for (const id of [1, 'x', '-1', '99999999999999999999']) {
    isError(t, await restore(server, id), 404, 'NotFound', `The restore ${id} was not found.`)
  }
})

t.test('unknown paths and wrong methods are answered in the error format of the API', async t => {
  const server = await boot(t)
  const headers = { authorization: 'bearer demo-token' }
  for (const path of [
    '/v1/instances',
    '/v1/instances/x/nope',
    '/v1/instances/%zz',
    `/v1/instances/${INSTANCE}1/metrics`,
  ]) {
    isError(t, await call(server, { path, headers, contract: false }), 404, 'NotFound')
  }
  for (const { method, what, allow } of [
    { method: 'GET', what: '/disaster-recovery/prepare', allow: 'POST' },
    { method: 'DELETE', what: '/disaster-recovery/perform', allow: 'POST' },
    { method: 'POST', what: '/restores', allow: 'GET, HEAD' },
    { method: 'OPTIONS', what: '/restores/1', allow: 'GET, HEAD' },
    { method: 'PUT', what: '/backups', allow: 'GET, HEAD, POST' },
    { method: 'POST', what: '/backups/1', allow: 'DELETE, GET, HEAD' },
    { method: 'PUT', what: '/backup-configs', allow: 'GET, HEAD, PATCH' },
  ]) {
    const answer = await call(server, { method, path: `/v1/instances/${INSTANCE}1${what}`, headers, contract: false })
    isError(t, answer, 405, 'MethodNotAllowed')
    t.equal(answer.headers.allow, allow)
  }
})

t.test('getRestore: with progression polls:N each call counts as a poll', async t => {
  const server = await boot(t, { jobProgression: 'polls:4' } satisfies StartOptions)
  await perform(server, { body: good })
  server.default.clock.advance({ by: '1d' })
  const statuses: string[] = []
  for (let poll = 0; poll < 5; poll += 1) statuses.push((await restore(server, 1)).json.status)
  t.same(statuses, ['queued', 'running', 'running', 'done', 'done'])
})
