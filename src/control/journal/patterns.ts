// Request patterns: which entries of the journal are meant, and in words what an entry lacks.
import { RequestPattern } from '../../../schemas/control.ts'
import { redactedText } from '../../http/journal/redaction.ts'
import { isSecretName } from '../../http/journal/secret-names.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { type Criterion, costOf, equalCriteria, headCriteria, textCriteria } from '../../sandbox/patterns/requests.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { type Exchange, rawExchange, redactionOf, shownExchange } from './exchange.ts'

/** An entry with one of its exchanges: the one to match, or the one to show. */
interface Subject extends Exchange {
  entry: Entry
}

export interface Pattern {
  matches(entry: Entry): boolean
  /** How many things it says that the entry is not; none when it matches. */
  missCount(entry: Entry): number
  /** The same in words. */
  differences(entry: Entry): string[]
  /** All that it says. */
  words: string
}

/** Throws Refusal for fields and operators that there are not, and for what would take too long to match. */
export function compilePattern(pattern: RequestPattern = {}): Pattern {
  const criteria = criteriaOf(pattern)
  costOf(criteria)
  const cheapestFirst = [...criteria].sort((a, b) => a.demand.cost - b.demand.cost)
  const misses = (entry: Entry) => {
    const raw = subjectOf(entry, rawExchange(entry))
    return criteria.filter(({ demand, valuesIn }) => !demand.holds(valuesIn(raw)))
  }
  return {
    matches(entry) {
      const raw = subjectOf(entry, rawExchange(entry))
      return cheapestFirst.every(({ demand, valuesIn }) => demand.holds(valuesIn(raw)))
    },
    missCount: entry => misses(entry).length,
    differences(entry) {
      const shown = subjectOf(entry, shownExchange(entry))
      const redaction = redactionOf(entry)
      return misses(entry).map(criterion => {
        const found = criterion.valuesIn(shown).map(value => JSON.stringify(abridged(value)))
        const { what } = criterion
        return redaction.knownValues(
          `${what}: wanted ${expectedWords(criterion)}, found ${found.join(' and ') || 'none'}`,
        )
      })
    },
    words: criteria.map(criterion => `${criterion.what} ${expectedWords(criterion)}`).join(', ') || 'any request',
  }
}

function criteriaOf(pattern: RequestPattern): Criterion<Subject>[] {
  const known = Object.keys(RequestPattern.properties)
  const unknown = Object.keys(pattern).find(field => !known.includes(field))
  if (unknown !== undefined) {
    throw new Refusal('invalid', `a request pattern has no "${unknown}"; it has ${known.join(', ')}`)
  }
  const { operation, api, status, bodyPatterns = [] } = pattern
  return [
    ...equalCriteria<Subject>('the API', api, ({ entry }) => entry.api),
    ...equalCriteria<Subject>('the operation', operation, ({ entry }) => entry.operation),
    ...headCriteria(pattern),
    ...bodyPatterns.flatMap(each => textCriteria<Subject>('the body', each, ({ body }) => body || undefined)),
    ...equalCriteria<Subject>('the status', status?.toString(), ({ answer }) => answer?.status.toString()),
  ]
}

function subjectOf(entry: Entry, exchange: Exchange): Subject {
  return { ...exchange, entry }
}

/** `"POST"`, `contains "x"` … without secrets. */
function expectedWords({ source, demand: { words, expected } }: Criterion<Subject>): string {
  const isSecret = source?.kind === 'cookie' || (source !== undefined && isSecretName(source.name))
  const shown = isSecret && typeof expected !== 'boolean' ? '"[redacted]"' : redactedText(JSON.stringify(expected))
  return `${words} ${shown}`.trim()
}

const LONGEST = 200

function abridged(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
