// a9s: the files of backups, which real tools open: gzip | openssl enc -aes256 -md md5.
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot, call } from '../../helpers.ts'
import { clientOf, demo } from './client.ts'

const GUID = '3a2e59ee-40cb-472a-91d0-502ab259918c'
const SECOND = `${GUID}-${Date.parse('2026-06-09T10:00:00Z')}`
const FIRST = `${GUID}-${Date.parse('2026-06-08T10:00:00Z')}`

const fileOf = (server: Firedrill, id: string) => call(server, { path: `/__admin/backups/${id}` })

/** The contents, as the vendor's documentation has them opened. */
function opened(t: Test, file: Buffer, key: string): string {
  const path = `${t.testdir({})}/file`
  writeFileSync(path, file)
  const script = 'openssl enc -aes256 -md md5 -d -in "$1" -pass "pass:$2" 2> /dev/null | gunzip'
  return execFileSync('bash', ['-o', 'pipefail', '-c', script, 'bash', path, key], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

t.test('openssl and gunzip open the file of a backup with the key of that time', async t => {
  const server = await boot(t)
  const { status, headers, bytes } = await fileOf(server, SECOND)
  t.equal(status, 200)
  t.match(headers, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${SECOND}.gz.enc"`,
    'content-length': String(bytes.length),
  })
  const [header, ...rows] = opened(t, bytes, 'second-encryption-key').trimEnd().split('\n')
  t.equal(header, 'row,id,value')
  t.equal(rows.length, 1240)
  t.match(rows.at(-1), /^0000001240,[0-9a-f-]{36},[0-9a-f]{32}$/)
  t.throws(() => opened(t, bytes, 'first-encryption-key'), 'another key')

  const first = opened(t, (await fileOf(server, FIRST)).bytes, 'first-encryption-key')
    .trimEnd()
    .split('\n')
  t.strictSame(first, [header, ...rows.slice(0, 1000)], 'what the instance held before more rows came')
})

t.test('the file of a backup has validators, conditions and ranges, as any download', async t => {
  const server = await boot(t)
  const ask = (headers: Record<string, string>, method = 'GET') =>
    call(server, { method, path: `/__admin/backups/${SECOND}`, headers })
  const { bytes, headers } = await ask({})
  const etag = String(headers.etag)
  const size = bytes.length
  t.match(headers, { 'accept-ranges': 'bytes', 'last-modified': / GMT$/ })
  t.match(await ask({}, 'HEAD'), {
    status: 200,
    headers: { etag, 'content-length': String(size) },
    bytes: { length: 0 },
  })
  t.match(await ask({ range: 'bytes=100-', 'if-range': etag }), {
    status: 206,
    headers: { 'content-range': `bytes 100-${size - 1}/${size}` },
    bytes: bytes.subarray(100),
  })
  t.equal((await ask({ 'if-none-match': etag })).status, 304)
  t.match(await ask({ 'if-match': '"another"' }), { status: 412, json: { title: 'Precondition Failed' } })
  t.match(await ask({ range: `bytes=${size}-` }), {
    status: 416,
    headers: { 'content-range': `bytes */${size}` },
    json: { detail: 'The range is not inside the file.' },
  })
})

t.test('the size in the list is that of the file', async t => {
  const rowCounts = [0, 1, 33, 808, 809, 1617, 1618, 50_000]
  const server = await boot(t)
  const backups = rowCounts.map((rowCount, index) => ({
    instanceId: demo(1),
    id: index + 1,
    status: 'done',
    rowCount,
    encryptionKey: 'pass word\'"$ü🔑',
    triggeredAt: `-${index + 1}m`,
  }))
  const instances = [{ id: demo(1), backupGuid: GUID }]
  server.default.state.import({ a9s: { tokens: [{ token: 'demo-token' }], instances, backups } })
  const list: { id: number; backup_id: string; size: number }[] = (await clientOf(server, demo(1)).get('/backups')).json
  t.equal(list.length, rowCounts.length)
  for (const { id, backup_id, size } of list) {
    const { bytes } = await fileOf(server, backup_id)
    t.equal(bytes.length, size)
    const lines = opened(t, bytes, 'pass word\'"$ü🔑').trimEnd().split('\n')
    t.equal(lines.length - 1, rowCounts[id - 1])
  }
})

t.test('the bytes are the same for the same seed, on every server', async t => {
  const [one, other, seeded] = [await boot(t), await boot(t), await boot(t, { seed: 'another' })]
  const { bytes } = await fileOf(one, SECOND)
  t.ok(bytes.equals((await fileOf(one, SECOND)).bytes))
  t.ok(bytes.equals((await fileOf(other, SECOND)).bytes))
  t.notOk(bytes.equals((await fileOf(seeded, SECOND)).bytes))
})

t.test('a file of any size is streamed', async t => {
  const server = await boot(t)
  const backup = {
    instanceId: demo(1),
    id: 1,
    status: 'done',
    rowCount: 10 ** 9,
    encryptionKey: 'key',
    triggeredAt: '-1m',
  }
  const instances = [{ id: demo(1), backupGuid: GUID }]
  server.default.state.import({ a9s: { tokens: [{ token: 'demo-token' }], instances, backups: [backup] } })
  const [{ backup_id, size }] = (await clientOf(server, demo(1)).get('/backups')).json
  t.ok(size > 81 * 10 ** 9)
  const file = server.default.backups.download(backup_id)
  t.match(file, { fileName: `${backup_id}.gz.enc`, mediaType: 'application/octet-stream', sizeBytes: size })
  let received = 0
  const before = process.memoryUsage().rss
  for await (const chunk of file.open(0, size)) {
    received += chunk.length
    if (received > 200_000_000) break
  }
  t.ok(process.memoryUsage().rss - before < 100_000_000, 'far less memory than bytes')
})

t.test('the command saves the file', async t => {
  const server = await boot(t)
  const folder = t.testdir({})
  const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url))
  const env = { ...process.env, FIREDRILL_URL: server.url }
  const run = async (...words: string[]) =>
    (await promisify(execFile)(process.execPath, [cli, 'call', 'downloadBackup', ...words], { cwd: folder, env }))
      .stdout
  const { bytes } = await fileOf(server, SECOND)
  t.equal(await run(`id=${SECOND}`), `Saved ${SECOND}.gz.enc, ${bytes.length} bytes\n`)
  t.ok(readFileSync(`${folder}/${SECOND}.gz.enc`).equals(bytes))
  await t.rejects(run('id=nope'), /no finished backup "nope"/i)
})

t.test('only finished backups have files, in the sandbox that they are in', async t => {
  const server = await boot(t)
  const source = clientOf(server, demo(1))
  await source.post('/backups')
  const [{ backup_id }] = (await source.get('/backups')).json
  t.match(await fileOf(server, backup_id), { status: 404, json: { detail: /^No finished backup "/ } })
  server.default.clock.advance({ by: '1m' })
  t.equal((await fileOf(server, backup_id)).status, 200)
  await source.delete(`/backups/4`)
  t.equal((await fileOf(server, backup_id)).status, 404)
  for (const id of ['nope', GUID, `${GUID}-1234567890123`]) t.equal((await fileOf(server, id)).status, 404, id)
  server.sandboxes.create({ name: 'other', from: 'blank' })
  t.equal((await call(server, { path: `/__admin/sandboxes/other/backups/${SECOND}` })).status, 404)
})
