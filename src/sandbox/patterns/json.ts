// Compares JSON values, optionally regardless of the order of arrays and of additional elements.
import { isObject } from '../is-object.ts'
import { Refusal } from '../refusal.ts'

export interface JsonRules {
  ignoreArrayOrder: boolean
  ignoreExtraElements: boolean
}

/** Comparing recurses to the depth of the expected value. */
const MAX_DEPTH = 100

/** Undefined if the text is not JSON; the object distinguishes that from other values. */
export function parsedJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** The number of values that a value contains, including itself. Throws Refusal if it is nested too deeply. `place` begins the message. */
export function countValues(value: unknown, place: string, depth = 0): number {
  if (depth > MAX_DEPTH)
    throw new Refusal('invalid', `${place}: equalToJson accepts at most ${MAX_DEPTH} levels of nesting`)
  if (typeof value !== 'object' || value === null) return 1
  let count = 1
  for (const item of Object.values(value)) count += countValues(item, place, depth + 1)
  return count
}

/** With ignoreArrayOrder, the time is proportional to the product of the numbers of expected and actual values. */
export function isSameJson(expected: unknown, actual: unknown, rules: JsonRules): boolean {
  if (Array.isArray(expected)) return Array.isArray(actual) && hasSameItems(expected, actual, rules)
  if (!isObject(expected)) return expected === actual
  if (!isObject(actual)) return false
  const names = Object.keys(expected)
  if (!rules.ignoreExtraElements && Object.keys(actual).length !== names.length) return false
  return names.every(name => Object.hasOwn(actual, name) && isSameJson(expected[name], actual[name], rules))
}

function hasSameItems(expected: unknown[], actual: unknown[], rules: JsonRules): boolean {
  if (rules.ignoreExtraElements ? actual.length < expected.length : actual.length !== expected.length) return false
  if (!rules.ignoreArrayOrder) return expected.every((item, index) => isSameJson(item, actual[index], rules))
  const left = [...actual]
  return expected.every(item => {
    const index = left.findIndex(each => isSameJson(item, each, rules))
    if (index !== -1) left.splice(index, 1)
    return index !== -1
  })
}
