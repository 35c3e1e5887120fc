// The kinds of disaster recovery file: when the platform generates them, how long it keeps them, and what they are called.
import { DAY_MS } from '../../sandbox/clock/durations.ts'
import { type Cadence, startOf } from './dates.ts'

interface FileKind {
  /** Position among the files of one day; generation times and ids follow it. */
  slot: number
  cadence: Cadence
  retentionDays: number
}

/** Kinds, cadences and retention come from the vendor's guide; that deleted calls are archived monthly is inferred. */
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

/** After midnight UTC; invented, because the vendor does not document the time. */
const FIRST_SLOT_MS = 2 * 3_600_000
const SLOT_MS = 900_000

/** The first generation of the kind after `after`, on the first day of a day, week or month. Instants are in epoch ms. */
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

/** Early enough that ids are positive even when the clock is at the Unix epoch. */
const FIRST_DAY_AT = Date.UTC(1900, 0, 1)

/** Depends only on the day and the kind, not on which other files exist, and grows with time. */
export function idOf(kind: KindName, generatedAt: number): number {
  return Math.floor((generatedAt - FIRST_DAY_AT) / DAY_MS) * 10 + fileKinds[kind].slot
}

/** `generatedDate` in ISO 8601. */
export function filenameOf(kind: KindName, generatedDate: string): string {
  const date = generatedDate.slice(0, kind === 'deleted-calls' ? 'YYYY-MM'.length : 'YYYY-MM-DD'.length)
  return `${kind}-${date}.7z`
}
