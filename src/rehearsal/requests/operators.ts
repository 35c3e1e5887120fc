// What a request pattern may say of a text: WireMock's words, each with what it means.
import { isDeepStrictEqual } from 'node:util'
import type { StringPattern } from '../../../schemas/control.ts'
import { redactedText } from '../../http/redaction.ts'
import { ownValue } from '../../sandbox/own.ts'
import { Refusal } from '../../sandbox/refusal.ts'

interface Operator {
  /** The same in words, before the expected value. */
  words: string
  /** Throws Refusal for a value that it cannot go by. `values` are all that there are of that name. */
  compile(expected: unknown, pattern: StringPattern): (values: readonly string[]) => boolean
}

const operators: Record<string, Operator> = {
  equalTo: {
    words: '',
    compile: (expected, { caseInsensitive }) => {
      const fold = (text: string) => (caseInsensitive ? text.toLowerCase() : text)
      const wanted = fold(String(expected))
      return values => values.some(value => fold(value) === wanted)
    },
  },
  contains: {
    words: 'contains',
    compile: expected => values => values.some(value => value.includes(String(expected))),
  },
  doesNotContain: {
    words: 'does not contain',
    compile: expected => values => !values.some(value => value.includes(String(expected))),
  },
  matches: {
    words: 'matches',
    compile: expected => {
      const whole = wholeRegExp(String(expected))
      return values => values.some(value => whole.test(value))
    },
  },
  doesNotMatch: {
    words: 'does not match',
    compile: expected => {
      const whole = wholeRegExp(String(expected))
      return values => !values.some(value => whole.test(value))
    },
  },
  absent: { words: 'absent:', compile: expected => values => (values.length === 0) === (expected !== false) },
  equalToJson: {
    words: 'the JSON',
    compile: (expected, { ignoreArrayOrder = false, ignoreExtraElements = false }) => {
      const wanted = typeof expected === 'string' ? parsed(expected) : { value: expected }
      if (!wanted) throw new Refusal('invalid', 'equalToJson needs a JSON value, or a text that holds one')
      const rules = { ignoreArrayOrder, ignoreExtraElements }
      return values => values.some(value => sameJson(wanted.value, parsed(value)?.value, rules))
    },
  },
}

const MODIFIERS = ['caseInsensitive', 'ignoreArrayOrder', 'ignoreExtraElements']

/** One thing that a pattern says of a text. */
export interface Demand {
  /** `contains "x"`; secrets are left out. */
  words: string
  holds(values: readonly string[]): boolean
}

/** Throws Refusal for words that there are not, and for a pattern that says nothing. `isSecret`: none of it is to be shown. */
export function compileText(pattern: StringPattern, place: string, isSecret: boolean): Demand[] {
  const known = [...Object.keys(operators), ...MODIFIERS]
  const said = Object.entries(pattern).filter(([, expected]) => expected !== undefined)
  const unknown = said.find(([word]) => !known.includes(word))
  if (unknown) throw new Refusal('invalid', `${place}: there is no "${unknown[0]}"; there are ${known.join(', ')}`)
  const demands = said.flatMap(([word, expected]): Demand[] => {
    const operator = ownValue(operators, word)
    if (!operator) return []
    const shown = isSecret && typeof expected === 'string' ? '"[redacted]"' : redactedText(JSON.stringify(expected))
    return [{ words: `${operator.words} ${shown}`.trim(), holds: operator.compile(expected, pattern) }]
  })
  if (demands.length === 0) throw new Refusal('invalid', `${place}: say one of ${Object.keys(operators).join(', ')}`)
  return demands
}

/** Java's flags at the start are JavaScript's; its whole match is one between anchors. Throws Refusal. */
function wholeRegExp(text: string): RegExp {
  const [prefix = '', flags = ''] = /^\(\?([ims]+)\)/.exec(text) ?? []
  try {
    return new RegExp(`^(?:${text.slice(prefix.length)})$`, flags)
  } catch (cause) {
    throw new Refusal('invalid', `"${text}" is no regular expression: ${(cause as Error).message}`, cause)
  }
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

interface JsonRules {
  ignoreArrayOrder: boolean
  ignoreExtraElements: boolean
}

function sameJson(wanted: unknown, actual: unknown, rules: JsonRules): boolean {
  if (Array.isArray(wanted) && Array.isArray(actual)) return sameItems(wanted, actual, rules)
  if (!isObject(wanted) || !isObject(actual)) return isDeepStrictEqual(wanted, actual)
  const names = Object.keys(wanted)
  if (!rules.ignoreExtraElements && Object.keys(actual).length !== names.length) return false
  return names.every(name => Object.hasOwn(actual, name) && sameJson(wanted[name], actual[name], rules))
}

function sameItems(wanted: unknown[], actual: unknown[], rules: JsonRules): boolean {
  if (rules.ignoreExtraElements ? actual.length < wanted.length : actual.length !== wanted.length) return false
  if (!rules.ignoreArrayOrder) return wanted.every((item, index) => sameJson(item, actual[index], rules))
  const left = [...actual]
  return wanted.every(item => {
    const index = left.findIndex(each => sameJson(item, each, rules))
    if (index !== -1) left.splice(index, 1)
    return index !== -1
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
