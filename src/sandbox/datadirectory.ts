// The directory that keeps sandboxes across restarts: it belongs to one server at a time and is its user's alone.
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openLocked, type Store, StoreError } from './store.ts'

export const FILE_SUFFIX = '.sqlite'

/** Not a name that a sandbox's file can have. */
const LOCK_FILE = 'firedrill.db'

const SNAPSHOTS = 'snapshots'

/** The names that a directory's database files stand for. */
export function namesIn(directory: string): string[] {
  const files = readdirSync(directory).filter(file => file.endsWith(FILE_SUFFIX))
  return files.map(file => file.slice(0, -FILE_SUFFIX.length))
}

export class DataDirectory {
  readonly #path: string
  /** Open, and with that locked, for as long as the directory is in use. */
  readonly #lock: Store

  /** Makes the directory if there is none. Throws StoreError when another server uses it. */
  constructor(path: string) {
    this.#path = path
    makePrivate(path)
    const lockPath = join(path, LOCK_FILE)
    try {
      this.#lock = openLocked(lockPath, [])
    } catch (cause) {
      throw cause instanceof StoreError ? new StoreError(`${lockPath}: ${cause.message}`, { cause }) : cause
    }
    mkdirSync(this.snapshots, { recursive: true, mode: 0o700 })
  }

  /** The directory of the snapshots. */
  get snapshots(): string {
    return join(this.#path, SNAPSHOTS)
  }

  pathOf(sandbox: string): string {
    return join(this.#path, `${sandbox}${FILE_SUFFIX}`)
  }

  /** Of the sandboxes that have a file. */
  names(): string[] {
    return namesIn(this.#path)
  }

  close(): void {
    this.#lock.close()
  }
}

/** A directory that holds other things as well keeps its mode. */
function makePrivate(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const files = readdirSync(path)
  const isOurs = files.length === 0 || files.includes(LOCK_FILE) || files.includes(`default${FILE_SUFFIX}`)
  if (!isOurs) return
  try {
    chmodSync(path, 0o700)
  } catch (cause) {
    // Somebody else's, as mounted volumes are: its owner decides.
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') throw cause
  }
}
