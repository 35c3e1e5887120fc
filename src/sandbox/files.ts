// Opens, locks, replaces and removes database files, together with the files that SQLite keeps beside them.
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { type Migrations, type Reopen, Store } from './store.ts'
import { asStoreError, StoreError } from './store-error.ts'

/** The suffix of a database file until it is complete. */
const DRAFT_SUFFIX = '.new'

/** The files that SQLite keeps beside a database. A leftover log would be applied to the next database of that name. */
const COMPANION_SUFFIXES = ['-wal', '-shm', '-journal']

/** Those that contain changes of the database. */
const LOG_SUFFIXES = ['-wal', '-journal']

/** A file of a database or of its draft; `owner` is the file without which it is a remnant. */
const PARTS = /^(?<owner>.+\.sqlite(?<draft>\.new)?)(?:-wal|-shm|-journal)?$/

/**
 * Opens the file and applies `migrations`. Uses a write-ahead log, so that answered requests survive a killed process. Throws
 * StoreError if the file was not made by Firedrill or by a newer version, or another process has it open.
 */
export function openFile(path: string, migrations: readonly Migrations[], reopen?: Reopen): Store {
  return openAnd(path, db => {
    checkIsOurs(db)
    const store = new Store(db, path, reopen)
    store.migrate(migrations)
    // Last, because a file that is refused must not be changed.
    useLog(db)
    return store
  })
}

/** Opens a file that `openFile` has checked before. Throws StoreError. */
export function reopenFile(path: string): Database.Database {
  return openAnd(path, db => {
    useLog(db)
    return db
  })
}

/** Opens the file for the work, and closes it when that throws. Throws StoreError. */
function openAnd<Result>(path: string, work: (db: Database.Database) => Result): Result {
  let db: Database.Database | undefined
  try {
    db = openExclusive(path)
    return work(db)
  } catch (cause) {
    const error = asStoreError(path, cause)
    db?.close()
    throw error
  }
}

/** One process per file: sandboxes keep the next due instant in memory, which a second writer would make stale. */
function openExclusive(path: string): Database.Database {
  const db = openExisting(path)
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN IMMEDIATE; COMMIT')
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

function useLog(db: Database.Database): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
}

/**
 * Opens the file that locks a data directory, creating it if needed, and keeps other processes from opening it until it is
 * closed. Throws StoreError if another process has it open.
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
 * Creates an empty file, which is an empty database, before SQLite opens it, because a journal gets the mode that its database
 * has at that moment. An existing file is not opened: closing it would release the locks that this process has on it.
 */
function createPrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
}

/** A complete database in a temporary file, ready to replace another one. */
export interface Draft {
  /** Replaces the file, which must not be open. */
  commit(): void
  discard(): void
}

/**
 * Writes a draft of the database at `path`: the image with `migrations` applied and what `complete` adds. The file at `path`
 * is not changed until the draft is committed. Throws StoreError, and then there is no draft.
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
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
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
      writeLogBack(path)
      removeCompanions(path)
      renameSync(draft, path)
    } catch (cause) {
      throw asStoreError(path, cause)
    }
  }
  return { commit, discard }
}

/** Writes the log that a killed process left into the database, which is then complete without it. */
function writeLogBack(path: string): void {
  if (!LOG_SUFFIXES.some(suffix => existsSync(path + suffix))) return
  try {
    reopenFile(path).close()
  } catch {
    // A database that cannot be opened contains nothing that could be lost.
  }
}

function completeDraft(draft: string, migrations: readonly Migrations[], complete: (store: Store) => void): void {
  const db = openExisting(draft)
  try {
    // An interrupted draft is removed, so it needs no journal. It is flushed once, at the end.
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
 * Removes the file and what SQLite keeps beside it; the file first, since a log without its database is recognized as a remnant.
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

/** Ignores errors: a draft that cannot be removed now is removed at the next start. */
function removeQuietly(draft: string): void {
  try {
    removeFile(draft)
  } catch {}
}

function removeCompanions(path: string): void {
  for (const suffix of COMPANION_SUFFIXES) rmSync(path + suffix, { force: true })
}

/**
 * Moves a database that is not open, with its log, into a folder that may not exist. A process that is killed meanwhile leaves a
 * complete database at one of the two places, and only remnants at the other. Throws StoreError.
 */
export function moveFile(from: string, to: string): void {
  try {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    for (const suffix of LOG_SUFFIXES) {
      if (!existsSync(from + suffix)) continue
      copyFileSync(from + suffix, to + suffix)
      flush(to + suffix)
    }
    renameSync(from, to)
    removeCompanions(from)
  } catch (cause) {
    throw asStoreError(from, cause)
  }
}

/** Whether the file is a database that was certainly not made by Firedrill. */
export function isOfAnotherProgram(path: string): boolean {
  let db: Database.Database | undefined
  try {
    db = new Database(path, { readonly: true })
    return !hasMigrations(db)
  } catch {
    // It may be a damaged file of a sandbox, which using it reports.
    return false
  } finally {
    db?.close()
  }
}

/** Of the names in a directory, those of drafts and logs that a killed process left behind. */
export function remnantsIn(names: readonly string[]): string[] {
  const present = new Set(names)
  return names.filter(name => {
    const { owner, draft } = PARTS.exec(name)?.groups ?? {}
    return owner !== undefined && (draft !== undefined || !present.has(owner))
  })
}

/** Replaces the file at `path` in one step; until then the old one stays complete. Throws StoreError. */
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

/** How long to wait for another process to close the file, as one that is ending does. */
const BUSY_TIMEOUT_MS = 1000

function openExisting(path: string): Database.Database {
  return new Database(path, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true })
}

/** Throws StoreError for an image that cannot be opened: reads every page and applies the migrations. */
export function checkImage(image: Buffer, migrations: readonly Migrations[]): void {
  const db = new Database(image)
  try {
    checkIsOurs(db, 'integrity_check')
    new Store(db).migrate(migrations)
  } finally {
    db.close()
  }
}

/** Checks that the database is not damaged and not another program's, whose file must not be changed. */
function checkIsOurs(db: Database.Database, check = 'quick_check'): void {
  const state = db.pragma(`${check}(1)`, { simple: true })
  if (state !== 'ok') throw new StoreError(`it is damaged (${state})`)
  if (!hasMigrations(db)) throw new StoreError('it was not created by Firedrill')
}

function hasMigrations(db: Database.Database): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").get() !== undefined
}
