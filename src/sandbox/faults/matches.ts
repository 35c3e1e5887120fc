// Which requests of its operation a fault is for: what a pattern says of them, but for what comes after a fault is decided.
import { type Static, Type } from '@sinclair/typebox'
import { isObject } from '../is-object.ts'
import { costOf, headCriteria, type RequestHead } from '../patterns/requests.ts'
import { StringPattern } from '../patterns/strings.ts'
import { Refusal } from '../refusal.ts'

const text = Type.Optional(Type.String())
const byName = Type.Optional(Type.Record(Type.String(), StringPattern))

/** Those for which all of it holds. */
export const FaultMatch = Type.Object(
  {
    method: text,
    url: text,
    urlPath: text,
    urlPattern: text,
    urlPathPattern: text,
    headers: byName,
    queryParameters: byName,
    cookies: byName,
  },
  { additionalProperties: false },
)
export type FaultMatch = Static<typeof FaultMatch>

const NAMED = ['headers', 'queryParameters', 'cookies'] as const

/** A match as it is written, where a text by name stands for what it is to equal. */
export type WrittenMatch = Omit<FaultMatch, (typeof NAMED)[number]> & {
  [Field in (typeof NAMED)[number]]?: Record<string, string | StringPattern>
}

/** What patterns of the journal say besides, and why a fault cannot go by it. */
const REFUSED: Record<string, string> = {
  bodyPatterns: 'a fault is decided before the body is read',
  status: 'a fault is decided before there is an answer',
  operation: 'it stands beside match',
  api: 'it stands beside match',
}

/** Throws Refusal for fields that there are not. */
export function readMatch(written: WrittenMatch): FaultMatch {
  const known = Object.keys(FaultMatch.properties)
  const unknown = Object.keys(written).find(field => !known.includes(field))
  if (unknown === undefined) return withPatterns(written)
  const reason = Object.hasOwn(REFUSED, unknown) ? `: ${REFUSED[unknown]}` : ''
  throw new Refusal('invalid', `the match of a fault takes no "${unknown}"${reason}; it takes ${known.join(', ')}`)
}

function withPatterns(written: WrittenMatch): FaultMatch {
  const { headers, queryParameters, cookies, ...rest } = written
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
  /** Of matching one request, in the worst case; see `costOf`. */
  cost: number
  matches(request: RequestHead): boolean
}

/** Of all faults of a sandbox together: a request may have to be matched with each of them. */
const MAX_TOTAL_COST = 10_000

/** Throws Refusal when requests would take too long to match. */
export function checkTotalCost(matchers: Iterable<Matcher>): void {
  let total = 0
  for (const { cost } of matchers) total += cost
  if (total > MAX_TOTAL_COST) {
    throw new Refusal(
      'conflict',
      `the regular expressions and contains of the faults of a sandbox may come to ${MAX_TOTAL_COST} instructions, with ` +
        `this fault it would be ${total}; disarm others, or match with urlPath or equalTo`,
    )
  }
}

/** Throws Refusal. */
export function compileMatch(match: FaultMatch | null): Matcher {
  const criteria = match ? headCriteria(match) : []
  return {
    cost: costOf(criteria),
    matches: request => criteria.every(({ demand, valuesIn }) => demand.holds(valuesIn(request))),
  }
}

/**
 * A rule of a document in the form of today. Before, texts by name stood for themselves, `queryParameters` was `query`, and
 * the variant of an operation for POST was an operation of its own. What else is wrong with it is left for its schema.
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

/** The same for the table, as a migration. */
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
