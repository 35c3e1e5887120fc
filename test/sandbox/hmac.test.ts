// Compares our HMAC with that of Node.js.
import { createHmac } from 'node:crypto'
import t from 'tap'
import { hmacWith } from '../../src/sandbox/hmac.ts'

t.test('the same as createHmac, for keys of every length and texts outside ASCII', t => {
  for (const keyLength of [0, 1, 63, 64, 65, 200]) {
    const key = 'kéy'.repeat(100).slice(0, keyLength)
    const hmac = hmacWith(key)
    for (const text of ['', 'arcgis/token/1#0', 'ä'.repeat(500)]) {
      const expected = createHmac('sha256', key).update(text).digest('hex')
      t.equal(hmac(text).toString('hex'), expected, `${keyLength} characters, ${text.length} characters`)
    }
  }
  t.end()
})
