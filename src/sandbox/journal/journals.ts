// Limits the memory and the live listeners of all journals of a server.
import { Refusal } from '../refusal.ts'

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

/** A journal, as far as its oldest entry is concerned. */
interface Trimmed {
  /** The arrival of its oldest entry; undefined if it has none. */
  readonly oldestArrival: number | undefined
  dropOldest(): void
}

export class Journals {
  readonly limits: JournalLimits
  #bytes = 0
  #listenerCount = 0
  #arrivals = 0
  /** Those that have entries. */
  readonly #filled = new Set<Trimmed>()

  constructor(limits: JournalLimits) {
    this.limits = limits
  }

  /** 1, 2, 3 … in the order of arrival in all journals. */
  nextArrival(): number {
    this.#arrivals += 1
    return this.#arrivals
  }

  /** Call it when the journal gets its first entry, and when it has lost its last one. */
  noteFilled(journal: Trimmed, isFilled: boolean): void {
    if (isFilled) this.#filled.add(journal)
    else this.#filled.delete(journal)
  }

  /** Negative when an entry has been removed. */
  addBytes(bytes: number): void {
    this.#bytes += bytes
  }

  /**
   * Removes the oldest entries of all journals until the rest is within the limit. Each time it looks at all journals: a list of all
   * entries would cost every request more, because the garbage collector follows its links one by one.
   */
  trim(): void {
    while (this.#bytes > this.limits.totalBytes && this.#filled.size > 0) this.#journalOfOldest().dropOldest()
  }

  /** Call it only if a journal has entries. */
  #journalOfOldest(): Trimmed {
    const arrival = ({ oldestArrival = Number.POSITIVE_INFINITY }: Trimmed) => oldestArrival
    return [...this.#filled].reduce((oldest, journal) => (arrival(journal) < arrival(oldest) ? journal : oldest))
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
