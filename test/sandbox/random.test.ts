// Seeded choices: repeatable and within their bounds.
import t from 'tap'
import { seededPicker } from '../../src/sandbox/random.ts'

t.test('a picker makes the same choices for the same seed', async t => {
  const draw = (seed: string) => {
    const picker = seededPicker(seed)
    return [picker.int(1, 6), picker.hex(7), picker.uuid(), picker.pick(['a', 'b', 'c']), picker.int(0, 2 ** 45)]
  }
  t.same(draw('one'), draw('one'))
  t.not(JSON.stringify(draw('one')), JSON.stringify(draw('two')))
})

t.test('a picker stays within its bounds', async t => {
  const picker = seededPicker('dice')
  const faces = new Set(Array.from({ length: 500 }, () => picker.int(1, 6)))
  t.same([...faces].sort(), [1, 2, 3, 4, 5, 6])
  t.match(picker.hex(11), /^[0-9a-f]{11}$/)
  t.match(picker.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.throws(() => picker.pick([]), RangeError)
})
