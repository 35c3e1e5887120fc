// What clients of one sandbox sent and got: the latest exchanges, bounded by number and by bytes, the oldest dropped first.

import type { Ids } from '../ids.ts'
import { type Book, Entry, type Received } from './entry.ts'
import type { Journals } from './journals.ts'

export interface Listener {
  /** An answer is about to be sent, or none ever will be. */
  ended(entry: Entry): void
  /** There will be no more. */
  closed(): void
}

/** An entry and its strings, beside what is measured. */
const ENTRY_BYTES = 1024

/** Odd, so that multiplying by it modulo 2^32 maps different numbers to different numbers; spreads neighbouring ones. */
const MULTIPLIER = 0x9e3779b1

export class Journal implements Book {
  /** A version 4 UUID that depends on the seed and the sandbox; the ids of the entries are made from it. */
  readonly #baseId: string
  readonly #journals: Journals
  /** The first 32 bits of `#baseId`. */
  readonly #baseNumber: number
  readonly #listeners = new Set<Listener>()
  /** In order of arrival; those before `#first` are gone. */
  #entries: (Entry | undefined)[] = []
  #first = 0
  #bytes = 0
  #sequence = 0
  #closed = false

  constructor(journals: Journals, ids: Ids) {
    this.#journals = journals
    this.#baseId = ids.uuidOf('journal')
    this.#baseNumber = Number.parseInt(this.#baseId.slice(0, 8), 16)
  }

  get enabled(): boolean {
    return this.#journals.limits.entries > 0
  }

  begin(received: Received): Entry {
    this.#sequence += 1
    const entry = new Entry(this.#sequence, received, this)
    entry.weightBytes = 0
    this.#entries.push(entry)
    this.#journals.add(entry)
    this.addBytes(entry, ENTRY_BYTES + received.url.length + lengthOf(received.rawHeaders))
    return entry
  }

  /**
   * A version 4 UUID: the first group differs for every sequence number below 2^32, the others are the same in the whole
   * journal. A hash per request would be too slow.
   */
  idOf(sequence: number): string {
    const group = (Math.imul(sequence, MULTIPLIER) ^ this.#baseNumber) >>> 0
    return group.toString(16).padStart(8, '0') + this.#baseId.slice(8)
  }

  ended(entry: Entry): void {
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

  /** Subscribes one of the live listeners, of which a server has only so many. Throws Refusal when there are enough. */
  subscribeLive(listener: Listener): () => void {
    const release = this.#journals.addListener()
    const leave = this.subscribe({
      ended: entry => listener.ended(entry),
      closed() {
        release()
        listener.closed()
      },
    })
    return () => {
      release()
      leave()
    }
  }

  /** Ends every subscription, for good; requests are still noted. */
  close(): void {
    this.#closed = true
    for (const listener of this.#listeners) listener.closed()
    this.#listeners.clear()
  }

  /** What was dropped or removed meanwhile stays so. */
  addBytes(entry: Entry, bytes: number): void {
    if (entry.weightBytes === undefined) return
    entry.weightBytes += bytes
    this.#bytes += bytes
    this.#journals.addBytes(bytes)
    const { limits } = this.#journals
    while (this.#entries.length - this.#first > limits.entries || this.#bytes > limits.bytes) this.dropOldest()
    this.#journals.trim()
  }

  dropOldest(): void {
    this.#forget(this.#entries[this.#first] as Entry)
    this.#entries[this.#first] = undefined
    this.#first += 1
    // Moving the rest up now and then costs each of them once.
    if (this.#first * 2 <= this.#entries.length) return
    this.#entries = this.entries()
    this.#first = 0
  }

  #forget(entry: Entry): void {
    if (entry.weightBytes === undefined) return
    this.#bytes -= entry.weightBytes
    this.#journals.remove(entry, entry.weightBytes)
    entry.weightBytes = undefined
  }
}

function lengthOf(texts: readonly string[]): number {
  let length = 0
  for (const text of texts) length += text.length
  return length
}
