// Database files: replaced whole or not at all, locked, and refused with a reason.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { draftFile, openFile, openLocked, remnantsIn, removeFile, writeWhole } from '../../src/sandbox/files.ts'
import { Snapshots } from '../../src/sandbox/snapshots.ts'
import { type Migrations, openMemory, type Store } from '../../src/sandbox/store.ts'
import { StoreError } from '../../src/sandbox/store-error.ts'
import { caught } from './bakery.ts'

const FIRST = 'CREATE TABLE a (x INTEGER) STRICT'
const SECOND = 'ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (1, 2)'
const owned = (...scripts: string[]): Migrations[] => [{ owner: 'bakery', scripts }]

function image(...scripts: string[]): Buffer {
  const store = openMemory()
  store.migrate(owned(...scripts))
  const bytes = store.image()
  store.close()
  return bytes
}

function put(path: string, bytes: Buffer, complete: (store: Store) => void = () => {}): void {
  draftFile(path, bytes, owned(FIRST), complete).commit()
}

t.test('a file begins as the image and then goes its own way', async t => {
  const directory = t.testdir({})
  const path = join(directory, 'x.sqlite')
  put(path, image(FIRST), store => store.run('INSERT INTO a VALUES (6)'))
  t.same(readdirSync(directory), ['x.sqlite'], 'no draft is left')
  const first = openFile(path, owned(FIRST))
  first.run('INSERT INTO a VALUES (7)')
  const snapshot = openMemory(first.image())
  t.same(snapshot.all('SELECT * FROM a'), [{ x: 6 }, { x: 7 }], 'its image opens in memory')
  snapshot.close()
  first.close()
  const again = openFile(path, owned(FIRST, 'ALTER TABLE a ADD COLUMN y INTEGER'))
  t.teardown(() => again.close())
  t.same(again.all('SELECT * FROM a WHERE x = 7'), [{ x: 7, y: null }], 'an older file is brought up to date')
  t.same(again.all('PRAGMA journal_mode'), [{ journal_mode: 'wal' }])
})

t.test('what cannot take the place of a file leaves it as it was', async t => {
  const directory = t.testdir({})
  const path = join(directory, 'x.sqlite')
  put(path, image(FIRST), store => store.run('INSERT INTO a VALUES (1)'))
  const broken = () => {
    throw new Error('on second thoughts')
  }
  t.throws(() => put(path, image(FIRST), broken), { message: 'on second thoughts' })
  t.throws(() => put(path, Buffer.from('no image')), {
    message: `${path}: it is not a usable database (file is not a database)`,
  })
  t.throws(() => put(path, image(FIRST, SECOND)), {
    message: /^.*x\.sqlite: a newer version of Firedrill wrote it: its "bakery" tables have format 2;/,
  })
  draftFile(path, image(FIRST), owned(FIRST), () => {}).discard()
  t.same(readdirSync(directory), ['x.sqlite'], 'no draft is left')
  mkdirSync(`${path}.new`)
  for (const write of [() => put(path, image(FIRST)), () => writeWhole(path, image(FIRST))]) {
    const error = caught(write)
    t.type(error, StoreError)
    t.match(error, { message: /x\.sqlite: .*EISDIR/ })
  }
  const store = openFile(path, owned(FIRST))
  t.same(store.all('SELECT * FROM a'), [{ x: 1 }])
  store.close()
})

t.test('a log that was left over is not replayed onto another file', async t => {
  const path = join(t.testdir({}), 'x.sqlite')
  put(path, image(FIRST))
  const store = openFile(path, owned(FIRST))
  store.run('INSERT INTO a VALUES (1)')
  const log = readFileSync(`${path}-wal`)
  store.close()
  removeFile(path)
  writeFileSync(`${path}-wal`, log)
  put(path, image(FIRST))
  const next = openFile(path, owned(FIRST))
  t.same(next.all('SELECT * FROM a'), [])
  next.close()
})

t.test('remnants are drafts, and logs without their file', async t => {
  const kept = [
    'a.sqlite',
    'a.sqlite-wal',
    'a.sqlite-shm',
    'firedrill.db',
    'firedrill.db-journal',
    'notes.new',
    'snapshots',
  ]
  const remnants = [
    'a.sqlite.new',
    'a.sqlite.new-journal',
    'b.sqlite-wal',
    'b.sqlite-shm',
    'c.sqlite-journal',
    'd.sqlite.new-wal',
  ]
  t.same(remnantsIn([...kept, ...remnants]), remnants)
})

