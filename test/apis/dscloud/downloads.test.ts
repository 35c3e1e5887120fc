// DS Cloud: which backup a download URL identifies, on its own host and by path, over HTTP.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { assertContract } from '../../contract.ts'
import { boot, call } from '../../helpers.ts'
import {
  ACCOUNT,
  bootWithBackups,
  FIRST,
  fetchBackup,
  folder,
  isError,
  KEY,
  list,
  ownBackup,
  PREFIX,
  pathOf,
  SECOND,
  sha1,
  stream,
} from './client.ts'

const HOST = 'backups.dscloud.pt'
const FAILED_NAME = 'Backup at 2026-06-09 11:00:00'

t.test('downloadApplicationBackup: it is the backup of an application', async t => {
  const server = await boot(t)
  const file = join(folder(t), 'backup.zip')
  writeFileSync(file, (await fetchBackup(server, pathOf(await ownBackup(server)))).bytes)
  const unzip = (...args: string[]) => execFileSync('unzip', args, { encoding: 'utf8' })
  const names = unzip('-Z1', file).trim().split('\n')
  t.same(names, ['backup-manifest.json', 'package.json', 'README.md', 'src/index.js', 'data/events.csv'])
  const manifest = JSON.parse(unzip('-p', file, 'backup-manifest.json'))
  t.match(manifest, { application: { id: '7c1f0d9a3b5e4f6882a4c6e8f0b1d3a5', name: 'Status page' } })
  t.same(new Set(manifest.files), new Set(names.slice(1)))
  t.match(JSON.parse(unzip('-p', file, 'package.json')), { name: 'status-page', main: 'src/index.js' })
  const [header, first] = unzip('-p', file, 'data/events.csv').split('\n')
  t.equal(header, 'id,at,user_id,event,duration_ms')
  t.match(first, /^0000000001,2026-05-[\dT:.]+Z,[0-9a-f-]{36},\w+,\d+$/)
})

t.test('downloadApplicationBackup: the key of a generated backup is the SHA-1 of its bytes, by the seed', async t => {
  const servers = await Promise.all([boot(t), boot(t), boot(t, { seed: 'another' })])
  const [one, same, other] = await Promise.all(
    servers.map(async server => {
      const backup = await ownBackup(server)
      const sent = await stream(server, pathOf(backup))
      t.equal(sent.sha1, backup.key)
      t.equal(sent.sizeBytes, backup.size)
      return sent.sha1
    }),
  )
  t.equal(one, same, 'the same seed gives the same bytes')
  t.not(one, other)
})

t.test('downloadApplicationBackup: a download needs no earlier list request', async t => {
  const backup = await ownBackup(await boot(t))
  t.equal((await fetchBackup(await boot(t), pathOf(backup))).status, 200)
})

t.test('downloadApplicationBackup: by Host and by path', async t => {
  const server = await boot(t)
  const path = pathOf(await ownBackup(server))
  const byPath = await fetchBackup(server, path)
  t.equal(byPath.status, 200)
  for (const host of [HOST, `${HOST}:8080`, 'Backups.DSCloud.pt']) {
    const byHost = await call(server, { path, headers: { host }, contract: false })
    await assertContract('GET', `${PREFIX}${path}`, byHost)
    t.ok(byHost.bytes.equals(byPath.bytes), host)
  }
  const both = await call(server, { path: `${PREFIX}${path}`, headers: { host: HOST } })
  t.ok(both.bytes.equals(byPath.bytes))
  t.equal(
    (await call(server, { path, contract: false })).headers['content-type'],
    'application/problem+json; charset=utf-8',
  )
})

t.test('downloadApplicationBackup: the key may come with the = that libraries put after a name', async t => {
  const server = await boot(t)
  const path = pathOf(await ownBackup(server))
  const [file, key = ''] = path.split('?')
  const plain = await fetchBackup(server, path)
  const sent = await fetchBackup(server, `${file}?${new URLSearchParams({ [key]: '' })}`)
  t.ok(sent.bytes.equals(plain.bytes), 'the same archive')
  for (const query of [`${key}==`, `${key}=1`, `=${key}`, `key=${key}`, `${key}=&a=`, '=', '']) {
    isError(t, await fetchBackup(server, `${file}?${query}`), 403, 'ACCESS_DENIED')
  }
})

t.test('downloadApplicationBackup: names are percent-encoded, and a plus sign is not a space', async t => {
  const server = await boot(t)
  const head = (path: string) => fetchBackup(server, path, { method: 'HEAD' })
  const key = FIRST.key
  for (const name of [
    'Backup%20at%202024-12-07%2022%3A07%3A11',
    'Backup%20at%202024-12-07%2022:07:11',
    'Backup%20at%202024-12-07%2022%3a07%3a11',
    '%42ackup%20at%202024%2D12-07%2022:07:11',
  ]) {
    t.equal((await head(`/${ACCOUNT}_${name}.zip?${key}`)).status, 200, name)
    t.equal((await head(`/${ACCOUNT}%5F${name}%2Ezip?${key}`)).status, 200, name)
  }
  t.equal((await head(`/${ACCOUNT}_Backup+at+2024-12-07+22:07:11.zip?${key}`)).status, 404)
})

