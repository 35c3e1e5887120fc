// Implements the control operations on a sandbox's clock. Operations that may take long are done in steps.
import type * as wire from '../../../schemas/control.ts'
import { isoInstant, type Target } from '../../sandbox/clock/clock.ts'
import { FiredEvents, MAX_EVENTS, MAX_EVENTS_PER_STEP } from '../../sandbox/jobs/fired-events.ts'
import { MAX_INSTANT } from '../../sandbox/limits.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Advance, Sandbox } from '../../sandbox/sandbox.ts'
import { durationOf, instantOf } from '../instants.ts'
import { type Implementation, implement, implementInSteps } from '../invoke.ts'
import { runAtOnce, type Steps } from '../steps.ts'
import * as rows from './operations.ts'

export const clockImplementations: readonly Implementation[] = [
  implement(rows.getClock, ({ sandbox }) => clockView(sandbox())),
  implementInSteps(rows.setClock, ({ sandbox }, { body }) => setClock(sandbox(), body)),
  implementInSteps(rows.advanceClock, ({ sandbox }, { body }) => advance(sandbox(), body)),
  implementInSteps(rows.runUntilIdle, ({ sandbox }, { body }) => runUntilIdle(sandbox(), body)),
]

/** Everything due until then has happened when this returns. Throws Refusal; then nothing has changed. */
export function advanceClock(sandbox: Sandbox, how: wire.Advance): wire.Advanced {
  return runAtOnce(advance(sandbox, how))
}

export function clockView(sandbox: Sandbox): wire.Clock {
  const now = sandbox.settle()
  const { clock, jobs } = sandbox
  return {
    mode: clock.mode,
    now: isoInstant(now),
    factor: clock.setting.rate,
    nextEventAt: jobs.nextDueAt <= MAX_INSTANT ? isoInstant(jobs.nextDueAt) : null,
  }
}

function* setClock(sandbox: Sandbox, { mode, factor, now }: wire.ClockChange): Steps<wire.ClockChanged> {
  if (mode === 'scaled' && factor === undefined) throw new Refusal('invalid', 'Mode scaled needs a factor')
  if (mode !== 'scaled' && factor !== undefined)
    throw new Refusal('invalid', 'A factor can only be set with mode scaled')
  const rate = mode === undefined ? undefined : { real: 1, frozen: 0, scaled: factor ?? 1 }[mode]
  const target = (present: number) => (now === undefined ? present : instantOf(now, present))
  const events = steppedEvents()
  yield* moving(sandbox, target, { rate, events })
  return { ...clockView(sandbox), stopped: events.stopped }
}

function* advance(sandbox: Sandbox, how: wire.Advance): Steps<wire.Advanced> {
  const events = steppedEvents()
  yield* moving(sandbox, targetOf(how, sandbox), { events })
  return advanced(events)
}

function* runUntilIdle(sandbox: Sandbox, { max = '1d' }: wire.RunUntilIdle): Steps<wire.Advanced> {
  const limit = sandbox.settle() + durationOf(max)
  const nextJobAt = () => {
    const dueAt = sandbox.jobs.nextJobDueAt()
    return dueAt !== undefined && dueAt <= limit ? dueAt : undefined
  }
  const events = steppedEvents()
  for (;;) {
    const next = nextJobAt()
    yield* moving(sandbox, now => Math.max(now, next ?? now), { events })
    if (next === undefined || events.isFull) break
    if (events.isStepFull) yield* pause(sandbox, events)
  }
  events.stopped = nextJobAt() !== undefined
  return advanced(events)
}

function steppedEvents(): FiredEvents {
  return new FiredEvents(MAX_EVENTS, MAX_EVENTS_PER_STEP)
}

/** Moves the clock, pausing whenever a step of `events` is full. Throws Refusal. */
function* moving(sandbox: Sandbox, target: Target, { rate, events }: Advance & { events: FiredEvents }): Steps<void> {
  let goal = Number.NaN
  const firstTarget = (now: number) => {
    goal = typeof target === 'number' ? target : target(now)
    return goal
  }
  sandbox.advanceTo(firstTarget, { rate, events })
  while (events.stopped && !events.isFull && events.now < MAX_INSTANT) {
    yield* pause(sandbox, events)
    sandbox.advanceTo(now => Math.max(now, goal), { events })
  }
}

function* pause(sandbox: Sandbox, events: FiredEvents): Steps<void> {
  yield
  if (!sandbox.store.open) throw new Refusal('conflict', 'The sandbox was reset while its clock was moving')
  events.beginStep()
}

/** Throws Refusal. */
function targetOf(how: wire.Advance, sandbox: Sandbox): Target {
  if ('to' in how) return now => instantOf(how.to, now)
  if ('by' in how) {
    const ms = durationOf(how.by)
    return now => now + ms
  }
  sandbox.settle()
  const { nextDueAt } = sandbox.jobs
  if (nextDueAt > MAX_INSTANT) throw new Refusal('conflict', 'There is no next event: nothing is due')
  return now => Math.max(now, nextDueAt)
}

function advanced({ now, stopped, listed, counts }: FiredEvents): wire.Advanced {
  return {
    now: isoInstant(now),
    stopped,
    fired: listed.map(event => ({ ...event, at: isoInstant(event.at) })),
    counts,
  }
}
