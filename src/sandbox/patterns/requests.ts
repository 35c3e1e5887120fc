// What a pattern may say of a request before its body is read, for the journal and for faults alike.
import type { HeadPattern, StringPattern } from '../../../schemas/patterns.ts'
import { Refusal } from '../refusal.ts'
import { MAX_EXPRESSION_COST } from './regular-expressions.ts'
import { compileStringPattern, type Demand } from './strings.ts'

export type Header = readonly [name: string, value: string]

/** A request as patterns see it. */
export interface RequestHead {
  method: string
  /** Path and query, without what leads to the sandbox. */
  url: string
  headers: readonly Header[]
}

/** One thing that a pattern says of a request. */
export interface Criterion<Subject = RequestHead> {
  /** `the method`, `header Accept` … */
  what: string
  /** The header, parameter or cookie that it is about. */
  source?: { kind: Kind; name: string }
  demand: Demand
  valuesIn(subject: Subject): readonly string[]
}

type Kind = 'header' | 'query parameter' | 'cookie'
type Reader<Subject> = (subject: Subject) => string | readonly string[] | undefined

/** Throws Refusal. */
export function headCriteria(pattern: HeadPattern): Criterion[] {
  const { method, url, urlPath, urlPattern, urlPathPattern, headers, queryParameters, cookies } = pattern
  return [
    ...equalCriteria<RequestHead>(
      'the method',
      method === 'ANY' ? undefined : method?.toUpperCase(),
      request => request.method,
    ),
    ...equalCriteria<RequestHead>('the URL', url, request => request.url),
    ...equalCriteria<RequestHead>('the path', urlPath, request => pathOf(request.url)),
    ...wholeCriteria('the URL', urlPattern, request => request.url),
    ...wholeCriteria('the path', urlPathPattern, request => pathOf(request.url)),
    ...namedCriteria('header', headers, (request, name) => valuesOf(request.headers, name)),
    ...namedCriteria('query parameter', queryParameters, (request, name) => queryOf(request.url).get(name) ?? []),
    ...namedCriteria('cookie', cookies, (request, name) => cookiesOf(request.headers).get(name) ?? []),
  ]
}

/** Throws Refusal. */
export function textCriteria<Subject>(
  what: string,
  pattern: StringPattern,
  read: Reader<Subject>,
  source?: Criterion['source'],
): Criterion<Subject>[] {
  const valuesIn = (subject: Subject) => [read(subject) ?? []].flat()
  return compileStringPattern(pattern, what).map(demand => ({ what, ...(source && { source }), demand, valuesIn }))
}

/** None when nothing is expected. */
export function equalCriteria<Subject>(
  what: string,
  expected: string | undefined,
  read: Reader<Subject>,
): Criterion<Subject>[] {
  return expected === undefined ? [] : textCriteria(what, { equalTo: expected }, read)
}

function wholeCriteria(what: string, expression: string | undefined, read: Reader<RequestHead>): Criterion[] {
  return expression === undefined ? [] : textCriteria(what, { matches: expression }, read)
}

function namedCriteria(
  kind: Kind,
  patterns: Record<string, StringPattern> | undefined,
  read: (request: RequestHead, name: string) => string[],
): Criterion[] {
  return Object.entries(patterns ?? {}).flatMap(([name, pattern]) =>
    textCriteria(`${kind} ${name}`, pattern, request => read(request, name), { kind, name }),
  )
}

const MAX_CRITERIA = 100

/** What matching a request costs in the worst case. Throws Refusal when it is too much. */
export function costOf(criteria: readonly Pick<Criterion, 'demand'>[]): number {
  if (criteria.length > MAX_CRITERIA) {
    throw new Refusal('invalid', `a pattern says at most ${MAX_CRITERIA} things, not ${criteria.length}`)
  }
  const cost = criteria.reduce((sum, { demand }) => sum + demand.cost, 0)
  if (cost > MAX_EXPRESSION_COST) {
    throw new Refusal(
      'invalid',
      `matching a request would take too long (${cost} of at most ${MAX_EXPRESSION_COST} units): a pattern takes fewer or ` +
        'shorter regular expressions, contains, and equalToJson with ignoreArrayOrder',
    )
  }
  return cost
}

export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}

/** Names and values in turn, as Node has them, as pairs. */
export function headerPairs(rawHeaders: readonly string[]): Header[] {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []))
}

/** The values of a header, by its name in any case. */
export function valuesOf(headers: readonly Header[], name: string): string[] {
  const lower = name.toLowerCase()
  return headers.filter(([each]) => each.toLowerCase() === lower).map(([, value]) => value)
}

/** Parameters of a URL's query, in order; a part without `=` is a name. */
export function queryOf(url: string): Map<string, string[]> {
  const start = url.indexOf('?')
  return groupByName(new URLSearchParams(start === -1 ? '' : url.slice(start)))
}

export function cookiesOf(headers: readonly Header[]): Map<string, string[]> {
  const cookies = valuesOf(headers, 'cookie').flatMap(header => header.split(/; */))
  return groupByName(
    cookies.filter(Boolean).map(cookie => {
      const equals = cookie.indexOf('=')
      return [cookie.slice(0, Math.max(equals, 0)), cookie.slice(equals + 1)]
    }),
  )
}

export function groupByName(entries: Iterable<readonly string[]>): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [name = '', value = ''] of entries) {
    const group = groups.get(name)
    if (group) group.push(value)
    else groups.set(name, [value])
  }
  return groups
}
