// The clocks by which fault kinds let time pass.
import { Type } from '@sinclair/typebox'
import { literals } from '../../../schemas/literals.ts'
import { hostTimeout } from '../../sandbox/clock/clock.ts'
import type { Scope } from '../scope.ts'

export type ClockName = 'real' | 'virtual'

/** The parameter of kinds that wait. */
export const clockField = {
  clock: Type.Optional(
    literals(['real', 'virtual'], {
      description: "The clock by which the time passes: this machine's (real, the default) or the sandbox's (virtual)",
    }),
  ),
}

/** Waits until `ms` have passed since `from` (epoch ms of virtual time), or `ms` of this machine's time; in the form that `hold` takes. */
export function waitOf(
  { sandbox }: Scope,
  clock: ClockName,
  { from, ms }: { from: number; ms: number },
): (done: () => void) => () => void {
  return done => (clock === 'virtual' ? sandbox.clock.waitUntil(from + Math.round(ms), done) : hostTimeout(ms, done))
}
