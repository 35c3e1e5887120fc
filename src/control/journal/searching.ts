// Searches the journal in limited time, because a search blocks the server.
import { hostStopwatch } from '../../sandbox/clock/clock.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { Refusal } from '../../sandbox/refusal.ts'

/** In real time. Only expensive patterns on long bodies take so long. */
const MAX_SEARCH_MS = 2000

/** The time that one call of a control operation may spend on matching. */
export class SearchTime {
  readonly #ignoredMs: number
  #spentMs = 0

  /** Matches that take less than `ignoredMs` do not count: for a search that continues with every new request. */
  constructor(ignoredMs = 0) {
    this.#ignoredMs = ignoredMs
  }

  /** Throws Refusal when the limit is exceeded. */
  spend<Result>(match: () => Result): Result {
    const startedAt = hostStopwatch()
    const result = match()
    const tookMs = hostStopwatch() - startedAt
    if (tookMs >= this.#ignoredMs) this.#spentMs += tookMs
    if (this.#spentMs > MAX_SEARCH_MS) {
      throw new Refusal(
        'invalid',
        `the search was stopped after ${MAX_SEARCH_MS} ms: use a simpler regular expression, add a field that is compared ` +
          'first (method, urlPath, operation), or empty the journal',
      )
    }
    return result
  }
}

/** The matching entries in order of arrival. Throws Refusal when the search takes too long. */
export function search(
  entries: readonly Entry[],
  matches: (entry: Entry) => boolean,
  time: SearchTime = new SearchTime(),
): Entry[] {
  return entries.filter(entry => time.spend(() => matches(entry)))
}
