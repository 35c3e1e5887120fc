// What the engine is told of each kind of job and of recurring event.
import type { TSchema } from '@sinclair/typebox'
import { isoInstant } from './clock.ts'
import type { Job } from './jobtables.ts'
import type { Phase } from './plan.ts'

/** `World` is what effects are given: the sandbox. Effects are synchronous and take their time from `at` (epoch ms). */
export interface JobKind<World, Subject = unknown> {
  /** The operation that submits it. */
  operation: string
  phases: readonly Phase[]
  /** What outcome `time-out` waits for, from submission. */
  timeLimitMs: number
  /** What a document may hold as the subject of such a job; anything when left out. */
  subject?: TSchema
  /** Called however it ended; what it should have made comes only of an ending that `hasResult`. */
  ended?(world: World, job: Job & { subject: Subject }, at: number): void
}

/**
 * A recurring event. `run` must consume no sequence of ids: occurrences whose work would be gone again by the time that is
 * settled to are skipped, and what is left must be the same as if they had run.
 */
export interface ScheduleKind<World, Subject = unknown> {
  /** What a document may hold as the subject of such an event; anything when left out. */
  subject?: TSchema
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

/** The first occurrence from `dueAt` on whose work is still there after the last occurrence up to `now`. */
export function firstThatLasts<World>(
  rules: ScheduleKind<World, never>,
  subject: never,
  dueAt: number,
  now: number,
): number {
  if (!rules.sweptAt || rules.sweptAt(subject, dueAt) > now) return dueAt
  let last = dueAt
  for (let at = nextOf(rules, subject, dueAt); at <= now; at = nextOf(rules, subject, at)) last = at
  let first = dueAt
  while (first < last && rules.sweptAt(subject, first) <= last) first = nextOf(rules, subject, first)
  return first
}

/** The occurrence after `at` (epoch ms). Throws RangeError when there would be no end to them. */
export function nextOf<World>(rules: ScheduleKind<World, never>, subject: never, at: number): number {
  const next = rules.next(subject, at)
  if (!(next > at)) throw new RangeError(`a recurring event does not move on from ${isoInstant(at)}`)
  return next
}