t.test('downloadApplicationBackup: any name can be downloaded', async t => {
  const backups = [
    'a+b',
    'under_score_',
    '50% of what?',
    'x.zip',
    'sub/folder',
    'Sicherung für "alle"',
    '#1;2&3=4',
  ].map(name => ({ appId: 'a', name, sizeBytes: 4096, createdAt: '-1h' }))
  const server = await bootWithBackups(t, backups)
  const listed = await list(server, 'a', 'k')
  t.same(
    listed.json.response.map(({ name }: { name: string }) => name),
    backups.map(({ name }) => name),
  )
  for (const row of listed.json.response) {
    const answer = await fetchBackup(server, pathOf(row, '1'))
    t.match(answer, { status: 200, headers: { 'content-length': '4096' } }, row.name)
    t.equal(sha1(answer.bytes), row.key)
  }
  const plus = listed.json.response[0].key
  t.equal((await fetchBackup(server, `/1_a+b.zip?${plus}`)).status, 200, 'an unencoded plus sign is a plus sign')
  const { headers } = await fetchBackup(server, pathOf(listed.json.response[5], '1'), { method: 'HEAD' })
  const plain = 'attachment; filename="1_Sicherung f_r \\"alle\\".zip"'
  t.equal(headers['content-disposition'], `${plain}; filename*=UTF-8''1_Sicherung%20f%C3%BCr%20%22alle%22.zip`)
})

t.test('downloadApplicationBackup: backups of the same second are distinguished by the key', async t => {
  const backup = { sizeBytes: 4096, createdAt: '-1h' }
  const server = await bootWithBackups(t, [
    { ...backup, appId: 'a', successful: false, sizeBytes: 0 },
    { ...backup, appId: 'a' },
    { ...backup, appId: 'b' },
    { ...backup, appId: 'b', sizeBytes: 5000 },
  ])
  const rows = [await list(server, 'a', 'k'), await list(server, 'b', 'k')].flatMap(({ json }) => json.response)
  t.equal(new Set(rows.map(({ name }) => name)).size, 1)
  const good = rows.filter(row => row.is_successful)
  t.equal(new Set(good.map(({ key }) => key)).size, 3)
  for (const row of good) {
    const { bytes } = await fetchBackup(server, pathOf(row, '1'))
    t.equal(sha1(bytes), row.key)
    t.equal(bytes.length, row.size)
  }
})

t.test('downloadApplicationBackup: 403 without its key, which is the bare query', async t => {
  const server = await boot(t)
  const path = pathOf(FIRST)
  const bare = path.split('?')[0] as string
  const { key } = FIRST
  for (const query of ['', '?', `?${SECOND.key}`, `?key=${key}`, `?${key}=1`, `?${key}&x`, `?x?${key}`, '?null']) {
    const answer = await fetchBackup(server, `${bare}${query}`, { headers: { authorization: KEY } })
    isError(t, answer, 403, 'ACCESS_DENIED')
  }
})

t.test("downloadApplicationBackup: 404 for unknown names, others' backups and what failed", async t => {
  const server = await boot(t)
  const { key } = FIRST
  for (const path of [
    pathOf({ name: 'nope', key }),
    pathOf(FIRST, '98765432109876543'),
    pathOf(FIRST, ''),
    pathOf(FIRST).replace('.zip', ''),
    pathOf(FIRST).replace('.zip', '.tar'),
    pathOf(FIRST).replace('.zip', '.zipx'),
    pathOf({ name: '', key }),
    `/${encodeURIComponent(FIRST.name)}.zip?${key}`,
    '/',
  ]) {
    isError(t, await fetchBackup(server, path, { contract: path !== '/' }), 404, 'BACKUP_NOT_FOUND')
  }
  for (const query of ['', 'null', key]) {
    const answer = await fetchBackup(server, pathOf({ name: FAILED_NAME, key: query }))
    isError(t, answer, 404, 'BACKUP_DATA_NOT_FOUND')
  }
})

t.test('downloadApplicationBackup: unknown paths and wrong methods on the download host', async t => {
  const server = await boot(t)
  const headers = { host: HOST }
  for (const path of ['/a/b', '/%zz', '/v3/apps/x/backups']) {
    isError(t, await call(server, { path, headers, contract: false }), 404, 'NOT_FOUND')
  }
  isError(t, await call(server, { path: PREFIX, contract: false }), 404, 'NOT_FOUND')
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const answer = await call(server, { method, path: pathOf(FIRST), headers, contract: false })
    isError(t, answer, 405, 'METHOD_NOT_ALLOWED')
    t.equal(answer.headers.allow, 'GET, HEAD')
  }
})

t.test(
  'downloadApplicationBackup: above 1 GiB the key follows from the seed, and any range is sent at once',
  async t => {
    const size = 20 * 1024 ** 3 + 1
    const backups = [{ appId: 'a', name: 'large', sizeBytes: size, modifiedAt: '-1h', createdAt: '-1h' }]
    const servers = [await bootWithBackups(t, backups), await bootWithBackups(t, backups)] as const
    const [one, other] = await Promise.all(
      servers.map(async server => (await list(server, 'a', 'k')).json.response[0].key as string),
    )
    t.match(one, /^[0-9a-f]{40}$/)
    t.equal(other, one)
    const path = pathOf({ name: 'large', key: String(one) }, '1')
    const head = await fetchBackup(servers[0], path, { method: 'HEAD' })
    t.equal(head.headers['content-length'], String(size))
    const last = await fetchBackup(servers[0], path, { headers: { range: 'bytes=-22' } })
    t.equal(last.bytes.readUInt32LE(0), 0x06054b50, 'the end of the directory')
    isError(t, await fetchBackup(servers[0], pathOf({ name: 'large', key: '0'.repeat(40) }, '1')), 403, 'ACCESS_DENIED')
  },
)
