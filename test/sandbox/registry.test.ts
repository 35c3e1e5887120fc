// The sandboxes of one server: independent, the same when started the same, and created as a whole or not at all.
import { mkdirSync, rmdirSync, rmSync } from 'node:fs'
import t from 'tap'
import type { Registry } from '../../src/sandbox/registry.ts'
import { makeSandboxFolder, sandboxFile } from '../data-files.ts'
import { bake, bakeries, bakery, DAY, everything, loavesOf, openBakeries, SECOND, START } from './bakery.ts'

const fixtures = {
  bakery: {
    loaves: [{ number: 100, name: 'rye', bakedAt: '-2h' }],
    papers: [{ series: 'news', printedAt: '2020-01-01', daysKept: 7 }],
  },
}

t.test('new sandboxes are equal and independent', async t => {
  const registry = bakeries(t, { fixtures })
  const [one, two] = [registry.get('one'), registry.get('two')]
  t.same(everything(one), everything(two))
  const untouched = everything(two)
  bake(one, 'a')
  one.advanceTo(START + DAY)
  one.ids.next('x')
  t.same(everything(two), untouched)
  t.equal(two.clock.now(), START)
  t.same(everything(registry.get('three')), untouched, 'and so is one that is made later')
})

t.test('get returns the same sandbox for the same name', async t => {
  const registry = bakeries(t)
  t.equal(registry.get('one'), registry.get('one'))
  t.not(registry.get('one'), registry.get('two'))
})

t.test('the same clock and the same steps give the same bytes', async t => {
  const bytes = [1, 2].map(() => {
    const registry = bakeries(t, { fixtures })
    const sandbox = registry.get('default')
    bake(sandbox, 'a')
    sandbox.ids.token('x')
    sandbox.advanceTo(START + 101 * SECOND)
    return JSON.stringify(everything(sandbox))
  })
  t.equal(bytes[0], bytes[1])
})

t.test('relative instants of documents count from the start of the clock', async t => {
  const { bakedAt } = loavesOf(bakeries(t, { fixtures }).get('default'))[0] as { bakedAt: number }
  t.equal(bakedAt, START - 2 * 3600 * SECOND)
})

t.test('an API seeds after its rows are inserted, and what is due at the start is applied', async t => {
  const daily = { api: 'bakery', id: 'daily', kind: 'print', subject: { series: 'd', everyMs: DAY, daysKept: 3 } }
  const furnished = {
    ...bakery,
    seed: ({ jobs }: ReturnType<Registry['get']>, at: number) => jobs.arm({ ...daily, dueAt: at - DAY }),
  }
  const sandbox = bakeries(t, { apiStates: [furnished] }).get('default')
  t.same(sandbox.store.all('SELECT printedAt FROM paper'), [{ printedAt: START - DAY }, { printedAt: START }])
  t.equal(sandbox.jobs.nextDueAt, START + DAY)
})

t.test('reset: restores the initial state', async t => {
  for (const clock of [{ rate: 0, at: START }, { rate: 0 }]) {
    const registry = bakeries(t, { fixtures, clock })
    const before = everything(registry.get('default'))
    bake(registry.get('default'), 'a')
    registry.get('default').advanceTo(now => now + DAY)
    registry.reset('default')
    t.same(everything(registry.get('default')), before, 'the time included, also of a clock that froze at the start')
  }
})

t.test('reset: a moving clock follows the machine, and other sandboxes are not affected', async t => {
  const registry = bakeries(t, { clock: { rate: 1 } })
  const other = registry.get('other')
  other.advanceTo(now => now + DAY)
  const before = registry.get('default').clock.now()
  registry.get('default').advanceTo(now => now + DAY)
  registry.reset('default')
  const after = registry.get('default').clock.now()
  t.ok(after >= before && after < before + DAY / 2)
  t.equal(registry.get('other'), other)
})

