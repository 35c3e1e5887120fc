// Measures Firedrill and the baseline servers in alternation, on loopback only, and prints the results.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Costs, DataSizes } from './data-sizes.ts'
import { type Figure, median, printFigures } from './figures.ts'
import { download, type Load, load, output, type Request, residentMib, type Served, serve } from './processes.ts'
import type { Sandboxes } from './sandboxes.ts'

const STARTS = 7
const ROUNDS = 9
const ROUND_SECONDS = 2
const MB = 1e6

const CLI = '../src/cli.ts'
const CLI_ARGS = ['--port', '0', '--json']
const LIST: Request = {
  path: '/backend/api/v1/disasterRecoveryFiles/',
  headers: { authorization: 'Bearer YOUR_API_KEY' },
}
const PREPARE: Request = {
  path: '/v1/instances/10000000-0000-4000-8000-000000000001/disaster-recovery/prepare',
  method: 'POST',
  headers: { authorization: 'bearer demo-token', 'content-type': 'application/json' },
  body: '{"encryption_key":"a-new-encryption-key"}',
}
const SEVEN_ZIP: Request = {
  path: '/backend/api/v1/disasterRecoveryFiles/123',
  headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' },
}
const ZIP: Request = {
  path: '/backups.dscloud.pt/23457145698959364_Backup%20at%202024-12-07%2022:07:11.zip?85592d2b15ff867407964790224dcbb3a95ce82b',
}

const folder = mkdtempSync(join(tmpdir(), 'firedrill-bench-'))
try {
  const rows = join(folder, 'rows.json')
  await using firedrill = await serve(CLI, CLI_ARGS, LIST)
  const answer = await fetch(firedrill.url + LIST.path, { headers: LIST.headers ?? {} })
  writeFileSync(rows, await answer.text())
  await using bare = await serve('bare.ts', [rows], LIST)
  const idle: Figure = {
    what: 'idle RSS',
    firedrill: residentMib(firedrill.process).now,
    other: { name: 'bare Fastify', value: residentMib(bare.process).now },
    unit: 'MiB',
  }
  const measured = [
    ...(await startUp(rows)),
    idle,
    ...(await sideBySide('list', LIST, firedrill, bare)),
    ...(await sideBySide('prepare', PREPARE, firedrill, bare)),
    ...(await downloads()),
    ...(await sandboxes()),
    ...(await dataSizes()),
  ]
  printFigures(measured)
} finally {
  rmSync(folder, { recursive: true })
}

async function startUp(rows: string): Promise<Figure[]> {
  const scripts = { firedrill: [CLI, CLI_ARGS], fastify: ['bare.ts', [rows]], http: ['http.ts', []] } as const
  const times = { firedrill: [] as number[], fastify: [] as number[], http: [] as number[] }
  for (let start = 0; start < STARTS; start++) {
    for (const [name, [script, args]] of Object.entries(scripts)) {
      await using served = await serve(script, [...args], LIST)
      times[name as keyof typeof times].push(served.firstAnswerMs)
    }
  }
  const what = 'spawn to first 200'
  const firedrill = median(times.firedrill)
  return [
    { what, firedrill, other: { name: 'bare Fastify', value: median(times.fastify) }, unit: 'ms' },
    { what, firedrill, other: { name: 'bare node:http', value: median(times.http) }, unit: 'ms' },
  ]
}

/** Alternates between the servers, so that other load on the machine affects both. */
async function sideBySide(name: string, request: Request, firedrill: Served, bare: Served): Promise<Figure[]> {
  const servers = { firedrill, bare }
  const loads = { firedrill: [] as Load[], bare: [] as Load[] }
  for (const server of [firedrill, bare]) await load(server.url, request, ROUND_SECONDS)
  for (let round = 0; round < ROUNDS; round++) {
    for (const which of ['firedrill', 'bare'] as const) {
      loads[which].push(await load(servers[which].url, request, ROUND_SECONDS))
    }
  }
  const figure = (what: string, unit: string, pick: (load: Load) => number): Figure => ({
    what: `${name}: ${what}`,
    firedrill: median(loads.firedrill.map(pick)),
    other: { name: 'bare Fastify', value: median(loads.bare.map(pick)) },
    unit,
  })
  return [
    { ...figure('requests', 'req/s', load => load.requestsPerSecond), goal: { of: 'ratio', min: 0.7 } },
    figure('p99', 'ms', load => load.p99Ms),
  ]
}

