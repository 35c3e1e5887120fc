// One isolated world, wired: its database, clock, ids, jobs and journal. Shares nothing with any other sandbox.
import { Type } from '@sinclair/typebox'
import { Clock, type ClockSetting, type Target } from './clock.ts'
import { Faults } from './faults.ts'
import { faultMigrations, faultTable } from './faulttables.ts'
import { Ids, idMigrations } from './ids.ts'
import type { Fired, JobKinds } from './jobkinds.ts'
import { JobRules } from './jobrules.ts'
import { Jobs } from './jobs.ts'
import { jobMigrations, jobRuleTable, jobTable, scheduleTable } from './jobtables.ts'
import { Journal, type JournalLimits } from './journal.ts'
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
  journal: JournalLimits
}

/** What the floor needs to know of a room in order to hold its state. */
export interface Tenant {
  name: string
  migrations: readonly string[]
  tables: readonly Table[]
  kinds: JobKinds<Sandbox>
  /** After the rows of a document are in: whatever follows from them (recurring events to arm, …). `at` is epoch ms. */
  furnish?(sandbox: Sandbox, at: number): void
  /** Throws FixtureError when the rows of a document, all of which are in, do not go together. */
  check?(sandbox: Sandbox): void
  /** How its API speaks: the names of its errors are what faults can name. */
  dialect?: { catalogue: { rows: Readonly<Record<string, unknown>> } }
}

const clockTable = defineTable(
  'clock',
  'clock',
  Type.Object({ virtualAt: Type.Number(), hostAt: Type.Number(), rate: Type.Number(), startedAt: Instant() }),
)
const sequenceTable = defineTable('sequence', 'sequences', Type.Object({ label: Type.String(), value: Type.Integer() }))

/** The floor's own tables that a portable document carries. */
export const floorTables = [sequenceTable, jobTable, scheduleTable, jobRuleTable, faultTable] as const

export const floorMigrations: Migrations[] = [
  jobMigrations,
  faultMigrations,
  idMigrations,
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
  readonly faults: Faults
  readonly journal: Journal

  /** Opens a migrated store. `fresh` is the clock of one that remembers none yet. */
  constructor(
    name: string,
    store: Store,
    settings: SandboxSettings,
    tenants: readonly Tenant[],
    fresh: ClockSetting & { startedAt: number },
  ) {
    this.name = name
    this.store = store
    this.settings = settings
    const remembered = store.get<ClockSetting>('SELECT virtualAt, hostAt, rate FROM clock')
    this.clock = new Clock(remembered ?? fresh)
    if (!remembered) clockTable.insert(store, fresh)
    this.ids = new Ids(settings.seed, store, name)
    this.journal = new Journal(settings.journal, this.ids)
    const kinds = new Map(tenants.map(({ name: tenant, kinds }) => [tenant, kinds]))
    this.jobs = new Jobs<Sandbox>(this, store, kinds, settings.pace, new JobRules(store, this.ids))
    this.faults = new Faults(store, this.ids)
  }

  /** Brings the sandbox up to date and returns the instant (epoch ms) that it is up to date with. */
  settle(): number {
    const now = this.clock.now()
    if (now >= this.jobs.nextDueAt) this.jobs.settle(now)
    return now
  }

  /**
   * Moves the clock to `target` (epoch ms, or computed from now), to run on from there at `rate`; everything due on the way
   * has happened when this returns what fired. When it throws, nothing has. Throws Refusal.
   */
  advanceTo(target: Target, rate?: number): Fired[] {
    const setting = this.clock.aim(target, rate)
    const fired = this.store.transaction(() => {
      const { virtualAt, hostAt } = setting
      this.store.run('UPDATE clock SET virtualAt = ?, hostAt = ?, rate = ?', virtualAt, hostAt, setting.rate)
      return this.jobs.settle(setting.virtualAt)
    })
    this.clock.adopt(setting)
    return fired
  }

  close(): void {
    this.faults.close()
    this.journal.close()
    this.store.close()
  }
}
