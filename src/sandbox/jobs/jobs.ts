// The job engine of one sandbox: stores plans as instants and applies their effects in due order, each at its own due time.
import type { Outcome } from '../../../schemas/outcome.ts'
import { ownValue } from '../own.ts'
import { Refusal } from '../refusal.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Store } from '../store.ts'
import { EventLog } from './event-log.ts'
import { type Fired, FiredEvents } from './fired-events.ts'
import { type JobKind, type JobKinds, nextOf, type ScheduleKind } from './kinds.ts'
import { endEarly, endOf, type JobResult, type JobTiming, jobAt, limitedPlan, plan, polledPlan } from './plan.ts'
import { applyRule, type JobRules } from './rules.ts'
import { type Job, jobTable, type Schedule, scheduleTable } from './tables.ts'

export interface Submission {
  api: string
  id: string
  kind: string
  subject: unknown
  outcome: Outcome
  timing?: JobTiming
  /** The job is cancelled when it takes longer. */
  cancelAfterMs?: number
}

interface RawDue {
  dueAt: number
}
/** Only with the condition, SQLite uses the index, which ended jobs are not in. */
const NEXT_JOB = 'SELECT * FROM job WHERE dueAt IS NOT NULL ORDER BY dueAt, rowid LIMIT 1'
const NEXT_JOB_DUE = 'SELECT min(dueAt) AS at FROM job WHERE dueAt IS NOT NULL'
const NEXT_DUE = `SELECT min(at) AS at FROM (${NEXT_JOB_DUE} UNION ALL SELECT min(dueAt) FROM schedule)`
const NEXT_SCHEDULE = 'SELECT * FROM schedule ORDER BY dueAt, rowid LIMIT 1'
const SETTLE_PHASE = 'UPDATE job SET settledPhases = ?, dueAt = ? WHERE api = ? AND id = ?'

export class Jobs {
  readonly rules: JobRules
  readonly log = new EventLog()
  readonly #sandbox: Sandbox
  readonly #store: Store
  readonly #kinds: ReadonlyMap<string, JobKinds>
  readonly #timing: JobTiming
  #nextDueAt: number

  constructor(
    sandbox: Sandbox,
    store: Store,
    kinds: ReadonlyMap<string, JobKinds>,
    timing: JobTiming,
    rules: JobRules,
  ) {
    this.rules = rules
    this.#sandbox = sandbox
    this.#store = store
    this.#kinds = kinds
    this.#timing = timing
    this.#nextDueAt = this.#readNextDue()
  }

  /** The next instant (epoch ms) at which something is due; Infinity when nothing is. */
  get nextDueAt(): number {
    return this.#nextDueAt
  }

  /** Call this after jobs and schedules have been inserted without `submit` and `arm`. */
  refreshNextDue(): void {
    this.#nextDueAt = this.#readNextDue()
  }

