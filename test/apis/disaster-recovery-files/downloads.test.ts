// disaster-recovery-files: headers, ranges and conditions of downloads, and the Downloaded flag.
import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { boot, call } from '../../helpers.ts'
import { serve } from '../../program.ts'
import { details, download, FILES, idOf, KEY, SEVEN_ZIP } from './client.ts'

t.test('getDisasterRecoveryFile: the archive with its headers', async t => {
  const server = await boot(t)
  const answer = await download(server, '123')
  t.equal(answer.status, 200)
  t.match(answer.headers, {
    'content-type': SEVEN_ZIP,
    'content-length': String(answer.bytes.length),
    'content-disposition': 'attachment; filename="database-backup-2026-06-09.7z"',
    'last-modified': 'Tue, 09 Jun 2026 12:00:00 GMT',
    'accept-ranges': 'bytes',
    etag: /^"[\w-]+"$/,
    vary: 'Accept',
  })
  t.equal(answer.bytes.subarray(0, 6).toString('hex'), '377abcaf271c')
  t.ok(answer.bytes.length > 10_000 && answer.bytes.length < 100_000, 'small')
})

t.test('getDisasterRecoveryFile: an interrupted download is resumed', async t => {
  const server = await boot(t)
  const whole = await download(server, '123')
  const size = whole.bytes.length
  const etag = String(whole.headers.etag)
  for (const at of [1, 31, 32, 16_384, size - 1]) {
    const head = await download(server, '123', { range: `bytes=0-${at - 1}` })
    const tail = await download(server, '123', { range: `bytes=${at}-`, 'if-range': etag })
    t.match([head.status, tail.status], [206, 206])
    t.match(tail.headers, {
      'content-range': `bytes ${at}-${size - 1}/${size}`,
      'content-length': String(size - at),
      etag,
    })
    t.ok(Buffer.concat([head.bytes, tail.bytes]).equals(whole.bytes), `interrupted at ${at}`)
  }
  const changed = await download(server, '123', { range: 'bytes=5-', 'if-range': '"another"' })
  t.equal(changed.status, 200)
  t.ok(changed.bytes.equals(whole.bytes))
})

t.test('getDisasterRecoveryFile: conditional requests and ranges outside the file', async t => {
  const server = await boot(t)
  const { headers, bytes } = await download(server, '123')
  const etag = String(headers.etag)
  for (const method of ['GET', 'HEAD']) {
    const known = await download(server, '123', { 'if-none-match': etag }, method)
    t.match([known.status, known.bytes.length, known.headers.etag, known.headers.vary], [304, 0, etag, 'Accept'])
    t.notOk(known.headers['content-length'])
  }
  const other = await download(server, '123', { 'if-match': '"another"' })
  t.match(other, { status: 412, json: { error: { code: 412101 } }, headers: { vary: 'Accept' } })
  const outside = await download(server, '123', { range: `bytes=${bytes.length}-` })
  t.match(outside, { status: 416, json: { error: { code: 416101 } } })
  t.equal(outside.headers['content-range'], `bytes */${bytes.length}`)
})

t.test('getDisasterRecoveryFile: a completed download sets the Downloaded flag of that file only', async t => {
  const server = await boot(t)
  const id = await idOf(server, 'database-backup')
  t.same((await details(server, '123')).status, ['Saved'])
  await download(server, '123')
  t.same((await details(server, '123')).status, ['Saved', 'Downloaded'])
  t.same((await details(server, id)).status, ['Saved'])
  const { json } = await call(server, { path: `${FILES}/`, headers: KEY })
  const marked = json.filter(({ status }: { status: string[] }) => status.includes('Downloaded'))
  t.match(marked, [{ id: '123' }])
  t.equal(marked.length, 1)
})

t.test('getDisasterRecoveryFile: an incomplete download sets no flag', async t => {
  const server = await boot(t)
  const { headers } = await download(server, '123', {}, 'HEAD')
  const size = Number(headers['content-length'])
  await download(server, '123', { 'if-none-match': String(headers.etag) })
  await download(server, '123', { range: `bytes=0-${size - 2}` })
  await download(server, '123', { range: `bytes=${size}-` })
  await download(server, '123', { accept: 'application/json' })
  t.same((await details(server, '123')).status, ['Saved'])
  await download(server, '123', { range: `bytes=${size - 1}-` })
  t.same(
    (await details(server, '123')).status,
    ['Saved', 'Downloaded'],
    'a range with the last byte completes the download',
  )
})

t.test(
  'getDisasterRecoveryFile: ranges set the Downloaded flag only when they are the whole file together',
  async t => {
    const server = await boot(t)
    const size = Number((await download(server, '123', {}, 'HEAD')).headers['content-length'])
    const flagsAfter = async (...ranges: string[]) => {
      for (const range of ranges)
        t.equal((await download(server, '123', { range: `bytes=${range}` })).status, 206, range)
      return (await details(server, '123')).status
    }
    t.same(await flagsAfter('-1', '-1', `${size - 100}-`), ['Saved'], 'the end')
    t.same(await flagsAfter('0-0', '500-999', '400-600'), ['Saved'], 'parts in any order')
    t.same(await flagsAfter(`1000-${size - 50}`), ['Saved'], 'all but bytes 1 to 399')
    t.same(await flagsAfter('1-398'), ['Saved'], 'all but one byte')
    t.same(await flagsAfter('399-399'), ['Saved', 'Downloaded'])
  },
)

