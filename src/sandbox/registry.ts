// The sandboxes of one server: each begins as a copy of a prepared database image, in memory or as a file.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ClockSetting, hostNow } from './clock.ts'
import { floorMigrations, Sandbox, type SandboxSettings, type Tenant } from './sandbox.ts'
import { openFile, openMemory, StoreError } from './store.ts'
import { FixtureError } from './tables.ts'

/** What a sandbox holds at first: for each API its tables' rows, as documents write them. */
export type Fixtures = Record<string, Record<string, unknown>>

export interface RegistryOptions {
  tenants: readonly Tenant[]
  fixtures: Fixtures
  settings: SandboxSettings
  /** `at` undefined: from this machine's time on. `rate` undefined: real for new sandboxes, as remembered for stored ones. */
  clock: { rate?: number; at?: number }
  /** Keeps one SQLite file per sandbox here; in memory without it. */
  dataDirectory?: string
}

/** Fresh sandboxes on a moving clock share an image for this long, so that making one is a copy. */
const IMAGE_GRAIN_MS = 3_600_000

export class Registry {
  readonly #options: RegistryOptions
  readonly #open = new Map<string, Sandbox>()
  #image: { startedAt: number; bytes: Buffer } | undefined

  /** Prepares the image, so that a bad fixture stops the start. Throws FixtureError. */
  constructor(options: RegistryOptions) {
    this.#options = options
    if (options.dataDirectory !== undefined) mkdirSync(options.dataDirectory, { recursive: true })
    this.#imageAt(this.#freshClock().startedAt)
  }

  /** The sandbox of that name, made when there is none yet. Throws StoreError. */
  get(name: string): Sandbox {
    const known = this.#open.get(name)
    if (known) return known
    const sandbox = this.#make(name)
    this.#open.set(name, sandbox)
    return sandbox
  }

  /** The next request finds the sandbox as it was at first. */
  reset(name: string): void {
    this.#open.get(name)?.close()
    this.#open.delete(name)
    const { dataDirectory } = this.#options
    if (dataDirectory === undefined) return
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(dataDirectory, `${name}.sqlite${suffix}`), { force: true })
  }

  close(): void {
    for (const sandbox of this.#open.values()) sandbox.close()
    this.#open.clear()
  }

  #make(name: string): Sandbox {
    const { tenants, settings, dataDirectory, clock } = this.#options
    const fresh = this.#freshClock()
    if (dataDirectory === undefined) {
      return new Sandbox(name, openMemory(this.#imageAt(fresh.startedAt)), settings, tenants, fresh)
    }
    const path = join(dataDirectory, `${name}.sqlite`)
    try {
      const { store, created } = openFile(path, () => this.#imageAt(fresh.startedAt))
      store.migrate(migrations(tenants))
      if (created) return new Sandbox(name, store, settings, tenants, fresh)
      const stored = new Sandbox(name, store, settings, tenants)
      if (clock.rate !== undefined) stored.advanceTo(Math.max(stored.clock.now(), clock.at ?? 0), clock.rate)
      return stored
    } catch (cause) {
      if (cause instanceof StoreError) throw new StoreError(`${path}: ${cause.message}`, { cause })
      throw cause
    }
  }

  /** A new sandbox starts at the given instant, or on a moving clock at the last full grain of this machine's time. */
  #freshClock(): ClockSetting & { startedAt: number } {
    const { rate = 1, at } = this.#options.clock
    const hostAt = hostNow()
    const virtualAt = at ?? hostAt
    const startedAt = at ?? hostAt - (hostAt % IMAGE_GRAIN_MS)
    return { virtualAt, hostAt, rate, startedAt }
  }

  #imageAt(startedAt: number): Buffer {
    if (this.#image?.startedAt !== startedAt) {
      this.#image = { startedAt, bytes: prepareImage(this.#options, startedAt) }
    }
    return this.#image.bytes
  }
}

function prepareImage({ tenants, fixtures, settings }: RegistryOptions, startedAt: number): Buffer {
  const store = openMemory()
  store.migrate(migrations(tenants))
  const setting = { virtualAt: startedAt, hostAt: startedAt, rate: 0 }
  const sandbox = new Sandbox('image', store, settings, tenants, setting)
  store.transaction(() => {
    for (const tenant of tenants) {
      furnish(sandbox, tenant, fixtures[tenant.name] ?? {}, startedAt)
      tenant.furnish?.(sandbox, startedAt)
    }
    sandbox.jobs.settle(startedAt)
  })
  const bytes = store.image()
  store.close()
  return bytes
}

function furnish({ store }: Sandbox, tenant: Tenant, section: Record<string, unknown>, startedAt: number): void {
  const unknown = Object.keys(section).find(key => !tenant.tables.some(table => table.key === key))
  if (unknown !== undefined) throw new FixtureError(`${tenant.name}: there is no "${unknown}" in it`)
  for (const table of tenant.tables) {
    try {
      for (const row of table.parse(section[table.key] ?? [], startedAt)) table.insert(store, row)
    } catch (cause) {
      throw new FixtureError(`${tenant.name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }
}

function migrations(tenants: readonly Tenant[]) {
  return [...floorMigrations, ...tenants.map(({ name, migrations: scripts }) => ({ owner: name, scripts }))]
}
