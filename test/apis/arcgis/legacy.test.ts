// arcgis: what Esri's admin command line and its Python API send, byte by byte where it is unusual, over HTTP.
import { once } from 'node:events'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'
import { ADMIN, createPath, DOCUMENTED, encode, FORM, get, post, storePath, tokenOf } from './client.ts'

const RECOVERY = `${ADMIN}/system/disasterrecovery`
const LEGACY = `${RECOVERY}/backuprestore`

async function start(t: Test) {
  const server = await boot(t)
  const token = await tokenOf(server)
  return { server, token }
}

/** As urllib of Python sends it: the body of a GET has a length, and the connection is closed afterwards. */
async function sendRaw({ url }: Firedrill, head: string[], body: string): Promise<string> {
  const port = Number(new URL(url).port)
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const lines = [...head, 'Accept-Encoding: identity', `Host: 127.0.0.1:${port}`, 'User-Agent: Python-urllib/3.12']
  socket.write(`${[...lines, `Content-Length: ${body.length}`, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`)
  return (await socket.toArray()).join('')
}

t.test("the admin command line's form of generateToken", async t => {
  const { server } = await start(t)
  const body = 'username=siteadmin&password=siteadmin.pass1&client=referer&referer=referer&expiration=60&f=json'
  const head = ['POST /arcgis/sharing/rest/generateToken HTTP/1.1', 'Content-Type: application/x-www-form-urlencoded']
  const answer = await sendRaw(server, head, body)
  t.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
  t.match(answer, /"token":"[\w-]{128}"/)
})

t.test('the admin command line up to 0.4.0: GET with its parameters in the body and no Referer', async t => {
  const { server, token } = await start(t)
  const resources = [
    ADMIN,
    `${RECOVERY}/settings`,
    `${RECOVERY}/stores`,
    `${RECOVERY}/stores/backupStore`,
    `${RECOVERY}/status`,
  ]
  for (const path of [...resources, storePath('backupStore'), `${ADMIN}/jobs`]) {
    const head = [
      `GET ${path} HTTP/1.1`,
      'Content-Type: application/x-www-form-urlencoded',
      `Authorization: Bearer ${token}`,
    ]
    const answer = await sendRaw(server, head, 'f=json')
    t.match(answer, /^HTTP\/1\.1 200 OK\r\n/, path)
    t.match(answer, /content-type: application\/json/i)
    t.notMatch(answer, '"error"')
  }
})

t.test('the admin command line: True and False, description=None, retentionDate=-1, settings as JSON', async t => {
  const { server, token } = await start(t)
  const headers = { authorization: `Bearer ${token}`, ...FORM }
  const send = async (path: string, body: string) => (await call(server, { method: 'POST', path, headers, body })).json
  const settings = encode({
    settings:
      '{"type": "HOSTED", "storageConfig": {"provisioningType": "DYNAMIC", "storageClass": "gp3", "size": "64Gi"}}',
  })
  t.match(await send(`${RECOVERY}/stores/register`, `storeName=sync&isDefault=True&async=False&f=json&${settings}`), {
    status: 'success',
    name: 'sync',
  })
  t.match(await send(`${RECOVERY}/stores/register`, `storeName=job&isDefault=False&async=True&f=json&${settings}`), {
    status: 'SUBMITTED',
  })
  t.match((await get(server, `${RECOVERY}/stores/sync`, { token })).json, { default: true })
  const body = 'name=daily&passcode=passcode1&description=None&retentionDate=-1&f=json'
  t.match(await send(createPath('sync'), body), { jobid: /^j/, status: 'SUBMITTED' })
  server.default.clock.advance({ by: '2m' })
  t.match((await get(server, storePath('sync'), { token })).json, {
    backups: [{ backupName: 'daily', description: 'None', retentionDate: -1, status: 'completed' }],
  })
  const update = encode({ settings: '{"default": false, "supportBDSBackup": false}', f: 'json' })
  t.same(await send(`${RECOVERY}/stores/sync/update`, update), { status: 'success' })
})

t.test('the admin command line: names that are not encoded in the path', async t => {
  const { server, token } = await start(t)
  await post(server, createPath('backupsDefault'), { token, name: 'a+b(c)', passcode: 'passcode1' })
  server.default.clock.advance({ by: '2m' })
  const head = [`GET ${storePath('backupsDefault')}/a+b(c)?f=json HTTP/1.1`, `Authorization: Bearer ${token}`]
  t.match(await sendRaw(server, head, ''), /"backupName":"a\+b\(c\)"/)
})

