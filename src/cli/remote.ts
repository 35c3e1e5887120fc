// Commands to a running server: where it is, what is asked of it over the control API, and what it refused.
import { commandVariables, DEFAULT_URL, refuseMisspeltVariables } from '../config.ts'
import { type Flag, OptionError } from './flags.ts'
import { type Argument, type Call, type Command, CommandError, textOf } from './command.ts'

const serverFlags: Record<string, Flag> = {
  url: { value: 'URL', help: `where the server is [${DEFAULT_URL}]`, env: commandVariables.url },
  'admin-token': { value: 'TOKEN', help: 'what the server asks for', env: 'FIREDRILL_ADMIN_TOKEN' },
  json: { value: undefined, help: "print the server's answer as it is" },
}
const sandboxFlag: Record<string, Flag> = {
  sandbox: {
    value: 'NAME',
    help: 'the sandbox that it is about, instead of the default one',
    env: commandVariables.sandbox,
  },
}

interface RemoteCommand {
  name: string
  summary: string
  arguments?: readonly Argument[]
  flags?: Readonly<Record<string, Flag>>
  /** The text for people; with --json the answer that the server gave last is printed instead. */
  run(server: Server, call: Call): Promise<string>
}

/** A command about one sandbox. */
export function sandboxCommand(command: RemoteCommand): Command {
  return serverCommand({ ...command, flags: { ...command.flags, ...sandboxFlag } })
}

/** A command about the server as a whole. */
export function serverCommand({ run, flags = {}, arguments: words = [], ...rest }: RemoteCommand): Command {
  const allFlags = { ...flags, ...serverFlags }
  return {
    ...rest,
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
        // An answer that is bad news is an answer.
        if (!isRaw || server.lastAnswer === '' || !(error instanceof CommandError)) throw error
        return { text: server.lastAnswer, exitCode: error.exitCode }
      }
    },
  }
}

/** The control API of a running server. Methods throw CommandError for what it refuses. */
export class Server {
  /** As it came. */
  lastAnswer = ''
  readonly #control: string
  readonly #place: string
  readonly #headers: Record<string, string>

  constructor(given: Call['given']) {
    const url = textOf(given, 'url') ?? DEFAULT_URL
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new OptionError(`--url (FIREDRILL_URL) must be an http or https URL, not "${url}"`)
    }
    const [sandbox, token] = [textOf(given, 'sandbox'), textOf(given, 'admin-token')]
    this.#control = `${url.replace(/\/+$/, '')}/__admin`
    this.#place = sandbox === undefined ? '' : `/sandboxes/${encodeURIComponent(sandbox)}`
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  }

  /** About the sandbox. The answer is as the control API's document says; `T` is what it says. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#exchange(method, this.#place + path, body)
  }

  /** About the server as a whole. */
  askServer<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#exchange(method, path, body)
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
        `no server answers at ${this.#control} (${reason}); start one with firedrill, or say where it is with --url`,
        1,
        { cause },
      )
    }
  }
}
