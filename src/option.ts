// What an option of the server is, and the parsers of option values.
import { parseDuration, parseInstant } from './sandbox/clock/clock.ts'
import { type Progression, parseProgression } from './sandbox/jobs/plan.ts'
import { CLOCK_RANGE, FACTORS, isClockInstant, isFactor } from './sandbox/limits.ts'

/** Turns text into a value. Throws an Error whose message says what the text must be. */
export interface Parser<Value, Input> {
  (text: string): Value
  /** Only a type: the values that programs may give instead of text. */
  input?: Input
  /** The values that a configuration file may have instead of text, as a JSON Schema. */
  json: JsonType
}

export interface JsonType {
  type: readonly ('string' | 'integer' | 'number' | 'boolean' | 'array')[]
  [keyword: string]: unknown
}

export interface Option<Value, Input = unknown> {
  /** Placeholder of the value in the help; undefined for a switch. */
  value: string | undefined
  /** As it would be written on the command line; without it, the option has no value unless one is given. */
  default?: string
  help: string
  /** It can be given several times; its values are then separated by commas. */
  repeatable?: true
  /** Its values, of which the first is meant where the option has none on the command line. */
  optionalValues?: readonly string[]
  parse: Parser<Value, Input>
}

export type Options = Readonly<Record<string, Option<unknown>>>

/** The parsed values of a table of options. */
export type OptionValues<Table> = { [Name in keyof Table]: OptionValue<Table[Name]> }

type OptionValue<O> = O extends { parse(text: string): infer Value }
  ? O extends { default: string }
    ? Value
    : Value | undefined
  : never

/** The values of the options in `table`, out of the values of all options. */
export function valuesOf(table: Options, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(table).map(name => [name, values[name]]))
}

/** What programs may give for an option. */
export type OptionInput<O> = O extends { parse: Parser<unknown, infer Input> } ? Input : never

export function option<Value, Input>(value: string, help: string, parse: Parser<Value, Input>): Option<Value, Input>
export function option<Value, Input>(
  value: string | undefined,
  help: string,
  parse: Parser<Value, Input>,
  initial: string,
): Option<Value, Input> & { default: string }
export function option<Value, Input>(
  value: string | undefined,
  help: string,
  parse: Parser<Value, Input>,
  initial?: string,
): Option<Value, Input> {
  return { value, help, parse, ...(initial === undefined ? {} : { default: initial }) }
}

export function repeatable<O extends Option<unknown>>(row: O): O {
  return { ...row, repeatable: true }
}

export function parser<Value, Input>(json: JsonType, parse: (text: string) => Value): Parser<Value, Input> {
  return Object.assign(parse, { json })
}

export const nonEmpty: Parser<string, string> = parser({ type: ['string'], minLength: 1 }, text => {
  if (text === '') throw new Error('a text that is not empty')
  return text
})

export function wholeNumber(min: number, max: number): Parser<number, number> {
  return parser({ type: ['integer'], minimum: min, maximum: max }, text => {
    if (!/^\d+$/.test(text) || Number(text) < min || Number(text) > max) {
      throw new Error(`a whole number from ${min} to ${max}`)
    }
    return Number(text)
  })
}

export function oneOf<const Value extends string | number>(values: readonly Value[]): Parser<Value, Value> {
  return parser({ type: typeof values[0] === 'number' ? ['integer'] : ['string'], enum: values }, text => {
    const value = values.find(each => String(each) === text)
    if (value === undefined) throw new Error(values.join(' or '))
    return value
  })
}

export const flag: Parser<boolean, boolean> = parser({ type: ['boolean'] }, text => {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0' || text === '') return false
  throw new Error('true or false')
})

const DURATION: JsonType = { type: ['string'] }

/** In ms. */
export const duration: Parser<number, string> = parser(DURATION, text => {
  const ms = parseDuration(text)
  if (ms === undefined || ms <= 0) throw new Error('a duration like 5m, 1h30m, 250ms or PT5M')
  return ms
})

/** In ms. */
export function durationUpTo(
  max: { text: string; ms: number },
  { allowsZero = false } = {},
): Parser<number, string | 0> {
  return parser(allowsZero ? { type: ['string', 'integer'], minimum: 0, maximum: 0 } : DURATION, text => {
    const ms = text === '0' ? 0 : parseDuration(text)
    if (ms === undefined || ms < 0 || ms > max.ms || (ms === 0 && !allowsZero)) {
      throw new Error(`${allowsZero ? '0 or ' : ''}a duration like 5s or 250ms of at most ${max.text}`)
    }
    return ms
  })
}

export const factor: Parser<number, number> = parser(
  { type: ['number'], minimum: FACTORS.min, maximum: FACTORS.max },
  text => {
    const number = Number(text.trim() || Number.NaN)
    if (!isFactor(number)) throw new Error(`a number from ${FACTORS.min} to ${FACTORS.max}`)
    return number
  },
)

export const httpOrigin: Parser<string, string> = parser({ type: ['string'], format: 'uri' }, text => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new Error('an http or https URL without query')
  }
  return url.href.replace(/\/$/, '')
})

/** As browsers send it: nothing after host and port. */
export const webOrigin: Parser<string, string> = parser({ type: ['string'], format: 'uri' }, text => {
  httpOrigin(text)
  const { href, origin } = new URL(text)
  if (href !== `${origin}/`) throw new Error('an origin without a path, as in https://console.example')
  return origin
})

/** Origins of web pages, separated by commas, or `*` for all. */
export const webOrigins: Parser<readonly string[], string | readonly string[]> = parser(
  { type: ['string', 'array'], items: { type: 'string' } },
  text => {
    const origins = text.split(',').map(each => each.trim())
    if (origins.length === 1 && origins[0] === '*') return origins
    if (origins.includes('*')) throw new Error('* alone, or origins')
    return origins.map(webOrigin)
  },
)

export const progression: Parser<Progression, 'time' | 'immediate' | `polls:${number}` | 'manual'> = parser(
  { type: ['string'], pattern: '^(time|immediate|manual|polls:[1-9][0-9]*)$' },
  text => {
    const parsed = parseProgression(text)
    if (!parsed) throw new Error('time, immediate, polls:N (N from 1) or manual')
    return parsed
  },
)

type ClockMode = 'frozen' | `scaled:${number}`

/** `rate` is virtual ms per host ms; `at` (epoch ms) the start instant, that of this machine's clock when left out. */
export const parseClock: Parser<{ rate: number; at?: number }, 'real' | ClockMode | `${ClockMode}:${string}`> = parser(
  { type: ['string'], pattern: '^(real|(frozen|scaled:[^:]+)(:.+)?)$' },
  text => {
    if (text === 'real') return { rate: 1 }
    const [, mode, times, instant] = /^(frozen|scaled:([^:]+))(?::(.+))?$/.exec(text) ?? []
    const at = instant === undefined ? undefined : parseInstant(instant, Number.NaN)
    if (mode === undefined || (instant !== undefined && at === undefined)) {
      throw new Error('real, frozen, frozen:INSTANT, scaled:FACTOR or scaled:FACTOR:INSTANT (ISO 8601)')
    }
    if (at !== undefined && !isClockInstant(at)) throw new Error(`a clock with an instant ${CLOCK_RANGE}`)
    const rate = times === undefined ? 0 : factor(times)
    return at === undefined ? { rate } : { rate, at }
  },
)
