// The directory that keeps sandboxes across restarts: used by one server at a time, and readable by its user only.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Draft, openLocked, remnantsIn, removeFile } from './files.ts'
import type { ClockOption, InitialState } from './initial-states.ts'
import type { Migrations, Store } from './store.ts'
import { asStoreError } from './store-error.ts'

/** Narrow because a name is also part of a file name and a label of a host name. */
export const SANDBOX_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/

export const FILE_SUFFIX = '.sqlite'

/** The lock, and how sandboxes were created. No sandbox's file can have this name. */
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
      'ALTER TABLE sandbox ADD COLUMN image BLOB',
    ],
  },
]

/** How a sandbox was created, which its own file does not contain. */
export interface Creation {
  initialState: InitialState
  /** Undefined: the server's clock option. */
  clock: ClockOption | undefined
  /** The credentials that are bound to the sandbox, each with the one that its APIs receive instead. */
  credentials: Readonly<Record<string, string>>
}

/** The names of the sandboxes or snapshots whose files are in the directory. Throws StoreError. */
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
  /** Open as long as the directory is in use, which also locks it. */
  readonly #registry: Store

  /** Creates the directory if it does not exist. Throws StoreError when another server uses it. */
  constructor(path: string) {
    this.#path = path
    makePrivate(path)
    this.#registry = openLocked(join(path, REGISTRY_FILE), migrations)
    mkdirSync(this.snapshots, { recursive: true, mode: 0o700 })
    // Only after locking, because another server might still be writing them.
    for (const directory of [path, this.snapshots]) removeRemnants(directory)
    this.#forgetWithoutFile()
  }

  get snapshots(): string {
    return join(this.#path, SNAPSHOTS)
  }

  pathOf(sandbox: string): string {
    return join(this.#path, `${sandbox}${FILE_SUFFIX}`)
  }

  /** Whether the sandbox has a file. */
  has(sandbox: string): boolean {
    return SANDBOX_NAME.test(sandbox) && existsSync(this.pathOf(sandbox))
  }

  /** The names of the sandboxes that have a file. */
  names(): string[] {
    return namesIn(this.#path)
  }

  /** Records the sandbox, then moves its file into place; a sandbox without a file does not exist. Throws StoreError. */
  create(name: string, { initialState, clock, credentials }: Creation, draft: Draft): void {
    try {
      this.#registry.transaction(() => {
        const { image = null, ...beginning } = { image: undefined, ...initialState }
        this.#registry.run(
          'INSERT INTO sandbox (name, beginning, clock, image) VALUES (?, ?, ?, ?)',
          name,
          JSON.stringify(beginning),
          clock === undefined ? null : JSON.stringify(clock),
          image,
        )
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

  /** Undefined for a sandbox that was created by its first use. */
  creationOf(name: string): Omit<Creation, 'credentials'> | undefined {
    const row = this.#registry.get<{ beginning: string; clock: string | null; image: Buffer | null }>(
      'SELECT beginning, clock, image FROM sandbox WHERE name = ?',
      name,
    )
    if (!row) return undefined
    const { beginning, clock, image } = row
    const initialState = { ...JSON.parse(beginning), ...(image && { image }) }
    return { initialState, clock: clock === null ? undefined : JSON.parse(clock) }
  }

  /** The credentials that are bound to sandboxes. */
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

  /** A server may have been killed between the two steps that creating and removing a sandbox take. */
  #forgetWithoutFile(): void {
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

/** Leaves the mode of a directory that also contains other files. */
function makePrivate(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const files = readdirSync(path)
  const isOurs = files.length === 0 || files.includes(REGISTRY_FILE) || files.includes(`default${FILE_SUFFIX}`)
  if (!isOurs) return
  try {
    chmodSync(path, 0o700)
  } catch (cause) {
    // The directory belongs to another user, as mounted volumes do; its owner decides.
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') throw cause
  }
}
