// What the writers of the crash test share: a client that tells a killed server from a refusal, and values that a kill may leave open.
import { Agent, request } from 'node:http'

/** Makes writes one after another, and knows which of them were acknowledged. */
export interface Writer {
  readonly name: string
  acknowledged: number
  /** Makes one write. Throws ServerGone when it may or may not have been made. */
  write(client: Client): Promise<void>
  /** Returns in words what was acknowledged and is not there, on a server that was restarted. */
  check(client: Client): Promise<string[]>
}

/** The connection broke before there was a whole answer. */
export class ServerGone extends Error {}

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

  /** Throws ServerGone, and Error for any status but those expected. */
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
      const gone = (cause: Error) => reject(new ServerGone(cause.message, { cause }))
      const outgoing = request(this.#url + path, { method, headers, agent: this.#agent }, async response => {
        try {
          const text = Buffer.concat(await response.toArray()).toString()
          const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== ''
          const { statusCode: status = 0, headers } = response
          resolve({ status, headers, text, json: isJson ? JSON.parse(text) : undefined })
        } catch (cause) {
          gone(cause as Error)
        }
      })
      outgoing.on('error', gone)
      outgoing.end(payload)
    })
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

/** A value that is written as a whole: after a kill it is the last one acknowledged, or the one that was on its way. */
export class Register {
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

  /** What is wrong with what was found, if anything is; it is taken up in either case. */
  check(found: string): string[] {
    const [value, next] = [this.#value, this.#next]
    this.#value = found
    this.#next = undefined
    if (found === value || found === next) return []
    const expected = next === undefined ? `"${value}"` : `"${value}" or "${next}"`
    return [`it holds "${found}" instead of ${expected}`]
  }
}
