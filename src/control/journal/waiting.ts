// Waiting until enough requests have come, without asking again and again.
import { hostAlarm } from '../../sandbox/clock/clock.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import type { Journal } from '../../sandbox/journal/journal.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { boundsOf, differenceOf } from './counting.ts'
import type { Pattern } from './patterns.ts'
import { SearchTime, search } from './searching.ts'

/** Far more than a match takes that needs no limit. */
const SLOW_MATCH_MS = 10

export interface Wait {
  pattern: Pattern
  count: number
  /** Of this machine's time. */
  timeoutMs: number
  /** Ends it before. */
  signal: AbortSignal | undefined
}

/**
 * The matching requests, those before included, once `count` of them have been answered or cut off. Rejects with a Refusal of
 * kind `timeout` that says what is missing, or of kind `invalid` when matching has taken too long.
 */
export async function waitFor(journal: Journal, { pattern, count, timeoutMs, signal }: Wait): Promise<Entry[]> {
  const matches = (entry: Entry) => entry.ended && pattern.matches(entry)
  const found = search(journal.entries(), matches)
  if (found.length >= count) return found
  const time = new SearchTime(SLOW_MATCH_MS)
  const { promise, resolve, reject } = Promise.withResolvers<Entry[]>()
  const giveUp = (why: string) => {
    try {
      const difference = differenceOf(pattern, boundsOf({ atLeast: count }), found.length, journal.entries())
      reject(new Refusal('timeout', `${why} ${difference}`))
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
    closed: () => giveUp('The sandbox or the server has gone.'),
  })
  const stopAlarm = hostAlarm(timeoutMs, () =>
    giveUp(`Timed out after ${timeoutMs} ms with too few matching requests.`),
  )
  signal?.addEventListener('abort', () => giveUp('Nobody waits for it any more.'))
  return promise.finally(() => {
    unsubscribe()
    stopAlarm()
  })
}