t.test('create: the sandbox exists with its initial state before its first use', async t => {
  for (const dataDirectory of [undefined, t.testdir({})]) {
    const registry = bakeries(t, { fixtures, ...(dataDirectory && { dataDirectory }) })
    registry.snapshot('default', 's')
    registry.create('copy', { initialState: { from: 'snapshot', name: 's' } })
    registry.dropSnapshot('s')
    const copy = registry.get('copy')
    t.equal(loavesOf(copy).length, 1)
    t.throws(() => registry.reset('copy'), { message: /no snapshot "s"/ }, 'there is nothing to go back to')
    t.equal(registry.get('copy'), copy, 'so it stays as it is')
  }
})

t.test('create: a failure leaves nothing behind, on disk included', async t => {
  const dataDirectory = t.testdir({})
  const registry = bakeries(t, { dataDirectory })
  registry.create('one', { credentials: { key: 'known' } })
  mkdirSync(`${makeSandboxFolder(dataDirectory, 'two')}.new`)
  const two = { credentials: { 'other key': 'known' } }
  t.throws(() => registry.create('two', two), { message: /two\.sqlite: .*EISDIR/ })
  t.throws(() => registry.create('three', { credentials: { key: 'known' } }), {
    message: /already bound to sandbox "one"/,
  })
  t.throws(() => registry.create('three', { initialState: { from: 'snapshot', name: 'none' } }), {
    message: /no snapshot "none"/,
  })
  t.same(registry.names(), ['default', 'one'])
  t.same([...registry.bindings.keys()], ['key'])
  rmdirSync(`${sandboxFile(dataDirectory, 'two')}.new`)
  registry.create('two', two)
  t.same(registry.names(), ['default', 'one', 'two'])
})

t.test('a data directory: an interrupted creation or removal has either happened or not', async t => {
  const dataDirectory = t.testdir({})
  const first = openBakeries({ dataDirectory })
  first.create('lost', { credentials: { key: 'known' } })
  first.close()
  // The file is the last step of the one and the first of the other.
  rmSync(sandboxFile(dataDirectory, 'lost'))
  const second = bakeries(t, { dataDirectory })
  t.same(second.names(), ['default'])
  t.equal(second.bindings.size, 0)
  second.create('lost', { credentials: { key: 'known' } })
})

t.test('a data directory: a clock that was changed stays changed when the sandbox is opened again', async t => {
  const dataDirectory = t.testdir({})
  const registry = bakeries(t, {
    dataDirectory,
    clock: { rate: 1 },
    limits: { sandboxes: 10, openFiles: 10, idleMs: -1, snapshots: 10 },
  })
  registry.get('other').advanceTo(now => now + DAY, { rate: 0 })
  t.equal(registry.get('other').clock.mode, 'frozen', 'idle sandboxes are closed in between')
})

t.test('invalid documents fail the start', async t => {
  const cases: [object, string][] = [
    [
      { butcher: {} },
      'unknown field "butcher"; known fields are format, clock, sequences, jobs, schedules, jobRules, faultPlans, faults, faultFiles, bakery',
    ],
    [{ bakery: { cakes: [] } }, 'bakery: unknown field "cakes"; known fields are loaves, papers'],
    [{ bakery: [] }, 'bakery must be an object whose fields are tables'],
    [{ bakery: null }, 'bakery must be an object whose fields are tables'],
    [{ bakery: 5 }, 'bakery must be an object whose fields are tables'],
    [{ bakery: { loaves: null } }, 'bakery: loaves: Expected array'],
    [{ bakery: { loaves: [{}] } }, 'bakery: loaves/0/number: Expected required property'],
    [{ jobs: {} }, 'jobs: Expected array'],
    [{ clock: null }, 'clock must be {"now": ISO 8601, "rate": virtual ms per ms}'],
    [
      { bakery: { loaves: [1, 2].map(() => ({ number: 1, name: 'x', bakedAt: '+0s' })) } },
      'bakery: UNIQUE constraint failed: loaf.number',
    ],
  ]
  for (const [document, message] of cases) t.throws(() => openBakeries({ fixtures: document as never }), { message })
})
