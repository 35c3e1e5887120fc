// One SQLite database, in memory or in a file: cached statements, transactions and migrations.
import Database from 'better-sqlite3'
import type { Value, Write, WriteLog } from './history/write-log.ts'
import { asStoreError, isStorageFailure, StoreError } from './store-error.ts'

/** The schema of one owner's tables: scripts that are applied in order, once each. Released scripts must not be changed. */
export interface Migrations {
  owner: string
  scripts: readonly string[]
}

/** The position of the write and read versions in an SQLite file, and the value for a rollback journal. */
const FORMAT_VERSIONS = { start: 18, end: 20 }
const ROLLBACK_JOURNAL = 1

/** Opens the file of a store again, after `closeFile`. Throws StoreError. */
export type Reopen = (store: Store) => Database.Database

export class Store {
  /** Undefined while the file is closed. */
  #db: Database.Database | undefined
  readonly #reopen: Reopen | undefined
  /** Named in errors. */
  readonly #path: string
  #open = true
  readonly #statements = new Map<string, Database.Statement>()
  #writes = 0
  /** Made once, because making one takes longer than a small transaction, and only when needed: it has nine statements. */
  #inTransaction: Database.Transaction<(work: () => unknown) => unknown> | undefined
  /** Where changes are recorded; undefined if they are not. */
  #log: WriteLog | undefined

  /** `reopen`: of a file that can be closed while the store is in use. */
  constructor(db: Database.Database, path = 'the database in memory', reopen?: Reopen) {
    this.#path = path
    this.#reopen = reopen
    this.#db = configured(db)
  }

  /** The first row as an object, or undefined. Like all methods, throws StoreError if the file or the disk fails. */
  get<Row>(sql: string, ...params: Value[]): Row | undefined {
    try {
      const statement = this.#prepare(sql)
      const row = statement.get(...params) as Row | undefined
      // A statement with RETURNING changes rows.
      if (this.#log && !statement.readonly) this.#log.add(sql, params)
      return row
    } catch (cause) {
      throw this.#failure(cause)
    }
  }

  /** All rows as objects. */
  all<Row>(sql: string, ...params: Value[]): Row[] {
    try {
      const statement = this.#prepare(sql)
      const rows = statement.all(...params) as Row[]
      if (this.#log && !statement.readonly) this.#log.add(sql, params)
      return rows
    } catch (cause) {
      throw this.#failure(cause)
    }
  }

  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, ...params: Value[]): number {
    this.#writes += 1
    try {
      const { changes } = this.#prepare(sql).run(...params)
      this.#log?.add(sql, params)
      return changes
    } catch (cause) {
      throw this.#failure(cause)
    }
  }

  /** Runs `work` in a transaction; inside another transaction, as part of that one. */
  transaction<T>(work: () => T): T {
    const db = this.#opened
    if (db.inTransaction) return work()
    const recorded = this.#log?.length ?? 0
    try {
      this.#inTransaction ??= db.transaction(work => work())
      return this.#inTransaction.immediate(work) as T
    } catch (cause) {
      this.#log?.cutTo(recorded)
      throw this.#failure(cause)
    }
  }

  #failure(cause: unknown): unknown {
    return isStorageFailure(cause) ? asStoreError(this.#path, cause) : cause
  }

  migrate(all: readonly Migrations[]): void {
    this.#opened.exec('CREATE TABLE IF NOT EXISTS migration (owner TEXT PRIMARY KEY, applied INTEGER NOT NULL) STRICT')
    this.transaction(() => {
      for (const { owner, scripts } of all) this.#migrateOwner(owner, scripts)
    })
  }

  #migrateOwner(owner: string, scripts: readonly string[]): void {
    const applied = this.get<{ applied: number }>('SELECT applied FROM migration WHERE owner = ?', owner)?.applied ?? 0
    if (applied > scripts.length) {
      throw new StoreError(
        `a newer version of Firedrill wrote it: its "${owner}" tables have format ${applied}; this version supports up to ${scripts.length}`,
      )
    }
    if (applied === scripts.length) return
    for (const script of scripts.slice(applied)) this.#opened.exec(script)
    this.run('INSERT OR REPLACE INTO migration (owner, applied) VALUES (?, ?)', owner, scripts.length)
  }

