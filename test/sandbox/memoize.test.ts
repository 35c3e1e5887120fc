// memoizeLast: caches the last result, for its key only.
import t from 'tap'
import { memoizeLast } from '../../src/sandbox/memoize.ts'

t.test('computes again when the key differs from the last one', async t => {
  const asked: (string | undefined)[] = []
  const upper = memoizeLast((text: string | undefined) => {
    asked.push(text)
    return text?.toUpperCase()
  })
  t.same(['a', 'a', 'b', 'a', undefined, undefined, 'a'].map(upper), ['A', 'A', 'B', 'A', undefined, undefined, 'A'])
  t.same(asked, ['a', 'b', 'a', undefined, 'a'])
})

t.test('errors are not cached', async t => {
  let fails = true
  const shaky = memoizeLast((key: number) => {
    if (fails) throw new Error('not now')
    return key
  })
  t.throws(() => shaky(1), { message: 'not now' })
  fails = false
  t.equal(shaky(1), 1)
})
