// a9s: how requests are read: which check comes first, what counts as a body, and GUIDs in any case.
import { once } from 'node:events'
import { type IncomingMessage, request as openRequest } from 'node:http'
import t from 'tap'
import { boot, call } from '../../helpers.ts'

const INSTANCE = 'abcdef00-0000-4000-8000-00000000000a'
const GUID = '3a2e59ee-40cb-472a-91d0-502ab259918c'
const KEY = 'first-encryption-key'
const JSON_TYPE = { 'content-type': 'application/json' }
const headers = { authorization: 'bearer demo-token' }
const TRIGGERED = '2026-06-09T10:00:00Z'

/** Instances whose GUIDs have letters: one stored in lower case with a backup, one stored in upper case. */
const STATE = {
  a9s: {
    tokens: [{ token: 'demo-token' }],
    instances: [
      { id: INSTANCE, backupGuid: GUID, encryptionKey: KEY },
      { id: 'ABCDEF00-0000-4000-8000-00000000000B', backupGuid: '3A2E59EE-40CB-472A-91D0-502AB259918D' },
    ],
    backups: [
      { instanceId: INSTANCE, id: 1, status: 'done', sizeBytes: 10, encryptionKey: KEY, triggeredAt: TRIGGERED },
    ],
  },
}

const path = (id: string, what: string) => `/v1/instances/${id}/${what}`
const PREPARE = 'disaster-recovery/prepare'
const PERFORM = 'disaster-recovery/perform'
const demo = (n: number) => `10000000-0000-4000-8000-00000000000${n}`

t.test('a body that is not a JSON object is refused, null included', async t => {
  const server = await boot(t)
  for (const what of [PREPARE, PERFORM]) {
    for (const body of ['null', '[]', '"text"', '1']) {
      const request = { method: 'POST', path: path(demo(1), what), headers: { ...headers, ...JSON_TYPE }, body }
      const expected = { error: 'BadRequest', description: 'The body must be a JSON object.' }
      t.match(await call(server, request), { status: 400, json: expected }, `${what} ${body}`)
    }
  }
})

t.test('an instance that the caller cannot use is refused before the body is validated', async t => {
  const server = await boot(t)
  const bodies = [
    { body: '{"encryption_key":', type: 'application/json' },
    { body: '[]', type: 'application/json' },
    { body: '{"typo":1}', type: 'application/json' },
    { body: 'a=b', type: 'application/x-www-form-urlencoded' },
    { body: 'x'.repeat(2 ** 20 + 1), type: 'application/json' },
  ]
  for (const what of [PREPARE, PERFORM]) {
    for (const { body, type } of bodies) {
      const send = (id: string, authorization: string) => {
        const sent = { authorization, 'content-type': type }
        return call(server, { method: 'POST', path: path(id, what), headers: sent, body })
      }
      const [unknown, deleted, foreign, stranger, known] = [
        await send('nope', headers.authorization),
        await send(demo(3), headers.authorization),
        await send(demo(4), headers.authorization),
        await send('nope', 'Bearer unknown'),
        await send(demo(1), headers.authorization),
      ].map(({ status }) => status)
      t.same([unknown, deleted, foreign, stranger], [404, 404, 403, 401], `${what} ${body.slice(0, 20)}`)
      t.match(String(known), /^4(00|13|15)$/, 'with a known instance, the body is refused')
    }
  }
  const wrongMethod = await call(server, { method: 'PUT', path: path('nope', PREPARE), headers, contract: false })
  t.equal(wrongMethod.status, 405, 'a wrong method is refused first')
})

t.test('an unknown instance fails a rule, not the authentication', async t => {
  const server = await boot(t)
  await call(server, { method: 'POST', path: path('nope', PREPARE), headers: { ...headers, ...JSON_TYPE }, body: '[' })
  const [{ id } = { id: '' }] = server.default.requests.list().requests
  const outcomes = Object.fromEntries(
    server.default.requests.explain(id).checks.map(({ check, outcome }) => [check, outcome]),
  )
  t.match(outcomes, { authentication: 'passed', rules: 'failed' })
})

t.test('GUIDs are compared without regard to case', async t => {
  const server = await boot(t)
  server.default.state.import(STATE)
  const backup = `${GUID}-${Date.parse(TRIGGERED)}`
  const spellings: ((guid: string) => string)[] = [guid => guid, guid => guid.toUpperCase(), mixed]
  for (const [index, spell] of spellings.entries()) {
    const id = spell(INSTANCE)
    const answer = await call(server, { method: 'POST', path: path(id, PREPARE), headers })
    t.match(answer, { status: 200, json: { backup_guid: GUID } }, id)
    for (const backup_guid of [spell(GUID), spell(backup)]) {
      const body = { backup_guid, encryption_key: KEY }
      const { status, json } = await call(server, { method: 'POST', path: path(id, PERFORM), headers, body })
      t.equal(status, 202, backup_guid)
      const busy = await call(server, { method: 'POST', path: path(INSTANCE, PERFORM), headers, body })
      t.equal(busy.status, 409, 'it is the same instance')
      server.default.clock.advance({ by: '1m' })
      const restore = await call(server, { path: path(INSTANCE, `restores/${json.restore_id}`), headers })
      t.match(restore.json, { backup_id: 1, status: 'done' })
    }
    const list = await call(server, { path: path(id, 'restores'), headers })
    t.equal(list.json.length, (index + 1) * 2, 'started in any case')
  }
  const upper = await call(server, { method: 'POST', path: path(`${INSTANCE.slice(0, -1)}b`, PREPARE), headers })
  t.match(upper, { status: 200, json: { backup_guid: '3A2E59EE-40CB-472A-91D0-502AB259918D' } })
  const key = 'a-new-encryption-key'
  await call(server, { method: 'POST', path: path(mixed(INSTANCE), PREPARE), headers, body: { encryption_key: key } })
  t.match(server.default.state.export().a9s, { instances: [{ id: INSTANCE, encryptionKey: key }] })
})

function mixed(guid: string): string {
  return guid.replace(/[a-f]/g, (letter, at: number) => (at % 2 === 0 ? letter.toUpperCase() : letter))
}

t.test('what happened to the instance while the body arrived counts', async t => {
  const server = await boot(t, { a9sPrepareStatus: 202 })
  const sent = { method: 'POST', path: path(demo(1), PREPARE), headers: { ...headers, ...JSON_TYPE } }
  const slow = openRequest(server.url + sent.path, { ...sent, headers: { ...sent.headers, expect: '100-continue' } })
  slow.flushHeaders()
  await once(slow, 'continue')
  t.match(await call(server, { ...sent, body: '{}' }), { status: 202 })
  slow.end('{}')
  const [response] = (await once(slow, 'response')) as [IncomingMessage]
  response.resume()
  t.equal(response.statusCode, 409)
})
