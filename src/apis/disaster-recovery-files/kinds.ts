// disaster-recovery-files: the kinds of file, when the platform generates them, and how long it keeps them.
import { DAY_MS } from '../../sandbox/clock/durations.ts'
import { type Cadence, isoDate, startOf } from './calendar.ts'

interface FileKind {
  /** Its place among a day's files: their times and their ids follow it. */
  slot: number
  cadence: Cadence
  retentionDays: number
}

/** Kinds, cadences and retention are the vendor's guide; that deleted calls come monthly is inferred. */
export const fileKinds = {
  'database-backup': { slot: 0, cadence: 'daily', retentionDays: 7 },
  'invoices-daily': { slot: 1, cadence: 'daily', retentionDays: 45 },
  'invoices-daily-letterhead': { slot: 2, cadence: 'daily', retentionDays: 45 },
  'invoices-weekly': { slot: 3, cadence: 'weekly', retentionDays: 45 },
  'invoices-weekly-letterhead': { slot: 4, cadence: 'weekly', retentionDays: 45 },
  'invoices-monthly': { slot: 5, cadence: 'monthly', retentionDays: 180 },
  'invoices-monthly-letterhead': { slot: 6, cadence: 'monthly', retentionDays: 180 },
  'deleted-calls': { slot: 7, cadence: 'monthly', retentionDays: 180 },
} as const satisfies Record<string, FileKind>
export type KindName = keyof typeof fileKinds
export const kindNames = Object.keys(fileKinds) as KindName[]

/** After midnight UTC; invented, as the vendor does not say when. */
const FIRST_SLOT_MS = 2 * 3_600_000
const SLOT_MS = 900_000

/** The first generation of the kind after `after`: on the first day of its day, week or month. All instants are epoch ms. */
export function nextGeneration(kind: KindName, after: number): number {
  const { slot, cadence } = fileKinds[kind]
  const offset = FIRST_SLOT_MS + slot * SLOT_MS
  let day = startOf('daily', after)
  while (day + offset <= after || startOf(cadence, day) !== day) day += DAY_MS
  return day + offset
}

export function expiryOf(kind: KindName, generatedAt: number): number {
  return generatedAt + fileKinds[kind].retentionDays * DAY_MS
}

/** So long ago that a clock at the Unix epoch still gives ids above 0. */
const FIRST_DAY_AT = Date.UTC(1900, 0, 1)

/** Depends on day and kind alone, and grows with time: which other files have been generated plays no part. */
export function idOf(kind: KindName, generatedAt: number): number {
  return Math.floor((generatedAt - FIRST_DAY_AT) / DAY_MS) * 10 + fileKinds[kind].slot
}

export function filenameOf(kind: KindName, generatedAt: number): string {
  const date = isoDate(generatedAt)
  return `${kind}-${kind === 'deleted-calls' ? date.slice(0, 'YYYY-MM'.length) : date}.7z`
}
