// The tasks of drills: a client cannot keep a limit that its task does not name.
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { Drill, Rule } from '../../../schemas/drills.ts'

const FOLDER = new URL('../../../fixtures/drills/', import.meta.url)
const drills = readdirSync(FOLDER).map((file): Drill => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
/** Other ways to write small counts. */
const COUNTS: Record<number, string> = {
  0: 'no|not|never|nothing|without',
  1: 'once|single',
  2: 'twice|both',
}
const UNITS = { hour: 3_600_000, minute: 60_000, second: 1000 }

function numberWords(number: number): string[] {
  return [String(number).replace('.', '\\.'), ...(NUMBERS[number] === undefined ? [] : [NUMBERS[number]])]
}

/** Whether the text names the count: `3`, `three`, `once` … */
function namesCount(text: string, count: number): boolean {
  const words = [...numberWords(count), ...(COUNTS[count] === undefined ? [] : [COUNTS[count]])]
  return new RegExp(`(?<![\\w/.-])(?:${words.join('|')})(?![\\w/-]|\\.\\d)`, 'i').test(text)
}

/** Whether the text names the time: `500 ms`, `half a second`, `5 to 15 minutes`, `a minute`, `30 seconds` … */
function namesTime(text: string, ms: number): boolean {
  const forms = Object.entries(UNITS).flatMap(([unit, unitMs]) => {
    const number = ms / unitMs
    const words = [...numberWords(number), ...(number === 1 ? ['an?'] : []), ...(number === 0.5 ? ['half an?'] : [])]
    return [`(?:${words.join('|')})(?: (?:to|and|or) [\\w.]+)? ${unit}s?`]
  })
  return new RegExp(`\\b(?:${[...forms, `${ms} ms`].join('|')})\\b`, 'i').test(text)
}

interface Limit {
  field: string
  isNamed: (task: string) => boolean
}

const COUNT_FIELDS = ['exactly', 'atLeast', 'atMost', 'factor']
const TIME_FIELDS = ['minMs', 'maxMs', 'untilMs']

function limitsOf(rule: Rule): Limit[] {
  const growing = rule.rule === 'back-off' ? rule.growing : undefined
  return Object.entries({ ...rule, ...growing }).flatMap(([field, limit]) => {
    if (typeof limit !== 'number') return []
    const isNamed = COUNT_FIELDS.includes(field) ? namesCount : TIME_FIELDS.includes(field) ? namesTime : undefined
    return isNamed ? [{ field: `${field} ${limit}`, isNamed: (task: string) => isNamed(task, limit) }] : []
  })
}

t.test('every limit that is judged is in the task', async t => {
  for (const { task, requirements } of drills) {
    for (const { id, rule } of requirements) {
      for (const { field, isNamed } of limitsOf(rule)) t.ok(isNamed(task), `${id}: ${field}`)
    }
  }
})

t.test('a limit is recognized in digits and in words, and not in ids', async t => {
  const named: { text: string; count?: number; ms?: number }[] = [
    { text: 'at most 3 times', count: 3 },
    { text: 'at most three times', count: 3 },
    { text: 'do it once.', count: 1 },
    { text: 'a factor of 1.25)', count: 1.25 },
    { text: 'never again', count: 0 },
    { text: 'at least half a second', ms: 500 },
    { text: 'wait 500 ms', ms: 500 },
    { text: 'a minute', ms: 60_000 },
    { text: '5 to 15 minutes', ms: 300_000 },
    { text: '5 to 15 minutes', ms: 900_000 },
    { text: '90 seconds', ms: 90_000 },
  ]
  const unnamed: typeof named = [
    { text: 'GET v1/instances/1', count: 1 },
    { text: 'the backup-1 and 1.5', count: 1 },
    { text: 'at most 30 times', count: 3 },
    { text: 'another one', count: 0 },
    { text: '15 minutes', ms: 300_000 },
    { text: '5 seconds', ms: 300_000 },
    { text: 'wait 1500 ms', ms: 500 },
  ]
  const isNamed = ({ text, count, ms = 0 }: (typeof named)[number]) =>
    count === undefined ? namesTime(text, ms) : namesCount(text, count)
  for (const each of named) t.ok(isNamed(each), each.text)
  for (const each of unnamed) t.notOk(isNamed(each), each.text)
})

t.test('every requirement has its source, and a standard or a bug its address', async t => {
  for (const { requirements } of drills) {
    for (const { id, text, provenance } of requirements) {
      t.match(text, /^[A-Z].*\.$/, id)
      if (provenance.kind === 'rfc' || provenance.kind === 'bug') t.match(provenance.url, /^https:/, id)
    }
  }
})
