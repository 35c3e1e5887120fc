// Errors of the files that sandboxes are stored in, with messages that say which file it is and what to do.
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'

/** A data file that cannot be used, read or written: the message says which file and why. */
export class StoreError extends Error {}

type SqliteError = InstanceType<typeof Database.SqliteError>

/** The codes that SQLite reports when the file or the disk fails, as opposed to a statement. */
const STORAGE_CODE = /^SQLITE_(?:BUSY|CANTOPEN|CORRUPT|FULL|IOERR|NOTADB|PERM|READONLY)/

const OUT_OF_FILES =
  'this process has no file descriptors left: lower --max-open-files, or raise the limit of descriptors (ulimit -n)'
const DISK_FULL = 'the disk is full'

const REASON_OF_SYSTEM_CODE: Record<string, string> = {
  EMFILE: OUT_OF_FILES,
  ENFILE: OUT_OF_FILES,
  ENOSPC: DISK_FULL,
  EDQUOT: DISK_FULL,
  EACCES: 'this user may not read and write it',
  EROFS: 'its file system is read-only',
}

/**
 * Converts a failure of the file at `path` to StoreError and returns any other error unchanged. Call this before closing
 * anything, because it may try to open the file again to find the reason.
 */
export function asStoreError(path: string, cause: unknown, whenBusy = 'another process has it open'): unknown {
  const reason = reasonOf(path, cause, whenBusy)
  return reason === undefined ? cause : new StoreError(`${path}: ${reason}`, { cause })
}

/** Whether a statement failed because of the file or the disk. */
export function isStorageFailure(cause: unknown): boolean {
  return isSqliteError(cause) && STORAGE_CODE.test(cause.code)
}

function reasonOf(path: string, cause: unknown, whenBusy: string): string | undefined {
  if (cause instanceof StoreError) return cause.message
  if (isSqliteError(cause)) return reasonOfSqlite(path, cause, whenBusy)
  return isSystemError(cause) ? reasonOfSystem(cause) : undefined
}

/** Recognized by its name: this file does not load the native module, so that it can be imported where that cannot be loaded. */
function isSqliteError(cause: unknown): cause is SqliteError {
  return cause instanceof Error && cause.name === 'SqliteError'
}

function reasonOfSqlite(path: string, { code, message }: SqliteError, whenBusy: string): string {
  if (code.startsWith('SQLITE_BUSY')) return whenBusy
  if (code.startsWith('SQLITE_FULL')) return DISK_FULL
  if (code.startsWith('SQLITE_READONLY')) return `it may not be written (${message})`
  if (code.startsWith('SQLITE_IOERR')) return `it could not be read or written (${message}, ${code})`
  const why = code.startsWith('SQLITE_CANTOPEN') ? whyNotOpened(path) : undefined
  return why ?? `it is not a usable database (${message})`
}

/** SQLite does not give the reason. Does not open the file, because closing it would release this process's locks on it. */
function whyNotOpened(path: string): string | undefined {
  try {
    closeSync(openSync(dirname(path), 'r'))
    accessSync(path, constants.R_OK | constants.W_OK)
    return statSync(path).isDirectory() ? 'it is a directory' : undefined
  } catch (cause) {
    return isSystemError(cause) ? reasonOfSystem(cause) : undefined
  }
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause
}

function reasonOfSystem({ code = '', message }: NodeJS.ErrnoException): string {
  return REASON_OF_SYSTEM_CODE[code] ?? message
}