t.test('every response has a Content-Length, because the Python API cannot read errors in chunks', async t => {
  const { server, token } = await start(t)
  for (const path of [
    `${RECOVERY}/stores`,
    `${RECOVERY}/stores/nowhere`,
    `${ADMIN}/jobs`,
    ADMIN,
    `${ADMIN}/system/tasks`,
  ]) {
    for (const f of ['json', 'pjson', 'html']) {
      const { headers, bytes } = await get(server, path, { f }, { 'x-esri-authorization': `Bearer ${token}` })
      t.equal(headers['content-length'], String(bytes.length), `${path} ${f}`)
      t.equal(headers['transfer-encoding'], undefined)
    }
  }
})

t.test('the Python API: backup, status, list, restore, validate and delete below backuprestore', async t => {
  const { server, token } = await start(t)
  const headers = { 'x-esri-authorization': `Bearer ${token}`, referer: 'http' }
  const read = async (path: string) => (await get(server, path, {}, headers)).json
  const send = async (path: string, fields = {}) => (await post(server, path, fields, headers)).json
  const { jobid } = await send(`${LEGACY}/backup`, {
    name: 'python',
    storeName: 'backupsDefault',
    passcode: 'passcode1',
    description: 'by Python',
  })
  t.match(await read(`${LEGACY}/status`), { status: { state: 'in_progress', backupName: 'python' } })
  server.default.clock.advance({ by: '2m' })
  t.match(await read(`${ADMIN}/jobs/${jobid}`), { status: 'COMPLETED', operationURI: `${LEGACY}/backup` })
  const { backups } = await read(`${LEGACY}/backups`)
  t.same(
    backups.map(({ backupName }: { backupName: string }) => backupName),
    ['backup_first', 'schedule1-2021-10-22-20-00-09', 'python', 'backup_that_fitted'],
  )
  t.same(await read(`${LEGACY}/backups/backup_first`), DOCUMENTED.backups[0])
  t.same(await send(`${LEGACY}/backups/python/validate`), { isReady: true, status: 'success' })
  const restore = { storeName: 'backupsDefault', passcode: 'passcode1' }
  t.same(await send(`${LEGACY}/backups/python/restore`, restore), { status: 'success' })
  server.default.clock.advance({ by: '2m' })
  t.match(await read(`${LEGACY}/status`), { status: { state: 'success', operation: 'Restore', backupName: 'python' } })
  t.same(await send(`${LEGACY}/backups/python/delete`), { status: 'success' })
  const missing = { error: { code: 404, message: 'The backup python was not found.' } }
  t.match(await read(`${LEGACY}/backups/python`), missing)
  for (const operation of ['validate', 'delete']) t.match(await send(`${LEGACY}/backups/python/${operation}`), missing)
  t.match(await send(`${LEGACY}/backup`, { name: 'x', passcode: 'passcode1' }), {
    error: { code: 400, message: 'The field storeName is required.' },
  })
})

t.test('the Python API: a backup of that name in several stores', async t => {
  const { server, token } = await start(t)
  for (const store of ['backupStore', 'backupsDefault']) {
    await post(server, createPath(store), { token, name: 'twice', passcode: 'passcode1', description: store })
  }
  server.default.clock.advance({ by: '2m' })
  const read = async () => (await get(server, `${LEGACY}/backups/twice`, { token })).json.description
  t.equal(await read(), 'backupsDefault', 'the one in the default store')
  await post(server, `${RECOVERY}/stores/backupsDefault/update`, { token, settings: '{"default":false}' })
  t.equal(await read(), 'backupStore', 'else the one in the store that was registered first')
})

t.test('the Python API: register and scheduled tasks', async t => {
  const { server, token } = await start(t)
  const headers = { 'x-esri-authorization': `Bearer ${token}`, referer: 'http' }
  const settings = '{"type":"HOSTED","storageConfig":{"provisioningType":"DYNAMIC","storageClass":"a","size":"16Gi"}}'
  const register = await post(
    server,
    `${RECOVERY}/stores/register`,
    { storeName: 'python', settings, isDefault: 'false', async: 'true' },
    headers,
  )
  t.match(register.json, { jobsUrl: `${server.url}${ADMIN}/jobs/${register.json.jobid}` })
  const fields = {
    type: 'CreateBackup',
    parameters: '{"name":"weekly","passcode":"passcode1","storeName":"backupsDefault"}',
    itemId: '',
    minute: '0',
    hour: '0',
    dayOfMonth: '*',
    month: '*',
    dayOfWeek: '0',
    maxOccurrences: 10,
  }
  const { success, taskId } = (await post(server, `${ADMIN}/system/tasks/createTask`, fields, headers)).json
  t.equal(success, true)
  const run = { status: 'failed', results: 'ignored' }
  server.default.clock.advance({ by: '5d' })
  const [{ runId }] = (await get(server, `${ADMIN}/system/tasks/${taskId}/runs`, {}, headers)).json.result
  t.same((await post(server, `${ADMIN}/system/tasks/${taskId}/runs/${runId}/update`, run, headers)).json, {
    status: 'success',
  })
})
