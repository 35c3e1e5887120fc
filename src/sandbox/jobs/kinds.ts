// What an API declares for each of its kinds of jobs and of recurring events.
import type { TSchema } from '@sinclair/typebox'
import { isoInstant } from '../clock/clock.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Phase } from './plan.ts'
import type { Job } from './tables.ts'

/** Effects are synchronous and take their time from `at` (epoch ms). */
export interface JobKind<Subject = unknown> {
  /** The operation that submits such a job. */
  operation: string
  phases: readonly Phase[]
  /** With outcome `time-out`, the job ends this long after it was submitted. */
  timeLimitMs: number
  /** The schema of the job's subject; any JSON value when left out. */
  subject?: TSchema
  /** Converts a subject from a document of an earlier release; returns anything that it does not recognize unchanged. */
  upgradeSubject?(subject: unknown): unknown
  /** Called for every result; the result of the job may only be created when `hasResult(job.ending)`. */
  ended?(sandbox: Sandbox, job: Job & { subject: Subject }, at: number): void
}

/** A recurring event. Every occurrence runs. `run` may end it with `jobs.disarm`. */
export interface ScheduleKind<Subject = unknown> {
  /** The schema of the event's subject; any JSON value when left out. */
  subject?: TSchema
  /** The first occurrence later than `after` (epoch ms), which may be any instant; undefined when there is none. */
  next(subject: Subject, after: number): number | undefined
  run(sandbox: Sandbox, subject: Subject, at: number): void
}

/** The kinds of one API, by name. Subjects are `never` because only the API that stored a subject knows its type. */
export interface JobKinds {
  jobs: Record<string, JobKind<never>>
  schedules: Record<string, ScheduleKind<never>>
}

/** The occurrence after `at` (epoch ms). Throws RangeError unless it is later, because settling would never end. */
export function nextOf(rules: ScheduleKind<never>, subject: never, at: number): number | undefined {
  const next = rules.next(subject, at)
  if (next !== undefined && !(next > at))
    throw new RangeError(`the occurrence of a recurring event after ${isoInstant(at)} is not later`)
  return next
}
