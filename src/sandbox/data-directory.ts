// The directory that keeps sandboxes across restarts: it belongs to one server at a time and is its user's alone.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Draft, openLocked, remnantsIn, removeFile } from './files.ts'
import type { Beginning, ClockOption } from './initial-states.ts'
import type { Migrations, Store } from './store.ts'
import { asStoreError } from './store-error.ts'

/** Also a file's name and a host's label, hence so narrow. */
export const SANDBOX_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/

export const FILE_SUFFIX = '.sqlite'

/** The lock, and what was asked for when sandboxes were created. Not a name that a sandbox's file can have. */
const REGISTRY_FILE = 'firedrill.db'

const SNAPSHOTS = 'snapshots'

const migrations: Migrations[] = [
  {
    owner: 'registry',
    scripts: [
      `CREATE TABLE sandbox (name TEXT PRIMARY KEY, beginning TEXT NOT NULL, clock TEXT) STRICT;
       CREATE TABLE binding (
         bound TEXT PRIMARY KEY,
         sandbox TEXT NOT NULL REFERENCES sandbox (name) ON DELETE CASCADE,
         credential TEXT NOT NULL
       ) STRICT;`,
    ],
  },
]

/** What was asked for when a sandbox was created: what its file does not tell. */
export interface Creation {
  beginning: Beginning
  /** Undefined: the server's. */
  clock: ClockOption | undefined
  /** By the made-up credential that leads to the sandbox: the one that its APIs see. */
  credentials: Readonly<Record<string, string>>
}

/** The names that a directory's database files stand for. Throws StoreError. */
export function namesIn(directory: string): string[] {
  try {
    const files = readdirSync(directory).filter(file => file.endsWith(FILE_SUFFIX))
    return files.map(file => file.slice(0, -FILE_SUFFIX.length)).filter(name => SANDBOX_NAME.test(name))
  } catch (cause) {
    throw asStoreError(directory, cause)
  }
}

export class DataDirectory {
  readonly #path: string
  /** Open, and with that locked, for as long as the directory is in use. */
  readonly #registry: Store

  /** Makes the directory if there is none. Throws StoreError when another server uses it. */
  constructor(path: string) {
    this.#path = path
    makePrivate(path)
    this.#registry = openLocked(join(path, REGISTRY_FILE), migrations)
    mkdirSync(this.snapshots, { recursive: true, mode: 0o700 })
    // Only now that no other server can be writing them.
    for (const directory of [path, this.snapshots]) removeRemnants(directory)
    this.#forgetLost()
  }

  /** The directory of the snapshots. */
  get snapshots(): string {
    return join(this.#path, SNAPSHOTS)
  }

  pathOf(sandbox: string): string {
    return join(this.#path, `${sandbox}${FILE_SUFFIX}`)
  }

  /** Does the sandbox have a file? */
  has(sandbox: string): boolean {
    return SANDBOX_NAME.test(sandbox) && existsSync(this.pathOf(sandbox))
  }

  /** Of the sandboxes that have a file. */
  names(): string[] {
    return namesIn(this.#path)
  }

  /** A sandbox is created once its file is there; until then, nothing of it outlives the process. Throws StoreError. */
  create(name: string, { beginning, clock, credentials }: Creation, draft: Draft): void {
    try {
      this.#registry.transaction(() => {
        const [begins, runs] = [JSON.stringify(beginning), clock === undefined ? null : JSON.stringify(clock)]
        this.#registry.run('INSERT INTO sandbox (name, beginning, clock) VALUES (?, ?, ?)', name, begins, runs)
        for (const [bound, credential] of Object.entries(credentials))
          this.#registry.run(
            'INSERT INTO binding (bound, sandbox, credential) VALUES (?, ?, ?)',
            bound,
            name,
            credential,
          )
      })
      draft.commit()
    } catch (cause) {
      draft.discard()
      this.#forget(name)
      throw cause
    }
  }

  /** Of a sandbox that was created, and not only used. */
  creationOf(name: string): Omit<Creation, 'credentials'> | undefined {
    const row = this.#registry.get<{ beginning: string; clock: string | null }>(
      'SELECT beginning, clock FROM sandbox WHERE name = ?',
      name,
    )
    return (
      row && { beginning: JSON.parse(row.beginning), clock: row.clock === null ? undefined : JSON.parse(row.clock) }
    )
  }

  /** Which credentials lead to which sandboxes. */
  bindings(): { bound: string; sandbox: string; credential: string }[] {
    return this.#registry.all('SELECT bound, sandbox, credential FROM binding')
  }

  /** Throws StoreError. */
  remove(name: string): void {
    removeFile(this.pathOf(name))
    this.#forget(name)
  }

  #forget(name: string): void {
    this.#registry.run('DELETE FROM sandbox WHERE name = ?', name)
  }

  /** A killed server may have come as far as one of the two steps that creating and removing a sandbox take. */
  #forgetLost(): void {
    const present = new Set(this.names())
    for (const { name } of this.#registry.all<{ name: string }>('SELECT name FROM sandbox'))
      if (!present.has(name)) this.#forget(name)
  }

  close(): void {
    this.#registry.close()
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
  const isOurs = files.length === 0 || files.includes(REGISTRY_FILE) || files.includes(`default${FILE_SUFFIX}`)
  if (!isOurs) return
  try {
    chmodSync(path, 0o700)
  } catch (cause) {
    // Somebody else's, as mounted volumes are: its owner decides.
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') throw cause
  }
}