/** Each from a separate server, so that its peak memory belongs to it alone. */
async function downloads(): Promise<Figure[]> {
  const figures: Figure[] = []
  {
    await using server = await serve(CLI, CLI_ARGS, LIST)
    const begun = performance.now()
    await download(server.url, SEVEN_ZIP)
    const firstMs = performance.now() - begun
    const loads: Load[] = []
    for (let round = 0; round < ROUNDS; round++) loads.push(await load(server.url, SEVEN_ZIP, ROUND_SECONDS))
    figures.push(
      { what: '7z: first download', firedrill: firstMs, unit: 'ms' },
      { what: '7z: downloads', firedrill: median(loads.map(each => each.requestsPerSecond)), unit: 'req/s' },
      { what: '7z: throughput', firedrill: median(loads.map(each => each.bytesPerSecond)) / MB, unit: 'MB/s' },
      { what: '7z: peak RSS', firedrill: residentMib(server.process).peak, unit: 'MiB' },
    )
  }
  await using server = await serve(CLI, CLI_ARGS, LIST)
  const speeds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    const length = await download(server.url, ZIP)
    speeds.push(length / MB / ((performance.now() - begun) / 1000))
  }
  const peak = residentMib(server.process).peak
  return [
    ...figures,
    { what: 'zip of 81,865,653 bytes: throughput', firedrill: median(speeds), unit: 'MB/s' },
    { what: 'zip of 81,865,653 bytes: peak RSS', firedrill: peak, unit: 'MiB' },
  ]
}

async function sandboxes(): Promise<Figure[]> {
  const { createMs, firstAnswerMs, laterAnswerMs, resetMs, answerAfterResetMs, residentMib } = await output<Sandboxes>(
    'sandboxes.ts',
    ['--expose-gc'],
  )
  const ms = { unit: 'ms', goal: { of: 'value', max: 1 } } as const
  return [
    // A sandbox is opened by its first request, so the time that this adds to the request is included.
    { what: 'sandbox: create', firedrill: createMs + firstAnswerMs - laterAnswerMs, ...ms },
    { what: 'sandbox: create and first answer', firedrill: createMs + firstAnswerMs, unit: 'ms' },
    { what: 'sandbox: reset', firedrill: resetMs + answerAfterResetMs - laterAnswerMs, ...ms },
    { what: '1,000 used sandboxes', firedrill: residentMib, unit: 'MiB', goal: { of: 'value', max: 200 } },
  ]
}

/** Flat: the same with a thousand times as many jobs. Linear: ten times as much for ten times as many. */
async function dataSizes(): Promise<Figure[]> {
  const { small, medium, large } = await output<DataSizes>('data-sizes.ts', [])
  const flat = (what: string, cost: keyof Costs): Figure => ({
    what: `${what} (CPU)`,
    firedrill: large[cost],
    other: { name: 'with 100 jobs', value: small[cost] },
    unit: 'ms',
    goal: { of: 'ratio', max: 1.5 },
  })
  const linear = (what: string, cost: keyof Costs): Figure => ({
    what: `${what} (CPU)`,
    firedrill: large[cost],
    other: { name: 'a tenth of them', value: medium[cost] },
    unit: 'ms',
    goal: { of: 'ratio', max: 15 },
  })
  return [
    flat('100,000 jobs: read one', 'readJob'),
    flat('100,000 jobs: run one more', 'runJob'),
    linear('100,000 jobs: list', 'listJobs'),
    linear('10,000 backups: list', 'listBackups'),
  ]
}
