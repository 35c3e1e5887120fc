// disaster-recovery-files: days, weeks and months in UTC; instants are epoch ms.
import { isoInstant } from '../../sandbox/clock/clock.ts'
import { DAY_MS } from '../../sandbox/clock/durations.ts'

export type Cadence = 'daily' | 'weekly' | 'monthly'

/** From the midnight `from` up to, not including, the midnight `to`. */
export interface Period {
  from: number
  to: number
}

/** The midnight at the beginning of the day, week (a Monday) or month that `at` is in. */
export function startOf(cadence: Cadence, at: number): number {
  const day = Math.floor(at / DAY_MS)
  return (day - daysInto(cadence, day)) * DAY_MS
}

function daysInto(cadence: Cadence, day: number): number {
  if (cadence === 'daily') return 0
  if (cadence === 'monthly') return new Date(day * DAY_MS).getUTCDate() - 1
  // The epoch was a Thursday.
  return (((day + 3) % 7) + 7) % 7
}

/** The last whole day, week or month that is over at `at`. */
export function lastPeriod(cadence: Cadence, at: number): Period {
  const to = startOf(cadence, at)
  return { from: startOf(cadence, to - 1), to }
}

/** `YYYY-MM-DD` */
export function isoDate(at: number): string {
  return isoSeconds(at).slice(0, 10)
}

/** Lists name the same instants again and again; writing them out was a seventh of a list's time. */
const written = new Map<number, string>()
const MAX_WRITTEN = 10_000

/** ISO 8601 in whole seconds. */
export function isoSeconds(at: number): string {
  const known = written.get(at)
  if (known !== undefined) return known
  const text = `${isoInstant(at).slice(0, -5)}Z`
  if (written.size === MAX_WRITTEN) written.clear()
  written.set(at, text)
  return text
}
