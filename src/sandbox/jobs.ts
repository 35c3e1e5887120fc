// The job engine of one sandbox: stores plans as instants and applies their effects in due order, each at its own due time.
import { type Static, Type } from '@sinclair/typebox'
import { Ending, jobAt, type Outcome, type Pace, type Phase, PlannedPhase, plan, polledPlan } from './plan.ts'
import type { Migrations, Store } from './store.ts'
import { defineTable, Instant, Nullable } from './tables.ts'

export const jobTable = defineTable(
  'job',
  'jobs',
  Type.Object({
    api: Type.String(),
    id: Type.String(),
    kind: Type.String(),
    subject: Type.Unknown({ 'x-json': true }),
    submittedAt: Instant(),
    phases: Type.Array(PlannedPhase),
    ending: Ending,
    settledPhases: Type.Integer({ default: 0 }),
    dueAt: Nullable(Instant()),
    pollsToEnd: Nullable(Type.Integer()),
    pollsSeen: Type.Integer({ default: 0 }),
  }),
)
export type Job = Static<typeof jobTable.row>

/** Something that happens again and again; it has no end and no outcome. */
export const scheduleTable = defineTable(
  'schedule',
  'schedules',
  Type.Object({
    api: Type.String(),
    id: Type.String(),
    kind: Type.String(),
    subject: Type.Unknown({ 'x-json': true }),
    dueAt: Instant(),
  }),
)
export type Schedule = Static<typeof scheduleTable.row>

export const jobMigrations: Migrations = {
  owner: 'jobs',
  scripts: [
    `CREATE TABLE job (api TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
       submittedAt INTEGER NOT NULL, phases TEXT NOT NULL, ending TEXT NOT NULL, settledPhases INTEGER NOT NULL,
       dueAt INTEGER, pollsToEnd INTEGER, pollsSeen INTEGER NOT NULL, UNIQUE (api, id)) STRICT;
     CREATE INDEX jobDue ON job (dueAt) WHERE dueAt IS NOT NULL;
     CREATE TABLE schedule (api TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
       dueAt INTEGER NOT NULL, UNIQUE (api, id)) STRICT;
     CREATE INDEX scheduleDue ON schedule (dueAt);`,
  ],
}

/** `World` is what effects are given: the sandbox. Effects are synchronous and take their time from `at` (epoch ms). */
export interface JobKind<World, Subject = unknown> {
  phases: readonly Phase[]
  /** What outcome `time-out` waits for, from submission. */
  timeLimitMs: number
  ended?(world: World, job: Job & { subject: Subject }, at: number): void
}

/**
 * A recurring event. `run` must consume no sequence of ids: occurrences whose work would be gone again by the time that is
 * settled to are skipped, and what is left must be the same as if they had run.
 */
export interface ScheduleKind<World, Subject = unknown> {
  next(subject: Subject, after: number): number
  run(world: World, subject: Subject, at: number): void
  /** When what `run(at)` makes is swept away by a later `run`; leave out when `run` itself sweeps and makes nothing. */
  sweptAt?(subject: Subject, at: number): number
}

export interface JobKinds<World> {
  // Each room reads back the subjects that it alone wrote, so the shape is that room's promise to itself.
  jobs: Record<string, JobKind<World, never>>
  schedules: Record<string, ScheduleKind<World, never>>
}

/** Something that time did. `phase` is the one that ended; `state` is what the job or schedule is after it. */
export interface Fired {
  at: number
  api: string
  id: string
  kind: string
  phase?: string
  state: string
}

export interface Submission {
  api: string
  id: string
  kind: string
  subject: unknown
  outcome: Outcome
  pace?: Pace
}

export class Jobs<World> {
  readonly #world: World
  readonly #store: Store
  readonly #kinds: ReadonlyMap<string, JobKinds<World>>
  readonly #pace: Pace
  #nextDueAt: number

  constructor(world: World, store: Store, kinds: ReadonlyMap<string, JobKinds<World>>, pace: Pace) {
    this.#world = world
    this.#store = store
    this.#kinds = kinds
    this.#pace = pace
    this.#nextDueAt = this.#readNextDue()
  }

  /** The next instant (epoch ms) at which something is due; Infinity when nothing is. */
  get nextDueAt(): number {
    return this.#nextDueAt
  }

