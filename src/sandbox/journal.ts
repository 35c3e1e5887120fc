// What clients of one sandbox sent and got: the latest exchanges, bounded by number and by bytes, the oldest dropped first.
import type { Ids } from './ids.ts'

export interface JournalLimits {
  /** 0 switches the journal off. */
  entries: number
  bytes: number
}

/** Of each body so much is kept. */
export const BODY_LIMIT_BYTES = 64 * 1024

/** A body as it comes: its beginning, and how long it is. */
export class Capture {
  sizeBytes = 0
  keptBytes = 0
  /** A character for each byte, or text that is ours: lighter to keep than buffers. */
  #bytes = ''
  #text = ''
  readonly #declaredBytes: number

  /** `declaredBytes`: as much was announced, whether it comes or not. */
  constructor(declaredBytes = 0) {
    this.#declaredBytes = declaredBytes
  }

  add(chunk: string | Buffer): void {
    const size = Buffer.byteLength(chunk)
    const room = BODY_LIMIT_BYTES - this.keptBytes
    this.sizeBytes += size
    if (room <= 0) return
    this.keptBytes += Math.min(size, room)
    if (typeof chunk === 'string' && size <= room && this.#bytes === '') this.#text += chunk
    else this.#bytes += Buffer.from(chunk as string).toString('latin1', 0, room)
  }

  /** Counts what is sent without being held: a download. */
  skip(sizeBytes: number): void {
    this.sizeBytes += sizeBytes
  }

  /** All of it has come, and all of that has been kept. */
  get isWhole(): boolean {
    return this.keptBytes >= Math.max(this.sizeBytes, this.#declaredBytes)
  }

  bytes(): Buffer {
    return Buffer.concat([Buffer.from(this.#text), Buffer.from(this.#bytes, 'latin1')])
  }
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

export interface Listener {
  /** An answer is about to be sent, or none ever will be. */
  ended(entry: Entry): void
  /** There will be no more. */
  closed(): void
}

/** An entry and its strings, beside what is measured. */
const ENTRY_BYTES = 1024

export class Journal {
  readonly #limits: JournalLimits
  readonly #ids: Ids
  readonly #listeners = new Set<Listener>()
  /** In order of arrival; those before `#first` are gone. */
  #entries: (Entry | undefined)[] = []
  #first = 0
  #bytes = 0
  #sequence = 0
  #closed = false

  constructor(limits: JournalLimits, ids: Ids) {
    this.#limits = limits
    this.#ids = ids
  }

  get enabled(): boolean {
    return this.#limits.entries > 0
  }

  begin(received: Received): Entry {
    this.#sequence += 1
    const entry = new Entry(this.#sequence, received, this.#ids)
    entry.weightBytes = 0
    this.#entries.push(entry)
    this.#weigh(entry, ENTRY_BYTES + received.url.length + lengthOf(received.rawHeaders) + received.body.keptBytes)
    return entry
  }

  /** More of its body has come, perhaps after it was answered. */
  receive(entry: Entry, chunk: string | Buffer): void {
    const { body } = entry.received
    const before = body.keptBytes
    body.add(chunk)
    this.#weigh(entry, body.keptBytes - before)
  }

  /** `answer` undefined: there will be none. */
  end(entry: Entry, durationMs: number, answer?: Answered): void {
    entry.answer = answer
    entry.durationMs = durationMs
    this.#weigh(entry, answer?.body.keptBytes ?? 0)
    for (const listener of this.#listeners) listener.ended(entry)
  }

  /** In order of arrival. */
  entries(): Entry[] {
    return this.#entries.slice(this.#first) as Entry[]
  }

  remove(gone: ReadonlySet<Entry>): void {
    for (const entry of gone) this.#forget(entry)
    this.#entries = this.entries().filter(entry => !gone.has(entry))
    this.#first = 0
  }

  clear(): void {
    this.remove(new Set(this.entries()))
  }

  /** Returns what ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    if (this.#closed) queueMicrotask(() => listener.closed())
    return () => this.#listeners.delete(listener)
  }

  /** Ends every subscription, for good; requests are still noted. */
  close(): void {
    this.#closed = true
    for (const listener of this.#listeners) listener.closed()
    this.#listeners.clear()
  }

  /** What was dropped or removed meanwhile stays so. */
  #weigh(entry: Entry, bytes: number): void {
    if (entry.weightBytes === undefined) return
    entry.weightBytes += bytes
    this.#bytes += bytes
    const { entries: most, bytes: mostBytes } = this.#limits
    while (this.#entries.length - this.#first > most || this.#bytes > mostBytes) this.#dropOldest()
  }

  #dropOldest(): void {
    this.#forget(this.#entries[this.#first] as Entry)
    this.#entries[this.#first] = undefined
    this.#first += 1
    // Moving the rest up now and then costs each of them once.
    if (this.#first * 2 <= this.#entries.length) return
    this.#entries = this.entries()
    this.#first = 0
  }

  #forget(entry: Entry): void {
    this.#bytes -= entry.weightBytes ?? 0
    entry.weightBytes = undefined
  }
}

function lengthOf(texts: readonly string[]): number {
  let length = 0
  for (const text of texts) length += text.length
  return length
}
