// A sandbox's clock in the hands of a rehearsal: read, set, moved.
import * as wire from '../../../schemas/control.ts'
import { hostTurn, isoInstant, type Target } from '../../sandbox/clock/clock.ts'
import { FiredEvents, MAX_EVENTS, MAX_EVENTS_PER_STEP } from '../../sandbox/jobs/fired-events.ts'
import { MAX_INSTANT } from '../../sandbox/limits.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import type { Advance, Sandbox } from '../../sandbox/sandbox.ts'
import type { SandboxAccess } from '../access.ts'
import { checked } from '../check.ts'
import { durationOf, instantOf } from '../instants.ts'

/**
 * Methods throw Refusal for what cannot be done, and then nothing has changed. What may take long is also there as steps, for a
 * server to answer other requests in between.
 */
export class ClockControl {
  readonly #sandbox: SandboxAccess

  constructor(sandbox: SandboxAccess) {
    this.#sandbox = sandbox
  }

  get(): wire.Clock {
    return clockView(this.#sandbox.find())
  }

  /** What is due up to the new time has happened when this returns. */
  set(change: wire.ClockChange): wire.ClockChanged {
    return inOneGo(this.setting(change))
  }

  setting(change: wire.ClockChange): Steps<wire.ClockChanged> {
    return this.#start(sandbox => setClock(sandbox, change))
  }

  advance(how: wire.Advance): wire.Advanced {
    return inOneGo(this.advancing(how))
  }

  advancing(how: wire.Advance): Steps<wire.Advanced> {
    return this.#start(sandbox => advance(sandbox, how))
  }

  /** Goes on until no job has anything due any more, but never further than `max`. */
  runUntilIdle(how: wire.RunUntilIdle = {}): wire.Advanced {
    return inOneGo(this.runningUntilIdle(how))
  }

  runningUntilIdle(how: wire.RunUntilIdle): Steps<wire.Advanced> {
    return this.#start(sandbox => runUntilIdle(sandbox, how))
  }

  /** What can be refused is refused in the first step. */
  *#start<Result>(begin: (sandbox: Sandbox) => Steps<Result>): Steps<Result> {
    const { steps, first } = this.#sandbox.change(sandbox => {
      const steps = begin(sandbox)
      return { steps, first: steps.next() }
    })
    if (first.done) return first.value
    yield
    return yield* steps
  }
}

function clockView(sandbox: Sandbox): wire.Clock {
  const now = sandbox.settle()
  const { clock, jobs } = sandbox
  return {
    mode: clock.mode,
    now: isoInstant(now),
    factor: clock.setting.rate,
    nextEventAt: jobs.nextDueAt <= MAX_INSTANT ? isoInstant(jobs.nextDueAt) : null,
  }
}

function* setClock(sandbox: Sandbox, change: wire.ClockChange): Steps<wire.ClockChanged> {
  const { mode, factor, now } = checked<wire.ClockChange>(wire.ClockChange, change)
  if (mode === 'scaled' && factor === undefined) throw new Refusal('invalid', 'mode scaled needs a factor')
  if (mode !== 'scaled' && factor !== undefined) throw new Refusal('invalid', 'a factor goes with mode scaled')
  const rate = mode === undefined ? undefined : { real: 1, frozen: 0, scaled: factor ?? 1 }[mode]
  const target = (present: number) => (now === undefined ? present : instantOf(now, present))
  const events = steppedEvents()
  yield* moving(sandbox, target, { rate, events })
  return { ...clockView(sandbox), stopped: events.stopped }
}

function* advance(sandbox: Sandbox, how: wire.Advance): Steps<wire.Advanced> {
  checked(wire.Advance, how)
  const events = steppedEvents()
  yield* moving(sandbox, targetOf(how, sandbox), { events })
  return advanced(events)
}

function* runUntilIdle(sandbox: Sandbox, how: wire.RunUntilIdle): Steps<wire.Advanced> {
  const { max = '1d' } = checked<wire.RunUntilIdle>(wire.RunUntilIdle, how)
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

/** Of a call that moves the clock: after each the sandbox stands at some instant on the way. */
type Steps<Result> = Generator<void, Result, void>

function steppedEvents(): FiredEvents {
  return new FiredEvents(MAX_EVENTS, MAX_EVENTS_PER_STEP)
}

/** Moves the clock, in as many steps as `events` makes of it. Throws Refusal. */
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
  if (!sandbox.store.open) throw new Refusal('conflict', 'the sandbox was reset while its clock was being moved')
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
  if (nextDueAt > MAX_INSTANT) throw new Refusal('conflict', 'nothing is due, so there is no next event')
  return now => Math.max(now, nextDueAt)
}

function inOneGo<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

export async function inSteps<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await hostTurn()
  }
}

function advanced({ now, stopped, listed, counts }: FiredEvents): wire.Advanced {
  return {
    now: isoInstant(now),
    stopped,
    fired: listed.map(event => ({ ...event, at: isoInstant(event.at) })),
    counts,
  }
}
