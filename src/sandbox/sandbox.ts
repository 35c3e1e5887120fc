// One isolated world, wired: its database, clock, ids, jobs and journal. Shares nothing with any other sandbox.
import { type Static, Type } from '@sinclair/typebox'
import { Clock, type ClockSetting, hostNow, type Target } from './clock/clock.ts'
import type { FaultCheck } from './faults/checks.ts'
import { Faults } from './faults/faults.ts'
import { faultMigrations, faultTable } from './faults/tables.ts'
import { Ids, idMigrations } from './ids.ts'
import { FiredEvents, MAX_EVENTS_PER_REQUEST } from './jobs/fired-events.ts'
import { Jobs } from './jobs/jobs.ts'
import type { JobKinds } from './jobs/kinds.ts'
import type { JobTiming } from './jobs/plan.ts'
import { JobRules } from './jobs/rules.ts'
import { jobMigrations, jobRuleTable, jobTable, scheduleTable } from './jobs/tables.ts'
import { Journal } from './journal/journal.ts'
import type { Journals } from './journal/journals.ts'
import { MAX_INSTANT } from './limits.ts'
import type { Migrations, Store } from './store.ts'
import { StoreError } from './store-error.ts'
import { defineTable, Instant, Nullable, type Table } from './tables.ts'

/** What every sandbox of a server is made with. */
export interface SandboxSettings {
  seed: string
  timing: JobTiming
  /** The values of each API's own options, by the name of the API. Only that API reads them. */
  apiOptions: Readonly<Record<string, unknown>>
  journals: Journals
  /** The most fault rules of a sandbox, used up ones included. */
  maxFaults: number
  checkFault: FaultCheck
}

/** What the floor needs to know of a room in order to hold its state. */
export interface ApiState {
  name: string
  migrations: readonly string[]
  tables: readonly Table[]
  kinds: JobKinds
  /** After the rows of a document are in: whatever follows from them (recurring events to arm, …). `at` is epoch ms. */
  seed?(sandbox: Sandbox, at: number): void
  /** Throws FixtureError when the rows of a document, all of which are in, do not go together. */
  check?(sandbox: Sandbox): void
}

const clockTable = defineTable(
  'clock',
  'clock',
  Type.Object({
    virtualAt: Type.Number(),
    hostAt: Type.Number(),
    rate: Type.Number(),
    startedAt: Instant(),
    reservedUntil: Nullable(Type.Number()),
  }),
)
type StoredClock = Static<typeof clockTable.row>
const sequenceTable = defineTable('sequence', 'sequences', Type.Object({ label: Type.String(), value: Type.Integer() }))

/** The floor's own tables that a portable document carries. */
export const coreTables = [sequenceTable, jobTable, scheduleTable, jobRuleTable, faultTable] as const

export const coreMigrations: Migrations[] = [
  jobMigrations,
  faultMigrations,
  idMigrations,
  {
    owner: 'sandbox',
    scripts: [
      `CREATE TABLE clock (virtualAt REAL NOT NULL, hostAt REAL NOT NULL, rate REAL NOT NULL, startedAt INTEGER NOT NULL) STRICT;
       CREATE TABLE sequence (label TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;`,
      'ALTER TABLE clock ADD COLUMN reservedUntil REAL',
    ],
  },
]

export interface Advance {
  /** Virtual ms per ms of this machine; as before when left out. */
  rate?: number | undefined
  events?: FiredEvents
}

export class Sandbox {
  readonly name: string
  readonly settings: SandboxSettings
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly jobs: Jobs
  readonly faults: Faults
  readonly journal: Journal
  /** The latest instant (epoch ms) that anyone was told. */
  #settledTo = Number.NEGATIVE_INFINITY

  /** Opens a migrated store. `fresh` is the clock of one that remembers none yet. */
  constructor(
    name: string,
    store: Store,
    settings: SandboxSettings,
    apiStates: readonly ApiState[],
    fresh: ClockSetting & { startedAt: number },
  ) {
    this.name = name
    this.store = store
    this.settings = settings
    const remembered = store.get<StoredClock>('SELECT * FROM clock')
    if (!remembered) clockTable.insert(store, { ...fresh, reservedUntil: null })
    this.clock = new Clock(remembered ?? fresh, hostNow, {
      reservedUntil: remembered?.reservedUntil ?? null,
      reserve: (setting, until) => this.#reserve(setting, until),
    })
    this.ids = new Ids(settings.seed, store, name)
    this.journal = new Journal(settings.journals, this.ids)
    const kinds = new Map(apiStates.map(({ name: apiState, kinds }) => [apiState, kinds]))
    this.jobs = new Jobs(this, store, kinds, settings.timing, new JobRules(store, this.ids))
    this.faults = new Faults(store, this.ids, settings.checkFault, settings.maxFaults)
  }

  /**
   * Brings the sandbox up to date and returns the instant (epoch ms) that it is up to date with. When more was due than one
   * request may apply, that is an earlier instant, and the clock goes on from there.
   */
  settle(): number {
    const now = this.clock.now()
    if (now < this.jobs.nextDueAt) {
      this.#settledTo = now
      return now
    }
    const applied = this.jobs.settle(now, new FiredEvents(MAX_EVENTS_PER_REQUEST))
    const reached = Math.max(applied, this.#settledTo)
    this.#settledTo = reached
    if (reached < now) {
      const setting = this.clock.settingFrom(reached)
      this.#saveClock(setting, reached)
      this.clock.adopt(setting)
    }
    return reached
  }

  /**
   * Moves the clock to `target` (epoch ms, or computed from now), to run on from there at `rate`; everything due on the way
   * has happened when this returns, and is added to `events`. When their step is full, or the clock comes to the last instant
   * that there is, it stops there. When it throws, nothing has happened. Throws Refusal.
   */
  advanceTo(target: Target, { rate, events = new FiredEvents() }: Advance = {}): FiredEvents {
    const setting = this.clock.settingFor(target, rate)
    const reached = this.store.transaction(() => {
      const at = Math.max(this.jobs.settle(Math.min(setting.virtualAt, MAX_INSTANT), events), this.#settledTo)
      this.#saveClock({ ...setting, virtualAt: at }, at)
      return at
    })
    this.clock.adopt({ ...setting, virtualAt: reached })
    this.#settledTo = reached
    events.now = reached
    events.stopped = reached < setting.virtualAt
    return events
  }

  #saveClock({ virtualAt, hostAt, rate }: ClockSetting, reservedUntil: number): void {
    const sql = 'UPDATE clock SET virtualAt = ?, hostAt = ?, rate = ?, reservedUntil = ?'
    this.store.run(sql, virtualAt, hostAt, rate, reservedUntil)
  }

  #reserve(setting: ClockSetting, until: number): void {
    if (!this.store.open) return
    try {
      this.#saveClock(setting, until)
    } catch (error) {
      // A full disk must not keep the sandbox from being read. It matters only if this machine's clock is set back as well.
      if (!(error instanceof StoreError)) throw error
    }
  }

  close(): void {
    this.faults.cutHeldRequests()
    this.journal.close()
    this.journal.clear()
    this.store.close()
  }
}
