// The directory that keeps sandboxes across restarts: used by one server at a time, and readable by its user only.
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Draft, openLocked, removeFile } from './files.ts'
import type { ClockOption, InitialState } from './initial-states.ts'
import { FILE_SUFFIX, removeRemnants, SandboxFiles } from './sandbox-files.ts'
import type { Migrations, Store } from './store.ts'

/** The lock, and how sandboxes were created. */
const REGISTRY_FILE = 'firedrill.db'

const SNAPSHOTS = 'snapshots'

/** The number of scripts is also the format of the directory: from 3 on, the files of sandboxes are in folders. */
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
      'ALTER TABLE sandbox ADD COLUMN seed TEXT',
    ],
  },
]

/** How a sandbox was created, which its own file does not contain. */
export interface Creation {
  initialState: InitialState
  /** Undefined: the server's clock option. */
  clock: ClockOption | undefined
  /** Undefined: the server's seed. */
  seed: string | undefined
  /** The credentials that are bound to the sandbox, each with the one that its APIs receive instead. */
  credentials: Readonly<Record<string, string>>
}

export class DataDirectory {
  readonly #path: string
  readonly #files: SandboxFiles
  /** Open as long as the directory is in use, which also locks it. */
  readonly #registry: Store

  /** Creates the directory if it does not exist. Throws StoreError when another server uses it. */
  constructor(path: string) {
    this.#path = path
    this.#files = new SandboxFiles(path)
    makePrivate(path)
    this.#registry = openLocked(join(path, REGISTRY_FILE), migrations)
    mkdirSync(this.snapshots, { recursive: true, mode: 0o700 })
    // Only after locking, because another server might still be writing them.
    removeRemnants(this.snapshots)
    this.#forgetAllBut(new Set(this.#files.prepare()))
  }

  get snapshots(): string {
    return join(this.#path, SNAPSHOTS)
  }

  pathOf(sandbox: string): string {
    return this.#files.pathOf(sandbox)
  }

  /** Whether the sandbox has a file. */
  has(sandbox: string): boolean {
    return this.#files.has(sandbox)
  }

  /** The names of the sandboxes that have a file. */
  names(): string[] {
    return this.#files.names()
  }

  /** Records the sandbox, then moves its file into place; a sandbox without a file does not exist. Throws StoreError. */
  create(name: string, { initialState, clock, seed, credentials }: Creation, draft: Draft): void {
    try {
      this.#registry.transaction(() => {
        const { image = null, ...beginning } = { image: undefined, ...initialState }
        this.#registry.run(
          'INSERT INTO sandbox (name, beginning, clock, image, seed) VALUES (?, ?, ?, ?, ?)',
          name,
          JSON.stringify(beginning),
          clock === undefined ? null : JSON.stringify(clock),
          image,
          seed ?? null,
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
    const row = this.#registry.get<{
      beginning: string
      clock: string | null
      image: Buffer | null
      seed: string | null
    }>('SELECT beginning, clock, image, seed FROM sandbox WHERE name = ?', name)
    if (!row) return undefined
    const { beginning, clock, image, seed } = row
    const initialState = { ...JSON.parse(beginning), ...(image && { image }) }
    return { initialState, clock: clock === null ? undefined : JSON.parse(clock), seed: seed ?? undefined }
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
  #forgetAllBut(present: ReadonlySet<string>): void {
    for (const { name } of this.#registry.all<{ name: string }>('SELECT name FROM sandbox'))
      if (!present.has(name)) this.#forget(name)
  }

  close(): void {
    this.#registry.close()
  }
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
