// Measures large downloads: their speed, what they cost other requests, and readers that have stopped. Alone: `node bench/large-downloads.ts`.
import { execFileSync, spawn } from 'node:child_process'
import { createCipheriv } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SEVEN_ZIP, ZIP } from './downloads.ts'
import { type Figure, quantile, table } from './figures.ts'
import { LIST_FILES, type Request } from './operations.ts'
import { download, type Program, residentMib, type Served, serve } from './processes.ts'

const GIB = 1024 ** 3
const MB = 1e6
const ROUNDS = 5
const ZIP_BYTES = 81_865_653
/** Enough that starting curl does not matter. */
const ZIPS = 8
const READERS = 1000
const REQUESTS = 1000
/** Downloads that do not end before the requests. */
const MANY = 1000
const SETTLE_MS = 10_000

export async function largeDownloadFigures(program: Program): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-bench-'))
  try {
    const file = join(folder, 'file')
    writeFileSync(file, Buffer.alloc(ZIP_BYTES, 'x'))
    const pipe = { script: 'bare/pipe.ts', args: [file] }
    return [...(await speeds(program, pipe)), ...(await beside(program, pipe)), ...(await stalled(program))]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function withSize({ script, args }: Program, size: string): Program {
  return { script, args: [...args, '--archive-size', size] }
}

async function speeds(program: Program, pipe: Program): Promise<Figure[]> {
  await using server = await serve(withSize(program, '1GiB'))
  await using bare = await serve(pipe)
  await curl(server, SEVEN_ZIP, 1)
  const before = residentMib(server.process).now
  const figures = { sevenZip: [] as number[], aes: [] as number[], zip: [] as number[], pipe: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    figures.sevenZip.push(await curl(server, SEVEN_ZIP, 1))
    figures.aes.push(aesSpeed())
    figures.zip.push(await curl(server, ZIP, ZIPS))
    figures.pipe.push(await curl(bare, ZIP, ZIPS))
  }
  const goal = (atLeast: number) => ({ of: 'ratio', atLeast }) as const
  return [
    {
      what: '7z of 1 GiB: one stream',
      unit: 'MB/s',
      firedrill: figures.sevenZip,
      other: { name: 'AES-256-CBC in one thread', values: figures.aes },
      goal: goal(0.8),
    },
    {
      what: 'zip of 82 MB: one stream',
      unit: 'MB/s',
      firedrill: figures.zip,
      other: { name: 'file in chunks of 1 MiB', values: figures.pipe },
      goal: goal(0.9),
    },
    { what: 'large downloads: RSS growth', unit: 'MiB', firedrill: [residentMib(server.process).peak - before] },
  ]
}

/** MB/s of `count` downloads, one after the other. */
async function curl({ url }: Served, { path, headers = {} }: Request, count: number): Promise<number> {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const urls = Array.from({ length: count }, () => ['-o', '/dev/null', url + path]).flat()
  const begun = performance.now()
  const child = spawn('curl', ['-s', '-f', '-w', '%{size_download}\n', ...fields, ...urls], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = await Promise.all([child.stdout.toArray(), once(child, 'close')])
  const seconds = (performance.now() - begun) / 1000
  const sizes = Buffer.concat(output).toString().trim().split('\n').map(Number)
  return sizes.reduce((sum, size) => sum + size, 0) / MB / seconds
}

function aesSpeed(): number {
  const cipher = createCipheriv('aes-256-cbc', Buffer.alloc(32), Buffer.alloc(16))
  const chunk = Buffer.alloc(64 * 1024)
  const begun = performance.now()
  for (let at = 0; at < GIB / 2; at += chunk.length) cipher.update(chunk)
  return GIB / 2 / MB / ((performance.now() - begun) / 1000)
}

/** Requests while two downloads run. What the bare server takes is what the machine costs: its processes share the processors. */
async function beside(program: Program, pipe: Program): Promise<Figure[]> {
  const { idle, busy } = await idleAndBusy(withSize(program, '100GiB'), LIST_FILES, SEVEN_ZIP)
  const bare = await idleAndBusy(pipe, { path: '/small' }, ZIP)
  return [
    {
      what: 'list while two downloads run: p99',
      unit: 'ms',
      firedrill: [quantile(busy, 0.99)],
      other: { name: 'idle', values: [quantile(idle, 0.99)] },
      goal: { of: 'ratio', atMost: 3 },
    },
    {
      what: 'list while two downloads run: p99',
      unit: 'ms',
      firedrill: [quantile(busy, 0.99)],
      other: { name: 'bare node:http, two downloads', values: [quantile(bare.busy, 0.99)] },
    },
    {
      what: 'list while two downloads run: median',
      unit: 'ms',
      firedrill: [quantile(busy, 0.5)],
      other: { name: 'idle', values: [quantile(idle, 0.5)] },
    },
  ]
}

/** The times of a request in ms, alone and while two clients download. */
async function idleAndBusy(
  program: Program,
  request: Request,
  file: Request,
): Promise<{ idle: number[]; busy: number[] }> {
  await using server = await serve(program)
  await latencies(server, request)
  const idle = await latencies(server, request)
  const downloads = [1, 2].map(() => curl(server, file, MANY))
  const busy = await latencies(server, request)
  server.process.kill()
  await Promise.allSettled(downloads)
  return { idle, busy }
}

async function latencies({ url }: Served, request: Request = LIST_FILES): Promise<number[]> {
  const times: number[] = []
  for (let sent = 0; sent < REQUESTS; sent++) {
    const begun = performance.now()
    await download(url, request)
    times.push(performance.now() - begun)
  }
  return times
}

/** Readers that stop after the first bytes. */
async function stalled(program: Program): Promise<Figure[]> {
  await using server = await serve(program)
  await latencies(server)
  const idle = await latencies(server)
  const before = residentMib(server.process).now
  const sockets = Array.from({ length: READERS }, () => stall(server.url))
  // Until the connections have taken what they can.
  await new Promise(resolve => setTimeout(resolve, SETTLE_MS))
  const times = await latencies(server)
  const growth = residentMib(server.process).now - before
  for (const socket of sockets) socket.destroy()
  return [
    { what: '1,000 stalled readers of a zip: RSS growth', unit: 'MiB', firedrill: [growth] },
    {
      what: '1,000 stalled readers of a zip: p99 of the list',
      unit: 'ms',
      firedrill: [quantile(times, 0.99)],
      other: { name: 'idle', values: [quantile(idle, 0.99)] },
      goal: { of: 'ratio', atMost: 3 },
    },
  ]
}

function stall(url: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET ${ZIP.path} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
  socket.pause()
  return socket
}

/** 7-Zip tests an archive of 20 GiB; takes minutes and 20 GiB of disk. */
async function testBySevenZip(program: Program): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-bench-'))
  try {
    await using server = await serve(withSize(program, '20GiB'))
    const before = residentMib(server.process).now
    const file = join(folder, 'large.7z')
    const headers = Object.entries(SEVEN_ZIP.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
    execFileSync('curl', ['-s', '-f', '-o', file, ...headers, server.url + SEVEN_ZIP.path])
    console.log(`20 GiB: RSS growth ${Math.round(residentMib(server.process).peak - before)} MiB`)
    execFileSync('7zz', ['t', '-pfiredrill', file], { stdio: 'inherit' })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) {
  const program = { script: '../src/cli.ts', args: ['--port', '0', '--json'] }
  if (process.argv.includes('--7zz')) await testBySevenZip(program)
  else console.log(table(await largeDownloadFigures(program), { judged: true }).join('\n'))
}