  /** Plans a job from `now` and stores it. Its outcome is decided here and never again. */
  submit({ api, id, kind, subject, outcome, pace = this.#pace }: Submission, now: number): Job {
    const { phases, timeLimitMs } = this.#jobKind(api, kind)
    const { progression } = pace
    const planned = plan(phases, outcome, pace, now, timeLimitMs)
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
    this.#isDue(job.dueAt)
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

  /** A client looked at the job at `now`; under progression `polls:N` this is what moves it on. Returns it after that. */
  polled(job: Job, now: number): Job {
    if (job.pollsToEnd === null || job.settledPhases === job.phases.length) return job
    const pollsSeen = job.pollsSeen + 1
    const phases = polledPlan(job.phases, pollsSeen, job.pollsToEnd, now)
    const after = { ...job, pollsSeen, phases, dueAt: phases[job.settledPhases]?.endAt ?? null }
    this.#rewrite(after)
    return after
  }

  arm(schedule: Schedule): void {
    scheduleTable.insert(this.#store, schedule)
    this.#isDue(schedule.dueAt)
  }

  /** Applies every effect that is due at `now`, in due order, in one transaction. Idempotent. Returns what fired. */
  settle(now: number): Fired[] {
    if (now < this.#nextDueAt) return []
    const fired: Fired[] = []
    try {
      this.#store.transaction(() => {
        while (this.#settleOne(now, fired));
      })
    } finally {
      this.#nextDueAt = this.#readNextDue()
    }
    return fired
  }

  #settleOne(now: number, fired: Fired[]): boolean {
    const rawJob = this.#store.get<object>(
      'SELECT rowid, * FROM job WHERE dueAt <= ? ORDER BY dueAt, rowid LIMIT 1',
      now,
    )
    const rawSchedule = this.#store.get<object>(
      'SELECT rowid, * FROM schedule WHERE dueAt <= ? ORDER BY dueAt, rowid LIMIT 1',
      now,
    )
    const job = rawJob && jobTable.decode(rawJob)
    const schedule = rawSchedule && scheduleTable.decode(rawSchedule)
    // On a tie the job goes first: it was planned before the recurring event came round.
    if (job && (!schedule || (job.dueAt as number) <= schedule.dueAt)) fired.push(this.#settleJob(job))
    else if (schedule) this.#settleSchedule(schedule, now, fired)
    else return false
    return true
  }

  #settleJob(job: Job): Fired {
    const at = job.dueAt as number
    const settledPhases = job.settledPhases + 1
    const dueAt = job.phases[settledPhases]?.endAt ?? null
    this.#rewrite({ ...job, settledPhases, dueAt })
    const { state } = jobAt(job, at)
    const ended = settledPhases === job.phases.length
    if (ended) this.#jobKind(job.api, job.kind).ended?.(this.#world, job as never, at)
    const phase = job.phases[job.settledPhases]?.name ?? ''
    return { at, api: job.api, id: job.id, kind: job.kind, phase, state: ended ? job.ending.state : state }
  }

  #settleSchedule(schedule: Schedule, now: number, fired: Fired[]): void {
    const { api, id, kind } = schedule
    const rules = this.#scheduleKind(api, kind)
    const subject = schedule.subject as never
    const at = firstThatLasts(rules, subject, schedule.dueAt, now)
    const next = rules.next(subject, at)
    if (next <= at) throw new RangeError(`schedule ${api}/${kind} does not move on from ${at}`)
    this.#store.run('UPDATE schedule SET dueAt = ? WHERE api = ? AND id = ?', at > schedule.dueAt ? at : next, api, id)
    // After a skip the occurrence waits for its turn: something else may be due before it.
    if (at > schedule.dueAt) return
    rules.run(this.#world, subject, at)
    fired.push({ at, api, id, kind, state: 'ran' })
  }

  #rewrite(job: Job): void {
    this.#store.run(
      'UPDATE job SET phases = ?, ending = ?, settledPhases = ?, dueAt = ?, pollsSeen = ? WHERE api = ? AND id = ?',
      JSON.stringify(job.phases),
      JSON.stringify(job.ending),
      job.settledPhases,
      job.dueAt,
      job.pollsSeen,
      job.api,
      job.id,
    )
    this.#isDue(job.dueAt)
  }

  #isDue(at: number | null): void {
    if (at !== null && at < this.#nextDueAt) this.#nextDueAt = at
  }

  #readNextDue(): number {
    const sql =
      'SELECT min(dueAt) AS at FROM (SELECT min(dueAt) AS dueAt FROM job UNION ALL SELECT min(dueAt) FROM schedule)'
    return this.#store.get<{ at: number | null }>(sql)?.at ?? Number.POSITIVE_INFINITY
  }

  #jobKind(api: string, kind: string): JobKind<World, never> {
    const found = this.#kinds.get(api)?.jobs[kind]
    if (!found) throw new RangeError(`no kind of job "${api}/${kind}"`)
    return found
  }

  #scheduleKind(api: string, kind: string): ScheduleKind<World, never> {
    const found = this.#kinds.get(api)?.schedules[kind]
    if (!found) throw new RangeError(`no kind of schedule "${api}/${kind}"`)
    return found
  }
}

/** The first occurrence from `dueAt` on whose work is still there after the last occurrence up to `now`. */
function firstThatLasts<World>(rules: ScheduleKind<World, never>, subject: never, dueAt: number, now: number): number {
  if (!rules.sweptAt) return dueAt
  let last = dueAt
  for (let at = rules.next(subject, dueAt); at <= now; at = rules.next(subject, at)) last = at
  let first = dueAt
  while (first < last && rules.sweptAt(subject, first) <= last) first = rules.next(subject, first)
  return first
}
