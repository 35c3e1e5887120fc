// Tests downloads with the tools that people use: interrupted and resumed, in parallel parts, and opened.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
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
