// Sends fuzzed requests to a new server and checks the answers. The same seed gives the same requests in the same order.
import type { ChildProcess } from 'node:child_process'
import fc from 'fast-check'
import { type Owner, serve } from '../program.ts'
import { AnswerChecks, TIMEOUT_MS, timeoutMs } from './checks.ts'
import { ids, TOKEN } from './hints.ts'
import { documented } from './operations.ts'
import { bytesOf, type FuzzRequest, Requests } from './requests.ts'
import { type Exchange, Wire } from './wire.ts'

export interface FuzzOptions {
  seed: number
  requests: number
}

export interface FuzzProblem {
  /** The position of the request in the run, from 0. */
  index: number
  name: string
  problem: string
  /** A shell command that sends the same bytes to `$FIREDRILL_PORT`. */
  command: string
}

export interface FuzzReport {
  sent: number
  problems: FuzzProblem[]
  /** What the server wrote to its standard error. */
  stderr: string
  isAlive: boolean
  slowest: { name: string; durationMs: number; command: string }
  /** The number of answers by status; 0 counts requests without an answer. */
  statuses: Record<string, number>
}

const MAX_PROBLEMS = 10
const BATCH = 250
const CLOCK = 'frozen:2026-06-10T12:00:00Z'
/** These answer as documented. */
const DOCUMENTED = ['default', 'base']
/** Reset before each batch; all other sandboxes are dropped. */
const KEPT = [...DOCUMENTED, 'faulty']

export async function fuzz(owner: Owner, { seed, requests }: FuzzOptions): Promise<FuzzReport> {
  const args = ['--clock', CLOCK, '--journal-entries', '50', '--max-sandboxes', '60', '--seed', 'fuzz']
  const server = await serve(owner, { args })
  const checks = await AnswerChecks.create()
  const session = new Session(server.url)
  const document = await session.prepare()
  const parts = [await documented('apis'), await documented('control')]
  const arbitrary = new Requests(parts, document).arbitrary()
  const reported = reportsOf(server.child)
  const report: FuzzReport = {
    sent: 0,
    problems: [],
    stderr: '',
    isAlive: true,
    slowest: { name: '', durationMs: 0, command: '' },
    statuses: {},
  }
  while (report.isAlive && report.sent < requests && report.problems.length < MAX_PROBLEMS) {
    await session.restore()
    const batch = fc.sample(arbitrary, { seed: seed + report.sent, numRuns: Math.min(BATCH, requests - report.sent) })
    for (const request of batch) {
      const { bytes, exchange } = await session.send(request)
      if (exchange.isSilent) report.isAlive = await session.isAlive()
      const problem = report.isAlive
        ? ((await checks.problemWith(request, exchange)) ?? reported())
        : 'the server no longer answers'
      note(report, request, bytes, exchange)
      if (problem !== undefined) {
        report.problems.push({ index: report.sent, name: request.name, problem, command: commandFor(bytes) })
      }
      report.sent += 1
      if (!report.isAlive) break
    }
  }
  report.isAlive &&= await session.isAlive()
  session.close()
  server.child.kill(report.isAlive ? 'SIGTERM' : 'SIGKILL')
  report.stderr = (await server.ended).stderr
  return report
}

/** Returns what the server wrote to its standard error since the last call. A report may arrive one request late. */
function reportsOf({ stderr }: ChildProcess): () => string | undefined {
  let unread = ''
  stderr?.on('data', text => {
    unread += text
  })
  return () => {
    const text = unread
    unread = ''
    return text === '' ? undefined : `the server wrote: ${text}`
  }
}

function note(report: FuzzReport, { name }: FuzzRequest, bytes: Buffer, { answers, durationMs }: Exchange): void {
  if (durationMs > report.slowest.durationMs) report.slowest = { name, durationMs, command: commandFor(bytes) }
  const status = answers[0]?.status ?? 0
  report.statuses[status] = (report.statuses[status] ?? 0) + 1
}

/** With octal escapes, which printf turns into any byte, zero included. */
function commandFor(bytes: Buffer): string {
  const escaped = [...bytes].map(byte =>
    byte >= 0x20 && byte < 0x7f && !["'", '\\', '%'].includes(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  )
  return `printf '${escaped.join('')}' | nc 127.0.0.1 $FIREDRILL_PORT`
}

const ID = /"(?:id|jobid)":"([^"]{1,80})"/g

