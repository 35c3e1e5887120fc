// Kills a server under load with SIGKILL, many times, and checks after each restart that no acknowledged write is lost.
import { randomInt } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Clocks } from './crash/clocks.ts'
import { Downloads } from './crash/downloads.ts'
import { Restores } from './crash/restores.ts'
import { Sandboxes } from './crash/sandboxes.ts'
import { Client, ConnectionLost, type Writer } from './crash/server.ts'
import { Snapshots } from './crash/snapshots.ts'
import { States } from './crash/states.ts'
import { serve } from './program.ts'

const KILLS = 20
const LIMIT_MS = 300_000
/** The number of acknowledged writes before a kill. Further writes are running when the server is killed. */
const WRITES = { min: 10, max: 80 }

const started = performance.now()
const data = mkdtempSync(join(tmpdir(), 'firedrill-crash-'))
// Fewer files than the writers use, so that some are closed and opened again under load.
const options = {
  '--data': data,
  '--max-open-files': '4',
  '--clock': 'frozen:2026-06-10T12:00:00Z',
  '--a9s-perform-status': '200',
}
const args = Object.entries(options).flat()
const stops: (() => unknown)[] = []
const owner = { teardown: (stop: () => unknown) => void stops.push(stop) }
const writers: Writer[] = [
  new Restores('restores-1'),
  new Restores('restores-2'),
  new States('states-1'),
  new States('states-2'),
  new Snapshots('snapshots-1'),
  new Snapshots('snapshots-2'),
  new Sandboxes('made'),
  new Clocks('clocks'),
  new Downloads(),
]
const failures: string[] = []
let kills = 0
const limit = setTimeout(() => end(`it took more than ${LIMIT_MS / 1000} s`), LIMIT_MS)

try {
  for (let kill = 1; kill <= KILLS && failures.length === 0; kill += 1) {
    await writeAndKill(kill)
    kills = kill
  }
  const server = await serve(owner, { args })
  await check(server.url, `after kill ${kills}`)
  server.child.kill('SIGTERM')
  const { code, stderr } = await server.ended
  if (code !== 0 || stderr !== '') failures.push(`at the end it stopped with ${code}: ${stderr}`)
} catch (error) {
  failures.push(error instanceof Error ? String(error.stack) : String(error))
}
end()

async function writeAndKill(kill: number): Promise<void> {
  const server = await serve(owner, { args })
  await check(server.url, kill === 1 ? 'at first' : `after kill ${kill - 1}`)
  const target = acknowledged() + randomInt(WRITES.min, WRITES.max)
  const loads = writers.map(writer => writeUntilKilled(writer, server.url, kill))
  while (acknowledged() < target && failures.length === 0) await sleep(1)
  await sleep(randomInt(0, 10))
  server.child.kill('SIGKILL')
  await Promise.all(loads)
  const { stderr } = await server.ended
  if (stderr !== '') failures.push(`before kill ${kill} it reported: ${stderr}`)
}

async function writeUntilKilled(writer: Writer, url: string, kill: number): Promise<void> {
  using client = new Client(url)
  try {
    for (;;) await writer.write(client)
  } catch (error) {
    if (!(error instanceof ConnectionLost))
      failures.push(`before kill ${kill}, ${writer.name}: ${(error as Error).message}`)
  }
}

/** Checks that all acknowledged writes exist. Writes without an answer may exist; the writers continue from what they find. */
async function check(url: string, when: string): Promise<void> {
  const drafts = readdirSync(data, { recursive: true }).filter(file => String(file).endsWith('.new'))
  if (drafts.length > 0) failures.push(`${when}: left over: ${drafts.join(', ')}`)
  using client = new Client(url)
  for (const writer of writers) {
    const lost = await writer.check(client)
    failures.push(...lost.map(what => `${when}, ${writer.name}: ${what}`))
  }
}

function acknowledged(): number {
  return writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
}

function end(problem?: string): never {
  clearTimeout(limit)
  for (const stop of stops) stop()
  if (problem !== undefined) failures.push(problem)
  for (const failure of failures) console.log(`lost or failed: ${failure}`)
  for (const { name, acknowledged } of writers)
    if (acknowledged > 0) console.log(`${name}: ${acknowledged} acknowledged`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${kills} kills, ${acknowledged()} acknowledged writes, ${failures.length} lost or failed, ${seconds} s`)
  if (failures.length === 0) rmSync(data, { recursive: true })
  else console.log(`the data directory is kept: ${data}`)
  process.exit(failures.length === 0 ? 0 : 1)
}
