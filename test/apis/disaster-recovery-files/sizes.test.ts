// disaster-recovery-files: files of any size, by option and by fixture.
import { createWriteStream } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { type StartOptions, start } from '../../../src/index.ts'
import { tool } from '../../archives/samples.ts'
import { boot } from '../../helpers.ts'
import { serve } from '../../program.ts'
import { download, FILES, idOf, KEY, SEVEN_ZIP } from './client.ts'

const GIB = 1024 ** 3
const CLOCK = 'frozen:2026-06-10T12:00:00Z'

/** The response, whose body is not read yet. */
function request(url: string, id: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${url}${FILES}/${id}`, { headers: { ...KEY, accept: SEVEN_ZIP } }, resolve).on('error', reject)
  })
}

async function save(url: string, id: string, directory: string): Promise<string> {
  const path = join(directory, `${id}.7z`)
  await pipeline(await request(url, id), createWriteStream(path))
  return path
}

/** The paths and sizes that 7-Zip lists. */
function contentsOf(path: string): Map<string, number> {
  const { stdout } = tool('7zz', ['l', '-slt', '-ba', '-pfiredrill', path])
  const rows = String(stdout).matchAll(/^Path = (.*)\nSize = (\d+)$/gm)
  return new Map([...rows].map(([, name = '', size]) => [name, Number(size)]))
}

function options(archiveSize: NonNullable<StartOptions['archiveSize']>): StartOptions {
  return { archiveSize, clock: CLOCK }
}

t.test('--archive-size: files have exactly that size, and 7-Zip opens them', async t => {
  for (const size of [4096, 4097, 45_001, 1_000_003] as const) {
    const server = await boot(t, options(size))
    for (const id of ['123', await idOf(server, 'invoices-monthly-2'), await idOf(server, 'deleted-calls')]) {
      const path = await save(server.url, id, t.testdir())
      const tested = tool('7zz', ['t', '-pfiredrill', path])
      t.equal(tested.status, 0, tested.output)
      t.notMatch(tested.output, /warning/i)
      t.match(tested.output, `Physical Size = ${size}`)
      t.ok(contentsOf(path).has('recordings.ulaw'))
      t.not(tool('7zz', ['t', '-pwrong', path]).status, 0)
    }
  }
})

t.test('the tables are left out of an archive that is too small for them', async t => {
  const small = await boot(t, options(4096))
  const large = await boot(t, options('1MiB'))
  const [inSmall, inLarge] = [
    contentsOf(await save(small.url, '123', t.testdir())),
    contentsOf(await save(large.url, '123', t.testdir())),
  ]
  t.same([...inSmall.keys()], ['manifest.json', 'recordings.ulaw'])
  t.ok(inLarge.has('customers.csv') && inLarge.has('recordings.ulaw'))
})

t.test('--archive-size 0: files are empty', async t => {
  const server = await boot(t, options(0))
  const answer = await download(server, '123')
  t.equal(answer.status, 200)
  t.equal(answer.headers['content-length'], '0')
  t.equal(answer.bytes.length, 0)
})

interface Document {
  'disaster-recovery-files': { files: { id: number; sizeBytes: number | null }[] }
}

t.test('the size of a file in the state document is used before the option', async t => {
  const server = await boot(t, options(0))
  const { state } = server.default
  const import123 = (sizeBytes: number) => {
    const document = state.export() as unknown as Document
    for (const file of document['disaster-recovery-files'].files) if (file.id === 123) file.sizeBytes = sizeBytes
    state.import(document as unknown as ReturnType<typeof state.export>)
  }
  import123(50_000)
  t.equal((await download(server, '123')).bytes.length, 50_000)
  t.equal((await download(server, await idOf(server, 'invoices-daily-2'))).bytes.length, 0)
  const { files } = (state.export() as unknown as Document)['disaster-recovery-files']
  t.equal(files.find(({ id }) => id === 123)?.sizeBytes, 50_000)
  t.throws(() => import123(4095), /a file is empty or has at least 4096 bytes/)
  t.throws(() => import123(100 * GIB + 1), /files\/\d+\/sizeBytes/)
})

t.test('a size that no archive can have is refused', async t => {
  for (const size of ['1', '4095', '101GiB', '1e9', '-1', '5 GiB', 'GiB', ''] as const) {
    const given = { archiveSize: size as never }
    await t.rejects(start(given), /archiveSize must be a size such as 5000000, 50MB or 20GiB: 0, or from 4096/, size)
  }
})

t.test('7-Zip tests an archive of 1 GiB', async t => {
  const server = await boot(t, options('1GiB'))
  const path = await save(server.url, '123', t.testdir())
  const { status, output } = tool('7zz', ['t', '-pfiredrill', path])
  t.equal(status, 0, output)
  t.match(output, `Physical Size = ${GIB}`)
})

t.test('a range at any offset of 100 GiB needs nothing of what precedes it', async t => {
  const size = 100 * GIB
  const server = await boot(t, options('100GiB'))
  await download(server, '123', { range: 'bytes=0-0' })
  const cpuBefore = process.cpuUsage()
  const offsets = [1, 10_000, 3 * GIB + 1, 50 * GIB, size - 1000]
  for (const offset of offsets) {
    const { status, headers, bytes } = await download(server, '123', { range: `bytes=${offset}-${offset + 99}` })
    t.equal(status, 206)
    t.equal(headers['content-range'], `bytes ${offset}-${offset + 99}/${size}`)
    t.equal(bytes.length, 100)
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  // Of client and server, in ms; the limit is far below what reading a GiB takes.
  const each = (user + system) / 1000 / offsets.length
  t.ok(each < 50, `${each.toFixed(1)} ms of CPU time`)
})

t.test('the same seed and clock give the same bytes in another process; a range is a part of them', async t => {
  const size = '3MiB'
  const here = await boot(t, options(size))
  const whole = (await download(here, '123')).bytes
  const there = await serve(t, { args: ['--archive-size', size, '--clock', CLOCK] })
  const other = await download(there, '123')
  t.ok(other.bytes.equals(whole))
  t.equal(other.headers.etag, (await download(here, '123', { range: 'bytes=0-0' })).headers.etag)
  for (const start of [0, 31, 33, 524_288 - 20, 1_048_576, 2_000_000, whole.length - 700]) {
    const { bytes } = await download(there, '123', { range: `bytes=${start}-${start + 600}` })
    t.ok(bytes.equals(whole.subarray(start, start + 601)), `from ${start}`)
  }
  const nextDay = (await download(there, await idOf(there, 'database-backup-2026-06-10'))).bytes
  t.notOk(nextDay.subarray(1000).equals(whole.subarray(1000)), 'files of the same size differ')
  const another = await boot(t, { ...options(size), seed: 'another' })
  t.notOk((await download(another, '123')).bytes.equals(whole))
})
