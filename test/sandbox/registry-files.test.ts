// The sandboxes of a data directory: they survive a restart, and a failure or a killed process leaves nothing half-done.
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { sandboxFile } from '../data-files.ts'
import { bake, bakeries, DAY, everything, loavesOf, openBakeries, SECOND, START } from './bakery.ts'

const fixtures = {
  bakery: {
    loaves: [{ number: 100, name: 'rye', bakedAt: '-2h' }],
    papers: [{ series: 'news', printedAt: '2020-01-01', daysKept: 7 }],
  },
}

t.test('a data directory: everything survives, including the clock and its mode', async t => {
  const dataDirectory = join(t.testdir({}), 'made', 'on', 'the', 'way')
  const first = openBakeries({ fixtures, dataDirectory })
  bake(first.get('default'), 'a')
  first.get('default').advanceTo(START + 50 * SECOND)
  first.get('other').ids.next('x')
  const before = ['default', 'other'].map(name => everything(first.get(name)))
  first.close()
  const second = bakeries(t, { fixtures: {}, dataDirectory, clock: {} })
  t.same(
    ['default', 'other'].map(name => everything(second.get(name))),
    before,
    'fixtures are only for the first time',
  )
  t.equal(second.get('default').clock.mode, 'frozen')
  second.get('default').advanceTo(START + DAY)
  t.same(
    loavesOf(second.get('default')).map(({ name, bakedAt }) => [name, bakedAt - START]),
    [
      ['a completed', 100 * SECOND],
      ['rye', -2 * 3600 * SECOND],
    ],
    'jobs go on where they were',
  )
})

t.test('a data directory: the clock option is applied, but never moves a clock back', async t => {
  const dataDirectory = t.testdir({})
  openBakeries({ dataDirectory, clock: { rate: 0, at: START + DAY } }).close()
  const reopened = (clock: object) => {
    const registry = openBakeries({ dataDirectory, clock })
    const { mode } = registry.get('default').clock
    const now = registry.get('default').clock.now()
    registry.close()
    return [mode, now - START]
  }
  t.same(reopened({ rate: 0, at: START }), ['frozen', DAY])
  t.same(reopened({ rate: 0 }), ['frozen', DAY], 'without an instant it stays where it stood')
  t.same(reopened({ rate: 0, at: START + 2 * DAY }), ['frozen', 2 * DAY])
  t.equal(reopened({ rate: 1 })[0], 'real')
  t.equal(reopened({})[0], 'real', 'which is remembered')
})

t.test('a data directory: a real clock runs while the server is stopped', async t => {
  const dataDirectory = t.testdir({})
  const first = openBakeries({ dataDirectory, clock: { rate: 1 } })
  const sandbox = first.get('default')
  bake(sandbox, 'a')
  // As if the machine had been off for a day.
  sandbox.store.run('UPDATE clock SET hostAt = hostAt - ?', DAY)
  first.close()
  const later = bakeries(t, { dataDirectory, clock: {} }).get('default')
  later.settle()
  t.same(
    loavesOf(later).map(({ name }) => name),
    ['a completed'],
  )
})

t.test('a data directory: a clock never moves back, even if the clock of this machine did', async t => {
  for (const clock of [{ rate: 1 }, { rate: 60 }]) {
    const dataDirectory = t.testdir({})
    const before = openBakeries({ dataDirectory, clock })
    const sandbox = before.get('default')
    bake(sandbox, 'a')
    const latest = sandbox.settle()
    // As if the machine's clock had then been set back by a day.
    sandbox.store.run('UPDATE clock SET hostAt = hostAt + ?', DAY)
    before.close()
    for (const again of [{}, clock]) {
      const registry = openBakeries({ dataDirectory, clock: again })
      const later = registry.get('default')
      const ahead = later.settle() - latest
      t.ok(ahead >= 0 && ahead < 60 * clock.rate * SECOND, `it is ${ahead} ms ahead`)
      const { hostAt } = later.clock.setting
      t.ok(Math.abs(hostAt - Date.now()) < 60_000, 'and it goes on from there')
      registry.close()
    }
  }
})

t.test(
  'a data directory: an instant that is too far for a stored clock is refused, and nothing has changed',
  async t => {
    const dataDirectory = t.testdir({})
    const first = openBakeries({ dataDirectory, clock: { rate: 0, at: START } })
    first.get('default').jobs.arm({
      api: 'bakery',
      id: 'dense',
      kind: 'print',
      subject: { series: 'dense', everyMs: 1, daysKept: 0 },
      dueAt: START + DAY,
    })
    first.close()
    const before = openBakeries({ dataDirectory, clock: {} })
    const held = everything(before.get('default'))
    before.close()
    t.throws(() => openBakeries({ dataDirectory, clock: { rate: 0, at: START + 2 * DAY } }), {
      message:
        /the clock of sandbox "default" cannot be set to 2026-06-12T12:00:00\.000Z at once, because more than 100000 events/,
    })
    t.same(everything(bakeries(t, { dataDirectory, clock: {} }).get('default')), held)
  },
)

t.test('a data directory: a process that is killed while it creates the file leaves a usable sandbox', async t => {
  const dataDirectory = t.testdir({})
  openBakeries({ fixtures, dataDirectory }).close()
  const half = openBakeries({ dataDirectory })
  // The file is written whole; setting its clock going is the step after it.
  half.get('default').store.run('DELETE FROM clock')
  half.close()
  const sandbox = bakeries(t, { dataDirectory, clock: { rate: 1 } }).get('default')
  t.equal(sandbox.clock.mode, 'real')
  t.equal(loavesOf(sandbox).length, 1)
})

t.test('a data directory: reset replaces the stored state', async t => {
  const dataDirectory = t.testdir({})
  const registry = bakeries(t, { fixtures, dataDirectory })
  const before = everything(registry.get('default'))
  bake(registry.get('default'), 'a')
  registry.reset('default')
  t.same(everything(registry.get('default')), before)
  registry.close()
  t.same(readdirSync(dirname(sandboxFile(dataDirectory, 'default'))), ['default.sqlite'], 'closing leaves one file')
})

t.test('a data directory: a failed write changes nothing', async t => {
  const dataDirectory = t.testdir({})
  const registry = bakeries(t, { fixtures, dataDirectory })
  const sandbox = registry.get('default')
  bake(sandbox, 'a')
  registry.snapshot('default', 'early')
  bake(sandbox, 'b')
  const before = everything(sandbox)
  const draft = `${sandboxFile(dataDirectory, 'default')}.new`
  mkdirSync(draft)
  for (const replace of [
    () => registry.replace('default', { from: 'document', document: {} }),
    () => registry.replace('default', { from: 'snapshot', name: 'early' }),
    () => registry.reset('default'),
  ]) {
    t.throws(replace, { message: /default\.sqlite: .*EISDIR/ })
    t.equal(registry.get('default'), sandbox, 'it is not even opened anew')
    t.same(everything(sandbox), before)
  }
  rmdirSync(draft)
  registry.replace('default', { from: 'snapshot', name: 'early' })
  t.equal(registry.get('default').jobs.list('bakery').length, 1)
})
