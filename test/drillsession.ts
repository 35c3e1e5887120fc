// The session of a drill client with a server of the tests.
import type { Answer, Attempt, Call, Session } from '../examples/certify-typescript/clients/index.ts'
import { startExchange } from './fault-requests.ts'
import { call } from './helpers.ts'

type Run = Session['run'] & { sandbox: string }

/** Sends the requests of a client to the sandbox of a run. */
export class ServerSession implements Session {
  readonly run: Run
  readonly #server: { url: string }

  constructor(server: { url: string }, run: Run) {
    this.#server = server
    this.run = run
  }

  /** Faults make responses that are not in the contract. */
  send(what: Call): Promise<Answer> {
    return call(this.#server, { contract: false, ...what, path: `/@${this.run.sandbox}/${what.path}` })
  }

  /** Reports how much of an answer arrived; does not throw when the connection fails. */
  attempt(what: Call): Promise<Attempt> {
    const { idleMs, path, ...more } = what
    const { outgoing, outcome } = startExchange(this.#server, { ...more, path: `/@${this.run.sandbox}/${path}` })
    if (idleMs !== undefined) outgoing.setTimeout(idleMs, () => outgoing.destroy())
    return outcome
  }

  /** Advances the clock instead of sleeping. */
  async wait(durationMs: number): Promise<void> {
    await this.send({ method: 'POST', path: '__admin/clock/advance', body: { by: `${durationMs}ms` } })
  }

  credential(name: string): string {
    return this.run.credentials[name] as string
  }
}
