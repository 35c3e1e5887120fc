// Compares the number of matching requests with the expected number, and describes the most similar other requests.
import type { RequestExpectation } from '../../../schemas/control.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { shownExchange } from './exchange.ts'
import type { Pattern } from './patterns.ts'
import { SearchTime } from './searching.ts'

export interface Bounds {
  min: number
  max: number
  words: string
}

/** The default is at least one. Throws Refusal. */
export function boundsOf({ count, atLeast, atMost }: Omit<RequestExpectation, 'match'>): Bounds {
  if (count !== undefined) {
    if (atLeast !== undefined || atMost !== undefined) {
      throw new Refusal('invalid', 'count is exact: use either count, or atLeast and atMost')
    }
    return { min: count, max: count, words: `exactly ${count}` }
  }
  const min = atLeast ?? (atMost === undefined ? 1 : 0)
  const max = atMost ?? Number.POSITIVE_INFINITY
  if (min > max) throw new Refusal('invalid', `atLeast (${min}) must not be greater than atMost (${max})`)
  const words = [min > 0 || atMost === undefined ? `at least ${min}` : '', atMost === undefined ? '' : `at most ${max}`]
  return { min, max, words: words.filter(Boolean).join(' and ') }
}

const MAX_SIMILAR = 3

/** In words: what was expected, what was found, and how the most similar requests differ. Throws Refusal if that takes too long. */
export function differenceOf(
  pattern: Pattern,
  { words, min }: Bounds,
  found: number,
  entries: readonly Entry[],
  time = new SearchTime(),
): string {
  const lines = [
    `Expected ${words} matching: ${pattern.words}. Found ${found} among the ${entries.length} requests in the journal.`,
  ]
  if (found >= min) return lines.join('\n')
  const similar = entries
    .map(entry => ({ entry, misses: time.spend(() => pattern.missCount(entry)) }))
    .filter(({ misses }) => misses > 0)
    .sort((a, b) => a.misses - b.misses || b.entry.sequence - a.entry.sequence)
  for (const { entry } of similar.slice(0, MAX_SIMILAR)) {
    const { method, url } = shownExchange(entry)
    lines.push(`Similar: ${method} ${url} (${entry.id}): ${pattern.differences(entry).join('; ')}.`)
  }
  return lines.join('\n')
}
