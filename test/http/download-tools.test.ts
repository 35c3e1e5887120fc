// Tests downloads with the tools that people use: interrupted and resumed, in parallel parts, and opened.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Firedrill } from '../../src/index.ts'
import { boot } from '../helpers.ts'

const PATH = '/backend/api/v1/disasterRecoveryFiles/123'
const HEADERS = ['authorization: Bearer YOUR_API_KEY', 'accept: application/x-7z-compressed']
const SIZE_BYTES = 8_000_000

interface Files {
  server: Firedrill
  /** Path of a file in a folder of the test. */
  path(name: string): string
  /** SHA-256 of the file as it is sent without ranges. */
  whole: string
}

async function openFiles(t: Tap): Promise<Files> {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const server = await boot(t, { archiveSize: SIZE_BYTES })
  const path = (name: string) => join(folder, name)
  await run('curl', [...headerArguments('-H'), '-sSf', '-o', path('whole'), server.url + PATH])
  return { server, path, whole: sha256(path('whole')) }
}
type Tap = Parameters<typeof boot>[0]

const headerArguments = (option: string) => HEADERS.flatMap(header => [option, header])

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** Rejects with the output when the command fails. */
function run(command: string, args: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(command, args)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', text => {
      output += text
    })
  }
  child.on('error', reject)
  child.on('close', code => (code === 0 ? resolve(output) : reject(new Error(`${command} ${code}: ${output}`))))
  return promise
}

/** The ranges that were asked for, and the statuses, of the downloads since the journal was cleared. */
function downloads({ server }: Files): { range: unknown; status: unknown }[] {
  const { requests } = server.default.requests.list({})
  return requests
    .map(({ request, response }) => ({
      range: request.headers.Range ?? request.headers.range,
      status: response?.status,
    }))
    .reverse()
}

for (const { tool, args } of [
  { tool: 'curl', args: (to: string) => [...headerArguments('-H'), '-sS', '-C', '-', '-o', to] },
  { tool: 'wget', args: (to: string) => [...HEADERS.map(header => `--header=${header}`), '-q', '-c', '-O', to] },
]) {
  t.test(`${tool} resumes a download, and finds that it is complete`, async t => {
    const files = await openFiles(t)
    const { server, path, whole } = files
    writeFileSync(path('part'), readFileSync(path('whole')))
    truncateSync(path('part'), 3_000_001)
    server.default.requests.clear()
    await run(tool, [...args(path('part')), server.url + PATH])
    t.equal(sha256(path('part')), whole)
    t.same(downloads(files), [{ range: 'bytes=3000001-', status: 206 }])
    server.default.requests.clear()
    await run(tool, [...args(path('part')), server.url + PATH])
    t.equal(sha256(path('part')), whole)
    t.same(downloads(files), [{ range: `bytes=${SIZE_BYTES}-`, status: 416 }])
  })
}

t.test('aria2c downloads in four parts at a time', async t => {
  const files = await openFiles(t)
  const { server, path, whole } = files
  server.default.requests.clear()
  const parts = ['-x4', '-s4', '-k1M', '--no-conf', '--allow-overwrite=true', '--file-allocation=none', '-q']
  const to = ['-d', path('.'), '-o', 'parts']
  await run('aria2c', [...HEADERS.map(header => `--header=${header}`), ...parts, ...to, server.url + PATH])
  t.equal(statSync(path('parts')).size, SIZE_BYTES)
  t.equal(sha256(path('parts')), whole)
  t.ok(downloads(files).filter(({ status }) => status === 206).length >= 3)
})

t.test('7zz opens what curl resumed', async t => {
  const { server, path } = await openFiles(t)
  truncateSync(path('whole'), SIZE_BYTES - 1)
  await run('curl', [...headerArguments('-H'), '-sSf', '-C', '-', '-o', path('whole'), server.url + PATH])
  t.match(await run('7zz', ['t', '-pfiredrill', path('whole')]), /Everything is Ok/)
})

t.test('curl, wget and aria2c resume beyond 4 GiB', async t => {
  const server = await boot(t, { scenario: 'huge' })
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const url = `${server.url}/backups.dscloud.pt/23457145698959364_Large%20backup.zip?4a6f1d0c8b2e97355d1ce0a7f4b8639d2e5c7a10`
  const start = 2 ** 32 + 100
  const rest = Buffer.from(await (await fetch(url, { headers: { range: `bytes=${start}-` } })).arrayBuffer())
  t.equal(rest.length, 65_536)
  const path = join(folder, 'part')
  for (const [tool, ...args] of [
    ['curl', '-sS', '-C', '-', '-o', path, url],
    ['wget', '-q', '-c', '-O', path, url],
    ['aria2c', '--no-conf', '-q', '-c', '--file-allocation=none', '-d', folder, '-o', 'part', url],
  ] as const) {
    // Takes no space on the disk.
    writeFileSync(path, '')
    truncateSync(path, start)
    server.default.requests.clear()
    await run(tool, args)
    t.equal(statSync(path).size, start + rest.length, tool)
    const file = openSync(path, 'r')
    const end = Buffer.alloc(rest.length)
    readSync(file, end, 0, end.length, start)
    closeSync(file)
    t.ok(end.equals(rest), `${tool}: the bytes`)
    const [request] = server.default.requests.list({ limit: 1 }).requests
    t.equal(request?.response?.status, 206)
    // aria2c asks for whole pieces.
    t.ok(Number(request?.firedrill.sent?.bodyBytes) < 2 ** 20, `${tool}: the rest alone`)
  }
})
