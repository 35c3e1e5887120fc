// The history of a sandbox: copies hold what it contained, over several images, without what was rolled back, within its memory.
import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Registry } from '../../../src/sandbox/registry.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { bake, bakeries, caught, everything, loaves, loavesOf, SECOND, START } from '../bakery.ts'

const withHistory = (bytes = 16_000_000) => ({ settings: { history: { requests: 1000, bytes } } })

function copyAt(registry: Registry, instant: number, name = 'copy'): Sandbox {
  registry.create(name, registry.past('default', { instant }, name))
  return registry.get(name)
}

function addLoaf({ store, ids }: Sandbox, bakedAt: number): void {
  const number = ids.next('loaf')
  loaves.insert(store, { number, name: 'x'.repeat(100), bakedAt, eatenAt: null, isFresh: true, slices: [number] })
}

type Change =
  | { bake: string }
  | { add: number }
  | { eat: number }
  | { fail: number }
  | { wait: number }
  | { token: string }

const changes = fc.oneof(
  fc.record({ bake: fc.string({ minLength: 1 }) }),
  fc.record({ add: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ eat: fc.nat(20) }),
  fc.record({ fail: fc.nat(3) }),
  fc.record({ wait: fc.integer({ min: 1, max: 200 * SECOND }) }),
  fc.record({ token: fc.constantFrom('a', 'b') }),
)

function apply(sandbox: Sandbox, change: Change, index: number): void {
  const { store, clock, ids } = sandbox
  const now = clock.now()
  if ('bake' in change) bake(sandbox, `${index} ${change.bake}`)
  else if ('add' in change) for (let count = 0; count < change.add; count += 1) addLoaf(sandbox, now)
  else if ('eat' in change) store.run('UPDATE loaf SET eatenAt = ? WHERE number % 21 = ?', now, change.eat)
  else if ('wait' in change) sandbox.advanceTo(now + change.wait)
  else if ('token' in change) ids.token(change.token)
  else
    caught(() =>
      store.transaction(() => {
        for (let count = 0; count < change.fail; count += 1) addLoaf(sandbox, now)
        store.run('DELETE FROM loaf WHERE number % 3 = 0')
        throw new Error('rolled back')
      }),
    )
}

t.test('a copy at any instant equals the sandbox at that instant', async t => {
  await fc.assert(
    fc.property(fc.array(changes, { minLength: 1, maxLength: 40 }), sequence => {
      const registry = bakeries(t, withHistory())
      const sandbox = registry.get('default')
      const states = new Map<number, unknown>([[START, everything(sandbox)]])
      for (const [index, change] of sequence.entries()) {
        apply(sandbox, change, index)
        sandbox.history?.note()
        states.set(sandbox.clock.now(), everything(sandbox))
      }
      for (const [index, [instant, state]] of [...states].entries())
        deepStrictEqual(everything(copyAt(registry, instant, `copy-${index}`)), state)
      registry.close()
    }),
    { numRuns: 50 },
  )
})

t.test('long histories consist of several images, and the oldest are dropped', async t => {
  const registry = bakeries(t, withHistory(2_500_000))
  const sandbox = registry.get('default')
  for (let second = 0; second < 120; second += 1) {
    for (let count = 0; count < 50; count += 1) addLoaf(sandbox, sandbox.clock.now())
    sandbox.history?.note()
    sandbox.advanceTo(START + (second + 1) * SECOND)
  }
  const { history } = sandbox
  const earliest = history?.earliest ?? 0
  t.ok(earliest > START && earliest < START + 100 * SECOND, 'the oldest part was dropped, and not all')
  t.ok((history?.bytes ?? 0) <= 2_500_000)
  for (let instant = earliest; instant <= START + 120 * SECOND; instant += SECOND) {
    const copy = copyAt(registry, instant)
    t.equal(loavesOf(copy).length, Math.min(50 * ((instant - START) / SECOND + 1), 6000), `${instant}`)
    registry.drop('copy')
  }
  t.match(
    caught(() => copyAt(registry, earliest - 1)),
    { kind: 'conflict', message: /too early/ },
  )
})

t.test('two servers have nothing in common', async t => {
  const [one, two] = [bakeries(t, withHistory()), bakeries(t, withHistory())]
  addLoaf(one.get('default'), START)
  two.get('default')
  t.equal(loavesOf(copyAt(one, START)).length, 1)
  t.equal(loavesOf(copyAt(two, START)).length, 0)
})
