// The directory that keeps sandboxes across restarts: it belongs to one server at a time and is its user's alone.
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openLocked, remnantsIn } from './files.ts'
import type { Store } from './store.ts'

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
    this.#lock = openLocked(join(path, LOCK_FILE), [])
    mkdirSync(this.snapshots, { recursive: true, mode: 0o700 })
    // Only now that no other server can be writing them.
    for (const directory of [path, this.snapshots]) removeRemnants(directory)
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

function removeRemnants(directory: string): void {
  const files = readdirSync(directory, { withFileTypes: true }).filter(entry => entry.isFile())
  for (const name of remnantsIn(files.map(file => file.name))) rmSync(join(directory, name), { force: true })
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
