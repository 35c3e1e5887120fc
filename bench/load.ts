// Controls the process that sends requests, and reads what they cost the server.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Load, Order } from './generator.ts'
import type { Request } from './operations.ts'
import { cpuMs } from './processes.ts'

const CONNECTIONS = 10

/** What a load was like for the client, and what it cost the server. */
export interface Measured extends Load {
  /** CPU time of the server for each request; NaN where there is no /proc. */
  cpuUs: number
}

/** Where the load goes, and the process whose CPU time it costs. */
interface Target {
  url: string
  process: Pick<ChildProcess, 'pid'>
}

export class Generator implements AsyncDisposable {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('generator.ts', import.meta.url)))

  /** Rejects when a response is not a success. */
  async send({ url, process }: Target, requests: readonly Request[], amount: Order['amount']): Promise<Measured> {
    const { hostname, port, host } = new URL(url)
    const texts = requests.map(request => textOf(request, host))
    const order: Order = { host: hostname, port: Number(port), requests: texts, connections: CONNECTIONS, amount }
    const before = cpuMs(process)
    this.#child.send(order)
    const [answer] = await once(this.#child, 'message')
    if (answer.error !== undefined) throw new Error(`${requests[0]?.path}: ${answer.error}`)
    const load: Load = answer.load
    return { ...load, cpuUs: ((cpuMs(process) - before) * 1000) / load.requests }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.disconnect()
    this.#child.kill()
    await exited
  }
}

/** The number that replaces `{n}` has eight digits. */
function textOf({ path, method = 'GET', headers = {}, body = '' }: Request, host: string): string {
  const length = body.replaceAll('{n}', '00000000').length
  const lines = Object.entries({ host, ...headers, ...(body !== '' && { 'content-length': String(length) }) })
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}
