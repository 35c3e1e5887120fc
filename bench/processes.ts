// Starts servers and load generators in separate processes and reads their measurements.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface Served extends AsyncDisposable {
  url: string
  process: ChildProcess
  /** From spawning the process to the end of its first response. */
  firstAnswerMs: number
}

export interface Request {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string
}

const RUN_LIMIT_MS = 120_000

/** Starts a script that prints one JSON line with its `url`, and sends it one request. */
export async function serve(script: string, args: string[], first: Request): Promise<Served> {
  const begun = performance.now()
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
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
    await download(url, first)
    return { url, process: child, firstAnswerMs: performance.now() - begun, [Symbol.asyncDispose]: stop }
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

export interface Load {
  requestsPerSecond: number
  p99Ms: number
  bytesPerSecond: number
}

const autocannon = createRequire(import.meta.url).resolve('autocannon/autocannon.js')

/** Sends requests on ten connections from a separate process. Throws if any response is not a success. */
export async function load(
  url: string,
  { path, method = 'GET', headers = {}, body }: Request,
  seconds: number,
): Promise<Load> {
  const args = ['--json', '--no-progress', '--connections', '10', '--duration', String(seconds), '--method', method]
  for (const [name, value] of Object.entries(headers)) args.push('--headers', `${name}=${value}`)
  if (body !== undefined) args.push('--body', body)
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...args, url + path], {
    timeout: RUN_LIMIT_MS,
  })
  const { requests, latency, throughput, non2xx, errors } = JSON.parse(stdout)
  if (non2xx + errors > 0) throw new Error(`${path}: ${non2xx} answers were no success, ${errors} requests failed`)
  return { requestsPerSecond: requests.average, p99Ms: latency.p99, bytesPerSecond: throughput.average }
}

/** Runs a script and returns the JSON that it prints. */
export async function output<Figures>(script: string, nodeArgs: string[]): Promise<Figures> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeArgs, path], { timeout: RUN_LIMIT_MS })
  return JSON.parse(stdout)
}
