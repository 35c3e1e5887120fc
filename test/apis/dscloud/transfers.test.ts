// DS Cloud: the bytes of a download, whole and in parts, and the memory that sending them needs, over HTTP.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import t from 'tap'
import { boot } from '../../helpers.ts'
import {
  ACCOUNT,
  bootWithBackups,
  FIRST,
  fetchBackup,
  folder,
  isError,
  ownBackup,
  PREFIX,
  pathOf,
  SECOND,
  stream,
  THIRD,
} from './client.ts'

t.test('downloadApplicationBackup: the documented backups have their listed sizes, and unzip opens them', async t => {
  const server = await boot(t)
  const directory = folder(t)
  const hashes: string[] = []
  for (const backup of [FIRST, SECOND, THIRD]) {
    const file = join(directory, 'backup.zip')
    const answer = await stream(server, pathOf(backup), createWriteStream(file))
    t.equal(answer.status, 200)
    t.equal(answer.headers['content-length'], String(backup.size))
    t.equal(answer.sizeBytes, backup.size)
    t.match(execFileSync('unzip', ['-t', file], { encoding: 'utf8' }), /No errors detected/)
    hashes.push(answer.sha1)
  }
  t.equal(hashes[0], hashes[2], 'equal keys are equal bytes')
  t.not(hashes[0], hashes[1])
})

t.test('downloadApplicationBackup: two servers send the same archive at the same time', async t => {
  const servers = await Promise.all([boot(t), boot(t, { seed: 'another' })])
  const sent = await Promise.all(servers.map(server => stream(server, pathOf(SECOND))))
  t.match(sent, [{ status: 200, sizeBytes: SECOND.size }, { sizeBytes: SECOND.size }])
  t.equal(sent[0]?.sha1, sent[1]?.sha1, 'a documented key means the same bytes everywhere')
})

t.test('downloadApplicationBackup: headers, and HEAD', async t => {
  const server = await boot(t)
  const head = await fetchBackup(server, pathOf(FIRST), { method: 'HEAD' })
  t.equal(head.status, 200)
  t.equal(head.bytes.length, 0)
  t.match(head.headers, {
    'content-type': 'application/zip',
    'content-length': '81865653',
    'content-disposition': `attachment; filename="${ACCOUNT}_${FIRST.name}.zip"`,
    etag: /^"[\w-]+"$/,
    'last-modified': 'Sat, 07 Dec 2024 21:07:20 GMT',
    'accept-ranges': 'bytes',
  })
  const third = await fetchBackup(server, pathOf(THIRD), { method: 'HEAD' })
  t.equal(third.headers['last-modified'], 'Sat, 07 Dec 2024 21:48:25 GMT')
  t.equal(third.headers.etag, head.headers.etag, 'equal bytes have equal tags')
  const own = pathOf(await ownBackup(server))
  const [whole, ownHead] = [await fetchBackup(server, own), await fetchBackup(server, own, { method: 'HEAD' })]
  const { date: _date, 'x-firedrill-request-id': _id, ...got } = whole.headers
  const { date: _headDate, 'x-firedrill-request-id': _headId, ...announced } = ownHead.headers
  t.same(announced, got)
})

t.test('downloadApplicationBackup: the parts add up to the whole', async t => {
  const server = await boot(t)
  const { size, ...backup } = await ownBackup(server)
  const ask = (headers: Record<string, string>) => fetchBackup(server, pathOf(backup), { headers })
  const whole = await ask({})
  const etag = String(whole.headers.etag)
  for (const cut of [1, 30, 1000, 131072, size - 1]) {
    const head = await ask({ range: `bytes=0-${cut - 1}` })
    const tail = await ask({ range: `bytes=${cut}-`, 'if-range': etag })
    t.match(tail, { status: 206, headers: { 'content-range': `bytes ${cut}-${size - 1}/${size}` } })
    t.ok(Buffer.concat([head.bytes, tail.bytes]).equals(whole.bytes), `cut at ${cut}`)
  }
  t.ok((await ask({ range: 'bytes=-22' })).bytes.equals(whole.bytes.subarray(-22)))
  t.equal((await ask({ range: 'bytes=5-', 'if-range': '"old"' })).status, 200, 'a part of another archive is not sent')
})

t.test('downloadApplicationBackup: conditions, and ranges outside', async t => {
  const server = await boot(t)
  const backup = await ownBackup(server)
  const ask = (headers: Record<string, string>) => fetchBackup(server, pathOf(backup), { headers })
  const { etag, 'last-modified': modified } = (await ask({})).headers as Record<string, string>
  for (const headers of [{ 'if-none-match': etag ?? '' }, { 'if-modified-since': modified ?? '' }]) {
    const answer = await ask(headers)
    t.same([answer.status, answer.text, answer.headers.etag], [304, '', etag])
    t.equal(answer.headers['content-length'], undefined)
  }
  isError(t, await ask({ 'if-match': '"old"' }), 412, 'PRECONDITION_FAILED')
  const outside = await ask({ range: `bytes=${backup.size}-` })
  isError(t, outside, 416, 'RANGE_NOT_SATISFIABLE')
  t.equal(outside.headers['content-range'], `bytes */${backup.size}`)
})

t.test('downloadApplicationBackup: an interrupted download is resumed', async t => {
  const server = await boot(t)
  const path = pathOf(SECOND)
  const digest = createHash('sha1')
  let receivedBytes = 0
  await new Promise<void>((resolve, reject) =>
    get(`${server.url}${PREFIX}${path}`, response => {
      response.on('data', chunk => {
        if (receivedBytes >= 10_000_000) return
        digest.update(chunk)
        receivedBytes += chunk.length
        if (receivedBytes >= 10_000_000) response.destroy()
      })
      response.on('close', resolve)
    }).on('error', reject),
  )
  t.ok(receivedBytes < SECOND.size, 'the client closed the connection in the middle')
  const rest = new Writable({
    write(chunk, _encoding, done) {
      digest.update(chunk)
      done()
    },
  })
  const resumed = await stream(server, path, rest, { range: `bytes=${receivedBytes}-` })
  t.match(resumed, { status: 206, sizeBytes: SECOND.size - receivedBytes })
  t.equal(digest.digest('hex'), (await stream(server, path)).sha1)
})

t.test('downloadApplicationBackup: memory does not grow with the archive', async t => {
  const sizeBytes = 512 * 1024 ** 2
  const row = { appId: 'a', name: 'large', key: 'a'.repeat(40), createdAt: '-1h', sizeBytes }
  const server = await bootWithBackups(t, [row])
  const before = process.memoryUsage.rss()
  let peak = before
  const sink = new Writable({
    write(_chunk, _encoding, done) {
      peak = Math.max(peak, process.memoryUsage.rss())
      done()
    },
  })
  const { sizeBytes: received } = await stream(server, pathOf(row, '1'), sink)
  t.equal(received, sizeBytes)
  t.ok(peak - before < sizeBytes / 4, `grew by ${Math.round((peak - before) / 1024 ** 2)} MiB`)
})
