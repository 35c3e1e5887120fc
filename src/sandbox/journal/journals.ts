// Limits the memory and the live listeners of all journals of a server.
import { Refusal } from '../refusal.ts'
import type { Entry } from './entry.ts'

export interface JournalLimits {
  /** The maximum number of entries of each journal; 0 disables journals. */
  entries: number
  /** The maximum size of each journal. */
  bytes: number
  /** The maximum size of all journals together. */
  totalBytes: number
  /** The maximum number of live listeners of all journals together. */
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

  /** Call it when the entry has been removed from its journal; `bytes` is the size that was counted for it. */
  remove(entry: Entry, bytes: number): void {
    const { older, newer } = entry
    if (older) older.newer = newer
    else this.#oldest = newer
    if (newer) newer.older = older
    else this.#newest = older
    // An entry that is still in use must not keep others in memory.
    entry.older = undefined
    entry.newer = undefined
    this.#bytes -= bytes
  }

  addBytes(bytes: number): void {
    this.#bytes += bytes
  }

  /** Removes the oldest entries of all journals until the rest is within the limit. */
  trim(): void {
    while (this.#oldest && this.#bytes > this.limits.totalBytes) this.#oldest.drop()
  }

  /** Returns a function that removes the listener. Throws Refusal when the limit is reached. */
  addListener(): () => void {
    const { listeners } = this.limits
    if (this.#listenerCount >= listeners) {
      throw new Refusal(
        'limit',
        `the limit of ${listeners} live listeners is reached; close some, or raise --max-listeners`,
      )
    }
    this.#listenerCount += 1
    let isRemoved = false
    return () => {
      if (!isRemoved) this.#listenerCount -= 1
      isRemoved = true
    }
  }
}
