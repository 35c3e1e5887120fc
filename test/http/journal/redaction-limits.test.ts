// Checks that redaction takes little time for long texts and for many secrets.
import t from 'tap'
import { Redaction, redactedText } from '../../../src/http/journal/redaction.ts'

t.test('texts that repeatedly almost match take time in proportion to their length', async t => {
  const length = 65_536
  const secrets = Array.from({ length: 5000 }, (_, index) => `token=s${index * 7919}x`).join('&')
  const texts: Record<string, string> = {
    'a header of a part': 'name='.repeat(length / 5),
    'a header of a part, in lines': 'name="a\r\n'.repeat(length / 9),
    'an input of a page': '<input name='.repeat(length / 12),
    'an incomplete object': `{"token":{"${'\\"'.repeat(length / 2)}`,
    'fields after many spaces': `${' '.repeat(length / 2)}${'key:\n'.repeat(length / 10)}`,
    'queries after many spaces': `${' '.repeat(length / 2)}${'key=a&'.repeat(length / 12)}`,
    'invalid escapes': 'key%='.repeat(length / 5),
    'many secrets': secrets,
    'a long secret and one like it': `"token":"${'a'.repeat(100)}b${'a'.repeat(16_000)}","x":"${'a'.repeat(49_000)}`,
  }
  for (const [what, text] of Object.entries(texts)) {
    const startedAt = performance.now()
    new Redaction({ url: '/', headers: [], bodies: [text], marks: undefined }).text(text)
    const tookMs = performance.now() - startedAt
    t.ok(tookMs < 1000, `${what}: ${tookMs.toFixed()} ms`)
  }
})

t.test('long repetitions are searched quickly', async t => {
  for (const piece of [
    'a',
    '"',
    '<',
    '<input ',
    'token:<',
    'name="a',
    'token=',
    '{"token":',
    'a:',
    '://',
    '%3D',
    'bearer ',
    '[',
    '\n',
  ]) {
    const text = piece.repeat(65_536 / piece.length)
    t.type(redactedText(text), 'string', piece)
  }
})
