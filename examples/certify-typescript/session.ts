// What firedrill certify tells a client, and requests with fetch: everything that a client of a drill needs.
import { writeFileSync } from 'node:fs'
import type { Answer, Attempt, Call, Report, Run, Session } from './clients/index.ts'

export class FetchSession implements Session {
  readonly run: Run

  constructor(run: Run) {
    this.run = run
  }

  /** Throws when the connection fails. */
  async send(what: Call): Promise<Answer> {
    const response = await this.#fetch(what)
    const bytes = Buffer.from(await response.arrayBuffer())
    const text = bytes.toString()
    const headers = Object.fromEntries(response.headers)
    const hasJson = text !== '' && /json/.test(headers['content-type'] ?? '')
    return { status: response.status, headers, bytes, text, json: hasJson ? parsed(text) : undefined }
  }

  async attempt(what: Call): Promise<Attempt> {
    let got: Attempt = { headers: {}, bytes: Buffer.alloc(0) }
    try {
      const response = await this.#fetch(what)
      got = { ...got, status: response.status, headers: Object.fromEntries(response.headers) }
      for await (const chunk of response.body ?? []) got.bytes = Buffer.concat([got.bytes, chunk])
      return got
    } catch (error) {
      return { ...got, error: (error as Error).message }
    }
  }

  /** Moves the virtual time instead of sleeping. A client that sleeps needs --time-scale instead. */
  async wait(durationMs: number): Promise<void> {
    const headers = { 'content-type': 'application/json' }
    await fetch(this.run.clockUrl, { method: 'POST', headers, body: JSON.stringify({ by: `${durationMs}ms` }) })
  }

  credential(name: string): string {
    return this.run.credentials[name] ?? ''
  }

  #fetch({ method = 'GET', path, headers = {}, body, idleMs }: Call): Promise<Response> {
    const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array
    const type = isRaw ? {} : { 'content-type': 'application/json' }
    const payload = body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }
    return fetch(`${this.run.url}/${path}`, {
      method,
      headers: { ...type, ...headers },
      redirect: 'manual',
      // Of the whole request: fetch has no timeout for a connection that stands still.
      ...(idleMs !== undefined && { signal: AbortSignal.timeout(idleMs) }),
      ...payload,
    })
  }
}

/** Runs a client with the task in the environment, and says how it went: exit code 0 claims success, 1 reports failure. */
export async function runClient(clientOf: (drill: string) => (session: Session) => Promise<Report>): Promise<void> {
  const task: Run = JSON.parse(process.env.FIREDRILL_TASK ?? '')
  try {
    const { outcome, ...answer } = await clientOf(task.drill)(new FetchSession(task))
    writeFileSync(process.env.FIREDRILL_RESULT ?? '', JSON.stringify(answer))
    process.exitCode = outcome === 'success' ? 0 : 1
  } catch (error) {
    // An exception that is not caught would end Node.js with 1, as if the client had reported failure.
    console.error(error)
    process.exitCode = 2
  }
}

/** A body that only claims to be JSON is left as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
