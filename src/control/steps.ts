// Runs long work in steps: all at once in the embedded API, with other requests in between over HTTP.
import { hostStopwatch, nextHostTurn } from '../sandbox/clock/clock.ts'

/** The state is consistent after each step. */
export type Steps<Result> = Generator<void, Result, void>

export function runAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Lets the event loop turn after each step. Without a promise if there is one step only, as in most cases. */
export function runInTurns<Result>(steps: Steps<Result>): Result | Promise<Result> {
  const { done, value } = steps.next()
  return done ? value : runAfterTurn(steps)
}

async function runAfterTurn<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    await nextHostTurn()
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same steps; `report` is called between them about once in `intervalMs`, with how long they have taken so far. */
export function* withProgress<Result>(
  steps: Steps<Result>,
  intervalMs: number,
  report: (elapsedMs: number) => void,
): Steps<Result> {
  const startedAt = hostStopwatch()
  let reportedMs = 0
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    const elapsedMs = hostStopwatch() - startedAt
    if (elapsedMs - reportedMs >= intervalMs) {
      reportedMs = elapsedMs
      report(elapsedMs)
    }
    yield
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
