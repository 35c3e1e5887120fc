// Checks how bodies are shown, without a browser.
import fc from 'fast-check'
import t from 'tap'
import { jsonParts, shownBody } from '../../src/console/views/requests/body-format.ts'

const textOf = (body: string) =>
  jsonParts(body)
    .map(({ text }) => text)
    .join('')

t.test('JSON is indented as JSON.stringify does it', async t => {
  fc.assert(
    fc.property(fc.jsonValue(), value => textOf(JSON.stringify(value)) === JSON.stringify(value, null, 2)),
    { seed: 1 },
  )
  t.pass()
})

t.test('numbers, names and escapes stay as they were sent', async t => {
  t.equal(
    textOf('{"a":12345678901234567890,"a":1.0e+2,"\\u0061\\"":-0}'),
    '{\n  "a": 12345678901234567890,\n  "a": 1.0e+2,\n  "\\u0061\\"": -0\n}',
  )
})

t.test('what is no JSON is text, and forms are fields', async t => {
  t.same(shownBody('{"a":', 'application/json'), { kind: 'text', text: '{"a":' })
  t.same(shownBody('<html>', 'text/html'), { kind: 'text', text: '<html>' })
  t.equal(shownBody('[1]', '').kind, 'json')
  t.same(shownBody('a=1&a=%3Cb%3E&c', 'application/x-www-form-urlencoded; charset=utf-8'), {
    kind: 'form',
    fields: [
      { name: 'a', value: '1' },
      { name: 'a', value: '<b>' },
      { name: 'c', value: '' },
    ],
  })
})
