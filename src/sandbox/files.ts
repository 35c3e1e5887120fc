// Database files: opened, locked, replaced as a whole, and removed with what belongs to them.
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type Migrations, Store } from './store.ts'
import { asStoreError, StoreError } from './store-error.ts'

/** What a database is written under before it is complete. */
const DRAFT_SUFFIX = '.new'

/** What SQLite keeps beside a database. A log that is left over would be replayed onto whatever has the name next. */
const COMPANION_SUFFIXES = ['-wal', '-shm', '-journal']

/** A file of a database or of its draft; `owner` is the file that it cannot be without. */
const PARTS = /^(?<owner>.+\.sqlite(?<draft>\.new)?)(?:-wal|-shm|-journal)?$/

/**
 * Opens the file and brings it up to date with `migrations`. Write-ahead log: what was answered survives a killed process.
 * Throws StoreError when it is no database of Firedrill's, of a newer one's, or another process has it open.
 */
export function openFile(path: string, migrations: readonly Migrations[]): Store {
  let db: Database.Database | undefined
  try {
    db = openExisting(path)
    // One process per file: sandboxes keep the next due instant in memory, which a second writer would make stale.
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN IMMEDIATE; COMMIT')
    checkIsOurs(db)
    const store = new Store(db, path)
    store.migrate(migrations)
    // Only now: a file that is refused stays as it is.
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    return store
  } catch (cause) {
    const error = asStoreError(path, cause)
    db?.close()
    throw error
  }
}

/**
 * Opens the file that locks a data directory, or makes it when there is none, and keeps every other process out of it until
 * it is closed. Throws StoreError when another one has it.
 */
export function openLocked(path: string, migrations: readonly Migrations[]): Store {
  let db: Database.Database | undefined
  try {
    createPrivate(path)
    db = openExisting(path)
    // The lock is taken in the normal mode and kept by the exclusive one: in the exclusive mode two processes that start at
    // once would each keep the shared lock that the other one waits for, and both would fail.
    db.exec('BEGIN EXCLUSIVE')
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('COMMIT')
    chmodSync(path, 0o600)
    if (db.prepare('SELECT 1 FROM sqlite_schema').get()) checkIsOurs(db)
    const store = new Store(db, path)
    store.migrate(migrations)
    return store
  } catch (cause) {
    const error = asStoreError(path, cause, 'another server uses this data directory')
    db?.close()
    throw error
  }
}

/**
 * An empty file is an empty database. It has its mode before SQLite opens it, because a journal gets the mode that its database has
 * at that moment. A file that is there is not opened: closing it would release the locks that this process has on it.
 */
function createPrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
}

/** A database that is complete under a name of its own, ready to take the place of another. */
export interface Draft {
  /** Nobody may have the file open that is replaced, and its log must have been written back into it. */
  commit(): void
  discard(): void
}

/**
 * Writes a database that is to take the place of `path`, opens it, brings it up to date and lets `complete` add to it. What
 * is at `path` stays as it is until the draft is committed. Throws StoreError, and then there is no draft.
 */
export function draftFile(
  path: string,
  image: Buffer,
  migrations: readonly Migrations[],
  complete: (store: Store) => void,
): Draft {
  const draft = path + DRAFT_SUFFIX
  const discard = () => removeQuietly(draft)
  try {
    rmSync(draft, { force: true })
    removeCompanions(draft)
    writeFileSync(draft, image, { mode: 0o600 })
    completeDraft(draft, migrations, complete)
    flush(draft)
  } catch (cause) {
    discard()
    throw asStoreError(path, cause)
  }
  const commit = () => {
    try {
      removeCompanions(path)
      renameSync(draft, path)
    } catch (cause) {
      throw asStoreError(path, cause)
    }
  }
  return { commit, discard }
}

function completeDraft(draft: string, migrations: readonly Migrations[], complete: (store: Store) => void): void {
  const db = openExisting(draft)
  try {
    // A draft that is interrupted is thrown away, so it needs no journal; it is flushed once, at the end.
    db.pragma('journal_mode = MEMORY')
    db.pragma('synchronous = OFF')
    checkIsOurs(db)
    const store = new Store(db)
    store.migrate(migrations)
    complete(store)
  } finally {
    db.close()
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Removes the file and what SQLite keeps beside it; the file first, since a log without its database is known to be a remnant.
 * Throws StoreError.
 */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true })
    removeCompanions(path)
  } catch (cause) {
    throw asStoreError(path, cause)
  }
}

/** A draft that cannot be removed now is removed at the next start. */
function removeQuietly(draft: string): void {
  try {
    removeFile(draft)
  } catch {}
}

function removeCompanions(path: string): void {
  for (const suffix of COMPANION_SUFFIXES) rmSync(path + suffix, { force: true })
}

/** Of the names in a directory, the drafts and logs that a killed process left and that nothing belongs to any more. */
export function remnantsIn(names: readonly string[]): string[] {
  const present = new Set(names)
  return names.filter(name => {
    const { owner, draft } = PARTS.exec(name)?.groups ?? {}
    return owner !== undefined && (draft !== undefined || !present.has(owner))
  })
}

/** Puts the bytes at `path` in one step: what was there stays whole until then. Throws StoreError. */
export function writeWhole(path: string, bytes: Buffer): void {
  const draft = path + DRAFT_SUFFIX
  try {
    writeFileSync(draft, bytes, { mode: 0o600, flush: true })
    renameSync(draft, path)
  } catch (cause) {
    removeQuietly(draft)
    throw asStoreError(path, cause)
  }
}

/** How long to wait for another process that has the file open: one that is just ending. */
const BUSY_TIMEOUT_MS = 1000

function openExisting(path: string): Database.Database {
  return new Database(path, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true })
}

/** Throws StoreError for bytes that no sandbox can begin with: every page is read, and the tables are brought up to date. */
export function checkImage(image: Buffer, migrations: readonly Migrations[]): void {
  const db = new Database(image)
  try {
    checkIsOurs(db, 'integrity_check')
    new Store(db).migrate(migrations)
  } finally {
    db.close()
  }
}

/** Whole, and not some other program's: that one's file must stay as it is. */
function checkIsOurs(db: Database.Database, check = 'quick_check'): void {
  const state = db.pragma(`${check}(1)`, { simple: true })
  if (state !== 'ok') throw new StoreError(`it is damaged (${state})`)
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").get()) {
    throw new StoreError('it is not a database that Firedrill made')
  }
}
