// One request and its answer, as the journal keeps them: with all that was in them, secrets included.
import type { Capture } from './capture.ts'
import type { Ids } from './ids.ts'

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
  course: Course
}

export interface Failure {
  /** In the room's catalogue, save at the check `forced`. */
  name: string
  /** The check that it failed at. */
  check: 'route' | 'forced' | 'authentication' | 'parameters' | 'rules'
  message: string
  details: readonly string[]
}

/** What became of a request on its way; known by and by. */
export interface Course {
  /** The armed fault that it ran into. */
  fault?: { id: string; fault: string }
  /** The documented answer that the client asked for instead of the real one. */
  forced?: string
  failure?: Failure
  /** Nothing was found wrong with it before the room's own rules. */
  reachedRules?: boolean
}

export interface Answered {
  status: number
  headers: Readonly<Record<string, number | string | string[] | undefined>>
  body: Capture
}

export class Entry {
  /** 1, 2, 3 … in the order of arrival. */
  readonly sequence: number
  readonly received: Received
  /** None while the request is on its way, and none ever when its connection was cut. */
  answer: Answered | undefined
  /** From its arrival to when its answer, or nothing any more, was to be sent. */
  durationMs: number | undefined
  /** What the journal counts it with; undefined when it is not, or not any more, in it. */
  weightBytes: number | undefined
  readonly #ids: Ids
  #id: string | undefined

  constructor(sequence: number, received: Received, ids: Ids) {
    this.sequence = sequence
    this.received = received
    this.#ids = ids
  }

  /** The same for the same seed and sequence. */
  get id(): string {
    this.#id ??= this.#ids.uuidOf(`journal/${this.sequence}`)
    return this.#id
  }

  get ended(): boolean {
    return this.durationMs !== undefined
  }
}
