// Commands that use the control API of a running server: how they find it, send requests and report refusals.
import { createWriteStream } from 'node:fs'
import { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { commandVariables, DEFAULT_URL, refuseMisspeltVariables } from '../config.ts'
import type { Operation, Output } from '../control/operation.ts'
import { type Argument, type Call, type Command, CommandError, textOf } from './command.ts'
import { eventsIn, openEvents } from './events.ts'
import { type Flag, OptionError } from './flags.ts'

const serverFlags: Record<string, Flag> = {
  url: { value: 'URL', help: `address of the server [${DEFAULT_URL}]`, env: commandVariables.url },
  'admin-token': { value: 'TOKEN', help: 'the admin token of the server', env: 'FIREDRILL_ADMIN_TOKEN' },
  json: { value: undefined, help: "print the server's response as JSON" },
}
const sandboxFlag: Record<string, Flag> = {
  sandbox: {
    value: 'NAME',
    help: 'the sandbox; the default one without it',
    env: commandVariables.sandbox,
  },
}

interface RemoteCommand {
  name: string
  summary: string
  /** The control operations that it uses. */
  operations: readonly Operation[]
  arguments?: readonly Argument[]
  flags?: Readonly<Record<string, Flag>>
  /** Returns text for people; with --json, the last answer of the server is printed instead. */
  run(server: Server, call: Call): Promise<string>
}

/** A command that uses control operations of a running server; `--sandbox` is an option where one of them is about a sandbox. */
export function remoteCommand({ run, operations, flags = {}, arguments: words = [], ...rest }: RemoteCommand): Command {
  const isAboutSandbox = operations.some(({ scope }) => scope === 'sandbox')
  const allFlags = { ...flags, ...(isAboutSandbox ? sandboxFlag : {}), ...serverFlags }
  return {
    ...rest,
    operations,
    arguments: words,
    flags: allFlags,
    async run(call) {
      refuseMisspeltVariables(call.env)
      const settings = Object.entries(allFlags).map(([name, { env }]) => [
        name,
        call.given[name] ?? (env === undefined ? undefined : call.env[env]),
      ])
      const given = Object.fromEntries(settings)
      const server = new Server(given)
      const isRaw = given.json === true
      try {
        const shown = await run(server, { ...call, given })
        return { text: isRaw ? server.lastAnswer : shown, exitCode: 0 }
      } catch (error) {
        // A negative result, such as a failed verdict, is still a response of the server.
        if (!isRaw || server.lastAnswer === '' || !(error instanceof CommandError)) throw error
        return { text: server.lastAnswer, exitCode: error.exitCode }
      }
    },
  }
}

/** An input, not validated yet: the server does that. */
export interface RemoteInput {
  path?: Record<string, string>
  query?: Record<string, string | undefined>
  body?: unknown
}

/** The control API of a running server. Methods throw CommandError when it refuses. */
export class Server {
  /** The body of the last successful response. */
  lastAnswer = ''
  readonly #control: string
  readonly #sandboxPath: string
  readonly #headers: Record<string, string>

  constructor(given: Call['given']) {
    const url = textOf(given, 'url') ?? DEFAULT_URL
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new OptionError(`--url (FIREDRILL_URL) must be an http or https URL, not "${url}"`)
    }
    const [sandbox, token] = [textOf(given, 'sandbox'), textOf(given, 'admin-token')]
    this.#control = `${url.replace(/\/+$/, '')}/__admin`
    this.#sandboxPath = sandbox === undefined ? '' : `/sandboxes/${encodeURIComponent(sandbox)}`
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  }

  /** Runs a control operation on the server. */
  invoke<Row extends Operation>(row: Row, input: RemoteInput = {}): Promise<Output<Row>> {
    return this.#exchange(row.method, this.#pathOf(row, input), input.body)
  }

  /** Runs a control operation of kind `events`, and returns when the server ends it. */
  async watch<Row extends Operation>(
    row: Row,
    input: RemoteInput,
    onEvent: (event: Output<Row>) => void,
  ): Promise<void> {
    const path = this.#pathOf(row, input)
    const response = await openEvents(this.#control + path, this.#headers).catch(cause => {
      throw this.#noServer(cause)
    })
    const { statusCode = 0, headers } = response
    if (statusCode !== 200) throw this.#refused(path, statusCode, headers['content-type'], await text(response))
    try {
      for await (const event of eventsIn(response)) onEvent(event as Output<Row>)
    } catch (cause) {
      throw new CommandError(`The connection to ${this.#control} was lost`, 1, { cause })
    }
  }

  /** Runs a control operation of kind `file`, and saves the file in the current folder under the name that the server gives it. */
  async download(row: Operation, input: RemoteInput): Promise<{ file: string; sizeBytes: number }> {
    const path = this.#pathOf(row, input)
    const answer = await this.#send(row.method, path, undefined)
    const type = answer.headers.get('content-type') ?? ''
    if (!answer.ok || !answer.body) throw this.#refused(path, answer.status, type, await answer.text())
    const [, name = row.id] = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? []
    const target = createWriteStream(basename(name))
    try {
      await pipeline(answer.body, target)
    } catch (cause) {
      throw new CommandError(`${basename(name)} was not saved: ${(cause as Error).message}`, 1, { cause })
    }
    const saved = { file: basename(name), sizeBytes: target.bytesWritten }
    this.lastAnswer = JSON.stringify(saved)
    return saved
  }

  #pathOf({ path: pattern, scope }: Operation, { path = {}, query = {} }: RemoteInput): string {
    const filled = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`
    return (scope === 'sandbox' ? this.#sandboxPath : '') + filled + search
  }

  async #exchange<T>(method: string, path: string, body: unknown): Promise<T> {
    const answer = await this.#send(method, path, body)
    const content = await answer.text()
    const type = answer.headers.get('content-type') ?? ''
    if (!answer.ok) throw this.#refused(path, answer.status, type, content)
    this.lastAnswer = content.trimEnd()
    return (isJson(type) ? JSON.parse(content) : content) as T
  }

  async #send(method: string, path: string, body: unknown): Promise<Response> {
    const content = body === undefined ? {} : { 'content-type': 'application/json' }
    const payload = body === undefined ? {} : { body: JSON.stringify(body) }
    try {
      return await fetch(this.#control + path, { method, headers: { ...this.#headers, ...content }, ...payload })
    } catch (error) {
      // The cause has the reason, such as ECONNREFUSED; fetch itself says only "fetch failed".
      throw this.#noServer(error instanceof Error && error.cause instanceof Error ? error.cause : error)
    }
  }

  #refused(path: string, status: number, type = '', content: string): CommandError {
    const { detail } = isJson(type) ? (JSON.parse(content) as { detail?: string }) : {}
    const unknown = `${this.#control}${path} responded with ${status}; is it the URL of a Firedrill server?`
    return new CommandError(detail ?? unknown)
  }

  #noServer(cause: unknown): CommandError {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const message = /certificate/.test(reason)
      ? `The certificate of ${this.#control} is not trusted (${reason}); set NODE_EXTRA_CA_CERTS to the file of the server's --tls-ca`
      : `No server at ${this.#control} (${reason}); start one with firedrill, or give its address with --url`
    return new CommandError(message, 1, { cause })
  }
}

function isJson(type: string): boolean {
  return /\bjson\b/.test(type)
}
