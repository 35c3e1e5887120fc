// Starts Firedrill processes behind HAProxy with the configuration in deploy/, whose addresses alone are replaced.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Owner, Program } from '../program.ts'
import { serve } from '../program.ts'

export const CONFIGURATION = readFileSync(new URL('../../deploy/haproxy.cfg', import.meta.url), 'utf8')

export interface Exchange {
  method?: string
  headers?: Record<string, string>
  /** A text is sent as the fields of a form, anything else as JSON. */
  body?: unknown
  /**
   * HAProxy answers 503 on a new connection. On one that is kept it ends without a response when the process does, because the
   * request may have reached it.
   */
  onNewConnection?: boolean
}

export interface Answered {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** The process that has answered; undefined if the proxy has. */
  process: string | undefined
}

interface Process {
  name: string
  port: number
  program: Program
  args: string[]
}

export interface ClusterOptions {
  processes: number
  /** With the name of a folder in which the process can keep its data. */
  argsOf?: (folder: string) => string[]
}

/** Starts the processes at once, and the proxy. The test ends them. */
export async function startCluster(t: Owner, { processes, argsOf = () => [] }: ClusterOptions): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-cluster-'))
  const cluster = new Cluster(t, folder, argsOf)
  await Promise.all(Array.from({ length: processes }, (_, index) => cluster.startProcess(`firedrill-${index}`)))
  await cluster.startProxy(processes)
  t.teardown(() => cluster.end())
  return cluster
}

export class Cluster {
  readonly processes = new Map<string, Process>()
  readonly #owner: Owner
  readonly #folder: string
  readonly #argsOf: (folder: string) => string[]
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 })
  #proxy: ChildProcess | undefined
  #port = 0

  constructor(owner: Owner, folder: string, argsOf: (folder: string) => string[]) {
    this.#owner = owner
    this.#folder = folder
    this.#argsOf = argsOf
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get proxyPid(): number | undefined {
    return this.#proxy?.pid
  }

  /** Starts the process, or starts it again on the port and with the data that it had. */
  async startProcess(name: string): Promise<void> {
    const args = this.#argsOf(join(this.#folder, name))
    const port = this.processes.get(name)?.port
    const program = await serve(this.#owner, { args: port === undefined ? args : [...args, '--port', String(port)] })
    this.processes.set(name, { name, program, args, port: Number(new URL(program.url).port) })
  }

  /** Ends the process at once, as a crash does. */
  async kill(name: string): Promise<void> {
    const { program } = this.#processOf(name)
    program.child.kill('SIGKILL')
    await program.ended
  }

  /** Asks the process to stop. */
  stop(name: string): Program {
    const { program } = this.#processOf(name)
    program.child.kill('SIGTERM')
    return program
  }

  /** Starts the proxy for the first processes, in place of the one that runs. */
  async startProxy(processes: number): Promise<void> {
    this.#port ||= await freePort()
    const file = join(this.#folder, 'haproxy.cfg')
    writeFileSync(file, configurationFor(this.#port, [...this.processes.values()].sort(byName).slice(0, processes)))
    const replaced = this.#proxy
    const takeOver = replaced === undefined ? [] : ['-sf', String(replaced.pid)]
    const proxy = spawn('haproxy', ['-db', '-f', file, ...takeOver], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#owner.teardown(() => proxy.kill('SIGKILL'))
    this.#proxy = proxy
    let output = ''
    proxy.stderr.setEncoding('utf8').on('data', text => {
      output += text
    })
    const ended = once(proxy, 'close').then(() => {
      throw new Error(`HAProxy ended: ${output}`)
    })
    if (replaced) await once(replaced, 'close')
    ended.catch(() => {})
    await Promise.race([ended, this.until(() => this.#isReady(processes))])
  }

  async ask(path: string, { method = 'GET', headers = {}, body, onNewConnection }: Exchange = {}): Promise<Answered> {
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json'
    const sent = { ...(payload === undefined ? {} : { 'content-type': type }), ...headers }
    const agent = onNewConnection ? false : this.#agent
    return new Promise((resolve, reject) => {
      const outgoing = request(this.url, { path, method, headers: sent, agent }, async response => {
        const chunks = await response.toArray().catch(reject)
        const { statusCode: status = 0, headers } = response
        const process = headers['x-firedrill-process'] as string | undefined
        if (chunks) resolve({ status, headers, text: Buffer.concat(chunks).toString(), process })
      })
      outgoing.on('error', reject)
      outgoing.end(payload)
    })
  }

  /** The process that answers requests for the sandbox. */
  async processOf(sandbox: string): Promise<string> {
    const { process } = await this.ask(`/@${sandbox}/__admin/livez`)
    if (process === undefined) throw new Error(`no process answers for ${sandbox}`)
    return process
  }

  /** Asks until the condition holds. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise(resolve => setImmediate(resolve))
  }

  end(): void {
    this.#agent.destroy()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** The proxy listens, and its checks have found every process ready. */
  async #isReady(processes: number): Promise<boolean> {
    const names = [...this.processes.keys()].sort().slice(0, processes)
    const path = '/__admin/readyz'
    const answers = names.map(name =>
      this.ask(path, { headers: { 'x-firedrill-process': name } }).catch(() => undefined),
    )
    return (await Promise.all(answers)).every(answer => answer?.status === 200)
  }

  #processOf(name: string): Process {
    const found = this.processes.get(name)
    if (!found) throw new Error(`there is no process ${name}`)
    return found
  }
}

const byName = (a: Process, b: Process) => a.name.localeCompare(b.name)

/** With the lines of further processes, if there are more than in the file. */
function configurationFor(port: number, processes: readonly Process[]): string {
  const servers = processes
    .map(({ name, port }, index) => `  server ${name} 127.0.0.1:${port} id ${index + 1}\n`)
    .join('')
  return CONFIGURATION.replace('bind :8420', `bind 127.0.0.1:${port}`).replace(/(?: {2}server .*\n)+/g, servers)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Calls `work` for each value, eight at a time, and returns the results in their order. */
export async function eightAtATime<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const rest = values.entries()
  const worker = async () => {
    for (const [index, value] of rest) results[index] = await work(value)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  return results
}

/** How often each value occurs. */
export function countsOf(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