  /** The complete database as bytes, for `openMemory` or a new file. */
  image(): Buffer {
    const bytes = this.#opened.serialize()
    // An image that declares a write-ahead log cannot be opened in memory.
    bytes.fill(ROLLBACK_JOURNAL, FORMAT_VERSIONS.start, FORMAT_VERSIONS.end)
    return bytes
  }

  /** How many bytes `image` would return. */
  get imageBytes(): number {
    const [pages, bytes] = ['page_count', 'page_size'].map(
      name => this.#opened.pragma(name, { simple: true }) as number,
    )
    return (pages ?? 0) * (bytes ?? 0)
  }

  /** Records every change from now on in `log`; undefined: records no more. Call it outside of transactions. */
  recordIn(log: WriteLog | undefined): void {
    this.#log = log
  }

  /** Repeats what was recorded of a database with the same contents. */
  replay(writes: readonly Write[]): void {
    this.transaction(() => {
      for (const { sql, params } of writes) {
        const statement = this.#prepare(sql)
        if (statement.reader) statement.all(...params)
        else statement.run(...params)
      }
    })
  }

  /** Writes the write-ahead log back into the file, which is then complete until the next write. */
  checkpoint(): void {
    try {
      this.#db?.pragma('wal_checkpoint(TRUNCATE)')
    } catch (cause) {
      throw this.#failure(cause)
    }
  }

  /**
   * Frees the statements that were used until now, and the copies of pages that were read, when the next requests need others. A
   * statement takes about 10 KiB.
   */
  release(): void {
    this.#statements.clear()
    this.#db?.exec('PRAGMA shrink_memory')
  }

  /** How often `run` was called: while it is the same, reading gives the same rows. */
  get writes(): number {
    return this.#writes
  }

  /** False after `close`. */
  get open(): boolean {
    return this.#open
  }

  close(): void {
    this.#open = false
    this.#statements.clear()
    this.#db?.close()
  }

  /** Closes the file until the store is used again. Call it outside of transactions, and only if `hasFileOpen`. */
  closeFile(): void {
    const db = this.#db
    this.#db = undefined
    this.#inTransaction = undefined
    this.#statements.clear()
    db?.close()
  }

  /** False for a database in memory. */
  get hasFileOpen(): boolean {
    return this.#open && this.#reopen !== undefined && this.#db !== undefined
  }

  get inTransaction(): boolean {
    return this.#db?.inTransaction ?? false
  }

  get #opened(): Database.Database {
    if (this.#db) return this.#db
    if (!this.#open || !this.#reopen) throw new TypeError('The database connection is not open')
    this.#db = configured(this.#reopen(this))
    return this.#db
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#opened.prepare(withStablePlan(sql))
    this.#statements.set(sql, statement)
    return statement
  }
}

/** Settings that a connection does not keep in the file. */
function configured(db: Database.Database): Database.Database {
  db.exec('PRAGMA foreign_keys = ON')
  return db
}

/**
 * SQLite compiles a statement again at each use if its plan could depend on the value of a parameter, as for `x = ? ORDER BY y`.
 * A plus hides the parameter from the planner and does not change the value. No literal may contain a question mark.
 */
function withStablePlan(sql: string): string {
  return sql.replaceAll('?', '+?')
}

/** For databases that are not opened from an image. Sandboxes have many small tables: 4096-byte pages would take twice the memory. */
const PAGE_BYTES = 512

export function openMemory(image?: Buffer): Store {
  if (image) return new Store(new Database(image))
  const db = new Database(':memory:')
  db.pragma(`page_size = ${PAGE_BYTES}`)
  return new Store(db)
}
