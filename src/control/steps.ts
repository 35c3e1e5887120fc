// Runs long work in steps: all at once in the embedded API, with other requests in between over HTTP.
import { nextHostTurn } from '../sandbox/clock/clock.ts'

/** The state is consistent after each step. */
export type Steps<Result> = Generator<void, Result, void>

export function runAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Lets the event loop turn after each step. */
export async function runInTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await nextHostTurn()
  }
}

/** Runs the first step at once, in which all refusals are thrown; the result runs the other steps. */
export function begun<Result>(steps: Steps<Result>): Steps<Result> {
  const first = steps.next()
  return (function* () {
    if (first.done) return first.value
    yield
    return yield* steps
  })()
}
