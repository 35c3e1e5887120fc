// The journal of one sandbox: its latest requests and responses, limited in number and in bytes.
import { hexOf } from '../hex.ts'
import type { Ids } from '../ids.ts'
import { Entry, type EntryOwner, type Received } from './entry.ts'
import type { Journals } from './journals.ts'

export interface Listener {
  /** Whether it is part of the sandbox, and not of somebody who waits for requests. */
  isOwn?: boolean
  /** A response is about to be sent, or the connection was closed before one was. */
  ended(entry: Entry): void
  /** All of the file that the response sends has been sent, or its connection was closed. */
  sent?(entry: Entry): void
  /** No further entries will follow. */
  closed(): void
}

/** The memory of an entry apart from its URL, headers and bodies. */
const ENTRY_BYTES = 1024

/** Odd, so that multiplying by it modulo 2^32 maps different numbers to different numbers; spreads neighbouring ones. */
const MULTIPLIER = 0x9e3779b1
/** Multiplied by it modulo 2^32, the multiplier gives 1. */
const INVERSE = 0xe8b2f51

export class Journal implements EntryOwner {
  readonly #journals: Journals
  /** The ids of entries are made from a version 4 UUID that depends on the seed and the sandbox: its first 32 bits, and the rest. */
  readonly #idStart: number
  readonly #idEnd: string
  readonly #listeners = new Set<Listener>()
  /** In order of arrival; those before `#first` have been removed. */
  #entries: (Entry | undefined)[] = []
  #first = 0
  readonly #connectionNumbers = new WeakMap<object, number>()
  #connectionCount = 0
  #bytes = 0
  #sequence = 0
  /** The number of requests of another sandbox, of which this one is a copy. */
  #before = 0
  #closed = false

  constructor(journals: Journals, ids: Ids) {
    this.#journals = journals
    const baseId = ids.uuidOf('journal')
    this.#idStart = Number.parseInt(baseId.slice(0, 8), 16)
    this.#idEnd = baseId.slice(8)
  }

  get enabled(): boolean {
    return this.#journals.limits.entries > 0
  }

  /** The number of requests that were recorded, including those whose entries were removed. */
  get received(): number {
    return this.#sequence - this.#before
  }

  /** The sequence number of the latest request. */
  get latest(): number {
    return this.#sequence
  }

  /** The next request gets the number after `sequence`, as in the sandbox of which this one is a copy. */
  continueAfter(sequence: number): void {
    this.#sequence = sequence
    this.#before = sequence
  }

  begin(received: Received): Entry {
    this.#sequence += 1
    const entry = new Entry({ sequence: this.#sequence, arrival: this.#journals.nextArrival() }, received, this)
    entry.countedBytes = 0
    if (this.#first === this.#entries.length) this.#journals.noteFilled(this, true)
    this.#entries.push(entry)
    this.addBytes(entry, ENTRY_BYTES + received.url.length + lengthOf(received.rawHeaders))
    return entry
  }

  /**
   * A version 4 UUID: the first group differs for every sequence number below 2^32, the others are the same in the whole
   * journal. A hash per request would be too slow.
   */
  idOf(sequence: number): string {
    const group = Math.imul(sequence, MULTIPLIER) ^ this.#idStart
    return hexOf(group) + this.#idEnd
  }

  /** The reverse of `idOf`; undefined for what is no id of a request that has arrived. */
  sequenceOf(id: string): number | undefined {
    const sequence = Math.imul(Number.parseInt(id.slice(0, 8), 16) ^ this.#idStart, INVERSE) >>> 0
    return sequence > 0 && sequence <= this.#sequence && this.idOf(sequence) === id ? sequence : undefined
  }

  connectionNumberOf(connection: object): number {
    const known = this.#connectionNumbers.get(connection)
    if (known !== undefined) return known
    this.#connectionCount += 1
    this.#connectionNumbers.set(connection, this.#connectionCount)
    return this.#connectionCount
  }

  ended(entry: Entry): void {
    for (const listener of this.#listeners) listener.ended(entry)
  }

  sent(entry: Entry): void {
    for (const listener of this.#listeners) listener.sent?.(entry)
  }

  /** Whether a recorded request is running, or something outside of the sandbox listens. */
  get isInUse(): boolean {
    for (const { isOwn = false } of this.#listeners) if (!isOwn) return true
    return this.entries().some(({ ended, transfer }) => !ended || transfer?.state === 'sending')
  }

  /** In order of arrival. */
  entries(): Entry[] {
    return this.#entries.slice(this.#first) as Entry[]
  }

  remove(removed: ReadonlySet<Entry>): void {
    for (const entry of removed) this.#release(entry)
    this.#entries = this.entries().filter(entry => !removed.has(entry))
    this.#first = 0
    this.#noteEmpty()
  }

  clear(): void {
    this.remove(new Set(this.entries()))
  }

  /** Returns a function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    if (this.#closed) queueMicrotask(() => listener.closed())
    return () => this.#listeners.delete(listener)
  }

  /** Subscribes a live listener; their number per server is limited. Throws Refusal when the limit is reached. */
  subscribeLive(listener: Listener): () => void {
    const release = this.#journals.addListener()
    const unsubscribe = this.subscribe({
      ended: entry => listener.ended(entry),
      closed() {
        release()
        listener.closed()
      },
    })
    return () => {
      release()
      unsubscribe()
    }
  }

  /** Ends every subscription, also later ones; requests are still recorded. */
  close(): void {
    this.#closed = true
    for (const listener of this.#listeners) listener.closed()
    this.#listeners.clear()
  }

  /** Has no effect on an entry that has been removed. */
  addBytes(entry: Entry, bytes: number): void {
    if (entry.countedBytes === undefined) return
    entry.countedBytes += bytes
    this.#bytes += bytes
    this.#journals.addBytes(bytes)
    const { limits } = this.#journals
    while (this.#entries.length - this.#first > limits.entries || this.#bytes > limits.bytes) this.dropOldest()
    this.#journals.trim()
  }

  dropOldest(): void {
    this.#release(this.#entries[this.#first] as Entry)
    this.#entries[this.#first] = undefined
    this.#first += 1
    this.#noteEmpty()
    // Copying when half of the array is free costs constant time per entry.
    if (this.#first * 2 <= this.#entries.length) return
    this.#entries = this.entries()
    this.#first = 0
  }

  get oldestArrival(): number | undefined {
    return this.#entries[this.#first]?.arrival
  }

  #noteEmpty(): void {
    if (this.#first === this.#entries.length) this.#journals.noteFilled(this, false)
  }

  #release(entry: Entry): void {
    if (entry.countedBytes === undefined) return
    this.#bytes -= entry.countedBytes
    this.#journals.addBytes(-entry.countedBytes)
    entry.countedBytes = undefined
  }
}

function lengthOf(texts: readonly string[]): number {
  let length = 0
  for (const text of texts) length += text.length
  return length
}
