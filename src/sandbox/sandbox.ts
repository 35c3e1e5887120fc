// One sandbox: its database, clock, ids, jobs, faults and journal, which it shares with no other sandbox.
import { type Static, Type } from '@sinclair/typebox'
import { Clock, type ClockSetting, hostNow, type Target } from './clock/clock.ts'
import type { FaultCheck } from './faults/checks.ts'
import { Faults } from './faults/faults.ts'
import { faultFileTable } from './faults/file-counts.ts'
import { faultPlanTable } from './faults/plans.ts'
import { faultMigrations, faultTable } from './faults/tables.ts'
import type { History, HistoryLimits } from './history/history.ts'
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

/** Settings that all sandboxes of a server have in common. */
export interface SandboxSettings {
  seed: string
  timing: JobTiming
  /** The values of each API's own options, by the name of the API. Only that API reads them. */
  apiOptions: Readonly<Record<string, unknown>>
  journals: Journals
  /** Undefined: sandboxes keep no history. */
  history: HistoryLimits | undefined
  /** The most fault rules of a sandbox, used up ones included. */
  maxFaults: number
  checkFault: FaultCheck
}

/** What a sandbox needs of an API in order to store its state. */
export interface ApiState {
  name: string
  migrations: readonly string[]
  tables: readonly Table[]
  kinds: JobKinds
  /** The API's section of a document, converted when it was written by an earlier release. */
  upgrade?(section: Record<string, unknown>): Record<string, unknown>
  /** Adds what follows from a document's rows, such as recurring events, after they have been inserted. `at` is epoch ms. */
  seed?(sandbox: Sandbox, at: number): void
  /** Throws FixtureError when the rows of a document, all of which have been inserted, contradict each other. */
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

/** The tables in every sandbox that state documents contain. */
export const coreTables = [
  sequenceTable,
  jobTable,
  scheduleTable,
  jobRuleTable,
  faultPlanTable,
  faultTable,
  faultFileTable,
] as const

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
  /** Virtual ms per ms of this machine; unchanged if omitted. */
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
  /** Undefined if none is kept, and until the sandbox is opened completely. */
  history: History | undefined
  /** The latest instant (epoch ms) that was returned to a caller. */
  #settledTo = Number.NEGATIVE_INFINITY

  /** Opens a migrated store. `initialClock` is used if the store does not contain a clock yet. */
  constructor(
    name: string,
    store: Store,
    settings: SandboxSettings,
    apiStates: readonly ApiState[],
    initialClock: ClockSetting & { startedAt: number },
  ) {
    this.name = name
    this.store = store
    this.settings = settings
    const stored = store.get<StoredClock>('SELECT * FROM clock')
    if (!stored) clockTable.insert(store, { ...initialClock, reservedUntil: null })
    this.clock = new Clock(stored ?? initialClock, hostNow, {
      reservedUntil: stored?.reservedUntil ?? null,
      reserve: (setting, until) => this.#reserve(setting, until),
    })
    this.ids = new Ids(settings.seed, store, name)
    this.journal = new Journal(settings.journals, this.ids)
    const kinds = new Map(apiStates.map(({ name: apiState, kinds }) => [apiState, kinds]))
    this.jobs = new Jobs(this, store, kinds, settings.timing, new JobRules(store, this.ids))
    this.faults = new Faults(store, this.ids, settings.checkFault, settings.maxFaults)
  }

  /**
   * Applies everything that is due and returns the current instant (epoch ms). If more is due than one request may apply, the
   * result is an earlier instant, and the clock continues from there.
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
   * Moves the clock to `target` (epoch ms, or computed from now), from where it continues at `rate`. Everything that is due
   * until then is applied and added to `events`. The clock stops earlier when the step of `events` is full or the last instant
   * is reached. Throws Refusal, and then nothing has changed.
   */
  advanceTo(target: Target, { rate, events = new FiredEvents() }: Advance = {}): FiredEvents {
    this.history?.note()
    const setting = this.clock.settingFor(target, rate)
    const until = Math.min(setting.virtualAt, MAX_INSTANT)
    const move = () => {
      const at = Math.max(this.jobs.settle(until, events), this.#settledTo)
      this.#saveClock({ ...setting, virtualAt: at }, at)
      return at
    }
    // A transaction around the one statement that stores the clock would take longer than the statement.
    const reached = until < this.jobs.nextDueAt ? move() : this.store.transaction(move)
    this.clock.adopt({ ...setting, virtualAt: reached })
    this.#settledTo = reached
    events.now = reached
    events.stopped = reached < setting.virtualAt
    this.history?.note()
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
      // Reading must work on a full disk. The reservation is only needed if this machine's clock is set back as well.
      if (!(error instanceof StoreError)) throw error
    }
  }

  /** Whether a request is running in it, or somebody waits for one. */
  get isInUse(): boolean {
    return this.journal.isInUse || this.faults.areHolding
  }

  close(): void {
    this.faults.cutHeldRequests()
    this.journal.close()
    this.journal.clear()
    this.store.close()
  }
}
