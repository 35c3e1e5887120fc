// How many requests were expected, how many came, and how those that did not count differ.
import type { RequestExpectation } from '../../../schemas/control.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { shownExchange } from './exchange.ts'
import type { Pattern } from './patterns.ts'
import { SearchTime } from './searching.ts'

export interface Bounds {
  least: number
  most: number
  words: string
}

/** At least one when nothing is said. Throws Refusal. */
export function boundsOf({ count, atLeast, atMost }: Omit<RequestExpectation, 'match'>): Bounds {
  if (count !== undefined) {
    if (atLeast !== undefined || atMost !== undefined) {
      throw new Refusal('invalid', 'count is exact; say either it or atLeast and atMost')
    }
    return { least: count, most: count, words: `exactly ${count}` }
  }
  const least = atLeast ?? (atMost === undefined ? 1 : 0)
  const most = atMost ?? Number.POSITIVE_INFINITY
  if (least > most) throw new Refusal('invalid', `atLeast ${least} is more than atMost ${most}`)
  const words = [
    least > 0 || atMost === undefined ? `at least ${least}` : '',
    atMost === undefined ? '' : `at most ${most}`,
  ]
  return { least, most, words: words.filter(Boolean).join(' and ') }
}

const NEAREST = 3

/** In words: what was expected, what came instead, and what the nearest of the others lack. Throws Refusal after too long. */
export function differenceOf(
  pattern: Pattern,
  { words, least }: Bounds,
  found: number,
  entries: readonly Entry[],
  time = new SearchTime(),
): string {
  const lines = [`Expected ${words} of: ${pattern.words}. Found ${found} of ${entries.length} in the journal.`]
  if (found >= least) return lines.join('\n')
  const near = entries
    .map(entry => ({ entry, misses: time.spend(() => pattern.missCount(entry)) }))
    .filter(({ misses }) => misses > 0)
    .sort((a, b) => a.misses - b.misses || b.entry.sequence - a.entry.sequence)
  for (const { entry } of near.slice(0, NEAREST)) {
    const { method, url } = shownExchange(entry)
    lines.push(`Near: ${method} ${url} (${entry.id}): ${pattern.differences(entry).join('; ')}.`)
  }
  return lines.join('\n')
}
