// Waits until enough matching requests have ended, without polling.
import { hostTimeout } from '../../sandbox/clock/clock.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import type { Journal } from '../../sandbox/journal/journal.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { boundsOf, differenceOf } from './counting.ts'
import type { Pattern } from './patterns.ts'
import { SearchTime, search } from './searching.ts'

/** Matches of patterns that need no limit take far less. */
const SLOW_MATCH_MS = 10

export interface Wait {
  pattern: Pattern
  count: number
  /** In real time. */
  timeoutMs: number
  /** Ends the wait early. */
  signal: AbortSignal | undefined
}

/**
 * Resolves to the matching requests, earlier ones included, when `count` of them have ended. Rejects with a Refusal of kind
 * `timeout` that says what is missing, or of kind `invalid` when matching takes too long.
 */
export async function waitFor(journal: Journal, { pattern, count, timeoutMs, signal }: Wait): Promise<Entry[]> {
  const matches = (entry: Entry) => entry.ended && pattern.matches(entry)
  const found = search(journal.entries(), matches)
  if (found.length >= count) return found
  const time = new SearchTime(SLOW_MATCH_MS)
  const { promise, resolve, reject } = Promise.withResolvers<Entry[]>()
  const fail = (reason: string) => {
    try {
      const difference = differenceOf(pattern, boundsOf({ atLeast: count }), found.length, journal.entries())
      reject(new Refusal('timeout', `${reason} ${difference}`))
    } catch (error) {
      reject(error)
    }
  }
  const unsubscribe = journal.subscribe({
    ended(entry) {
      try {
        found.push(...search([entry], matches, time))
      } catch (error) {
        reject(error)
      }
      if (found.length >= count) resolve(found)
    },
    closed: () => fail('The sandbox was dropped, or the server was closed.'),
  })
  const stopTimeout = hostTimeout(timeoutMs, () =>
    fail(`Timed out after ${timeoutMs} ms with too few matching requests.`),
  )
  signal?.addEventListener('abort', () => fail('The wait was aborted.'))
  return promise.finally(() => {
    unsubscribe()
    stopTimeout()
  })
}
