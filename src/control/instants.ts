// Parses the durations and instants in inputs of control operations, and formats instants.
import { isDurationText, isoInstant, parseDuration, parseInstant } from '../sandbox/clock/clock.ts'
import { CLOCK_RANGE, isClockInstant, MAX_DURATION, MAX_DURATION_MS } from '../sandbox/limits.ts'
import { Refusal } from '../sandbox/refusal.ts'

export function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : isoInstant(instant)
}

/** `5m`, `PT5M` or ms, in ms. Throws Refusal. */
export function durationOf(value: string | number): number {
  const ms = typeof value === 'number' ? value : parseDuration(value)
  if (ms !== undefined && ms >= 0 && ms <= MAX_DURATION_MS) return ms
  const isTooLong = typeof value === 'string' && isDurationText(value)
  const problem = isTooLong ? `is too long; at most ${MAX_DURATION}` : NOT_A_DURATION
  throw new Refusal('invalid', `"${value}" ${problem}`)
}

const NOT_A_DURATION = 'is not a duration; use 5m, 1h30m, 250ms or PT5M'

/** From ISO 8601, `+5m` from `now`, or epoch ms; in epoch ms. Throws Refusal. */
export function instantOf(value: string | number, now: number): number {
  const instant = typeof value === 'number' ? value : parseInstant(value, now)
  if (instant !== undefined && isClockInstant(instant)) return instant
  throw new Refusal('invalid', `"${value}" is not an instant; use ISO 8601 with an offset, or +5m; ${CLOCK_RANGE}`)
}
