// Content negotiation as a table: an Accept header and what comes of it.
import t from 'tap'
import { negotiate } from '../../src/http/negotiate.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const SEVEN_ZIP = 'application/x-7z-compressed'
const AVAILABLE = [JSON_TYPE, SEVEN_ZIP] as const

const rows: [accept: string | undefined, wanted: string | undefined, why: string][] = [
  [undefined, JSON_TYPE, 'the first without a header'],
  ['', JSON_TYPE, 'an empty header is none'],
  ['  ', JSON_TYPE, 'a blank header is none'],
  ['*/*', JSON_TYPE, 'the first for anything'],
  ['application/json', JSON_TYPE, 'by name'],
  [SEVEN_ZIP, SEVEN_ZIP, 'by name'],
  ['APPLICATION/X-7Z-COMPRESSED', SEVEN_ZIP, 'in any case'],
  ['application/json;charset=utf-8', JSON_TYPE, 'with a parameter that it has'],
  ['application/json; charset=UTF-8', JSON_TYPE, 'its value in any case'],
  ['application/json;charset=latin1', undefined, 'not with a parameter that it has not'],
  ['application/*', JSON_TYPE, 'the first of a family'],
  ['application/json, application/x-7z-compressed', JSON_TYPE, 'the header’s order among equals'],
  ['application/x-7z-compressed, application/json', SEVEN_ZIP, 'the header’s order among equals'],
  ['application/json;q=0.5, application/x-7z-compressed', SEVEN_ZIP, 'the higher q'],
  ['application/json;q=0.4, application/x-7z-compressed;q=0.5', SEVEN_ZIP, 'the higher q'],
  ['application/json;q=0.501, application/x-7z-compressed;q=0.5', JSON_TYPE, 'to three decimals'],
  ['*/*;q=0.1, application/x-7z-compressed', SEVEN_ZIP, 'q over order'],
  ['application/x-7z-compressed;q=0.1, */*', JSON_TYPE, 'the exact range decides, not the widest'],
  ['application/*;q=0.9, application/json;q=0.2', SEVEN_ZIP, 'the exact range decides, not the family'],
  ['*/*;q=0.9, application/*;q=0.2, application/json;q=0.3', JSON_TYPE, 'the family decides, not the widest'],
  ['*/*, application/x-7z-compressed', SEVEN_ZIP, 'of two with the same q the one that is named'],
  ['application/json;q=0, */*', SEVEN_ZIP, 'q=0 is never'],
  ['application/json;q=0', undefined, 'q=0 is never'],
  ['*/*;q=0', undefined, 'nothing at all'],
  ['application/json;q=0, application/x-7z-compressed;q=0.0, */*', undefined, 'all there is refused'],
  ['text/html', undefined, 'something else'],
  ['text/*, image/png', undefined, 'something else'],
  ['text/html, application/json;q=0.1', JSON_TYPE, 'what there is, however little wanted'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', JSON_TYPE, 'a browser'],
  ['json', undefined, 'no media range'],
  ['json, application/x-7z-compressed', SEVEN_ZIP, 'what is no media range counts for nothing'],
  [',,;q=1, application/json', JSON_TYPE, 'stray commas'],
  ['application/json;q=much', undefined, 'a q that is no number'],
]

t.test('negotiate: with a type that has a parameter', async t => {
  for (const [accept, wanted, why] of rows) {
    t.equal(negotiate(accept, AVAILABLE), wanted, `${JSON.stringify(accept)}: ${why}`)
  }
})

t.test('negotiate: with types as arcgis and others have them', async t => {
  t.equal(negotiate('application/json', ['text/html', 'application/json']), 'application/json')
  t.equal(negotiate('*/*', ['text/html', 'application/json']), 'text/html')
  t.equal(negotiate('application/*', ['text/html', 'application/json']), 'application/json')
  t.equal(negotiate('application/json', []), undefined)
})
