// Checks how the journal shows the bodies of requests and responses.
import t from 'tap'
import { boot } from '../../helpers.ts'
import { BEARER, INSTANCE, latest, PREPARE, send } from './journaled.ts'

t.test('bodies: invalid, refused, large and binary ones, none, and streams', async t => {
  const server = await boot(t)
  const json = { ...BEARER, 'content-type': 'application/json' }
  const sent = async (body: string | Buffer, headers: Record<string, string>, path = PREPARE) => {
    const { status } = await send(server, path, { method: 'POST', headers, body })
    return { status, event: await latest(server) }
  }
  const cases: { body: string; headers: Record<string, string>; status: number }[] = [
    { body: '{"broken":', headers: json, status: 400 },
    { body: 'plain', headers: { ...BEARER, 'content-type': 'text/plain' }, status: 415 },
    { body: '{"a":1}', headers: { 'content-type': 'application/json' }, status: 401 },
    { body: '{"unknown":1}', headers: json, status: 400 },
  ]
  for (const { body, headers, status } of cases) {
    const { status: received, event } = await sent(body, headers)
    t.same([received, event.request.body, event.response?.status], [status, body, status])
    t.same(event.firedrill.requestBody, { sizeBytes: body.length, shown: 'whole' })
  }
  t.equal((await sent('a=1', { 'content-type': 'text/plain' }, '/nowhere')).event.request.body, 'a=1')
  const long = `{"pad":"${'ä'.repeat(40_000)}"}`
  const { event: shortened } = await sent(long, json)
  t.same(shortened.firedrill.requestBody, { sizeBytes: Buffer.byteLength(long), shown: 'start' })
  t.equal(shortened.request.body, long.slice(0, shortened.request.body.length))
  t.ok(Buffer.byteLength(shortened.request.body) >= 65_535)
  const { event: binary } = await sent(Buffer.from([0xff, 0xfe, 0x00]), json)
  t.same([binary.request.body, binary.firedrill.requestBody], ['', { sizeBytes: 3, shown: 'none' }])
  const unreadable = [
    { body: Buffer.from('{"a":1}', 'utf16le'), headers: json },
    { body: '{"a":1}', headers: { ...json, 'content-encoding': 'gzip' } },
  ]
  for (const { body, headers } of unreadable) {
    t.match((await sent(body, headers)).event, {
      request: { body: '' },
      firedrill: { requestBody: { shown: 'none' } },
    })
  }
  const key = '85592d2b15ff867407964790224dcbb3a95ce82b'
  const path = `/backups.dscloud.pt/23457145698959364_${encodeURIComponent('Backup at 2024-12-07 22:07:11')}.zip?${key}`
  await send(server, path, { headers: { range: 'bytes=0-99' } })
  const { response, firedrill } = await latest(server)
  t.match(response, { status: 206, body: '', headers: { 'content-length': '100' } })
  t.same(firedrill.responseBody, { sizeBytes: 100, shown: 'none' })
  await send(server, path, { method: 'HEAD' })
  t.same((await latest(server)).firedrill.responseBody, { sizeBytes: 0, shown: 'whole' })
  await send(server, `${INSTANCE}/restores`, { method: 'HEAD', headers: BEARER })
  t.match((await latest(server)).response, { body: '', headers: { 'content-length': '2' } })
})

t.test('a response without a body has none in the journal', async t => {
  const server = await boot(t)
  for (const status of [204, 304]) {
    server.default.faults.arm({
      operation: 'prepareDisasterRecovery',
      fault: 'status',
      status,
      body: 'words',
      times: 1,
    })
    t.equal((await send(server, PREPARE, { method: 'POST', headers: BEARER })).text, '')
    const { response, firedrill } = await latest(server)
    t.match({ response, firedrill }, { response: { status, body: '' }, firedrill: { responseBody: { sizeBytes: 0 } } })
  }
})
