// Content negotiation: Accept headers and the media types chosen.
import t from 'tap'
import { negotiate } from '../../src/http/negotiate.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const SEVEN_ZIP = 'application/x-7z-compressed'
const AVAILABLE = [JSON_TYPE, SEVEN_ZIP] as const

interface Case {
  accept: string | undefined
  expected: string | undefined
  why: string
}

const cases: Case[] = [
  { accept: undefined, expected: JSON_TYPE, why: 'the first without a header' },
  { accept: '', expected: JSON_TYPE, why: 'an empty header counts as absent' },
  { accept: '  ', expected: JSON_TYPE, why: 'a blank header counts as absent' },
  { accept: '*/*', expected: JSON_TYPE, why: 'the first for */*' },
  { accept: 'application/json', expected: JSON_TYPE, why: 'exact match' },
  { accept: SEVEN_ZIP, expected: SEVEN_ZIP, why: 'exact match' },
  { accept: 'APPLICATION/X-7Z-COMPRESSED', expected: SEVEN_ZIP, why: 'case-insensitive' },
  { accept: 'application/json;charset=utf-8', expected: JSON_TYPE, why: 'with the parameter of the type' },
  { accept: 'application/json; charset=UTF-8', expected: JSON_TYPE, why: 'parameter values are case-insensitive' },
  { accept: 'application/json;charset=latin1', expected: undefined, why: 'not with another parameter value' },
  { accept: 'application/*', expected: JSON_TYPE, why: 'the first that matches the wildcard' },
  {
    accept: 'application/json, application/x-7z-compressed',
    expected: JSON_TYPE,
    why: 'the order of the header for equal q',
  },
  {
    accept: 'application/x-7z-compressed, application/json',
    expected: SEVEN_ZIP,
    why: 'the order of the header for equal q',
  },
  { accept: 'application/json;q=0.5, application/x-7z-compressed', expected: SEVEN_ZIP, why: 'the higher q' },
  { accept: 'application/json;q=0.4, application/x-7z-compressed;q=0.5', expected: SEVEN_ZIP, why: 'the higher q' },
  { accept: 'application/json;q=0.501, application/x-7z-compressed;q=0.5', expected: JSON_TYPE, why: 'three decimals' },
  { accept: '*/*;q=0.1, application/x-7z-compressed', expected: SEVEN_ZIP, why: 'q before order' },
  {
    accept: 'application/x-7z-compressed;q=0.1, */*',
    expected: JSON_TYPE,
    why: 'the exact range takes precedence over */*',
  },
  {
    accept: 'application/*;q=0.9, application/json;q=0.2',
    expected: SEVEN_ZIP,
    why: 'the exact range takes precedence over the wildcard subtype',
  },
  {
    accept: '*/*;q=0.9, application/*;q=0.2, application/json;q=0.3',
    expected: JSON_TYPE,
    why: 'the wildcard subtype takes precedence over */*',
  },
  { accept: '*/*, application/x-7z-compressed', expected: SEVEN_ZIP, why: 'for equal q, the exact range' },
  { accept: 'application/json;q=0, */*', expected: SEVEN_ZIP, why: 'q=0 excludes a type' },
  { accept: 'application/json;q=0', expected: undefined, why: 'q=0 excludes a type' },
  { accept: '*/*;q=0', expected: undefined, why: 'q=0 excludes all types' },
  {
    accept: 'application/json;q=0, application/x-7z-compressed;q=0.0, */*',
    expected: undefined,
    why: 'all types excluded',
  },
  { accept: 'text/html', expected: undefined, why: 'not available' },
  { accept: 'text/*, image/png', expected: undefined, why: 'not available' },
  { accept: 'text/html, application/json;q=0.1', expected: JSON_TYPE, why: 'the available type despite a low q' },
  {
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    expected: JSON_TYPE,
    why: 'a browser’s header',
  },
  { accept: 'json', expected: undefined, why: 'not a media range' },
  { accept: 'json, application/x-7z-compressed', expected: SEVEN_ZIP, why: 'invalid media ranges are ignored' },
  { accept: ',,;q=1, application/json', expected: JSON_TYPE, why: 'stray commas' },
  { accept: 'application/json;q=much', expected: undefined, why: 'q is not a number' },
]

t.test('negotiate: a type with a parameter', async t => {
  for (const { accept, expected, why } of cases) {
    t.equal(negotiate(accept, AVAILABLE), expected, `${JSON.stringify(accept)}: ${why}`)
  }
})

t.test('negotiate: types without parameters', async t => {
  t.equal(negotiate('application/json', ['text/html', 'application/json']), 'application/json')
  t.equal(negotiate('*/*', ['text/html', 'application/json']), 'text/html')
  t.equal(negotiate('application/*', ['text/html', 'application/json']), 'application/json')
  t.equal(negotiate('application/json', []), undefined)
})