t.test('getDisasterRecoveryFile: a transfer that is cut sets no flag, and can be resumed', async t => {
  const server = await boot(t)
  const operation = 'getDisasterRecoveryFile'
  server.default.faults.arm({ operation, fault: 'reset', when: 'mid-body', afterBytes: 10_000, times: 1 })
  const cut = await fetch(`${server.url}${FILES}/123`, { headers: { ...KEY, accept: SEVEN_ZIP } })
  await t.rejects(cut.arrayBuffer())
  t.same((await details(server, '123')).status, ['Saved'])
  await download(server, '123', { range: 'bytes=-1' })
  t.same((await details(server, '123')).status, ['Saved'])
  await download(server, '123', { range: 'bytes=9000-' })
  t.same((await details(server, '123')).status, ['Saved', 'Downloaded'])
})

t.test('getDisasterRecoveryFile: a body that is cut short, empty or never sent sets no flag', async t => {
  const server = await boot(t)
  const operation = 'getDisasterRecoveryFile'
  for (const fault of [{ fault: 'malformed-body' }, { fault: 'empty-body' }, { fault: 'proxy-error' }] as const) {
    server.default.faults.arm({ operation, times: 1, ...fault })
    await call(server, { path: `${FILES}/123`, headers: { ...KEY, accept: SEVEN_ZIP }, contract: false })
    t.same((await details(server, '123')).status, ['Saved'], fault.fault)
  }
})

t.test('getDisasterRecoveryFile: parts of a download survive an export, and end with the file', async t => {
  const server = await boot(t)
  const size = Number((await download(server, '123', {}, 'HEAD')).headers['content-length'])
  await download(server, '123', { range: 'bytes=0-999' })
  const copy = await boot(t)
  copy.default.state.import(server.default.state.export())
  await download(copy, '123', { range: `bytes=1000-${size - 1}` })
  t.same((await details(copy, '123')).status, ['Saved', 'Downloaded'])
  const sentParts = () =>
    (server.default.state.export()['disaster-recovery-files'] as { sentParts: object[] }).sentParts
  t.same(sentParts(), [{ fileId: 123, start: 0, end: 1000 }])
  server.default.clock.advance({ by: '90d' })
  t.same(sentParts(), [])
})

t.test('getDisasterRecoveryFile: downloads go on when the data file cannot be written', async t => {
  const server = await serve(t, { args: ['--data', t.testdir()], maxFileBlocks: 600 })
  const clockStatus = async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ mode: 'frozen' })
    return (await call(server, { method: 'PUT', path: '/__admin/clock', headers, body, contract: false })).status
  }
  let parts = 0
  for (; parts < 400 && (await clockStatus()) === 200; parts++) {
    const range = `bytes=${2 * parts}-${2 * parts}`
    t.equal((await download(server, '123', { range })).status, 206)
  }
  t.equal(await clockStatus(), 500, 'as on a full disk')
  for (const range of ['bytes=5000-5001', 'bytes=0-']) {
    t.equal((await download(server, '123', { range })).status, 206, range)
  }
  t.same((await details(server, '123')).status, ['Saved'])
  server.child.kill('SIGKILL')
  t.equal((await server.ended).stderr, '')
})

const rawRequest = (id: string, accept: string) =>
  `GET ${FILES}/${id} HTTP/1.1\r\nHost: x\r\nAuthorization: ${KEY.authorization}\r\nAccept: ${accept}\r\n\r\n`

for (const how of ['destroy', 'resetAndDestroy', 'end'] as const) {
  t.test(`getDisasterRecoveryFile: a download that the client aborts sets no flag (${how})`, async t => {
    // The server derives the key of the password first; the client disconnects meanwhile.
    const server = await boot(t, { archivePassword: `aborted by ${how}` })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    await once(socket, 'connect')
    socket.write(rawRequest('123', SEVEN_ZIP), () => socket[how]())
    await once(socket, 'close')
    await download(server, await idOf(server, 'database-backup'))
    t.same((await details(server, '123')).status, ['Saved'])
  })
}

t.test('getDisasterRecoveryFile: a reset during a download does not interrupt it', async t => {
  const server = await boot(t, { archivePassword: 'reset meanwhile' })
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(socket, 'connect')
  // The second request is being processed when the first response arrives.
  socket.write(rawRequest('123', 'application/json') + rawRequest('123', SEVEN_ZIP))
  await once(socket, 'data')
  server.default.reset()
  let received = 0
  const wanted = Number((await download(server, '123', {}, 'HEAD')).headers['content-length'])
  for await (const chunk of socket) {
    received += chunk.length
    if (received >= wanted) break
  }
  t.ok(received >= wanted)
  t.same((await details(server, '123')).status, ['Saved'])
})
