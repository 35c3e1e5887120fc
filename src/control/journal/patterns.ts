// Compiles request patterns: finds the matching entries of the journal, and describes how an entry differs.
import { RequestPattern } from '../../../schemas/control.ts'
import { redactedText } from '../../http/journal/redaction.ts'
import { isSecretName } from '../../http/journal/secret-names.ts'
import type { Entry } from '../../sandbox/journal/entry.ts'
import { type Criterion, costOf, equalCriteria, headCriteria, textCriteria } from '../../sandbox/patterns/requests.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { type Exchange, rawExchange, redactionOf, shownExchange } from './exchange.ts'

/** An entry with its exchange: the raw one for matching, or the redacted one for display. */
interface Subject extends Exchange {
  entry: Entry
}

export interface Pattern {
  matches(entry: Entry): boolean
  /** The number of criteria that the entry does not meet. */
  missCount(entry: Entry): number
  /** The criteria that the entry does not meet, in words, without secrets. */
  differences(entry: Entry): string[]
  /** All criteria in words, without secrets. */
  words: string
}

/** Throws Refusal for unknown fields and operators, and for patterns that would take too long to match. */
export function compilePattern(pattern: RequestPattern = {}): Pattern {
  const criteria = criteriaOf(pattern)
  costOf(criteria)
  const cheapestFirst = [...criteria].sort((a, b) => a.condition.cost - b.condition.cost)
  const misses = (entry: Entry) => {
    const raw = subjectOf(entry, rawExchange(entry))
    return criteria.filter(({ condition, valuesIn }) => !condition.holds(valuesIn(raw)))
  }
  return {
    matches(entry) {
      const raw = subjectOf(entry, rawExchange(entry))
      return cheapestFirst.every(({ condition, valuesIn }) => condition.holds(valuesIn(raw)))
    },
    missCount: entry => misses(entry).length,
    differences(entry) {
      const shown = subjectOf(entry, shownExchange(entry))
      const redaction = redactionOf(entry)
      return misses(entry).map(criterion => {
        const found = criterion.valuesIn(shown).map(value => JSON.stringify(abbreviated(value)))
        const { what } = criterion
        return redaction.knownValues(
          `${what}: expected ${expectedWords(criterion)}, found ${found.join(' and ') || 'none'}`,
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
    throw new Refusal('invalid', `unknown field "${unknown}"; known fields are ${known.join(', ')}`)
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

/** The condition without secrets: `"POST"`, `contains "x"` … */
function expectedWords({ source, condition: { words, expected } }: Criterion<Subject>): string {
  const isSecret = source?.kind === 'cookie' || (source !== undefined && isSecretName(source.name))
  const shown = isSecret && typeof expected !== 'boolean' ? '"[redacted]"' : redactedText(JSON.stringify(expected))
  return `${words} ${shown}`.trim()
}

const MAX_VALUE_LENGTH = 200

function abbreviated(text: string): string {
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text
}
