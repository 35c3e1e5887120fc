// What a request pattern may say of a text: WireMock's operators, each with what it means and what it costs.
import type { StringPattern } from '../../../schemas/patterns.ts'
import { ownValue } from '../own.ts'
import { Refusal } from '../refusal.ts'
import { countValues, isSameJson, parsedJson } from './json.ts'
import { compileRegularExpression } from './regular-expressions.ts'

interface Compiled {
  /** `values` are all that there are of that name. */
  holds(values: readonly string[]): boolean
  /** In the instructions of regular expressions; nothing for what takes one pass over a text. */
  cost?: number
}

interface Operator {
  /** The same in words, before the expected value. */
  words: string
  /** Throws Refusal for a value that it cannot go by. `place` begins its message. */
  compile(expected: unknown, pattern: StringPattern, place: string): Compiled
}

/** Looking for a text can take its length times that of the searched one, but is faster than a regular expression. */
const CHARACTERS_PER_INSTRUCTION = 32

/** Comparing two values takes less time than an instruction on a character does, and there are fewer of them. */
const VALUES_PER_INSTRUCTION = 4

const operators: Record<string, Operator> = {
  equalTo: {
    words: '',
    compile: (expected, { caseInsensitive }) => {
      const fold = (text: string) => (caseInsensitive ? text.toLowerCase() : text)
      const wanted = fold(String(expected))
      return { holds: values => values.some(value => fold(value) === wanted) }
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
      const wanted = typeof expected === 'string' ? parsedJson(expected) : { value: expected }
      if (!wanted) throw new Refusal('invalid', `${place}: equalToJson needs a JSON value, or a text that holds one`)
      const count = countValues(wanted.value, place)
      const rules = { ignoreArrayOrder, ignoreExtraElements }
      return {
        holds: values => values.some(value => isSameJson(wanted.value, parsedJson(value)?.value, rules)),
        cost: ignoreArrayOrder ? Math.ceil(count / VALUES_PER_INSTRUCTION) : 0,
      }
    },
  },
}

const MODIFIERS = ['caseInsensitive', 'ignoreArrayOrder', 'ignoreExtraElements']

/** One thing that a pattern says of a text. */
export interface Demand {
  /** Before the expected value: `contains`. */
  words: string
  expected: unknown
  cost: number
  holds(values: readonly string[]): boolean
}

/** `place` begins the messages. Throws Refusal for words that there are not, and for a pattern that says nothing. */
export function compileStringPattern(pattern: StringPattern, place: string): Demand[] {
  const known = [...Object.keys(operators), ...MODIFIERS]
  const said = Object.entries(pattern).filter(([, expected]) => expected !== undefined)
  const unknown = said.find(([word]) => !known.includes(word))
  if (unknown) throw new Refusal('invalid', `${place}: there is no "${unknown[0]}"; there are ${known.join(', ')}`)
  const demands = said.flatMap(([word, expected]): Demand[] => {
    const operator = ownValue(operators, word)
    if (!operator) return []
    return [{ words: operator.words, expected, cost: 0, ...operator.compile(expected, pattern, place) }]
  })
  if (demands.length === 0) throw new Refusal('invalid', `${place}: say one of ${Object.keys(operators).join(', ')}`)
  return demands
}

function searchFor(text: string): { isIn: (value: string) => boolean; cost: number } {
  return { isIn: value => value.includes(text), cost: Math.ceil(text.length / CHARACTERS_PER_INSTRUCTION) }
}
