// The clocks by which fault kinds let time pass.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../schemas/literals.ts'
import { hostTimeout } from '../../sandbox/clock/clock.ts'
import type { Scope } from '../scope.ts'
import type { Wait } from './kind.ts'

export type ClockName = 'real' | 'virtual'

/** The parameter of kinds that wait. */
export const clockField = {
  clock: Type.Optional(
    literals(['real', 'virtual'], {
      description: "The clock by which the time passes: this machine's (real, the default) or the sandbox's (virtual)",
    }),
  ),
}

/** Ends when the client disconnects. */
export const ENDLESS: Wait = { isTimed: false, start: () => () => {} }

/** Waits until `ms` have passed since `from` (epoch ms of virtual time), or `ms` of this machine's time. */
export function waitOf({ sandbox }: Scope, clock: ClockName, { from, ms }: { from: number; ms: number }): Wait {
  if (clock === 'real') return { isTimed: true, start: done => hostTimeout(ms, done) }
  return { isTimed: false, start: done => sandbox.clock.waitUntil(from + Math.round(ms), done) }
}
