// Checks the list of what the archive in a response contains.
import t from 'tap'
import { boot, call } from '../../helpers.ts'
import { ask, BEARER, INSTANCE, latest } from './journaled.ts'

const FILE = '/backend/api/v1/disasterRecoveryFiles/123'
const KEY = { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' }

t.test('readSentArchive: the entries, and how much of them was sent', async t => {
  const server = await boot(t)
  const { bytes } = await call(server, { path: FILE, headers: KEY })
  const { id } = await latest(server)
  const { status, json } = await ask(server, 'GET', `/requests/${id}/archive`)
  t.equal(status, 200)
  t.equal(json.sizeBytes, bytes.length)
  t.ok(json.entries.length > 0)
  t.ok(json.entries.every((entry: { sent: string }) => entry.sent === 'whole'))
  t.same(await server.default.requests.archive(id), json)
  await call(server, { path: FILE, headers: { ...KEY, range: 'bytes=0-40' } })
  const part = await server.default.requests.archive((await latest(server)).id)
  t.equal(part.entries[0]?.sent, 'part')
})

t.test('readSentArchive: only of files that are still the same', async t => {
  const server = await boot(t)
  await call(server, { path: `${INSTANCE}/restores`, headers: BEARER })
  t.match((await ask(server, 'GET', `/requests/${(await latest(server)).id}/archive`)).json, {
    status: 409,
    detail: /was not answered with a file/,
  })
  server.default.faults.arm({ operation: 'getDisasterRecoveryFile', fault: 'wrong-password', times: 1 })
  await call(server, { path: FILE, headers: KEY })
  const { json } = await ask(server, 'GET', `/requests/${(await latest(server)).id}/archive`)
  t.match(json, { status: 409, detail: /has other bytes now/ })
  t.equal((await ask(server, 'GET', '/requests/none/archive')).status, 404)
})