t.test('files that cannot be used are refused, stay as they are, and are closed', async t => {
  const directory = t.testdir({ 'text.sqlite': 'hello, I am no database', 'empty.sqlite': '' })
  const path = (name: string) => join(directory, name)
  const theirs = new Database(path('theirs.sqlite'))
  theirs.exec('CREATE TABLE customers (name TEXT)')
  theirs.close()
  writeFileSync(path('newer.sqlite'), image(FIRST, SECOND))
  mkdirSync(path('folder.sqlite'))
  const whole = image(FIRST, SECOND)
  const middle = Math.floor(whole.length / 2)
  writeFileSync(path('cut.sqlite'), whole.subarray(0, middle))
  writeFileSync(path('damaged.sqlite'), whole.fill(0xff, middle))
  const cases: [string, RegExp][] = [
    ['text.sqlite', /: it is not a usable database \(file is not a database\)$/],
    ['empty.sqlite', /: it was not created by Firedrill$/],
    ['theirs.sqlite', /: it was not created by Firedrill$/],
    [
      'newer.sqlite',
      /: a newer version of Firedrill wrote it: its "bakery" tables have format 2; this version supports up to 1$/,
    ],
    ['folder.sqlite', /: it is a directory$/],
    ['cut.sqlite', /: it is not a usable database \(database disk image is malformed\)$/],
    ['damaged.sqlite', /: it is (damaged|not a usable database) /],
  ]
  for (const [name, message] of cases) {
    const before = name === 'folder.sqlite' ? undefined : readFileSync(path(name))
    for (const _ of ['once', 'again']) {
      const error = caught(() => openFile(path(name), owned(FIRST)))
      t.type(error, StoreError)
      t.match(error, { message }, name)
      t.ok((error as Error).message.startsWith(`${path(name)}: `), 'which file')
    }
    if (before?.length) t.same(readFileSync(path(name)), before)
  }
  openFile(path('newer.sqlite'), owned(FIRST, SECOND)).close()
})

t.test('a disk that becomes full: what cannot be written is refused, and nothing of it is there', async t => {
  const path = join(t.testdir({}), 'x.sqlite')
  put(path, image(FIRST))
  const store = openFile(path, owned(FIRST))
  t.teardown(() => store.close())
  // As if the disk were full.
  store.all('PRAGMA max_page_count = 1')
  const fill = () =>
    store.transaction(() => {
      for (let x = 0; x < 1000; x += 1) store.run('INSERT INTO a VALUES (?)', x)
    })
  const error = caught(fill)
  t.type(error, StoreError)
  t.match(error, { message: `${path}: the disk is full` })
  t.same(store.all('SELECT * FROM a'), [])
  t.throws(
    () => store.run('INSERT INTO b VALUES (1)'),
    { message: 'no such table: b' },
    'other failures stay what they are',
  )
})

t.test('a snapshot is verified when it is taken', async t => {
  const whole = image(FIRST, SECOND)
  const damaged = Buffer.from(whole).fill(0xff, Math.floor(whole.length / 2))
  for (const directory of [undefined, t.testdir({})]) {
    const snapshots = new Snapshots(directory, owned(FIRST, SECOND), 10)
    const error = caught(() => snapshots.save('s', damaged))
    t.type(error, StoreError)
    t.match(error, { message: /^snapshot "s": it is (damaged|not a usable database) \(/ })
    t.same(snapshots.names(), [])
    snapshots.save('s', whole)
    t.same(snapshots.get('s'), whole)
  }
})

t.test('another process that has the file keeps it', async t => {
  const path = join(t.testdir({}), 'x.sqlite')
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', HOLDER, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.teardown(() => holder.kill())
  await once(holder.stdout, 'data')
  const error = caught(() => openFile(path, owned(FIRST)))
  t.type(error, StoreError)
  t.match(error, { message: `${path}: another process has it open` })
  holder.stdin.end()
  await once(holder, 'exit')
  const mine = openFile(path, owned(FIRST))
  t.throws(() => openFile(path, owned(FIRST)), { message: `${path}: another process has it open` }, 'so do I')
  mine.close()
})

t.test('a lock keeps others out for as long as it is open, also when it was there before', async t => {
  const path = join(t.testdir({}), 'x.db')
  for (const _ of ['new', 'old']) {
    const lock = openLocked(path, [])
    t.throws(() => openLocked(path, []), { message: `${path}: another server uses this data directory` })
    lock.close()
  }
  writeFileSync(path, 'something else')
  t.throws(() => openLocked(path, []), { message: /it is not a usable database/ })
})

const [FILES_URL, STORE_URL] = ['files', 'store'].map(
  name => new URL(`../../src/sandbox/${name}.ts`, import.meta.url).href,
)
const HOLDER = `
  import { draftFile, openFile } from ${JSON.stringify(FILES_URL)}
  import { openMemory } from ${JSON.stringify(STORE_URL)}
  const scripts = [{ owner: 'bakery', scripts: [${JSON.stringify(FIRST)}] }]
  const memory = openMemory()
  memory.migrate(scripts)
  draftFile(process.argv[1], memory.image(), scripts, () => {}).commit()
  const store = openFile(process.argv[1], scripts)
  console.log('open')
  process.stdin.on('end', () => store.close()).resume()`
