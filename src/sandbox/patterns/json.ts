// JSON values that bodies are compared with: equal, or equal but for the order of arrays and for what else there is.
import { isObject } from '../is-object.ts'
import { Refusal } from '../refusal.ts'

export interface JsonRules {
  ignoreArrayOrder: boolean
  ignoreExtraElements: boolean
}

/** Comparing values recurses as deep as the expected one. */
const MAX_DEPTH = 100

/** What can be read of a text; undefined when it is no JSON. */
export function parsedJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** How many values there are in one, itself included. Throws Refusal when it is nested too deeply. */
export function countValues(value: unknown, place: string, depth = 0): number {
  if (depth > MAX_DEPTH)
    throw new Refusal('invalid', `${place}: equalToJson takes values of at most ${MAX_DEPTH} levels`)
  if (typeof value !== 'object' || value === null) return 1
  let count = 1
  for (const item of Object.values(value)) count += countValues(item, place, depth + 1)
  return count
}

/** In any order, the time is that of the number of expected values times the number of actual ones. */
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
