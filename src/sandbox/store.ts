// One SQLite database, in memory or a file: statements cached by their text, transactions, and migrations once each.
import Database from 'better-sqlite3'
import { asStoreError, isStorageFailure, StoreError } from './store-error.ts'

type Value = string | number | null | Buffer

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
  /** What a failure is reported of. */
  readonly #path: string
  #open = true
  readonly #statements = new Map<string, Database.Statement>()

  constructor(db: Database.Database, path = 'the database in memory') {
    this.#db = db
    this.#path = path
    db.pragma('foreign_keys = ON')
  }

  /** The first row as an object, or undefined. Throws StoreError when the file is at fault, as all of these do. */
  get<Row>(sql: string, ...params: Value[]): Row | undefined {
    try {
      return this.#prepare(sql).get(...params) as Row | undefined
    } catch (cause) {
      throw this.#failure(cause)
    }
  }

  /** All rows as objects. */
  all<Row>(sql: string, ...params: Value[]): Row[] {
    try {
      return this.#prepare(sql).all(...params) as Row[]
    } catch (cause) {
      throw this.#failure(cause)
    }
  }

  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, ...params: Value[]): number {
    try {
      return this.#prepare(sql).run(...params).changes
    } catch (cause) {
      throw this.#failure(cause)
    }
  }

  /** Everything in `work` happens or nothing does; inside another transaction it is part of that one. */
  transaction<T>(work: () => T): T {
    if (this.#db.inTransaction) return work()
    try {
      return this.#db.transaction(work).immediate()
    } catch (cause) {
      throw this.#failure(cause)
    }
  }

  #failure(cause: unknown): unknown {
    return isStorageFailure(cause) ? asStoreError(this.#path, cause) : cause
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

  /** The whole database as bytes that `openMemory` or a file starts from. */
  image(): Buffer {
    const bytes = this.#db.serialize()
    // A write-ahead log is a file's business: an image that says it has one cannot be opened in memory.
    bytes.fill(ROLLBACK_JOURNAL, FORMAT_VERSIONS.start, FORMAT_VERSIONS.end)
    return bytes
  }

  /** Writes the log of a file back into it; after that, and until the next write, the file is all there is. */
  checkpoint(): void {
    try {
      this.#db.pragma('wal_checkpoint(TRUNCATE)')
    } catch (cause) {
      throw this.#failure(cause)
    }
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
