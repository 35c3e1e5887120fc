// Commands to a running server: where it is, what is asked of it over the control API, and what it refused.
import { commandVariables, DEFAULT_URL, refuseMisspeltVariables } from '../config.ts'
import type { Operation, Output } from '../control/operation.ts'
import { type Argument, type Call, type Command, CommandError, textOf } from './command.ts'
import { type Flag, OptionError } from './flags.ts'

const serverFlags: Record<string, Flag> = {
  url: { value: 'URL', help: `where the server is [${DEFAULT_URL}]`, env: commandVariables.url },
  'admin-token': { value: 'TOKEN', help: 'the admin token of the server', env: 'FIREDRILL_ADMIN_TOKEN' },
  json: { value: undefined, help: "print the server's answer as JSON" },
}
const sandboxFlag: Record<string, Flag> = {
  sandbox: {
    value: 'NAME',
    help: 'the sandbox, when it is not the default one',
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
        const text = await run(server, { ...call, given })
        return { text: isRaw ? server.lastAnswer : text, exitCode: 0 }
      } catch (error) {
        // A negative result, such as a failed verdict, is still an answer.
        if (!isRaw || server.lastAnswer === '' || !(error instanceof CommandError)) throw error
        return { text: server.lastAnswer, exitCode: error.exitCode }
      }
    },
  }
}

/** An input as the command line has it: the server validates it. */
export interface RemoteInput {
  path?: Record<string, string>
  query?: Record<string, string | undefined>
  body?: unknown
}

/** The control API of a running server. Methods throw CommandError for what it refuses. */
export class Server {
  /** The body of the last answer. */
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
  invoke<Row extends Operation>(row: Row, { path = {}, query = {}, body }: RemoteInput = {}): Promise<Output<Row>> {
    const filled = row.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`
    return this.#exchange(row.method, (row.scope === 'sandbox' ? this.#sandboxPath : '') + filled + search, body)
  }

  async #exchange<T>(method: string, path: string, body: unknown): Promise<T> {
    const answer = await this.#send(method, path, body)
    const text = await answer.text()
    const isJson = /\bjson\b/.test(answer.headers.get('content-type') ?? '')
    if (!answer.ok) {
      const { detail } = isJson ? (JSON.parse(text) as { detail?: string }) : {}
      throw new CommandError(
        detail ?? `${answer.url} answered ${answer.status}; is there a Firedrill at ${this.#control}?`,
      )
    }
    this.lastAnswer = text.trimEnd()
    return (isJson ? JSON.parse(text) : text) as T
  }

  async #send(method: string, path: string, body: unknown): Promise<Response> {
    const content = body === undefined ? {} : { 'content-type': 'application/json' }
    const payload = body === undefined ? {} : { body: JSON.stringify(body) }
    try {
      return await fetch(this.#control + path, { method, headers: { ...this.#headers, ...content }, ...payload })
    } catch (cause) {
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
      throw new CommandError(
        `No server at ${this.#control} (${reason}); start one with firedrill, or give its address with --url`,
        1,
        { cause },
      )
    }
  }
}
