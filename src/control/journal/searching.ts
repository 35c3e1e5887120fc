// Searches of the journal, limited in time: everything else waits meanwhile.
import { hostStopwatch } from '../../sandbox/clock/clock.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { Refusal } from '../../sandbox/refusal.ts'

/** Of this machine's time. Only expensive patterns on long bodies come near it. */
const MAX_SEARCH_MS = 2000

/** The time that one request to the control API may spend on matching. */
export class SearchTime {
  readonly #ignoredMs: number
  #spentMs = 0

  /** Matches that take less than `ignoredMs` do not count: for a search that goes on with every request to come. */
  constructor(ignoredMs = 0) {
    this.#ignoredMs = ignoredMs
  }

  /** Throws Refusal when the time is used up. */
  spend<Result>(match: () => Result): Result {
    const startedAt = hostStopwatch()
    const result = match()
    const tookMs = hostStopwatch() - startedAt
    if (tookMs >= this.#ignoredMs) this.#spentMs += tookMs
    if (this.#spentMs > MAX_SEARCH_MS) {
      throw new Refusal(
        'invalid',
        `the search was given up after ${MAX_SEARCH_MS} ms: use a simpler regular expression, or add a pattern that needs ` +
          'none (method, urlPath, operation), or empty the journal',
      )
    }
    return result
  }
}

/** In order of arrival. Throws Refusal when it takes too long. */
export function search(
  entries: readonly Entry[],
  matches: (entry: Entry) => boolean,
  time: SearchTime = new SearchTime(),
): Entry[] {
  return entries.filter(entry => time.spend(() => matches(entry)))
}
