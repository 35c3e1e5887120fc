// Finds the operations whose method and path are nearest to those of a request that no operation serves.
import { distance } from 'fastest-levenshtein'
import type { Operation } from './operations.ts'

/** An operation, as far as requests are compared with it. */
export type ComparedOperation = Pick<Operation, 'id' | 'api' | 'method' | 'url'>

export interface NearOperation {
  operation: string
  api: string
  method: string
  url: string
  /** What would have to be different in the request. */
  difference: string
}

const MAX_RESULTS = 3

/** The nearest first, at most three. `path` is without query, as routed. */
export function nearestOperations(
  method: string,
  path: string,
  operations: Iterable<ComparedOperation>,
): NearOperation[] {
  return [...operations]
    .map(operation => ({ operation, ...compare(method, path, operation) }))
    .sort((a, b) => a.score - b.score)
    .slice(0, MAX_RESULTS)
    .map(({ operation: { id, api, method: verb, url }, difference }) => ({
      operation: id,
      api,
      method: verb,
      url,
      difference,
    }))
}

/** Less than the score of any difference in the path. */
const WRONG_METHOD = 0.01

/** The score goes from 0 for the same method and path to about 1 for nothing in common. */
function compare(method: string, path: string, operation: ComparedOperation): { score: number; difference: string } {
  const [got, want] = middles(segmentsOf(path), segmentsOf(operation.url))
  const [gotText, wantText] = [got.join('/'), want.join('/')]
  const pathDistance = editDistance(gotText, wantText) / Math.max(path.length, operation.url.length)
  const isRightMethod = method === operation.method || (method === 'HEAD' && operation.method === 'GET')
  const differences = [
    ...(isRightMethod ? [] : [`use the method ${operation.method} instead of ${method}`]),
    ...(gotText === wantText ? [] : [pathDifference(gotText, wantText)]),
  ]
  return {
    score: pathDistance + (isRightMethod ? 0 : WRONG_METHOD),
    difference: differences.join('; ') || 'the path is not valid percent-encoding',
  }
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1)
}

/** The segments that remain of each path without those that match at the start and at the end. A parameter matches any segment. */
function middles(got: string[], want: string[]): [string[], string[]] {
  const fits = (a: string | undefined, b: string | undefined) =>
    a !== undefined && (a === b || (a !== '' && b?.startsWith(':')))
  let start = 0
  while (start < want.length && fits(got[start], want[start])) start += 1
  let end = 0
  while (end < Math.min(got.length, want.length) - start && fits(got.at(-1 - end), want.at(-1 - end))) end += 1
  return [got.slice(start, got.length - end), want.slice(start, want.length - end)]
}

function pathDifference(got: string, want: string): string {
  if (got === '') return `add "${want}" to the path`
  return want === '' ? `remove "${got}" from the path` : `replace "${got}" in the path by "${want}"`
}

/** No operation has a longer path. */
const MAX_COMPARED_LENGTH = 300

function editDistance(a: string, b: string): number {
  return distance(a.slice(0, MAX_COMPARED_LENGTH), b)
}

const MAX_HINT_LENGTH = 200

/** One line of printable ASCII that names the nearest operation, for a response header; undefined when there are none. */
export function nearestHint(method: string, url: string, operations: Iterable<ComparedOperation>): string | undefined {
  const [nearest] = nearestOperations(method, url.replace(/[?#][\s\S]*$/, ''), operations)
  if (!nearest) return undefined
  const hint = `The nearest operation is ${nearest.method} ${nearest.url} (${nearest.operation}): ${nearest.difference}`
  return hint.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_HINT_LENGTH)
}
