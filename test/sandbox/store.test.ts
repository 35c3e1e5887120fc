// One SQLite database: migrations once each, transactions, images, and files that are refused with a reason.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { type Migrations, openFile, openMemory, type Store, StoreError } from '../../src/sandbox/store.ts'
import { caught } from './world.ts'

const FIRST = 'CREATE TABLE a (x INTEGER) STRICT'
const SECOND = 'ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (1, 2)'
const owned = (...scripts: string[]): Migrations[] => [{ owner: 'room', scripts }]

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

const none = (): Buffer => {
  throw new Error('no image should be needed')
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
    { owner: 'room', applied: 2 },
  ])
})

t.test('a script that fails leaves nothing of any behind', async t => {
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
  t.match(error, { message: 'its "room" tables are of format 2, this Firedrill knows up to 1' })
})

t.test('a transaction happens as a whole, with those inside it', async t => {
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

t.test('references between rows are kept', async t => {
  const store = memory(t)
  store.migrate(owned('CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a INTEGER REFERENCES a (id))'))
  t.throws(() => store.run('INSERT INTO b VALUES (1)'), /FOREIGN KEY/)
})

t.test('an image is a copy of its own', async t => {
  const bytes = image(FIRST, SECOND)
  const [one, two] = [openMemory(bytes), openMemory(bytes)]
  one.run('DELETE FROM a')
  t.same(two.all('SELECT * FROM a'), [{ x: 1, y: 2 }])
  two.close()
  one.close()
  t.equal(one.open, false)
})

t.test('a file begins as the image and then goes its own way', async t => {
  const path = join(t.testdir({}), 'x.sqlite')
  const first = openFile(path, () => image(FIRST), owned(FIRST))
  first.run('INSERT INTO a VALUES (7)')
  const snapshot = openMemory(first.image())
  t.same(snapshot.all('SELECT * FROM a'), [{ x: 7 }], 'its image opens in memory')
  snapshot.close()
  first.close()
  t.notOk(existsSync(`${path}.new`), 'no draft is left')
  const again = openFile(path, none, owned(FIRST, 'ALTER TABLE a ADD COLUMN y INTEGER'))
  t.teardown(() => again.close())
  t.same(again.all('SELECT * FROM a'), [{ x: 7, y: null }], 'an older file is brought up to date')
  t.same(again.all('PRAGMA journal_mode'), [{ journal_mode: 'wal' }])
})

t.test('an image that cannot be written makes no file', async t => {
  const directory = t.testdir({})
  mkdirSync(join(directory, 'x.sqlite.new'))
  t.throws(() => openFile(join(directory, 'x.sqlite'), () => image(FIRST), owned(FIRST)), { code: 'EISDIR' })
  t.notOk(existsSync(join(directory, 'x.sqlite')))
})

t.test('files that cannot be used are refused, stay as they are, and are let go of', async t => {
  const directory = t.testdir({ 'text.sqlite': 'hello, I am no database', 'empty.sqlite': '' })
  const path = (name: string) => join(directory, name)
  const theirs = new Database(path('theirs.sqlite'))
  theirs.exec('CREATE TABLE customers (name TEXT)')
  theirs.close()
  openFile(path('newer.sqlite'), () => image(FIRST, SECOND), owned(FIRST, SECOND)).close()
  mkdirSync(path('folder.sqlite'))
  const whole = image(FIRST, SECOND)
  const middle = Math.floor(whole.length / 2)
  writeFileSync(path('cut.sqlite'), whole.subarray(0, middle))
  writeFileSync(path('damaged.sqlite'), whole.fill(0xff, middle))
  const cases: [string, RegExp][] = [
    ['text.sqlite', /^it is not a usable database \(file is not a database\)$/],
    ['empty.sqlite', /^it is not a database that Firedrill made$/],
    ['theirs.sqlite', /^it is not a database that Firedrill made$/],
    ['newer.sqlite', /^its "room" tables are of format 2, this Firedrill knows up to 1$/],
    ['folder.sqlite', /^it is not a usable database \(unable to open database file\)$/],
    ['cut.sqlite', /^it is not a usable database \(database disk image is malformed\)$/],
    ['damaged.sqlite', /^it is (damaged|not a usable database) /],
  ]
  for (const [name, message] of cases) {
    const before = name === 'folder.sqlite' ? undefined : readFileSync(path(name))
    for (const _ of ['once', 'again']) {
      const error = caught(() => openFile(path(name), none, owned(FIRST)))
      t.type(error, StoreError)
      t.match(error, { message }, name)
    }
    if (before?.length) t.same(readFileSync(path(name)), before)
  }
  openFile(path('newer.sqlite'), none, owned(FIRST, SECOND)).close()
})

t.test('another process that has the file keeps it', async t => {
  const path = join(t.testdir({}), 'x.sqlite')
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', HOLDER, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.teardown(() => holder.kill())
  await once(holder.stdout, 'data')
  const error = caught(() => openFile(path, none, owned(FIRST)))
  t.type(error, StoreError)
  t.match(error, { message: 'another process has it open' })
  holder.stdin.end()
  await once(holder, 'exit')
  const mine = openFile(path, none, owned(FIRST))
  t.throws(() => openFile(path, none, owned(FIRST)), { message: 'another process has it open' }, 'so do I')
  mine.close()
})

const STORE_URL = new URL('../../src/sandbox/store.ts', import.meta.url).href
const HOLDER = `
  import { openFile, openMemory } from ${JSON.stringify(STORE_URL)}
  const scripts = [{ owner: 'room', scripts: [${JSON.stringify(FIRST)}] }]
  const memory = openMemory()
  memory.migrate(scripts)
  const store = openFile(process.argv[1], () => memory.image(), scripts)
  console.log('open')
  process.stdin.on('end', () => store.close()).resume()`
