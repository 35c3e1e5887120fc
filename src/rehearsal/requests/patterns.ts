// Request patterns: which entries of the journal are meant, and in words what an entry lacks.
import { RequestPattern, type StringPattern } from '../../../schemas/control.ts'
import { isSecretName } from '../../http/secrets.ts'
import type { Entry } from '../../sandbox/entry.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { cookiesOf, type Exchange, queryOf, rawExchange, redactionOf, shownExchange, valuesOf } from './exchange.ts'
import { compileText } from './operators.ts'

/** One thing that a pattern says of a request. */
interface Criterion {
  /** `the method`, `header Accept` … */
  what: string
  /** `"POST"`, `contains "x"` … */
  wanted: string
  holds(values: readonly string[]): boolean
  /** What there is of it; secret or not, as the exchange has it. */
  valuesIn(exchange: Exchange, entry: Entry): string[]
}

export interface Pattern {
  matches(entry: Entry): boolean
  /** In words, what it says that the entry is not; empty when it matches. */
  differences(entry: Entry): string[]
  /** All that it says. */
  words: string
}

/** Throws Refusal for fields and operators that there are not. */
export function compilePattern(pattern: RequestPattern = {}): Pattern {
  const criteria = criteriaOf(pattern)
  return {
    matches(entry) {
      const raw = rawExchange(entry)
      return criteria.every(({ holds, valuesIn }) => holds(valuesIn(raw, entry)))
    },
    differences(entry) {
      const raw = rawExchange(entry)
      const shown = shownExchange(entry)
      const redaction = redactionOf(raw)
      return criteria
        .filter(({ holds, valuesIn }) => !holds(valuesIn(raw, entry)))
        .map(({ what, wanted, valuesIn }) => {
          const found = valuesIn(shown, entry).map(value => JSON.stringify(abridged(value)))
          return redaction.words(`${what}: wanted ${wanted}, found ${found.join(' and ') || 'none'}`)
        })
    },
    words: criteria.map(({ what, wanted }) => `${what} ${wanted}`).join(', ') || 'any request',
  }
}

function criteriaOf(pattern: RequestPattern): Criterion[] {
  const known = Object.keys(RequestPattern.properties)
  const unknown = Object.keys(pattern).find(field => !known.includes(field))
  if (unknown !== undefined) {
    throw new Refusal('invalid', `a request pattern has no "${unknown}"; it has ${known.join(', ')}`)
  }
  const { method, url, urlPath, urlPattern, urlPathPattern, operation, api, status } = pattern
  return [
    ...equal('the method', method === 'ANY' ? undefined : method, exchange => exchange.method),
    ...equal('the API', api, (_, entry) => entry.api),
    ...equal('the operation', operation, (_, entry) => entry.operation),
    ...equal('the URL', url, exchange => exchange.url),
    ...equal('the path', urlPath, exchange => pathOf(exchange.url)),
    ...whole('the URL', urlPattern, exchange => exchange.url),
    ...whole('the path', urlPathPattern, exchange => pathOf(exchange.url)),
    ...named('header', pattern.headers, (exchange, name) => valuesOf(exchange.headers, name)),
    ...named('query parameter', pattern.queryParameters, (exchange, name) => queryOf(exchange.url).get(name) ?? []),
    ...named('cookie', pattern.cookies, (exchange, name) => cookiesOf(exchange.headers).get(name) ?? []),
    ...(pattern.bodyPatterns ?? []).flatMap(each => texts('the body', each, bodyOf)),
    ...equal('the status', status?.toString(), ({ answer }) => answer?.status.toString()),
  ]
}

type Reader = (exchange: Exchange, entry: Entry) => string | string[] | undefined

function equal(what: string, wanted: string | undefined, read: Reader): Criterion[] {
  return wanted === undefined ? [] : texts(what, { equalTo: wanted }, read)
}

function whole(what: string, source: string | undefined, read: Reader): Criterion[] {
  return source === undefined ? [] : texts(what, { matches: source }, read)
}

function named(
  what: string,
  patterns: Record<string, StringPattern> | undefined,
  read: (exchange: Exchange, name: string) => string[],
): Criterion[] {
  return Object.entries(patterns ?? {}).flatMap(([name, pattern]) =>
    texts(`${what} ${name}`, pattern, exchange => read(exchange, name), isSecretName(name)),
  )
}

function texts(what: string, pattern: StringPattern, read: Reader, isSecret = false): Criterion[] {
  const valuesIn: Criterion['valuesIn'] = (exchange, entry) => [read(exchange, entry) ?? []].flat()
  return compileText(pattern, what, isSecret).map(({ words, holds }) => ({ what, wanted: words, holds, valuesIn }))
}

function bodyOf({ body }: Exchange): string[] {
  return body === undefined || body === '' ? [] : [body]
}

function pathOf(url: string): string {
  return url.replace(/[?#][\s\S]*$/, '')
}

const LONGEST = 200

function abridged(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
