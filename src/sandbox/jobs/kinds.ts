// What the engine is told of each kind of job and of recurring event.
import type { TSchema } from '@sinclair/typebox'
import { isoInstant } from '../clock/clock.ts'
import type { Phase } from './plan.ts'
import type { Job } from './tables.ts'

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

/** A recurring event. Every occurrence runs. */
export interface ScheduleKind<World, Subject = unknown> {
  /** What a document may hold as the subject of such an event; anything when left out. */
  subject?: TSchema
  next(subject: Subject, after: number): number
  run(world: World, subject: Subject, at: number): void
}

export interface JobKinds<World> {
  // Each room reads back the subjects that it alone wrote, so the shape is that room's promise to itself.
  jobs: Record<string, JobKind<World, never>>
  schedules: Record<string, ScheduleKind<World, never>>
}

/** The occurrence after `at` (epoch ms). Throws RangeError when there would be no end to them. */
export function nextOf<World>(rules: ScheduleKind<World, never>, subject: never, at: number): number {
  const next = rules.next(subject, at)
  if (!(next > at)) throw new RangeError(`a recurring event does not move on from ${isoInstant(at)}`)
  return next
}
