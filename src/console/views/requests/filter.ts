// The filter of the requests: words that all have to fit, such as `status:4xx -method:GET backups`.
import type { RequestRow } from '../../state/request-row.ts'

type Test = (row: RequestRow) => boolean

/** What a word can name, in the order of the help. */
export const FILTER_HELP: readonly { word: string; meaning: string }[] = [
  { word: 'backups', meaning: 'in the method, path, operation, error or fault' },
  { word: 'method:POST', meaning: 'the method' },
  { word: 'path:/v1/', meaning: 'a part of the path and query' },
  { word: 'status:404', meaning: 'the status; also 4xx, 400-499, or none for no response' },
  { word: 'operation:createBackup', meaning: 'a part of the operationId' },
  { word: 'api:arcgis', meaning: 'the API' },
  { word: 'fault:delay', meaning: 'a part of the fault kind; fault: alone for any fault' },
  { word: 'forced:', meaning: 'answered as the request asked for; also with a part of the name' },
  { word: 'error:NotFound', meaning: 'a part of the name of the error' },
  { word: 'is:unmatched', meaning: 'for no operation' },
  { word: 'sandbox:t1', meaning: 'Enter shows the requests of that sandbox' },
  { word: '-status:200', meaning: 'a minus sign: everything else' },
  { word: '"two words"', meaning: 'quotes keep spaces' },
]

/** One word of a filter, split at its first colon. */
export interface Word {
  isNegated: boolean
  field: string | undefined
  value: string
}

const WORD = /(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S*))/g

export function wordsOf(filter: string): Word[] {
  return [...filter.matchAll(WORD)]
    .filter(([all]) => all !== '')
    .map(([, minus, field, quoted, plain]) => ({ isNegated: minus === '-', field, value: quoted ?? plain ?? '' }))
}

const contains = (text: string | undefined, part: string) => text?.toLowerCase().includes(part.toLowerCase()) ?? false

/** By field. A field that does not exist is text, such as the scheme of a URL. */
const FIELDS: Readonly<Record<string, (value: string) => Test>> = {
  method: value => row => row.method.toLowerCase() === value.toLowerCase(),
  path: value => row => contains(row.path, value),
  status: value => statusTest(value),
  operation: value => row => contains(row.operation, value),
  api: value => row => contains(row.api, value),
  fault: value => row => row.fault !== undefined && contains(row.fault, value),
  forced: value => row => row.forced !== undefined && contains(row.forced, value),
  error: value => row => row.error !== undefined && contains(row.error, value),
  is: value => row => value === 'unmatched' && !row.isMatched,
  // The rows are of one sandbox.
  sandbox: () => () => true,
}

function statusTest(value: string): Test {
  if (value === 'none') return row => row.status === undefined
  const [first = '', last = first] = value.toLowerCase().split('-')
  const [min, max] = [Number(first.replaceAll('x', '0')), Number(last.replaceAll('x', '9'))]
  // While a person types: 4 is the beginning of 404.
  if (/^\d{1,2}$/.test(value)) return row => String(row.status).startsWith(value)
  return row => row.status !== undefined && min <= row.status && row.status <= max
}

function textTest(text: string): Test {
  return row =>
    [row.method, row.path, row.operation, row.error, row.fault, row.forced].some(each => contains(each, text))
}

export function filterOf(filter: string): Test {
  const tests = wordsOf(filter).map(({ isNegated, field, value }): Test => {
    const known = field === undefined ? undefined : FIELDS[field]
    const test = known ? known(value) : textTest(field === undefined ? value : `${field}:${value}`)
    return isNegated ? row => !test(row) : test
  })
  return row => tests.every(test => test(row))
}

/** Whether the filter contains the word. */
export function hasWord(filter: string, word: string): boolean {
  return filter.split(/\s+/).includes(word)
}

/** The filter with the word added, or without it if it was there. */
export function toggledWord(filter: string, word: string): string {
  const words = filter.split(/\s+/).filter(Boolean)
  return (words.includes(word) ? words.filter(each => each !== word) : [...words, word]).join(' ')
}

/** The sandbox that the filter names, and the rest of the filter. */
export function sandboxIn(filter: string): { sandbox: string; rest: string } | undefined {
  const word = filter.split(/\s+/).find(each => /^sandbox:./.test(each))
  return word === undefined ? undefined : { sandbox: word.slice('sandbox:'.length), rest: toggledWord(filter, word) }
}
