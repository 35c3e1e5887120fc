// What the clients of all drills share: their requests, waits and reports.
import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** What a client reports to its user, which the verdict includes; further fields as the task says. */
export type Report = { outcome?: 'success' | 'failure'; sha256?: string } & Record<string, unknown>

/** Performs the drill and returns its report. */
export type Client = (session: Session) => Promise<Report>

export interface DrillClients {
  correct: Client
  /** Others that do it right in another way. */
  alsoCorrect?: Record<string, Client>
  /** By the mistake that the client makes. `reason` matches the reasons of its verdict. */
  wrong: Record<string, { client: Client; reason: RegExp }>
}

/** A request to the API of the drill. */
export interface Call {
  method?: string
  /** Relative to the base URL, without a slash at the beginning. */
  path: string
  headers?: Record<string, string>
  /** Text or bytes are sent as they are, anything else as JSON with its content type. */
  body?: unknown
  /** For an attempt: the connection is closed when nothing has arrived for this long, in ms of this machine's time. */
  idleMs?: number
}

/** A complete answer. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as there are operations
  json: any
}

/** What arrived of an answer, perhaps before the connection failed. */
export interface Attempt {
  status?: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  /** Why the connection failed. */
  error?: string
}

/** The task of a client, as far as its program needs it. */
export interface Run {
  drill: string
  /** The base URL of the API, without a slash at the end. */
  url: string
  clockUrl: string
  inputs: Record<string, unknown>
  credentials: Record<string, string>
}

/** What a client has: its task, and a way to send requests and to wait. */
export interface Session {
  readonly run: Run
  send(what: Call): Promise<Answer>
  /** Does not throw when the connection fails. */
  attempt(what: Call): Promise<Attempt>
  /** Advances the clock instead of sleeping. */
  wait(durationMs: number): Promise<void>
  credential(name: string): string
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
