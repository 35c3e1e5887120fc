// What the clients of all drills share: their requests, waits and reports.
import { createHash } from 'node:crypto'
import type { DrillRun, DrillVerdictRequest } from '../../src/index.ts'
import { startExchange } from '../fault-requests.ts'
import { type Answer, type Call, call } from '../helpers.ts'

/** What a client reports to its user, which the verdict includes; further fields as the task says. */
export type Report = Pick<DrillVerdictRequest, 'outcome' | 'sha256'> & Record<string, unknown>

/** Performs the drill and returns its report. */
export type Client = (session: Session) => Promise<Report>

export interface DrillClients {
  correct: Client
  /** By the mistake that the client makes. `reason` matches the reasons of its verdict. */
  wrong: Record<string, { client: Client; reason: RegExp }>
}

/** Sends the requests of a client to the sandbox of a run. */
export class Session {
  readonly run: DrillRun
  readonly #server: { url: string }

  constructor(server: { url: string }, run: DrillRun) {
    this.#server = server
    this.run = run
  }

  /** Faults make responses that are not in the contract. */
  send(what: Call): Promise<Answer> {
    return call(this.#server, { contract: false, ...what, path: `/@${this.run.sandbox}/${what.path}` })
  }

  /** Reports how much of an answer arrived; does not throw when the connection fails. */
  attempt(what: Call) {
    return startExchange(this.#server, { ...what, path: `/@${this.run.sandbox}/${what.path}` }).outcome
  }

  /** Advances the clock instead of sleeping. */
  async wait(durationMs: number): Promise<void> {
    await this.send({ method: 'POST', path: '__admin/clock/advance', body: { by: `${durationMs}ms` } })
  }

  credential(name: string): string {
    return this.run.credentials[name] as string
  }
}

/** Repeats `step` until it returns a report, with a wait after each time, at most 60 times. */
export async function repeat(
  session: Session,
  pauseMs: number,
  step: () => Promise<Report | undefined>,
): Promise<Report> {
  for (let tries = 0; tries < 60; tries++) {
    const report = await step()
    if (report) return report
    await session.wait(pauseMs)
  }
  return failure
}

export const success: Report = { outcome: 'success' }
export const failure: Report = { outcome: 'failure' }

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
