// arcgis: when scheduled tasks run, as recurring events of the sandbox. Synchronous.
import { type Static, Type } from '@sinclair/typebox'
import { LRUCache } from 'lru-cache'
import type { Scope } from '../../../http/scope.ts'
import { DAY_MS } from '../../../sandbox/clock/durations.ts'
import type { ScheduleKind } from '../../../sandbox/jobs/kinds.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { FixtureError, Nullable } from '../../../sandbox/tables.ts'
import * as state from '../state.ts'
import { cronExpression, cronProblem, type NextTime, nextTime, timesOf } from './cron.ts'
import { API } from './jobs.ts'
import { CLEANER, runBackup, runCleaner } from './task-runs.ts'

export const BACKUP_KIND = 'backupTask'
export const RETENTION_KIND = CLEANER

const Timing = Type.Object({
  taskId: Type.String(),
  cron: Type.String(),
  endsAt: Nullable(Type.Integer({ description: 'Epoch ms' })),
})
type Timing = Static<typeof Timing>

export const backupTaskKind: ScheduleKind<Timing> = {
  subject: Timing,
  next: nextRun,
  run: (sandbox, { taskId }, at) => runBackup(sandbox, taskId, at),
}

/** A backup past its retention date is only eligible for cleanup: it is listed until this task runs. */
export const retentionKind: ScheduleKind<Partial<Timing>> = {
  subject: Type.Partial(Timing),
  // Without a schedule of its own it runs at midnight.
  next: ({ cron, endsAt = null }, after) =>
    cron === undefined ? (Math.floor(after / DAY_MS) + 1) * DAY_MS : nextRun({ cron, endsAt }, after),
  run: (sandbox, _timing, at) => runCleaner(sandbox, at),
}

function nextRun({ cron, endsAt }: Pick<Timing, 'cron' | 'endsAt'>, after: number): number | undefined {
  const next = nextTime(cron, after)
  return next === undefined || (endsAt !== null && next > endsAt) ? undefined : next
}

/** Checks the rows of a document: an invalid schedule would fail every request after it is due. Throws FixtureError. */
export function checkSchedules({ store, jobs }: Sandbox): void {
  for (const { id, cron } of state.listTasks(store)) checkExpression(`tasks: ${id}`, cronExpression(cron))
  for (const { api, id, subject } of jobs.schedules()) {
    const { cron } = api === API ? (subject as Partial<Timing>) : {}
    if (cron !== undefined) checkExpression(`schedules: ${id}`, cron)
  }
}

function checkExpression(place: string, expression: string): void {
  const problem = cronProblem(expression)
  if (problem !== undefined) throw new FixtureError(`${place}: "${expression}" is not a schedule: ${problem}`)
}

/** Schedules the task's next run, unless it has no more. */
export function arm({ sandbox, now }: Scope, task: state.Task): void {
  const { id, type, cron, startsAt, endsAt, maxRuns, runCount } = task
  sandbox.jobs.disarm(API, id)
  if (maxRuns !== null && runCount >= maxRuns) return
  const subject: Timing = { taskId: id, cron: cronExpression(cron), endsAt }
  const dueAt = nextRun(subject, Math.max(now, (startsAt ?? now) - 1))
  if (dueAt === undefined) return
  sandbox.jobs.arm({ api: API, id, kind: type === 'backup' ? BACKUP_KIND : RETENTION_KIND, subject, dueAt })
}

/** When the task runs next, epoch ms; undefined when it is disabled or has run for the last time. */
export function nextRunAt({ sandbox }: Scope, { id }: state.Task): number | undefined {
  return sandbox.jobs.scheduledAt(API, id)
}

/** The time between the next two runs. */
export function runInterval({ sandbox, now }: Scope, { cron }: state.Task): number {
  const times = timesIn(sandbox, cronExpression(cron))
  // Finding the times takes several µs, and they are the same until the first of them.
  if (now < times.from || now >= times.first) {
    times.from = now
    times.first = times.nextAfter(now) ?? now
    times.interval = (times.nextAfter(times.first) ?? times.first) - times.first
  }
  return times.interval
}

/** An expression that has been read, with its first time after `from` and the time from that one to the next. */
interface Times {
  nextAfter: NextTime
  from: number
  first: number
  interval: number
}

const MAX_EXPRESSIONS = 50

/** The expressions that each sandbox has read. */
const timesOfSandbox = new WeakMap<Sandbox, LRUCache<string, Times>>()

function timesIn(sandbox: Sandbox, expression: string): Times {
  const read = timesOfSandbox.get(sandbox) ?? new LRUCache<string, Times>({ max: MAX_EXPRESSIONS })
  timesOfSandbox.set(sandbox, read)
  const known = read.get(expression)
  if (known) return known
  const times: Times = { nextAfter: timesOf(expression), from: 0, first: 0, interval: 0 }
  read.set(expression, times)
  return times
}
