// Measures Firedrill beside other servers, on loopback only, and prints the results. `--help` lists the options.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileBaselines } from './baselines.ts'
import { certifyFigures } from './certify.ts'
import { downloadFigures } from './downloads.ts'
import { type Figure, misses, table } from './figures.ts'
import { largeDownloadFigures } from './large-downloads.ts'
import { Generator } from './load.ts'
import { memoryFigures } from './memory.ts'
import { type Operation, operationsWith } from './operations.ts'
import { HELP, readOptions } from './options.ts'
import { install, installed, libraryOf, pack } from './package.ts'
import { serve } from './processes.ts'
import { type Contender, type Rounds, requestFigures } from './requests.ts'
import { dataSizeFigures, sandboxFigures } from './sandbox-costs.ts'
import { exportData, isSuccess, prepare, requireSameSizes, signIn } from './setup.ts'
import { libraryStarts, type Programs, processStarts } from './start-up.ts'

const FULL = { starts: 9, libraryStarts: 5, requests: { count: 7, seconds: 0.2 }, memoryRequests: 100_000 }
const SHORT = { starts: 3, requests: { count: 3, seconds: 0.2 }, memoryRequests: 10_000 }
const SMALLEST = 'control: health'
const SHORT_OPERATIONS = ['files: listDisasterRecoveryFiles', 'a9s: prepareDisasterRecovery']

const options = readOptions()

if (options.help) console.log(HELP)
else if (options.problem === undefined) await bench()
else {
  console.error(`bench: ${options.problem}`)
  process.exitCode = 2
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-bench-'))
  try {
    await using generator = new Generator()
    if (options.cluster) {
      const { clusterTable } = await import('./cluster.ts')
      return console.log((await clusterTable(generator)).join('\n'))
    }
    const home = options.installed ?? (await install(await pack(folder), join(folder, 'installed')))
    const programs = await programsFor(home, folder)
    const figures = options.short ? await short(programs, generator) : await full(programs, generator, home)
    console.log(table(figures, { judged: !options.short }).join('\n'))
    if (!options.short) printMisses(figures)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function programsFor(home: string, folder: string): Promise<Programs> {
  const firedrill = installed(home)
  await using served = await serve(firedrill)
  const data = await exportData(served.url, await prepare(served.url))
  const { previous } = options
  return {
    firedrill,
    ...(await compileBaselines(join(folder, 'baselines'), data)),
    ...(previous !== undefined && { previous: installed(await install(previous, join(folder, 'previous'))) }),
  }
}

async function short(programs: Programs, generator: Generator): Promise<Figure[]> {
  return [
    ...(await processStarts(programs, SHORT.starts)),
    ...(await requests(programs, generator, SHORT.requests, ({ name }) => SHORT_OPERATIONS.includes(name))),
    ...(await memoryFigures(generator, programs, SHORT.memoryRequests)),
  ]
}

async function full(programs: Programs, generator: Generator, home: string): Promise<Figure[]> {
  const { only } = options
  if (only !== undefined) return requests(programs, generator, FULL.requests, ({ name }) => name.includes(only))
  const source = { script: '../src/cli.ts', args: programs.firedrill.args }
  return [
    ...(await processStarts({ ...programs, source }, FULL.starts)),
    ...(await libraryStarts(libraryOf(home), FULL.libraryStarts)),
    ...(await memoryFigures(generator, programs, options.million ? 1_000_000 : FULL.memoryRequests)),
    ...(await requests(programs, generator, FULL.requests, () => true)),
    ...(await downloadFigures(generator, programs.firedrill)),
    ...(await largeDownloadFigures(programs.firedrill)),
    ...(await sandboxFigures()),
    ...(await dataSizeFigures()),
    ...(await certifyFigures()),
  ]
}

async function requests(
  programs: Programs,
  generator: Generator,
  rounds: Rounds,
  isWanted: (operation: Operation) => boolean,
): Promise<Figure[]> {
  await using firedrill = await serve(programs.firedrill)
  await using fastify = await serve(programs.fastify)
  await using http = await serve(programs.http)
  await using previous = programs.previous ? await serve(programs.previous) : undefined
  const credentials = await prepare(firedrill.url)
  const operations = operationsWith(credentials).filter(isWanted)
  const same = operationsWith(await signIn(fastify.url, credentials)).filter(isWanted)
  await requireSameSizes({ url: firedrill.url, operations }, { url: fastify.url, operations: same })
  const others: Contender[] = [
    { name: 'bare Fastify', served: fastify, operations: same },
    // What a request costs at least.
    { name: 'bare node:http', served: http, operations: operations.filter(({ name }) => name === SMALLEST) },
  ]
  if (previous) {
    const all = operationsWith(await prepare(previous.url))
    const successes = await Promise.all(all.map(({ requests }) => isSuccess(previous.url, requests)))
    others.push({ name: 'previous release', served: previous, operations: all.filter((_, index) => successes[index]) })
  }
  return await requestFigures(generator, { name: 'Firedrill', served: firedrill, operations }, others, rounds)
}

function printMisses(figures: readonly Figure[]): void {
  const missed = misses(figures)
  console.log(
    missed.length === 0 ? '\nAll rows reach their goals.' : `\nRows that miss their goal:\n${missed.join('\n')}`,
  )
}
