// One sandbox's SQLite database: in memory or a file, opened from a prepared image, with statements cached by their text.
import { chmodSync, existsSync, renameSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'

type Value = string | number | null | Buffer

/** A data file that cannot be used as it is: it belongs to a newer Firedrill, or another process holds it. */
export class StoreError extends Error {}

/** One owner's schema: scripts applied in order, once each; a released script is never edited, only followed by another. */
export interface Migrations {
  owner: string
  scripts: readonly string[]
}

/** Where the SQLite file format keeps its write and read version, and the value that means a rollback journal. */
const FORMAT_VERSIONS = { start: 18, end: 20 }
const ROLLBACK_JOURNAL = 1

export class Store {
  readonly #db: Database.Database
  #open = true
  readonly #statements = new Map<string, Database.Statement>()

  constructor(db: Database.Database) {
    this.#db = db
    db.pragma('foreign_keys = ON')
  }

  /** The first row as an object, or undefined. */
  get<Row>(sql: string, ...params: Value[]): Row | undefined {
    return this.#prepare(sql).get(...params) as Row | undefined
  }

  /** All rows as objects. */
  all<Row>(sql: string, ...params: Value[]): Row[] {
    return this.#prepare(sql).all(...params) as Row[]
  }

  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, ...params: Value[]): number {
    return this.#prepare(sql).run(...params).changes
  }

  /** Everything in `work` happens or nothing does; inside another transaction it is part of that one. */
  transaction<T>(work: () => T): T {
    return this.#db.inTransaction ? work() : this.#db.transaction(work).immediate()
  }

  migrate(all: readonly Migrations[]): void {
    this.#db.exec('CREATE TABLE IF NOT EXISTS migration (owner TEXT PRIMARY KEY, applied INTEGER NOT NULL) STRICT')
    this.transaction(() => {
      for (const { owner, scripts } of all) this.#migrateOwner(owner, scripts)
    })
  }

  #migrateOwner(owner: string, scripts: readonly string[]): void {
    const applied = this.get<{ applied: number }>('SELECT applied FROM migration WHERE owner = ?', owner)?.applied ?? 0
    if (applied > scripts.length) {
      throw new StoreError(
        `its "${owner}" tables are of format ${applied}, this Firedrill knows up to ${scripts.length}`,
      )
    }
    if (applied === scripts.length) return
    for (const script of scripts.slice(applied)) this.#db.exec(script)
    this.run('INSERT OR REPLACE INTO migration (owner, applied) VALUES (?, ?)', owner, scripts.length)
  }

  /** The whole database as bytes that `openMemory` or `openFile` start from. */
  image(): Buffer {
    const bytes = this.#db.serialize()
    // A write-ahead log is a file's business: an image that says it has one cannot be opened in memory.
    bytes.fill(ROLLBACK_JOURNAL, FORMAT_VERSIONS.start, FORMAT_VERSIONS.end)
    return bytes
  }

  /** False once it has been closed. */
  get open(): boolean {
    return this.#open
  }

  close(): void {
    this.#open = false
    this.#statements.clear()
    this.#db.close()
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** Of what is not made from an image. A sandbox is many small tables: pages of the usual 4096 would take twice the memory. */
const PAGE_BYTES = 512

export function openMemory(image?: Buffer): Store {
  if (image) return new Store(new Database(image))
  const db = new Database(':memory:')
  db.pragma(`page_size = ${PAGE_BYTES}`)
  return new Store(db)
}

/**
 * Opens the file, or makes it from `image` when there is none, and brings it up to date with `migrations`. Write-ahead log:
 * what was answered survives a killed process. Throws StoreError when it is no database of Firedrill's, of a newer one's, or
 * another process has it open.
 */
export function openFile(path: string, image: () => Buffer, migrations: readonly Migrations[]): Store {
  if (!existsSync(path)) writeWhole(path, image())
  const db = openDatabase(path)
  try {
    // One process per file: sandboxes keep the next due instant in memory, which a second writer would make stale.
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN IMMEDIATE; COMMIT')
    checkIsOurs(db)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    const store = new Store(db)
    store.migrate(migrations)
    return store
  } catch (cause) {
    db.close()
    throw asStoreError(cause)
  }
}

/**
 * Opens the file that locks a data directory, or makes it when there is none, and keeps every other process out of it until
 * it is closed. Throws StoreError when another one has it.
 */
export function openLocked(path: string, migrations: readonly Migrations[]): Store {
  const db = openDatabase(path)
  try {
    // The lock is taken in the normal mode and kept by the exclusive one: in the exclusive mode two processes that start at
    // once would each keep the shared lock that the other one waits for, and both would fail.
    db.exec('BEGIN EXCLUSIVE')
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('COMMIT')
    chmodSync(path, 0o600)
    if (db.prepare('SELECT 1 FROM sqlite_schema').get()) checkIsOurs(db)
    const store = new Store(db)
    store.migrate(migrations)
    return store
  } catch (cause) {
    db.close()
    throw asStoreError(cause, 'another server uses this data directory')
  }
}

function openDatabase(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 1000 })
  } catch (cause) {
    throw asStoreError(cause)
  }
}

function asStoreError(cause: unknown, whenBusy = 'another process has it open'): unknown {
  if (!(cause instanceof Database.SqliteError)) return cause
  const isBusy = cause.code.startsWith('SQLITE_BUSY')
  return new StoreError(isBusy ? whenBusy : `it is not a usable database (${cause.message})`, { cause })
}

/** Whole, and not some other program's: that one's file must stay as it is. */
function checkIsOurs(db: Database.Database): void {
  const state = db.pragma('quick_check(1)', { simple: true })
  if (state !== 'ok') throw new StoreError(`it is damaged (${state})`)
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").get()) {
    throw new StoreError('it is not a database that Firedrill made')
  }
}

/** A half-written image must never be found under the real name. */
export function writeWhole(path: string, bytes: Buffer): void {
  const draft = `${path}.new`
  writeFileSync(draft, bytes, { mode: 0o600, flush: true })
  renameSync(draft, path)
}
