// Days, weeks and months in UTC, and instants as ISO 8601 text. Instants are in epoch ms.
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { DAY_MS } from '../../sandbox/clock/durations.ts'

export type Cadence = 'daily' | 'weekly' | 'monthly'

/** `from` and `to` are midnights; `to` is the first instant after the period. */
export interface Period {
  from: number
  to: number
}

/** The first midnight of the day, week (starting on Monday) or month that contains `at`. */
export function startOf(cadence: Cadence, at: number): number {
  const day = Math.floor(at / DAY_MS)
  return (day - daysInto(cadence, day)) * DAY_MS
}

function daysInto(cadence: Cadence, day: number): number {
  if (cadence === 'daily') return 0
  if (cadence === 'monthly') return new Date(day * DAY_MS).getUTCDate() - 1
  // Day 0, 1970-01-01, was a Thursday.
  return (((day + 3) % 7) + 7) % 7
}

/** The last complete day, week or month before `at`. */
export function lastPeriod(cadence: Cadence, at: number): Period {
  const to = startOf(cadence, at)
  return { from: startOf(cadence, to - 1), to }
}

/** `YYYY-MM-DD` */
export function isoDate(at: number): string {
  return isoInstant(at).slice(0, 'YYYY-MM-DD'.length)
}

/** ISO 8601 in whole seconds. */
export function isoSeconds(at: number): string {
  return `${isoInstant(at).slice(0, -5)}Z`
}
