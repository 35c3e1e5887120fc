// One request and its answer, as the journal keeps them: with all that was in them, secrets included.

import { hostStopwatch } from '../clock/clock.ts'
import type { Capture } from './capture.ts'
import type { RequestTrace } from './trace.ts'

/** What the schemas of a request's route mark as secret. */
export interface SecretMarks {
  /** Names of headers, parameters, cookies and fields, in lower case. */
  readonly names: ReadonlySet<string>
  /** Whether the names of query parameters without a value are secret. */
  readonly hasSecretQueryNames: boolean
}

export interface Received {
  method: string
  /** As sent, with what leads to the sandbox. */
  url: string
  /** As routed, with its query. */
  path: string
  httpVersion: string
  /** Names and values in turn, as sent. */
  rawHeaders: readonly string[]
  clientIp: string
  /** `scheme://host` that the client used. */
  origin: string
  /** The API whose path it is, whether there is such an operation or not. */
  api: string | undefined
  operation: string | undefined
  /** Something is served there. */
  matched: boolean
  /** Epoch ms, of the sandbox and of this machine. */
  virtualAt: number
  receivedAt: number
  body: Capture
  trace: RequestTrace
  /** Undefined when no route matches. */
  secretMarks: SecretMarks | undefined
}

type Headers = Readonly<Record<string, number | string | readonly string[] | undefined>>

export class Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Capture

  constructor(status: number, headers: Headers, body: Capture) {
    this.status = status
    this.headers = headers
    this.body = body
  }
}

/** What an entry belongs to, as far as it needs that. */
export interface Book {
  idOf(sequence: number): string
  addBytes(entry: Entry, bytes: number): void
  ended(entry: Entry): void
  /** Of its entries. */
  dropOldest(): void
}

/**
 * What was received is copied into fields: V8 would see the literals of the first entries survive, all of them, and from then on
 * allocate every one for long life.
 */
export class Entry implements Received {
  /** 1, 2, 3 … in the order of arrival. */
  readonly sequence: number
  readonly method: string
  readonly url: string
  readonly path: string
  readonly httpVersion: string
  readonly rawHeaders: readonly string[]
  readonly clientIp: string
  readonly origin: string
  readonly api: string | undefined
  readonly operation: string | undefined
  readonly matched: boolean
  readonly virtualAt: number
  readonly receivedAt: number
  readonly body: Capture
  readonly trace: RequestTrace
  readonly secretMarks: SecretMarks | undefined
  /** None while the request is on its way, and none ever when its connection was cut. */
  answer: Answer | undefined
  /** From its arrival to when its answer, or nothing any more, was to be sent. */
  durationMs: number | undefined
  /** What the journal counts it with; undefined when it is not, or not any more, in it. */
  weightBytes: number | undefined
  /** Its neighbours among the entries of all journals, in the order of arrival. */
  older: Entry | undefined
  newer: Entry | undefined
  readonly #arrivedAt = hostStopwatch()
  readonly #book: Book
  #id: string | undefined

  constructor(sequence: number, received: Received, book: Book) {
    this.sequence = sequence
    this.method = received.method
    this.url = received.url
    this.path = received.path
    this.httpVersion = received.httpVersion
    this.rawHeaders = received.rawHeaders
    this.clientIp = received.clientIp
    this.origin = received.origin
    this.api = received.api
    this.operation = received.operation
    this.matched = received.matched
    this.virtualAt = received.virtualAt
    this.receivedAt = received.receivedAt
    this.body = received.body
    this.trace = received.trace
    this.secretMarks = received.secretMarks
    this.#book = book
  }

  /** More of its body has come, perhaps after it was answered. */
  receive(chunk: Buffer): void {
    const before = this.body.keptBytes
    this.body.add(chunk)
    // Until then it is weighed at the end, all at once.
    if (this.ended) this.#book.addBytes(this, this.body.keptBytes - before)
  }

  /** `answer` undefined: there will be none. Only the first call counts. */
  end(answer?: Answer): void {
    if (this.ended) return
    this.answer = answer
    this.durationMs = hostStopwatch() - this.#arrivedAt
    this.#book.addBytes(this, this.body.keptBytes + (answer?.body.keptBytes ?? 0))
    this.#book.ended(this)
  }

  /** Call it for the oldest of all entries only: it leaves its journal, where it is the oldest, too. */
  drop(): void {
    this.#book.dropOldest()
  }

  /** The same for the same seed, sandbox and sequence. */
  get id(): string {
    this.#id ??= this.#book.idOf(this.sequence)
    return this.#id
  }

  get ended(): boolean {
    return this.durationMs !== undefined
  }
}
