// Compiles the part of request patterns that is matched before the body is read, for the journal and for faults.
import { parseCookie } from 'cookie'
import type { HeadPattern, StringPattern } from '../../../schemas/patterns.ts'
import { Refusal } from '../refusal.ts'
import { MAX_EXPRESSION_COST } from './regular-expressions.ts'
import { type Condition, compileStringPattern } from './strings.ts'

export type Header = readonly [name: string, value: string]

/** The parts of a request that patterns match. */
export interface RequestHead {
  method: string
  /** Path and query, without the sandbox prefix. */
  url: string
  headers: readonly Header[]
}

/** One condition on one part of a request. */
export interface Criterion<Subject = RequestHead> {
  /** The part in words: `the method`, `header Accept` … */
  what: string
  /** Set if the part is a header, parameter or cookie. */
  source?: { kind: Kind; name: string }
  condition: Condition
  valuesIn(subject: Subject): readonly string[]
}

type Kind = 'header' | 'query parameter' | 'cookie'
type Reader<Subject> = (subject: Subject) => string | readonly string[] | undefined

/** Throws Refusal. */
export function headCriteria(pattern: HeadPattern): Criterion[] {
  const { method, url, urlPath, urlPattern, urlPathPattern, headers, queryParameters, cookies, range } = pattern
  return [
    ...equalCriteria<RequestHead>(
      'the method',
      method === 'ANY' ? undefined : method?.toUpperCase(),
      request => request.method,
    ),
    ...equalCriteria<RequestHead>('the URL', url, request => request.url),
    ...equalCriteria<RequestHead>('the path', urlPath, request => pathOf(request.url)),
    ...expressionCriteria('the URL', urlPattern, request => request.url),
    ...expressionCriteria('the path', urlPathPattern, request => pathOf(request.url)),
    ...namedCriteria('header', headers, (request, name) => valuesOf(request.headers, name)),
    ...namedCriteria('query parameter', queryParameters, (request, name) => queryOf(request.url).get(name) ?? []),
    ...equalCriteria<RequestHead>('the range', range, request => rangeOf(request.headers)),
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
  return compileStringPattern(pattern, what).map(condition => ({
    what,
    ...(source && { source }),
    condition,
    valuesIn,
  }))
}

/** Empty if `expected` is undefined. */
export function equalCriteria<Subject>(
  what: string,
  expected: string | undefined,
  read: Reader<Subject>,
): Criterion<Subject>[] {
  return expected === undefined ? [] : textCriteria(what, { equalTo: expected }, read)
}

function expressionCriteria(what: string, expression: string | undefined, read: Reader<RequestHead>): Criterion[] {
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

/** The cost of matching one request in the worst case. Throws Refusal if it is too high. */
export function costOf(criteria: readonly Pick<Criterion, 'condition'>[]): number {
  if (criteria.length > MAX_CRITERIA) {
    throw new Refusal('invalid', `the pattern has ${criteria.length} conditions; at most ${MAX_CRITERIA} are allowed`)
  }
  const cost = criteria.reduce((sum, { condition }) => sum + condition.cost, 0)
  if (cost > MAX_EXPRESSION_COST) {
    throw new Refusal(
      'invalid',
      `matching a request would take too long (${cost} of at most ${MAX_EXPRESSION_COST} units): use fewer or shorter ` +
        'regular expressions, contains, and equalToJson with ignoreArrayOrder',
    )
  }
  return cost
}

export function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}

/** Pairs of Node's alternating names and values. */
export function headerPairs(rawHeaders: readonly string[]): Header[] {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []))
}

/** The values of a header; its name is case-insensitive. */
export function valuesOf(headers: readonly Header[], name: string): string[] {
  const lower = name.toLowerCase()
  return headers.filter(([each]) => each.toLowerCase() === lower).map(([, value]) => value)
}

/** The query parameters of a URL by name, in order; a part without `=` is a name. */
export function queryOf(url: string): Map<string, string[]> {
  const start = url.indexOf('?')
  return groupByName(new URLSearchParams(start === -1 ? '' : url.slice(start)))
}

/** Whether a client asks for bytes that it may have the beginning of. A Range in another unit than bytes is ignored. */
function rangeOf(headers: readonly Header[]): 'initial' | 'resume' {
  const [range = ''] = valuesOf(headers, 'range')
  return /^bytes=(?!\s*0+\s*-)/i.test(range) ? 'resume' : 'initial'
}

/** Cookies by name, with their values as sent. */
export function cookiesOf(headers: readonly Header[]): Map<string, string[]> {
  const cookies = valuesOf(headers, 'cookie').map(header => parseCookie(header, { decode: value => value }))
  return groupByName(cookies.flatMap(each => Object.entries(each).map(([name, value = '']) => [name, value])))
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
