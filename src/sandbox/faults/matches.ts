// The match of a fault rule: a request pattern without what is known only after faults are applied.
import { type FaultMatch, HeadPattern, type StringPattern } from '../../../schemas/patterns.ts'
import { isObject } from '../is-object.ts'
import { ownValue } from '../own.ts'
import { costOf, headCriteria, type RequestHead } from '../patterns/requests.ts'
import { Refusal } from '../refusal.ts'

const NAMED = ['headers', 'queryParameters', 'cookies'] as const

/** Fields of other request patterns, and why a fault cannot be matched by them. */
const REASONS: Record<string, string> = {
  bodyPatterns: 'faults are applied before the body is read',
  status: 'faults are applied before there is a response',
  operation: 'it is a field of the rule, not of match',
  api: 'it is a field of the rule, not of match',
}

/** Converts a match as it is given, where a string means equalTo. Throws Refusal for unknown fields. */
export function readMatch(given: FaultMatch): HeadPattern {
  const known = Object.keys(HeadPattern.properties)
  const unknown = Object.keys(given).find(field => !known.includes(field))
  if (unknown === undefined) return withPatterns(given)
  const reason = ownValue(REASONS, unknown)
  const message = `unknown field "match.${unknown}"${reason === undefined ? '' : `: ${reason}`}; known fields are ${known.join(', ')}`
  throw new Refusal('invalid', message, { details: [message] })
}

function withPatterns(given: FaultMatch): HeadPattern {
  const { headers, queryParameters, cookies, ...rest } = given
  const named = Object.entries({ headers, queryParameters, cookies }).flatMap(([field, texts]) =>
    texts === undefined ? [] : [[field, patternsOf(texts)]],
  )
  return { ...rest, ...Object.fromEntries(named) }
}

function patternsOf(texts: Record<string, string | StringPattern>): Record<string, StringPattern> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, expected]) => [
      name,
      typeof expected === 'string' ? { equalTo: expected } : expected,
    ]),
  )
}

export interface Matcher {
  /** Of matching one request in the worst case; see `costOf`. */
  cost: number
  matches(request: RequestHead): boolean
}

/** Of all rules of a sandbox together, because a request may have to be matched with each of them. */
const MAX_TOTAL_COST = 10_000

/** Throws Refusal when requests would take too long to match. */
export function checkTotalCost(matchers: Iterable<Matcher>): void {
  let total = 0
  for (const { cost } of matchers) total += cost
  if (total > MAX_TOTAL_COST) {
    throw new Refusal(
      'conflict',
      `the regular expressions and contains of all faults of a sandbox may cost up to ${MAX_TOTAL_COST} instructions; with ` +
        `this fault they would cost ${total}; disarm others, or match with urlPath or equalTo`,
    )
  }
}

/** Throws Refusal. */
export function compileMatch(match: HeadPattern | null): Matcher {
  const criteria = match ? headCriteria(match) : []
  return {
    cost: costOf(criteria),
    matches: request => criteria.every(({ condition, valuesIn }) => condition.holds(valuesIn(request))),
  }
}

/**
 * Converts a rule of a document written by version 0.1.0, in which a string was not a pattern, `queryParameters` was `query`,
 * and the POST variant of an operation was a separate operation. Leaves anything invalid to the schema.
 */
export function upgradeRule(row: unknown): unknown {
  if (!isObject(row)) return row
  const { operation, match } = row
  const variant = typeof operation === 'string' ? /^(.+)ByPost$/.exec(operation) : null
  const upgraded = isObject(match) ? upgradeMatch(match) : match
  if (!variant) return match === undefined ? row : { ...row, match: upgraded }
  return { ...row, operation: variant[1], match: { method: 'POST', ...(isObject(upgraded) ? upgraded : {}) } }
}

function upgradeMatch({ query, ...match }: Record<string, unknown>): Record<string, unknown> {
  const renamed = query === undefined ? match : { ...match, queryParameters: query }
  const named = NAMED.flatMap(field => {
    const texts = (renamed as Record<string, unknown>)[field]
    return isObject(texts) ? [[field, patternsOf(texts as Record<string, string>)]] : []
  })
  return { ...renamed, ...Object.fromEntries(named) }
}

/** The same as a migration of the table. */
export const UPGRADE_RULES = `
  UPDATE fault SET match = json_set(match, '$.headers', json((
      SELECT json_group_object(key, json_object('equalTo', value)) FROM json_each(fault.match, '$.headers'))))
    WHERE json_type(match, '$.headers') = 'object';
  UPDATE fault SET match = json_remove(json_set(match, '$.queryParameters', json((
      SELECT json_group_object(key, json_object('equalTo', value)) FROM json_each(fault.match, '$.query')))), '$.query')
    WHERE json_type(match, '$.query') = 'object';
  UPDATE fault SET operation = substr(operation, 1, length(operation) - 6),
      match = json_insert(coalesce(match, '{}'), '$.method', 'POST')
    WHERE operation LIKE '_%ByPost';`
