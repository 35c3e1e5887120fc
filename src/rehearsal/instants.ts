// Durations and instants as people write them, for every door.
import { isoInstant, parseDuration, parseInstant } from '../sandbox/clock.ts'
import { Refusal } from '../sandbox/refusal.ts'

export function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : isoInstant(instant)
}

/** `5m`, `PT5M` or ms, in ms. Throws Refusal. */
export function durationOf(value: string | number): number {
  const ms = typeof value === 'number' ? value : parseDuration(value)
  if (ms === undefined) throw new Refusal('invalid', `"${value}" is no duration; 5m, 1h30m, 250ms and PT5M are`)
  return ms
}

/** ISO 8601, `+5m` from `now`, or epoch ms; in epoch ms. Throws Refusal. */
export function instantOf(value: string | number, now: number): number {
  const instant = typeof value === 'number' ? value : parseInstant(value, now)
  if (instant === undefined) throw new Refusal('invalid', `"${value}" is no instant; ISO 8601 with offset and +5m are`)
  return instant
}
