// Tries real download clients in each situation of rows.ts, and writes the table to docs/reference/download-clients.md.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Firedrill, start } from '../../src/index.ts'
import { type Client, clients } from './clients.ts'
import { type Row, rows } from './rows.ts'

const PAGE = new URL('../../docs/reference/download-clients.md', import.meta.url)
const FILE = '/backend/api/v1/disasterRecoveryFiles/123'
const HEADERS = ['Authorization: Bearer YOUR_API_KEY', 'Accept: application/x-7z-compressed']
const OPERATION = 'getDisasterRecoveryFile'
const CUT_AFTER_BYTES = 100_000
/** A client that fails is started again, as a person or a script would do. */
const MAX_RUNS = 3
const MAX_SECONDS = 30
const ROWS_AT_ONCE = 3

type Outcome = 'survives' | 'wrong bytes' | 'gives up' | 'hangs'

interface Cell {
  outcome: Outcome
  /** Whether the client sent a request that the row is about. */
  isReached: boolean
}

const folder = mkdtempSync(join(tmpdir(), 'firedrill-download-clients-'))
const server = await start({ archiveSize: '300KiB' })
try {
  const versions = await Promise.all(clients.map(versionOf))
  const lines: string[] = []
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    lines.push(...(await Promise.all(rows.slice(first, first + ROWS_AT_ONCE).map(tryRow))))
    console.log(lines.slice(first).join('\n'))
  }
  writeFileSync(PAGE, page(versions, lines))
} finally {
  await server.close()
  rmSync(folder, { recursive: true })
}

async function tryRow(row: Row): Promise<string> {
  const cells = await Promise.all(clients.map(async client => textOf(await tryOut(server, row, client))))
  return lineOf([row.title, ...cells, row.right])
}

async function tryOut({ url, sandboxes, sandbox: find }: Firedrill, row: Row, client: Client): Promise<Cell> {
  const name = `row-${rows.indexOf(row) + 1}-client-${clients.indexOf(client) + 1}`
  sandboxes.create({ name })
  const sandbox = find(name)
  const download = { url: `${url}/@${name}${FILE}`, path: join(folder, name), headers: HEADERS }
  const headers = HEADERS.map(header => header.split(': ') as [string, string])
  const file = Buffer.from(await (await fetch(download.url, { headers })).arrayBuffer())
  if (row.when === 'complete') writeFileSync(download.path, file)
  if (row.when === 'resume' || row.when === 'afterwards') {
    sandbox.faults.arm({ operation: OPERATION, fault: 'cut', afterBytes: CUT_AFTER_BYTES, ...row.first, times: 1 })
  }
  const { id } = sandbox.faults.arm({
    operation: OPERATION,
    ...row.fault,
    ...(row.times !== undefined && { times: row.times }),
    ...(row.when === 'resume' && { match: { range: 'resume' } }),
  })
  const exit = await run(client.command(download))
  const isReached = sandbox.faults.get(id).hits > 0
  sandboxes.drop(name)
  if (exit === 'hangs') return { outcome: 'hangs', isReached }
  if (exit === 'failed') return { outcome: 'gives up', isReached }
  const isRight = [file, Buffer.from(file.map(byte => byte ^ 0xff))].some(each =>
    each.equals(readFileSync(download.path)),
  )
  return { outcome: isRight ? 'survives' : 'wrong bytes', isReached }
}

/** Runs the command again while it fails. */
async function run([command = '', ...args]: readonly string[]): Promise<'done' | 'failed' | 'hangs'> {
  for (let count = 0; count < MAX_RUNS; count++) {
    const signal = AbortSignal.timeout(MAX_SECONDS * 1000)
    const code = await new Promise<number | null>(resolve => {
      const child = spawn(command, args, { stdio: 'ignore', signal, killSignal: 'SIGKILL' })
      child.on('error', () => resolve(null))
      child.on('exit', resolve)
    })
    if (signal.aborted) return 'hangs'
    if (code === 0) return 'done'
  }
  return 'failed'
}

async function versionOf({ version: [command = '', ...args] }: Client): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args)
  return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? ''
}

function textOf({ outcome, isReached }: Cell): string {
  return isReached ? outcome : `${outcome} (not reached)`
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function page(versions: readonly string[], lines: readonly string[]): string {
  const titles = clients.map(({ title }, index) => `${title} ${versions[index]}`)
  const columns = ['the server', ...titles, 'a correct client']
  return `<!-- Written by \`npm run download-clients\` from real runs; do not edit. -->
# Download clients

What real clients do when a download goes wrong. Each client downloaded a file of 300 KiB, from a sandbox of its own, with one fault
armed. A client that failed was started again with the same file, ${MAX_RUNS} times in all; a run was stopped after ${MAX_SECONDS} seconds.

- **survives**: it reported success, and the file is right
- **wrong bytes**: it reported success, and the file is wrong
- **gives up**: it reported a failure every time
- **hangs**: one run was still going after ${MAX_SECONDS} seconds
- **not reached**: it never sent a request that the row is about: it did not resume, but started from the beginning, or stopped

${lineOf(columns)}
${lineOf(columns.map(() => '---'))}
${lines.join('\n')}

The commands, without URL, file and headers:

${clients.map(({ title, options }) => `- ${title}: \`${options}\``).join('\n')}

The faults of the rows are in \`test/downloadclients/rows.ts\`. In the rows about resuming, and about another version, the first response
ends after ${CUT_AFTER_BYTES} bytes.
`
}
