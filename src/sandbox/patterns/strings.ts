// Compiles string patterns: WireMock's operators, each with its meaning and its cost.
import type { StringPattern } from '../../../schemas/patterns.ts'
import { ownValue } from '../own.ts'
import { Refusal } from '../refusal.ts'
import { countValues, isSameJson, parsedJson } from './json.ts'
import { compileRegularExpression } from './regular-expressions.ts'

interface Compiled {
  /** `values`: all values of the header, parameter or other subject. */
  holds(values: readonly string[]): boolean
  /** In instructions of regular expressions; omitted for a single pass over the text. */
  cost?: number
}

interface Operator {
  /** The operator in words, which precede the expected value. */
  words: string
  /** Throws Refusal for an invalid expected value. `place` begins the message. */
  compile(expected: unknown, pattern: StringPattern, place: string): Compiled
}

/** A text search can take the product of both lengths, but is faster than a regular expression. */
const CHARACTERS_PER_INSTRUCTION = 32

/** A text has fewer values than characters, and comparing two of them takes less time than an instruction. */
const VALUES_PER_INSTRUCTION = 4

const operators: Record<string, Operator> = {
  equalTo: {
    words: '',
    compile: (expected, { caseInsensitive }) => {
      const fold = (text: string) => (caseInsensitive ? text.toLowerCase() : text)
      const folded = fold(String(expected))
      return { holds: values => values.some(value => fold(value) === folded) }
    },
  },
  contains: {
    words: 'contains',
    compile: expected => {
      const { isIn, cost } = searchFor(String(expected))
      return { holds: values => values.some(isIn), cost }
    },
  },
  doesNotContain: {
    words: 'does not contain',
    compile: expected => {
      const { isIn, cost } = searchFor(String(expected))
      return { holds: values => !values.some(isIn), cost }
    },
  },
  matches: {
    words: 'matches',
    compile: (expected, _, place) => {
      const { matches, cost } = compileRegularExpression(String(expected), place)
      return { holds: values => values.some(matches), cost }
    },
  },
  doesNotMatch: {
    words: 'does not match',
    compile: (expected, _, place) => {
      const { matches, cost } = compileRegularExpression(String(expected), place)
      return { holds: values => !values.some(matches), cost }
    },
  },
  absent: {
    words: 'absent:',
    compile: expected => ({ holds: values => (values.length === 0) === (expected !== false) }),
  },
  equalToJson: {
    words: 'the JSON',
    compile: (expected, { ignoreArrayOrder = false, ignoreExtraElements = false }, place) => {
      const parsed = typeof expected === 'string' ? parsedJson(expected) : { value: expected }
      if (!parsed)
        throw new Refusal('invalid', `${place}: equalToJson must be a JSON value, or a string that contains one`)
      const count = countValues(parsed.value, place)
      const rules = { ignoreArrayOrder, ignoreExtraElements }
      return {
        holds: values => values.some(value => isSameJson(parsed.value, parsedJson(value)?.value, rules)),
        cost: ignoreArrayOrder ? Math.ceil(count / VALUES_PER_INSTRUCTION) : 0,
      }
    },
  },
}

const MODIFIERS = ['caseInsensitive', 'ignoreArrayOrder', 'ignoreExtraElements']

/** One operator of a string pattern with its expected value. */
export interface Condition {
  /** The words before the expected value: `contains`. */
  words: string
  expected: unknown
  cost: number
  holds(values: readonly string[]): boolean
}

/** Throws Refusal for unknown operators and for a pattern without any; `place` begins the message. */
export function compileStringPattern(pattern: StringPattern, place: string): Condition[] {
  const known = [...Object.keys(operators), ...MODIFIERS]
  const given = Object.entries(pattern).filter(([, expected]) => expected !== undefined)
  const unknown = given.find(([name]) => !known.includes(name))
  if (unknown)
    throw new Refusal('invalid', `${place}: unknown operator "${unknown[0]}"; known operators are ${known.join(', ')}`)
  const conditions = given.flatMap(([name, expected]): Condition[] => {
    const operator = ownValue(operators, name)
    if (!operator) return []
    return [{ words: operator.words, expected, cost: 0, ...operator.compile(expected, pattern, place) }]
  })
  if (conditions.length === 0)
    throw new Refusal('invalid', `${place}: expected one of ${Object.keys(operators).join(', ')}`)
  return conditions
}

function searchFor(text: string): { isIn: (value: string) => boolean; cost: number } {
  return { isIn: value => value.includes(text), cost: Math.ceil(text.length / CHARACTERS_PER_INSTRUCTION) }
}