class Session {
  readonly #wire: Wire
  /** An ArcGIS token for each sandbox. */
  readonly #tokens = new Map<string, string>()
  /** Ids in the latest answers: jobs, faults, rules, requests. */
  readonly #ids: string[] = []

  constructor(url: string) {
    this.#wire = new Wire(url)
  }

  async send(request: FuzzRequest): Promise<{ bytes: Buffer; exchange: Exchange }> {
    const token = this.#tokens.get(request.sandbox) ?? 'none'
    const fill = (text: string) =>
      ids.reduce((all, id, index) => all.replaceAll(id, this.#ids[index] ?? 'none'), text.replaceAll(TOKEN, token))
    const bytes = bytesOf(request, fill)
    const isHead = bytes.toString('latin1', 0, 5) === 'HEAD '
    const sending = { bytes, isHead, timeoutMs: timeoutMs(request) }
    const exchange = await (request.changeBytes ? this.#wire.sendBytes(sending) : this.#wire.sendRequest(sending))
    for (const { body } of exchange.answers) {
      for (const [, id] of body.toString().matchAll(ID)) this.#ids.unshift(encodeURIComponent(id as string))
      this.#ids.splice(ids.length)
    }
    return { bytes, exchange }
  }

  /** Creates the sandboxes. Returns a state document that contains a restore, a job rule and a fault. */
  async prepare(): Promise<Record<string, unknown>> {
    await this.restore()
    const perform = '/v1/instances/10000000-0000-4000-8000-000000000002/disaster-recovery/perform'
    const body = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
    await this.#control('POST', `/@faulty${perform}`, body, { authorization: 'bearer demo-token' })
    await this.#control('POST', '/@faulty/__admin/job-rules', { operation: 'createBackup', speed: 2, times: 3 })
    await this.#control('POST', '/@faulty/__admin/faults', {
      operation: 'getJob',
      fault: 'error',
      name: 'UnknownJob',
      times: 1,
    })
    return JSON.parse(await this.#control('GET', '/@faulty/__admin/state'))
  }

  /** Undoes what requests have changed, so that the next ones find the demo data. */
  async restore(): Promise<void> {
    const sandboxes = JSON.parse(await this.#control('GET', '/__admin/sandboxes')) as { name: string }[]
    for (const { name } of sandboxes) {
      if (!KEPT.includes(name)) await this.#control('DELETE', `/__admin/sandboxes/${name}`)
    }
    for (const name of KEPT) {
      if (name === 'default' || sandboxes.some(sandbox => sandbox.name === name)) {
        await this.#control('POST', `/__admin/sandboxes/${name}/reset`)
      } else {
        await this.#control('POST', '/__admin/sandboxes', { name })
      }
    }
    for (const name of DOCUMENTED) this.#tokens.set(name, await this.#token(name))
  }

  /** Whether the server still answers a health request. */
  async isAlive(): Promise<boolean> {
    try {
      return JSON.parse(await this.#control('GET', '/__admin/health')).status === 'healthy'
    } catch {
      return false
    }
  }

  close(): void {
    this.#wire.close()
  }

  async #token(sandbox: string): Promise<string> {
    const fields = 'username=siteadmin&password=siteadmin.pass1&f=json&expiration=20160'
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return JSON.parse(await this.#control('POST', `/@${sandbox}/arcgis/sharing/rest/generateToken`, fields, type)).token
  }

  async #control(
    method: string,
    target: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const isText = typeof body === 'string'
    const all = {
      host: 'localhost',
      ...(isText || body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    }
    const text = isText ? body : JSON.stringify(body)
    const request: FuzzRequest = {
      name: target,
      method,
      target,
      headers: Object.entries(all),
      body: text,
      sandbox: 'any',
    }
    const sending = { bytes: bytesOf(request, same => same), isHead: false, timeoutMs: TIMEOUT_MS }
    const { answers } = await this.#wire.sendRequest(sending)
    return answers[0]?.body.toString() ?? ''
  }
}