  /** Plans a job from `now` and stores it. Its outcome is decided here and does not change later. */
  submit({ api, id, kind, subject, ...requested }: Submission, now: number): Job {
    const { operation, phases: defaultPhases, timeLimitMs } = this.#knownJobKind(api, kind)
    const rule = this.rules.take(operation)
    const { phases, outcome, timing } = applyRule(
      rule,
      defaultPhases,
      requested.outcome,
      requested.timing ?? this.#timing,
    )
    const { progression } = timing
    const { cancelAfterMs } = requested
    const unlimited = plan(phases, outcome, timing, now, cancelAfterMs ?? timeLimitMs)
    const planned = cancelAfterMs === undefined ? unlimited : limitedPlan(unlimited, endOf(now, cancelAfterMs, timing))
    const job: Job = {
      api,
      id,
      kind,
      subject,
      submittedAt: now,
      ...planned,
      settledPhases: 0,
      dueAt: planned.phases[0]?.endAt ?? null,
      pollsToEnd: progression.by === 'polls' && outcome.result !== 'stuck' ? progression.polls : null,
      pollsSeen: 0,
    }
    jobTable.insert(this.#store, job)
    this.#noteDueAt(job.dueAt)
    return job
  }

  find(api: string, id: string): Job | undefined {
    const raw = this.#store.get<object>('SELECT * FROM job WHERE api = ? AND id = ?', api, id)
    return raw && jobTable.decode(raw)
  }

  /** In order of submission. */
  list(api: string): Job[] {
    return this.#store.all<object>('SELECT * FROM job WHERE api = ? ORDER BY rowid', api).map(jobTable.decode)
  }

  /** The ids of an API's jobs, in order of submission. */
  ids(api: string): string[] {
    return this.#store.all<{ id: string }>('SELECT id FROM job WHERE api = ? ORDER BY rowid', api).map(({ id }) => id)
  }

  /** The job of these kinds that was submitted last. */
  latest(api: string, kinds: readonly string[]): Job | undefined {
    const sql = 'SELECT rowid AS position FROM job WHERE api = ? AND kind = ? ORDER BY rowid DESC LIMIT 1'
    const positions = kinds.map(kind => this.#store.get<{ position: number }>(sql, api, kind)?.position ?? 0)
    const last = Math.max(...positions)
    const raw = last === 0 ? undefined : this.#store.get<object>('SELECT * FROM job WHERE rowid = ?', last)
    return raw && jobTable.decode(raw)
  }

  /** Records that a client read the job at `now`, which under progression `polls:N` advances it. Returns the job after that. */
  poll(job: Job, now: number): Job {
    if (job.pollsToEnd === null || job.settledPhases === job.phases.length) return job
    const pollsSeen = job.pollsSeen + 1
    const phases = polledPlan(job.phases, pollsSeen, job.pollsToEnd, now)
    const after = { ...job, pollsSeen, phases, dueAt: phases[job.settledPhases]?.endAt ?? null }
    this.#rewrite(after)
    return after
  }

  /** The jobs of all APIs, in order of submission. */
  listAll(): Job[] {
    return this.#store.all<object>('SELECT * FROM job ORDER BY rowid').map(jobTable.decode)
  }

  /** The next instant (epoch ms) at which a job is due, not counting recurring events. */
  nextJobDueAt(): number | undefined {
    return this.#store.get<{ at: number | null }>(NEXT_JOB_DUE)?.at ?? undefined
  }

  /** In due order. */
  schedules(): Schedule[] {
    return this.#store.all<object>('SELECT * FROM schedule ORDER BY dueAt, rowid').map(scheduleTable.decode)
  }

  /** When a recurring event is due next, epoch ms; undefined when it has ended or was never armed. */
  scheduledAt(api: string, id: string): number | undefined {
    return this.#store.get<RawDue>('SELECT dueAt FROM schedule WHERE api = ? AND id = ?', api, id)?.dueAt
  }

  /** Undefined when the API has no such kind. */
  jobKind(api: string, kind: string): JobKind<never> | undefined {
    return ownValue(this.#kinds.get(api)?.jobs ?? {}, kind)
  }

  /** Undefined when the API has no such kind. */
  scheduleKind(api: string, kind: string): ScheduleKind<never> | undefined {
    return ownValue(this.#kinds.get(api)?.schedules ?? {}, kind)
  }

  operationOf({ api, kind }: Job): string {
    return this.#knownJobKind(api, kind).operation
  }

  /** The kind of job that an operation submits. Throws Refusal when it submits none. */
  kindOf(operation: string): JobKind<never> {
    const all = [...this.#kinds.values()].flatMap(({ jobs }) => Object.values(jobs))
    const found = all.find(kind => kind.operation === operation)
    if (found) return found
    const known = all.map(kind => kind.operation).join(', ')
    throw new Refusal('invalid', `operation "${operation}" submits no jobs; operations that do are ${known}`)
  }

  /**
   * Ends, at `now`, the job's current phase (`step`), all of its phases (`finish`), or the job with the given result.
   * Effects have been applied when this returns. Throws Refusal when the job has already ended.
   */
  move(job: Job, how: 'step' | 'finish' | JobResult, now: number): Job {
    if (jobAt(job, now).state !== 'running') throw new Refusal('conflict', `job ${job.id} has already ended`)
    const moved = { ...job, ...endEarly(job, how, now) }
    this.#rewrite({ ...moved, pollsToEnd: null, dueAt: moved.phases[job.settledPhases]?.endAt ?? null })
    this.settle(now)
    return this.find(job.api, job.id) as Job
  }

  arm(schedule: Schedule): void {
    scheduleTable.insert(this.#store, schedule)
    this.#noteDueAt(schedule.dueAt)
  }

  /** Ends a recurring event; no effect when there is none with that id. */
  disarm(api: string, id: string): void {
    this.#store.run('DELETE FROM schedule WHERE api = ? AND id = ?', api, id)
  }

  /** Call this after jobs from a document have been inserted. */
  upgradeSubjects(): void {
    for (const { api, id, kind, subject } of this.listAll()) {
      const upgraded = this.jobKind(api, kind)?.upgradeSubject?.(subject)
      if (upgraded === undefined || upgraded === subject) continue
      this.#store.run('UPDATE job SET subject = ? WHERE api = ? AND id = ?', JSON.stringify(upgraded), api, id)
    }
  }

  /**
   * Applies what is due up to `until` (epoch ms), in due order, in one transaction, and adds it to `events`. Idempotent.
   * Returns the instant that was reached: `until`, or an earlier one if the step of `events` was full before. Everything that is
   * due at the same instant is applied together.
   */
  settle(until: number, events = new FiredEvents()): number {
    if (until < this.#nextDueAt) return until
    // If an effect throws, everything is rolled back and #nextDueAt is still correct.
    const { reached, nextDueAt, applied } = this.#store.transaction(() => this.#applyUntil(until, events))
    this.#nextDueAt = nextDueAt
    this.log.add(applied)
    return reached
  }

  /** `nextDueAt`: what is due next after that. */
  #applyUntil(until: number, events: FiredEvents): { reached: number; nextDueAt: number; applied: Fired[] } {
    const applied: Fired[] = []
    let reached: number | undefined
    for (;;) {
      const job = this.#store.get<RawDue>(NEXT_JOB)
      const schedule = this.#store.get<RawDue>(NEXT_SCHEDULE)
      const dueAt = Math.min(job?.dueAt ?? Infinity, schedule?.dueAt ?? Infinity)
      if (dueAt > until) return { reached: until, nextDueAt: dueAt, applied }
      if (reached !== undefined && dueAt > reached && events.isStepFull) {
        return { reached, nextDueAt: dueAt, applied }
      }
      // At the same instant the job goes first.
      const fired =
        job?.dueAt === dueAt
          ? this.#settleJob(jobTable.decode(job))
          : this.#settleSchedule(scheduleTable.decode(schedule as RawDue))
      events.add(fired)
      applied.push(fired)
      reached = Math.max(reached ?? dueAt, dueAt)
    }
  }

  #settleJob(job: Job): Fired {
    const at = job.dueAt as number
    const settledPhases = job.settledPhases + 1
    const dueAt = job.phases[settledPhases]?.endAt ?? null
    this.#store.run(SETTLE_PHASE, settledPhases, dueAt, job.api, job.id)
    const { state } = jobAt(job, at)
    const ended = settledPhases === job.phases.length
    if (ended) this.#knownJobKind(job.api, job.kind).ended?.(this.#sandbox, job as never, at)
    const phase = job.phases[job.settledPhases]?.name ?? ''
    return { at, api: job.api, id: job.id, kind: job.kind, phase, state: ended ? job.ending.state : state }
  }

  #settleSchedule({ api, id, kind, subject, dueAt: at }: Schedule): Fired {
    const rules = this.#knownScheduleKind(api, kind)
    const dueAt = nextOf(rules, subject as never, at)
    if (dueAt === undefined) this.disarm(api, id)
    else this.#store.run('UPDATE schedule SET dueAt = ? WHERE api = ? AND id = ?', dueAt, api, id)
    rules.run(this.#sandbox, subject as never, at)
    return { at, api, id, kind, state: 'ran' }
  }

  #rewrite(job: Job): void {
    this.#store.run(
      'UPDATE job SET phases = ?, ending = ?, settledPhases = ?, dueAt = ?, pollsToEnd = ?, pollsSeen = ? WHERE api = ? AND id = ?',
      JSON.stringify(job.phases),
      JSON.stringify(job.ending),
      job.settledPhases,
      job.dueAt,
      job.pollsToEnd,
      job.pollsSeen,
      job.api,
      job.id,
    )
    this.#noteDueAt(job.dueAt)
  }

  #noteDueAt(at: number | null): void {
    if (at !== null && at < this.#nextDueAt) this.#nextDueAt = at
  }

  #readNextDue(): number {
    return this.#store.get<{ at: number | null }>(NEXT_DUE)?.at ?? Number.POSITIVE_INFINITY
  }

  #knownJobKind(api: string, kind: string): JobKind<never> {
    const found = this.jobKind(api, kind)
    if (!found) throw new RangeError(`unknown kind of job "${api}/${kind}"`)
    return found
  }

  #knownScheduleKind(api: string, kind: string): ScheduleKind<never> {
    const found = this.scheduleKind(api, kind)
    if (!found) throw new RangeError(`unknown kind of schedule "${api}/${kind}"`)
    return found
  }
}
