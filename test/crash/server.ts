// Shared by the writers of the crash test: a client that distinguishes a lost connection from an error response, and values whose last write may have no answer.
import { Agent, request } from 'node:http'

/** Writes repeatedly, and keeps what was acknowledged. */
export interface Writer {
  readonly name: string
  acknowledged: number
  /** Writes once. Throws ConnectionLost when there was no answer: the write may or may not have happened. */
  write(client: Client): Promise<void>
  /** Returns in words which acknowledged writes the restarted server has lost. */
  check(client: Client): Promise<string[]>
}

/** The connection ended before the answer was complete. */
export class ConnectionLost extends Error {}

export interface Answer {
  status: number
  headers: NodeJS.Dict<string | string[]>
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as there are operations
  json: any
}

export class Client implements Disposable {
  readonly #url: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  constructor(url: string) {
    this.#url = url
  }

  /** Throws ConnectionLost, and Error for any status but those expected. */
  async ask(
    method: string,
    path: string,
    { body, token, statuses = [200, 201, 204] }: { body?: unknown; token?: string; statuses?: number[] } = {},
  ): Promise<Answer> {
    const answer = await this.#exchange(method, path, body, token)
    if (statuses.includes(answer.status)) return answer
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`)
  }

  #exchange(method: string, path: string, body: unknown, token: string | undefined): Promise<Answer> {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `bearer ${token}` }),
    }
    return new Promise((resolve, reject) => {
      const lost = (cause: Error) => reject(new ConnectionLost(cause.message, { cause }))
      const outgoing = request(this.#url + path, { method, headers, agent: this.#agent }, async response => {
        try {
          const text = Buffer.concat(await response.toArray()).toString()
          const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== ''
          const { statusCode: status = 0, headers } = response
          resolve({ status, headers, text, json: isJson ? JSON.parse(text) : undefined })
        } catch (cause) {
          lost(cause as Error)
        }
      })
      outgoing.on('error', lost)
      outgoing.end(payload)
    })
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

/** A value that is written in one step: after a kill it is the last acknowledged one, or the one whose write had no answer. */
export class PendingValue {
  #value: string
  #next: string | undefined

  constructor(value: string) {
    this.#value = value
  }

  get value(): string {
    return this.#value
  }

  async set(value: string, write: () => Promise<unknown>): Promise<void> {
    this.#next = value
    await write()
    this.#value = value
    this.#next = undefined
  }

  /** Returns a problem if `found` is neither of them. Later writes continue from `found`. */
  check(found: string): string[] {
    const [value, next] = [this.#value, this.#next]
    this.#value = found
    this.#next = undefined
    if (found === value || found === next) return []
    const expected = next === undefined ? `"${value}"` : `"${value}" or "${next}"`
    return [`the value is "${found}" instead of ${expected}`]
  }
}
