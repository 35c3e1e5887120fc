// A sandbox's clock in the hands of a rehearsal: read, set, moved.
import type * as wire from '../../schemas/control.ts'
import { isoInstant } from '../sandbox/clock.ts'
import type { Fired } from '../sandbox/jobkinds.ts'
import { Refusal } from '../sandbox/refusal.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { SandboxAccess } from './access.ts'
import { durationOf, instantOf } from './instants.ts'

const DAY_MS = 86_400_000

/** Methods throw Refusal for what cannot be done, and then nothing has changed. */
export class ClockControl {
  readonly #sandbox: SandboxAccess

  constructor(sandbox: SandboxAccess) {
    this.#sandbox = sandbox
  }

  get(): wire.Clock {
    return clockView(this.#sandbox.find())
  }

  /** What is due up to the new time has happened when this returns. */
  set(change: wire.ClockChange): wire.Clock {
    return this.#sandbox.change(sandbox => setClock(sandbox, change))
  }

  advance(how: wire.Advance): wire.Advanced {
    return this.#sandbox.change(sandbox => advance(sandbox, how))
  }

  /** Goes on until no job has anything due any more, but never further than `max`. */
  runUntilIdle(how: wire.RunUntilIdle = {}): wire.Advanced {
    return this.#sandbox.change(sandbox => runUntilIdle(sandbox, how))
  }
}

function clockView({ clock, jobs }: Sandbox): wire.Clock {
  return {
    mode: clock.mode,
    now: isoInstant(clock.now()),
    factor: clock.setting.rate,
    nextEventAt: Number.isFinite(jobs.nextDueAt) ? isoInstant(jobs.nextDueAt) : null,
  }
}

function setClock(sandbox: Sandbox, { mode, factor, now }: wire.ClockChange): wire.Clock {
  if (mode === 'scaled' && factor === undefined) throw new Refusal('invalid', 'mode scaled needs a factor')
  if (mode !== 'scaled' && factor !== undefined) throw new Refusal('invalid', 'a factor goes with mode scaled')
  const rate = mode === undefined ? undefined : { real: 1, frozen: 0, scaled: factor ?? 1 }[mode]
  sandbox.advanceTo(present => (now === undefined ? present : instantOf(now, present)), rate)
  return clockView(sandbox)
}

function advance(sandbox: Sandbox, how: wire.Advance): wire.Advanced {
  if ('by' in how)
    return advanced(
      sandbox,
      sandbox.advanceTo(now => now + durationOf(how.by)),
    )
  if ('to' in how)
    return advanced(
      sandbox,
      sandbox.advanceTo(now => instantOf(how.to, now)),
    )
  sandbox.settle()
  const { nextDueAt } = sandbox.jobs
  if (!Number.isFinite(nextDueAt)) throw new Refusal('conflict', 'nothing is due, so there is no next event')
  return advanced(sandbox, sandbox.advanceTo(nextDueAt))
}

function runUntilIdle(sandbox: Sandbox, { max = DAY_MS }: wire.RunUntilIdle): wire.Advanced {
  const limit = sandbox.settle() + durationOf(max)
  const fired: Fired[] = []
  for (;;) {
    const next = sandbox.jobs.nextJobDueAt()
    if (next === undefined || next > limit) return advanced(sandbox, fired)
    fired.push(...sandbox.advanceTo(now => Math.max(now, next)))
  }
}

function advanced({ clock }: Sandbox, fired: readonly Fired[]): wire.Advanced {
  const now = isoInstant(clock.now())
  return { now, fired: fired.map(event => ({ ...event, at: isoInstant(event.at) })) }
}
