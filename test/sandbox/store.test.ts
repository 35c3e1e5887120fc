// One SQLite database: migrations once each, transactions and images.
import t, { type Test } from 'tap'
import { type Migrations, openMemory, type Store } from '../../src/sandbox/store.ts'
import { StoreError } from '../../src/sandbox/store-error.ts'
import { caught } from './bakery.ts'

const FIRST = 'CREATE TABLE a (x INTEGER) STRICT'
const SECOND = 'ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (1, 2)'
const owned = (...scripts: string[]): Migrations[] => [{ owner: 'bakery', scripts }]

function memory(t: Test): Store {
  const store = openMemory()
  t.teardown(() => store.close())
  return store
}

function image(...scripts: string[]): Buffer {
  const store = openMemory()
  store.migrate(owned(...scripts))
  const bytes = store.image()
  store.close()
  return bytes
}

t.test('each script is applied once, in order', async t => {
  const store = memory(t)
  store.migrate(owned(FIRST))
  store.migrate(owned(FIRST))
  store.migrate(owned(FIRST, SECOND))
  store.migrate(owned(FIRST, SECOND))
  t.same(store.all('SELECT * FROM a'), [{ x: 1, y: 2 }])
  store.migrate([...owned(FIRST, SECOND), { owner: 'another', scripts: ['CREATE TABLE b (x INTEGER)'] }])
  t.same(store.all('SELECT * FROM migration ORDER BY owner'), [
    { owner: 'another', applied: 1 },
    { owner: 'bakery', applied: 2 },
  ])
})

t.test('a script that fails rolls all scripts back', async t => {
  const store = memory(t)
  t.throws(() => store.migrate(owned(FIRST, 'CREATE TABLE b (x INTEGER); CREATE nonsense')))
  t.same(store.all("SELECT name FROM sqlite_schema WHERE name IN ('a', 'b')"), [])
  store.migrate(owned(FIRST, SECOND))
  t.same(store.all('SELECT * FROM a'), [{ x: 1, y: 2 }])
})

t.test('tables of a newer format are refused', async t => {
  const store = memory(t)
  store.migrate(owned(FIRST, SECOND))
  const error = caught(() => store.migrate(owned(FIRST)))
  t.type(error, StoreError)
  t.match(error, {
    message: 'a newer version of Firedrill wrote it: its "bakery" tables have format 2; this version supports up to 1',
  })
})

t.test('a transaction is atomic, including those inside it', async t => {
  const store = memory(t)
  store.migrate(owned(FIRST))
  const add = (x: number) => store.run('INSERT INTO a VALUES (?)', x)
  t.throws(() =>
    store.transaction(() => {
      add(1)
      store.transaction(() => add(2))
      throw new Error('on second thoughts')
    }),
  )
  t.same(store.all('SELECT * FROM a'), [])
  t.equal(
    store.transaction(() => add(3) + store.transaction(() => add(4))),
    2,
  )
  t.same(store.all('SELECT x FROM a ORDER BY x'), [{ x: 3 }, { x: 4 }])
  t.equal(store.run('UPDATE a SET x = 5'), 2, 'run tells how many rows it changed')
  t.equal(store.get('SELECT * FROM a WHERE x = 9'), undefined)
})

t.test('foreign keys are enforced', async t => {
  const store = memory(t)
  store.migrate(owned('CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a INTEGER REFERENCES a (id))'))
  t.throws(() => store.run('INSERT INTO b VALUES (1)'), /FOREIGN KEY/)
})

t.test('an image is an independent copy', async t => {
  const bytes = image(FIRST, SECOND)
  const [one, two] = [openMemory(bytes), openMemory(bytes)]
  one.run('DELETE FROM a')
  t.same(two.all('SELECT * FROM a'), [{ x: 1, y: 2 }])
  two.close()
  one.close()
  t.equal(one.open, false)
})
