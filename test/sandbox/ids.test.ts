// Ids, tokens and random numbers of a sandbox: repeatable for the same seed and label.
import t from 'tap'
import { bakeries, openBakery } from './bakery.ts'

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const draw = ({ ids }: ReturnType<typeof openBakery>) => [
  ids.next('a'),
  ids.next('a'),
  ids.next('b'),
  ids.uuid('a'),
  ids.uuid('a'),
  ids.token('a'),
  ids.token('b', 5),
  ids.bytes('a', 70).toString('hex'),
  ids.fraction('a'),
]

t.test('the same seed gives the same values, another seed gives others', async t => {
  const [first, second, other] = ['one', 'one', 'two'].map(seed => draw(openBakery(t, { settings: { seed } })))
  t.same(first, second)
  t.same(first?.slice(0, 3), [1, 2, 1], 'each label has a counter of its own')
  t.same(other?.slice(0, 3), [1, 2, 1], 'counters do not depend on the seed')
  for (let index = 3; index < 9; index += 1) t.not(first?.[index], other?.[index])
})

t.test('sandboxes of one server have equal counters, bytes and fractions, but different tokens and UUIDs', async t => {
  const registry = bakeries(t)
  const [first, second] = [draw(registry.get('first')), draw(registry.get('second'))]
  const salted = [3, 4, 5, 6]
  for (const [index, value] of first.entries()) {
    if (salted.includes(index)) t.not(second[index], value)
    else t.equal(second[index], value)
  }
  t.not(draw(registry.get('first'))[3], first[3], 'the next draw gives another value')
})

t.test('UUIDs, tokens and bytes have the promised form and size', async t => {
  const { ids } = openBakery(t)
  const uuids = Array.from({ length: 200 }, () => ids.uuid('x'))
  t.ok(uuids.every(uuid => UUID_V4.test(uuid)))
  t.equal(new Set(uuids).size, 200, 'no duplicates')
  t.match(ids.token('x'), /^[\w-]{43}$/)
  t.match(ids.token('x', 6), /^[\w-]{8}$/)
  t.equal(ids.bytes('x', 0).length, 0)
  t.equal(ids.bytes('x', 33).length, 33)
})

t.test('bytes and fractions change no counter, and a longer draw begins like a shorter one', async t => {
  const { ids } = openBakery(t)
  t.same(ids.bytes('x', 40), ids.bytes('x', 40))
  t.same(ids.bytes('x', 100).subarray(0, 40), ids.bytes('x', 40))
  t.notSame(ids.bytes('x', 40), ids.bytes('y', 40))
  const blocks = ids.bytes('x', 96)
  t.notSame(blocks.subarray(0, 32), blocks.subarray(32, 64), 'blocks differ')
  t.equal(ids.next('x'), 1)
  const fractions = Array.from({ length: 1000 }, (_, index) => ids.fraction(`f${index}`))
  t.ok(fractions.every(value => value >= 0 && value < 1))
  const mean = fractions.reduce((sum, value) => sum + value) / 1000
  t.ok(mean > 0.45 && mean < 0.55, 'fractions are spread evenly')
})

t.test('counters continue after a restart', async t => {
  const dataDirectory = t.testdir({})
  const registry = bakeries(t, { dataDirectory })
  const before = [registry.get('default').ids.next('a'), registry.get('default').ids.uuid('a')]
  registry.close()
  const restarted = openBakery(t, { dataDirectory }).ids
  const unbroken = openBakery(t).ids
  t.same([unbroken.next('a'), unbroken.uuid('a')], before)
  t.same([restarted.next('a'), restarted.uuid('a')], [unbroken.next('a'), unbroken.uuid('a')])
  t.equal(restarted.next('a'), 5)
})
