// Computes the status of a job at an instant: pure functions of the instants that were decided when it was submitted.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../../../schemas/literals.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { MAX_INSTANT } from '../limits.ts'
import { Instant, Nullable } from '../tables.ts'

/** A phase of a kind of job, and how long it takes before it is divided by the speed. */
export interface Phase {
  name: string
  ms: number
}

/** `endAt` is epoch ms; null while the end is not known (the job is stuck, or advances by polls or by hand). */
export const PlannedPhase = Type.Object(
  { name: Type.String(), endAt: Nullable(Instant()) },
  { additionalProperties: false },
)
export type PlannedPhase = Static<typeof PlannedPhase>

export type EndState = 'completed' | 'failed' | 'timed-out' | 'cancelled'

/** How a job ends after its last phase. `withoutResult`: it completes, but its result is not created. */
export const JobResult = Type.Object(
  {
    state: literals(['completed', 'failed', 'timed-out', 'cancelled']),
    reason: Type.Optional(Type.String()),
    withoutResult: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type JobResult = Static<typeof JobResult>

/** Whether a job with this ending has created its result. */
export function hasResult({ state, withoutResult }: JobResult): boolean {
  return state === 'completed' && !withoutResult
}

/** What advances a job: its durations, nothing (it ends at once), being read N times, or a control operation. */
export type Progression = { by: 'time' } | { by: 'immediate' } | { by: 'polls'; polls: number } | { by: 'manual' }

/** `time`, `immediate`, `polls:N` or `manual`; undefined for any other text. */
export function parseProgression(text: string): Progression | undefined {
  if (text === 'time' || text === 'immediate' || text === 'manual') return { by: text }
  const polls = /^polls:([1-9]\d{0,5})$/.exec(text)?.[1]
  return polls === undefined ? undefined : { by: 'polls', polls: Number(polls) }
}

export interface JobTiming {
  progression: Progression
  /** Durations are divided by it. */
  speed: number
}

export interface Plan {
  phases: PlannedPhase[]
  ending: JobResult
}

/** Lays a kind's phases out as instants from `submittedAt` (epoch ms). `timeLimitMs` is what outcome `time-out` waits for. */
export function plan(
  phases: readonly Phase[],
  outcome: Outcome,
  timing: JobTiming,
  submittedAt: number,
  timeLimitMs: number,
): Plan {
  const last = lastPhase(phases, outcome)
  const stuckFrom = outcome.result === 'stuck' || outcome.result === 'time-out' ? last : phases.length
  const kept = outcome.result === 'stuck' ? phases : phases.slice(0, last + 1)
  let at = submittedAt
  const planned = kept.map(({ name, ms }, index) => {
    at = timing.progression.by === 'immediate' ? at : endOf(at, ms, timing)
    const open = timing.progression.by === 'polls' || timing.progression.by === 'manual' || index >= stuckFrom
    return { name, endAt: open ? null : at }
  })
  if (outcome.result !== 'time-out') return { phases: planned, ending: endingOf(outcome) }
  // With every progression, a job that times out does so by time: phases that have no end yet end at the limit.
  const limit = Math.max(endOf(submittedAt, timeLimitMs, timing), planned.at(-2)?.endAt ?? submittedAt)
  return { phases: planned.map(phase => ({ ...phase, endAt: phase.endAt ?? limit })), ending: endingOf(outcome) }
}

/** The plan of a job that is cancelled when it has not ended at `limitAt` (epoch ms). Phases whose end is not known have no limit. */
export function limitedPlan({ phases, ending }: Plan, limitAt: number): Plan {
  const index = phases.findIndex(({ endAt }) => endAt !== null && endAt > limitAt)
  if (index === -1) return { phases, ending }
  const cut = phases.slice(0, index + 1).map(phase => ({ ...phase, endAt: Math.min(phase.endAt ?? limitAt, limitAt) }))
  return { phases: cut, ending: { state: 'timed-out' } }
}

/** Limited to the last instant that can be written. */
export function endOf(at: number, ms: number, { speed }: JobTiming): number {
  return Math.min(at + Math.round(ms / speed), MAX_INSTANT)
}

/** The index of the phase in which the outcome happens: the one it names, or the last one. */
function lastPhase(phases: readonly Phase[], outcome: Outcome): number {
  const named = 'phase' in outcome && outcome.phase !== undefined ? outcome.phase : undefined
  const index = named === undefined ? phases.length - 1 : phases.findIndex(({ name }) => name === named)
  if (index === -1)
    throw new RangeError(`unknown phase "${named}"; phases are ${phases.map(({ name }) => name).join(', ')}`)
  return index
}

function endingOf(outcome: Outcome): JobResult {
  if (outcome.result === 'fail') return { state: 'failed', reason: outcome.reason }
  if (outcome.result === 'time-out') return { state: 'timed-out' }
  if (outcome.result === 'no-result') return { state: 'completed', withoutResult: true }
  if (outcome.result !== 'cancel') return { state: 'completed' }
  return outcome.reason === undefined ? { state: 'cancelled' } : { state: 'cancelled', reason: outcome.reason }
}

/** The status of a job. `since` is when the current phase began, or when the job ended; instants are epoch ms. */
export type JobStatus =
  | { state: 'running'; phase: string; phaseIndex: number; since: number; endedAt: null }
  | { state: EndState; phase: string; phaseIndex: number; since: number; endedAt: number }

/** The status at `now` of a job with this plan. */
export function jobAt(job: Plan & { submittedAt: number }, now: number): JobStatus {
  let since = job.submittedAt
  for (const [phaseIndex, { name, endAt }] of job.phases.entries()) {
    if (endAt === null || endAt > now) return { state: 'running', phase: name, phaseIndex, since, endedAt: null }
    since = endAt
  }
  const phaseIndex = job.phases.length - 1
  const phase = job.phases[phaseIndex]?.name ?? ''
  return { state: job.ending.state, phase, phaseIndex, since, endedAt: since }
}

/** The phases after poll number `polls` of `of`, at `now`: phases that this poll completes end now. */
export function polledPlan(phases: readonly PlannedPhase[], polls: number, of: number, now: number): PlannedPhase[] {
  const finished = Math.floor((Math.min(polls, of) * phases.length) / of)
  return phases.map((phase, index) => (index < finished && phase.endAt === null ? { ...phase, endAt: now } : phase))
}

/** The plan after ending, at `now`, the current phase (`step`), all phases (`finish`), or the job with the given result. */
export function endEarly(job: Plan & { submittedAt: number }, how: 'step' | 'finish' | JobResult, now: number): Plan {
  const { phaseIndex } = jobAt(job, now)
  const ended = job.phases.map((phase, index) =>
    index === phaseIndex || (how === 'finish' && index > phaseIndex) ? { ...phase, endAt: now } : phase,
  )
  if (typeof how === 'string') return { phases: ended, ending: job.ending }
  return { phases: ended.slice(0, phaseIndex + 1), ending: how }
}
