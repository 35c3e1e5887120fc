// Which operations a request that met none of them was probably meant for, and what it would have to say instead.
import type { NearOperation } from '../../../schemas/control.ts'

/** As the index of what is served has it. */
export interface Operation {
  id: string
  api: string
  method: string
  /** With parameters as `:name`. */
  url: string
}

const SHOWN = 3

/** The nearest first. `path` is without query, as routed. */
export function nearestOperations(method: string, path: string, operations: Iterable<Operation>): NearOperation[] {
  return [...operations]
    .map(operation => ({ operation, ...compare(method, path, operation) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, SHOWN)
    .map(({ operation: { id, api, method: verb, url }, difference }) => ({
      operation: id,
      api,
      method: verb,
      url,
      difference,
    }))
}

/** A wrong method counts less than any wrong letter. */
const WRONG_METHOD = 0.01

/** Distance from 0, the same, to about 1, nothing in common. */
function compare(method: string, path: string, operation: Operation): { distance: number; difference: string } {
  const [got, want] = middles(segmentsOf(path), segmentsOf(operation.url))
  const [gotText, wantText] = [got.join('/'), want.join('/')]
  const pathDistance = editDistance(gotText, wantText) / Math.max(path.length, operation.url.length)
  const isRightMethod = method === operation.method || (method === 'HEAD' && operation.method === 'GET')
  const differences = [
    ...(isRightMethod ? [] : [`the method would be ${operation.method}, not ${method}`]),
    ...(gotText === wantText ? [] : [pathDifference(gotText, wantText)]),
  ]
  return {
    distance: pathDistance + (isRightMethod ? 0 : WRONG_METHOD),
    difference: differences.join('; ') || 'none: the path cannot be read as it is written',
  }
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1)
}

/** What is left of both when what they have in common at both ends is taken away; a parameter is whatever stands there. */
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
  if (got === '') return `"${want}" is missing in the path`
  return want === '' ? `"${got}" in the path is too much` : `"${got}" in the path would be "${want}"`
}

/** Longer paths are of no operation, however they go on. */
const LONGEST = 300

/** Insertions, deletions and replacements of a letter that make one of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a.slice(0, LONGEST)].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
