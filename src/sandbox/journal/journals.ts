// What the journals of one server share: memory for their entries, and live listeners.

import { Refusal } from '../refusal.ts'
import type { Entry } from './entry.ts'

export interface JournalLimits {
  /** Of each journal; 0 switches journals off. */
  entries: number
  /** Of each journal. */
  bytes: number
  /** Of all journals together. */
  totalBytes: number
  /** Live listeners of all journals together. */
  listeners: number
}

export class Journals {
  readonly limits: JournalLimits
  #bytes = 0
  #listenerCount = 0
  #oldest: Entry | undefined
  #newest: Entry | undefined

  constructor(limits: JournalLimits) {
    this.limits = limits
  }

  add(entry: Entry): void {
    entry.older = this.#newest
    if (this.#newest) this.#newest.newer = entry
    else this.#oldest = entry
    this.#newest = entry
  }

  /** The entry has left its journal; `bytes` is what it was counted with. */
  remove(entry: Entry, bytes: number): void {
    const { older, newer } = entry
    if (older) older.newer = newer
    else this.#oldest = newer
    if (newer) newer.older = older
    else this.#newest = older
    // An entry that somebody still reads must not keep those beside it in memory.
    entry.older = undefined
    entry.newer = undefined
    this.#bytes -= bytes
  }

  addBytes(bytes: number): void {
    this.#bytes += bytes
  }

  /** Drops the oldest entries of all journals until the rest fits. */
  trim(): void {
    while (this.#oldest && this.#bytes > this.limits.totalBytes) this.#oldest.drop()
  }

  /** Returns what ends it, once. Throws Refusal when there are as many listeners as there may be. */
  addListener(): () => void {
    const { listeners } = this.limits
    if (this.#listenerCount >= listeners) {
      throw new Refusal('limit', `there are ${listeners} live listeners already; close some, or raise --max-listeners`)
    }
    this.#listenerCount += 1
    let isOver = false
    return () => {
      if (!isOver) this.#listenerCount -= 1
      isOver = true
    }
  }
}
