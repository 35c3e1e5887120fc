// What a job is at a moment: pure functions over the instants that were decided when it was submitted.
import { type Static, Type } from '@sinclair/typebox'

/** One step of a kind of job and how long it takes, in ms, before `--job-speed`. */
export interface Phase {
  name: string
  ms: number
}

/** `endAt` is epoch ms; null is "not before somebody says so" (a stuck job, or one that is polled or moved on by hand). */
export const PlannedPhase = Type.Object(
  { name: Type.String(), endAt: Type.Union([Type.Integer(), Type.Null()]) },
  { additionalProperties: false },
)
export type PlannedPhase = Static<typeof PlannedPhase>

/** How a job ends once its last phase has. */
export const Ending = Type.Object(
  {
    state: Type.Union(['completed', 'failed', 'timed-out', 'cancelled'].map(state => Type.Literal(state as EndState))),
    reason: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
export interface Ending {
  state: EndState
  reason?: string
}
export type EndState = 'completed' | 'failed' | 'timed-out' | 'cancelled'

/** Decided at submission. `phase` names where it happens; the last phase when it is left out. */
export type Outcome =
  | { result: 'success' }
  | { result: 'fail'; phase?: string; reason: string }
  | { result: 'cancel'; phase?: string; reason?: string }
  | { result: 'stuck'; phase?: string }
  | { result: 'time-out' }

/** What moves a job on: its durations, nothing at all, being read N times, or a call. */
export type Progression = { by: 'time' } | { by: 'immediate' } | { by: 'polls'; polls: number } | { by: 'manual' }

export interface Pace {
  progression: Progression
  /** Durations are divided by it. */
  speed: number
}

export interface Plan {
  phases: PlannedPhase[]
  ending: Ending
}

/** Lays a kind's phases out as instants from `submittedAt` (epoch ms). `timeLimitMs` is what outcome `time-out` waits for. */
export function plan(
  phases: readonly Phase[],
  outcome: Outcome,
  pace: Pace,
  submittedAt: number,
  timeLimitMs: number,
): Plan {
  const last = lastPhase(phases, outcome)
  const stuckFrom = outcome.result === 'stuck' || outcome.result === 'time-out' ? last : phases.length
  const kept = outcome.result === 'stuck' ? phases : phases.slice(0, last + 1)
  let at = submittedAt
  const planned = kept.map(({ name, ms }, index) => {
    at += pace.progression.by === 'immediate' ? 0 : Math.round(ms / pace.speed)
    const open = pace.progression.by === 'polls' || pace.progression.by === 'manual' || index >= stuckFrom
    return { name, endAt: open ? null : at }
  })
  const end = planned.at(-1)
  if (outcome.result === 'time-out' && end) {
    const limit = submittedAt + Math.round(timeLimitMs / pace.speed)
    end.endAt = Math.max(limit, planned.at(-2)?.endAt ?? submittedAt)
  }
  return { phases: planned, ending: endingOf(outcome) }
}

/** The index of the phase in which the outcome happens: the named one, or the kind's last. */
function lastPhase(phases: readonly Phase[], outcome: Outcome): number {
  const named = 'phase' in outcome && outcome.phase !== undefined ? outcome.phase : undefined
  const index = named === undefined ? phases.length - 1 : phases.findIndex(({ name }) => name === named)
  if (index === -1) throw new RangeError(`no phase "${named}"; there are ${phases.map(({ name }) => name).join(', ')}`)
  return index
}

function endingOf(outcome: Outcome): Ending {
  if (outcome.result === 'fail') return { state: 'failed', reason: outcome.reason }
  if (outcome.result === 'time-out') return { state: 'timed-out' }
  if (outcome.result !== 'cancel') return { state: 'completed' }
  return outcome.reason === undefined ? { state: 'cancelled' } : { state: 'cancelled', reason: outcome.reason }
}

/** Where a job stands. `since` is when the current phase or the end began; instants are epoch ms. */
export type Standing =
  | { state: 'running'; phase: string; phaseIndex: number; since: number; endedAt: null }
  | { state: EndState; phase: string; phaseIndex: number; since: number; endedAt: number }

/** Where a job with this plan stands at `now`. */
export function jobAt(job: Plan & { submittedAt: number }, now: number): Standing {
  let since = job.submittedAt
  for (const [phaseIndex, { name, endAt }] of job.phases.entries()) {
    if (endAt === null || endAt > now) return { state: 'running', phase: name, phaseIndex, since, endedAt: null }
    since = endAt
  }
  const phaseIndex = job.phases.length - 1
  const phase = job.phases[phaseIndex]?.name ?? ''
  return { state: job.ending.state, phase, phaseIndex, since, endedAt: since }
}

/** The plan after the `polls`-th of `of` looks at it, at `now`: the phases that this many looks finish end now. */
export function polledPlan(phases: readonly PlannedPhase[], polls: number, of: number, now: number): PlannedPhase[] {
  const finished = Math.floor((Math.min(polls, of) * phases.length) / of)
  return phases.map((phase, index) => (index < finished && phase.endAt === null ? { ...phase, endAt: now } : phase))
}
