// An entry of the journal: one request and its response, with their secrets.
import { hostStopwatch } from '../clock/clock.ts'
import type { Capture } from './capture.ts'
import type { RequestTrace } from './trace.ts'
import type { Transfer } from './transfer.ts'

/** What the schemas of a request's route mark as secret. */
export interface SecretMarks {
  /** Names of headers, parameters, cookies and fields, in lower case. */
  readonly names: ReadonlySet<string>
  /** Whether the names of query parameters without a value are secret. */
  readonly hasSecretQueryNames: boolean
  /** The statuses of responses whose whole body is secret. */
  readonly secretResponses: ReadonlySet<number>
}

export interface Received {
  method: string
  /** Path and query as sent, with the sandbox prefix. */
  url: string
  /** Path and query as routed. */
  path: string
  httpVersion: string
  /** Alternating names and values, as sent. */
  rawHeaders: readonly string[]
  clientIp: string
  /** `scheme://host` that the client used. */
  origin: string
  /** The API that the path belongs to, even if it has no such operation. */
  api: string | undefined
  operation: string | undefined
  /** Whether a route matches. */
  matched: boolean
  /** Epoch ms in virtual time. */
  virtualAt: number
  /** Epoch ms in real time. */
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

/** The journal of an entry, as far as the entry needs it. */
export interface EntryOwner {
  /** 1, 2, 3 … in the order in which connections are first seen. */
  connectionNumberOf(connection: object): number
  idOf(sequence: number): string
  addBytes(entry: Entry, bytes: number): void
  ended(entry: Entry): void
  sent(entry: Entry): void
}

/** The memory of a transfer, and of each part of its body. */
const TRANSFER_BYTES = 256
const PART_BYTES = 64

/**
 * The received values are copied into fields. If the object literal itself were kept, V8 would find that the first ones all survive
 * and would allocate all later ones in the old generation.
 */
export class Entry implements Received {
  /** 1, 2, 3 … in the order of arrival in the journal. */
  readonly sequence: number
  /** Greater than that of every earlier entry of all journals. */
  readonly arrival: number
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
  /** Undefined until the response is sent, and if the connection is closed before it is. */
  answer: Answer | undefined
  /** Of a response that sends a file or a part of it. */
  transfer: Transfer | undefined
  /** The number of the client's connection in the journal, if there is a transfer. */
  connection: number | undefined
  /** From the arrival of the request to its response, or to the end of the connection. */
  durationMs: number | undefined
  /** The size that the journal counts for it; undefined while it is not in the journal. */
  countedBytes: number | undefined
  readonly #arrivedAt = hostStopwatch()
  readonly #owner: EntryOwner
  #id: string | undefined

  constructor({ sequence, arrival }: { sequence: number; arrival: number }, received: Received, owner: EntryOwner) {
    this.sequence = sequence
    this.arrival = arrival
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
    this.#owner = owner
  }

  /** Adds a part of the request body, which can arrive after the response. */
  receive(chunk: Buffer): void {
    const before = this.body.keptBytes
    this.body.add(chunk)
    // Before the end, the size of the body is not counted yet.
    if (this.ended) this.#owner.addBytes(this, this.body.keptBytes - before)
  }

  /** `connection`: the object that stands for the connection. */
  send(transfer: Transfer, connection: object): void {
    this.transfer = transfer
    this.connection = this.#owner.connectionNumberOf(connection)
    this.#owner.addBytes(this, TRANSFER_BYTES + PART_BYTES * transfer.parts.length)
  }

  /** Call it when the transfer has ended, and after everything that follows from that. */
  sent(): void {
    this.#owner.sent(this)
  }

  /** `answer`: undefined if there will be none. Only the first call has an effect. */
  end(answer?: Answer): void {
    if (this.ended) return
    this.answer = answer
    this.durationMs = hostStopwatch() - this.#arrivedAt
    this.#owner.addBytes(this, this.body.keptBytes + (answer?.body.keptBytes ?? 0))
    this.#owner.ended(this)
  }

  /** The same for the same seed, sandbox and sequence. */
  get id(): string {
    this.#id ??= this.#owner.idOf(this.sequence)
    return this.#id
  }

  get ended(): boolean {
    return this.durationMs !== undefined
  }
}
