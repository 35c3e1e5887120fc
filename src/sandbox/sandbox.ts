// One isolated world, wired: its database, clock, ids and jobs. Shares nothing with any other sandbox.
import { Type } from '@sinclair/typebox'
import { Clock, type ClockSetting } from './clock.ts'
import { Ids } from './ids.ts'
import { type Fired, type JobKinds, Jobs, jobMigrations, jobTable, scheduleTable } from './jobs.ts'
import type { Pace } from './plan.ts'
import type { Migrations, Store } from './store.ts'
import { defineTable, Instant, type Table } from './tables.ts'

/** What every sandbox of a server is made with. */
export interface SandboxSettings {
  seed: string
  pace: Pace
  archivePassword: string
  /** Status that a9s answers an accepted prepare and perform with: 200 is done at once, 202 takes its time. */
  a9sPrepareStatus: 200 | 202
  a9sPerformStatus: 200 | 202
}

/** What the floor needs to know of a room in order to hold its state. */
export interface Tenant {
  name: string
  migrations: readonly string[]
  tables: readonly Table[]
  kinds: JobKinds<Sandbox>
  /** After the rows of a document are in: whatever follows from them (recurring events to arm, …). `at` is epoch ms. */
  furnish?(sandbox: Sandbox, at: number): void
}

const clockTable = defineTable(
  'clock',
  'clock',
  Type.Object({ virtualAt: Type.Number(), hostAt: Type.Number(), rate: Type.Number(), startedAt: Instant() }),
)
const sequenceTable = defineTable('sequence', 'sequences', Type.Object({ label: Type.String(), value: Type.Integer() }))

/** The floor's own tables that a portable document carries. */
export const floorTables = [sequenceTable, jobTable, scheduleTable] as const

export const floorMigrations: Migrations[] = [
  jobMigrations,
  {
    owner: 'sandbox',
    scripts: [
      `CREATE TABLE clock (virtualAt REAL NOT NULL, hostAt REAL NOT NULL, rate REAL NOT NULL, startedAt INTEGER NOT NULL) STRICT;
       CREATE TABLE sequence (label TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;`,
    ],
  },
]

export class Sandbox {
  readonly name: string
  readonly settings: SandboxSettings
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly jobs: Jobs<Sandbox>

  /** Opens a migrated store. `setting` overrides the clock that the store remembers; a store without one needs it. */
  constructor(
    name: string,
    store: Store,
    settings: SandboxSettings,
    tenants: readonly Tenant[],
    setting?: ClockSetting & { startedAt?: number },
  ) {
    this.name = name
    this.store = store
    this.settings = settings
    const remembered = store.get<ClockSetting>('SELECT virtualAt, hostAt, rate FROM clock')
    const clock = setting ?? remembered
    if (!clock) throw new RangeError(`sandbox "${name}" has no clock`)
    this.clock = new Clock(clock)
    if (setting) this.#rememberClock(setting.startedAt ?? setting.virtualAt)
    this.ids = new Ids(settings.seed, store)
    const kinds = new Map(tenants.map(({ name: tenant, kinds }) => [tenant, kinds]))
    this.jobs = new Jobs<Sandbox>(this, store, kinds, settings.pace)
  }

  /** Brings the sandbox up to date and returns the instant (epoch ms) that it is up to date with. */
  settle(): number {
    const now = this.clock.now()
    if (now >= this.jobs.nextDueAt) this.jobs.settle(now)
    return now
  }

  /**
   * Moves the clock to `instant` (epoch ms), to run on from there at `rate`; everything due on the way has happened when
   * this returns what fired. Throws ClockBackwardsError.
   */
  advanceTo(instant: number, rate?: number): Fired[] {
    return this.store.transaction(() => {
      this.clock.moveTo(instant, rate)
      this.#rememberClock()
      return this.jobs.settle(instant)
    })
  }

  close(): void {
    this.store.close()
  }

  #rememberClock(startedAt?: number): void {
    const { virtualAt, hostAt, rate } = this.clock.setting
    const update = 'UPDATE clock SET virtualAt = ?, hostAt = ?, rate = ?'
    if (startedAt === undefined) this.store.run(update, virtualAt, hostAt, rate)
    else if (this.store.run(`${update}, startedAt = ?`, virtualAt, hostAt, rate, startedAt) === 0) {
      clockTable.insert(this.store, { virtualAt, hostAt, rate, startedAt })
    }
  }
}
