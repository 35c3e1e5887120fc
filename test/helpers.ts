// Shared by the tests: a server for each test, and a call whose answer is checked against the contract.
import { type IncomingHttpHeaders, request } from 'node:http'
import type { Test } from 'tap'
import { type Firedrill, type SandboxControl, type SandboxRequest, type StartOptions, start } from '../src/index.ts'
import { assertContract } from './contract.ts'

export interface Call {
  method?: string
  path: string
  headers?: Record<string, string>
  /** Text or bytes are sent as they are, anything else as JSON with its content type. */
  body?: unknown
  /** Set to false only for requests that are deliberately for no operation (unknown paths, wrong methods). */
  contract?: boolean
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  text: string
  // The contract check has already validated it against its schema.
  // biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as there are operations
  json: any
}

/** A server on a free port with a frozen clock, closed when the test ends. Unexpected failures of the server fail the test. */
export async function boot(t: Test, options: StartOptions = {}): Promise<Firedrill> {
  const server = await start({
    clock: 'frozen:2026-06-10T12:00:00Z',
    onUnexpected: error => t.fail('unexpected failure in the server', { error }),
    ...options,
  })
  t.teardown(() => server.close())
  return server
}

/** Sends one request. The status of its answer must be declared, and the body must fit the contract. */
export async function call({ url }: { url: string }, what: Call): Promise<Answer> {
  const answer = await exchange(url, what)
  if (what.contract ?? true) await assertContract(what.method ?? 'GET', what.path, answer)
  return answer
}

function exchange(url: string, { method = 'GET', path, headers = {}, body }: Call): Promise<Answer> {
  const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
  const payload = raw ? body : JSON.stringify(body)
  const sent = { ...(raw ? {} : { 'content-type': 'application/json' }), ...lengthOf(payload), ...headers }
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    // The path is sent as it is written, including dots, bad escapes and keys without values.
    const outgoing = request({ hostname, port, method, path, headers: sent }, async response => {
      const chunks = await response.toArray()
      const bytes = Buffer.concat(chunks)
      const text = bytes.toString()
      const hasJson = text !== '' && /json/.test(response.headers['content-type'] ?? '')
      const json = hasJson ? JSON.parse(text) : undefined
      resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, json })
    })
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}

function lengthOf(payload: unknown): Record<string, string> {
  return typeof payload === 'string' || Buffer.isBuffer(payload)
    ? { 'content-length': String(Buffer.byteLength(payload)) }
    : {}
}

/** Creates a sandbox and returns its control object. */
export function createSandbox(server: Firedrill, request: SandboxRequest): SandboxControl {
  return server.sandbox(server.sandboxes.create(request).name)
}
