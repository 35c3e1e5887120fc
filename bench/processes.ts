// Starts servers and scripts in separate processes, and reads their CPU time and memory.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { LIST_FILES, type Request } from './operations.ts'

/** How a server is started: a script as a path that is relative to this folder or as a URL, and its arguments. */
export interface Program {
  script: string
  args: string[]
}

export interface Served extends AsyncDisposable {
  url: string
  process: ChildProcess
  /** From spawning the process to the end of its first response. */
  firstAnswerMs: number
  /** CPU time of the process until then; NaN where there is no /proc. */
  firstAnswerCpuMs: number
}

const RUN_LIMIT_MS = 120_000

/** Starts a program that prints one JSON line with its `url`, and sends it one request. */
export async function serve({ script, args }: Program): Promise<Served> {
  const begun = performance.now()
  const child = spawn(process.execPath, [pathOf(script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'exit')
  }
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line', {
      signal: AbortSignal.timeout(RUN_LIMIT_MS),
    })
    const { url } = JSON.parse(line)
    await download(url, LIST_FILES)
    const firstAnswerMs = performance.now() - begun
    return { url, process: child, firstAnswerMs, firstAnswerCpuMs: cpuMs(child), [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Reads a response to its end without keeping it; returns its length. Throws for any status but 200. */
export function download(url: string, { path, headers = {} }: Request): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url + path, { headers }, response => {
      let length = 0
      response.on('data', chunk => {
        length += chunk.length
      })
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(length)
        else reject(new Error(`${path} answered ${response.statusCode}`))
      })
    })
    request.on('error', reject)
  })
}

/** Resident memory of a process, now and at its peak; NaN where there is no /proc. */
export function residentMib({ pid }: ChildProcess): { now: number; peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
    return { now: mib('VmRSS'), peak: mib('VmHWM') }
  } catch {
    return { now: Number.NaN, peak: Number.NaN }
  }
}

const NS_PER_MS = 1e6

/** CPU time of all threads of a process; NaN where there is no /proc. */
export function cpuMs({ pid }: Pick<ChildProcess, 'pid'>): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const ns = threads.map(thread =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    )
    return ns.reduce((sum, each) => sum + each, 0) / NS_PER_MS
  } catch {
    return Number.NaN
  }
}

/** Runs a script of this folder and returns the JSON that it prints. */
export async function output<Figures>(script: string, { node = [], args = [] }: { node?: string[]; args?: string[] }) {
  const { stdout } = await promisify(execFile)(process.execPath, [...node, pathOf(script), ...args], {
    timeout: RUN_LIMIT_MS,
  })
  return JSON.parse(stdout) as Figures
}

function pathOf(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url))
}
