// The limits of instants, durations and factors, which are the same on every interface.
import { DAY_MS } from './clock/durations.ts'

/** The first and the last instant that can be written as ISO 8601 with a year of four digits, epoch ms. */
export const MIN_INSTANT = Date.parse('0000-01-01T00:00:00.000Z')
export const MAX_INSTANT = Date.parse('9999-12-31T23:59:59.999Z')

/** No duration is longer than from the first instant to the last. */
export const MAX_DURATION_MS = MAX_INSTANT - MIN_INSTANT
export const MAX_DURATION = `${Math.floor(MAX_DURATION_MS / DAY_MS)}d`

/** Whether a clock may be set to it. Before 1970, ids and timestamps that count from 1970 would be negative. */
export function isClockInstant(instant: number): boolean {
  return Number.isInteger(instant) && instant >= 0 && instant <= MAX_INSTANT
}
export const CLOCK_RANGE = 'from 1970-01-01 to 9999-12-31T23:59:59.999Z'

/** The range of the factors of scaled clocks and of job speeds. */
export const FACTORS = { min: 1e-6, max: 1e6 }

export function isFactor(number: number): boolean {
  return number >= FACTORS.min && number <= FACTORS.max
}

/** The largest number of times that a rule can be limited to. */
export const MAX_TIMES = 1_000_000_000
