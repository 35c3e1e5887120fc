// More sandboxes in a data directory than may be open or in memory at once: all are usable, and none loses anything that it needs.
import { readdirSync } from 'node:fs'
import t from 'tap'
import { bake, bakeries, caught, DAY } from './bakery.ts'

const LIMITS = { sandboxes: 100, openFiles: 2, idleMs: DAY, snapshots: 10 }
const names = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`)

/** SQLite keeps a log beside a file that is open and was changed. */
function openFilesOf(dataDirectory: string): string[] {
  const files = readdirSync(dataDirectory, { recursive: true, encoding: 'utf8' })
  return files.flatMap(file => /([^/\\]+)\.sqlite-wal$/.exec(file)?.[1] ?? []).sort()
}

t.test('the file that was used longest ago is closed; what its sandbox has in memory stays', async t => {
  const dataDirectory = t.testdir({})
  const registry = bakeries(t, { dataDirectory, limits: LIMITS })
  const [first, ...others] = names(10)
  const sandbox = registry.get(first as string)
  bake(sandbox, 'a')
  const heard: string[] = []
  sandbox.journal.subscribe({ ended: () => {}, closed: () => heard.push('closed') })
  for (const [index, name] of others.entries()) {
    bake(registry.get(name), 'a')
    t.same(openFilesOf(dataDirectory), [others[index - 1] ?? first, name], 'two files are open')
  }
  t.equal(registry.get(first as string), sandbox, 'the sandbox is the same object')
  bake(sandbox, 'b')
  t.equal(sandbox.jobs.list('bakery').length, 2)
  t.same(heard, [], 'its listeners are not disconnected')
  t.same(openFilesOf(dataDirectory), ['s0', 's9'])
  registry.close()
  const again = bakeries(t, { dataDirectory, limits: LIMITS })
  for (const name of names(10)) t.equal(again.get(name).jobs.list('bakery').length, name === first ? 2 : 1, name)
})

t.test('a file is not closed in the middle of a transaction', async t => {
  const registry = bakeries(t, { dataDirectory: t.testdir({}), limits: LIMITS })
  const sandbox = registry.get('main')
  const bakeEverywhere = (id: string) => {
    bake(sandbox, id)
    for (const name of names(5)) bake(registry.get(name), id)
  }
  sandbox.store.transaction(() => bakeEverywhere('kept'))
  const failing = () =>
    sandbox.store.transaction(() => {
      bakeEverywhere('undone')
      throw new Error('on second thoughts')
    })
  t.match(caught(failing), { message: 'on second thoughts' })
  const idsIn = (name: string) =>
    registry
      .get(name)
      .jobs.list('bakery')
      .map(({ id }) => id)
      .sort()
  t.same(idsIn('main'), ['kept'], 'one transaction is committed, the other is rolled back')
  for (const name of names(5)) t.same(idsIn(name), ['kept', 'undone'], name)
})

t.test('resetting, replacing, copying and dropping work while the file is closed', async t => {
  const dataDirectory = t.testdir({})
  const registry = bakeries(t, { dataDirectory, limits: LIMITS })
  const closeFiles = () => {
    for (const name of ['x', 'y']) registry.get(name).settle()
  }
  for (const name of names(4)) bake(registry.get(name), 'a')
  closeFiles()
  registry.snapshot('s0', 'baked')
  closeFiles()
  registry.reset('s1')
  registry.replace('s2', { from: 'snapshot', name: 'baked' })
  registry.drop('s3')
  const jobs = (name: string) => registry.get(name).jobs.list('bakery').length
  t.same([jobs('s0'), jobs('s1'), jobs('s2'), jobs('s3')], [1, 0, 1, 0])
})

t.test('listing the sandboxes opens none of them', async t => {
  const dataDirectory = t.testdir({})
  const first = bakeries(t, { dataDirectory, limits: LIMITS })
  for (const name of names(10)) first.create(name)
  first.close()
  const second = bakeries(t, { dataDirectory, limits: LIMITS })
  t.same(second.names(), ['default', ...names(10)])
  t.same(
    names(10).filter(name => second.historyOf(name)),
    [],
  )
  t.same(
    openFilesOf(dataDirectory).filter(name => name !== 'default'),
    [],
  )
})

t.test(
  'more sandboxes than may be in memory: the one that was used longest ago makes room, unless it is in use',
  async t => {
    const registry = bakeries(t, { dataDirectory: t.testdir({}), limits: { ...LIMITS, sandboxes: 4 } })
    const watched = registry.get('watched')
    watched.journal.subscribe({ ended: () => {}, closed: () => {} })
    const held = registry.get('held')
    held.faults.hold(() => {}, { isTimed: false })
    for (const name of names(10)) bake(registry.get(name), 'a')
    for (const name of names(10)) t.equal(registry.get(name).jobs.list('bakery').length, 1, name)
    t.equal(registry.get('watched'), watched, 'a sandbox with a listener stays in memory')
    t.equal(registry.get('held'), held, 'and so does one with a request that is kept waiting')
    registry.create('made')
    t.ok(registry.names().includes('s0'))
  },
)

t.test('sandboxes in memory do not make room for others', async t => {
  const registry = bakeries(t, { limits: { ...LIMITS, sandboxes: 3 } })
  for (const name of names(2)) registry.get(name)
  t.throws(() => registry.get('more'), { message: /there are already 3 sandboxes/ })
})

t.test('the seed of a sandbox that was created with one is kept', async t => {
  const dataDirectory = t.testdir({})
  const first = bakeries(t, { dataDirectory })
  first.create('own', { seed: 'its own' })
  first.close()
  const second = bakeries(t, { dataDirectory })
  t.equal(second.get('own').settings.seed, 'its own')
  t.equal(second.get('default').settings.seed, 'seed')
})
