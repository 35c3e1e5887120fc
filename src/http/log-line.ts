// What is logged of each request and of long work, for a person or a program that follows the server.

/** One request. Secrets are redacted as in the journal. */
export interface RequestLine {
  event: 'request'
  /** When it ended, in real time (ISO 8601). */
  at: string
  /** Undefined for a URL that cannot be routed, if the sandbox does not exist. */
  sandbox?: string
  method: string
  /** Path and query as sent. */
  path: string
  /** Undefined if no response was sent. */
  status?: number
  durationMs: number
  operation?: string
  /** The kind of the fault that fired. */
  fault?: string
  /** The documented response that was requested and sent. */
  forced?: string
  /** Why it was refused. */
  reason?: string
}

/** Work that takes more than a second: one line for each second. */
export interface ProgressLine {
  event: 'progress'
  at: string
  sandbox: string
  operation: string
  elapsedMs: number
  /** The virtual time that was reached (ISO 8601). */
  virtualTime: string
}

export type LogLine = RequestLine | ProgressLine
export type Log = (line: LogLine) => void
