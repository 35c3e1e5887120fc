// Finds readable instants for the axis, from milliseconds to millennia, in UTC.
import type { Span } from './scale.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WEEK = 7 * DAY
const MONTH = (365.2425 / 12) * DAY
const YEAR = 365.2425 * DAY
/** The first Monday since 1970. */
const FIRST_MONDAY = Date.UTC(1970, 0, 5)

/** How far apart ticks are: always the same time, or a number of months. */
type Step = { ms: number; start?: number } | { months: number }

const SHORT_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
const STEPS: readonly Step[] = [
  ...SHORT_STEPS.map(ms => ({ ms })),
  ...[1, 2, 5, 10, 15, 30].map(count => ({ ms: count * SECOND })),
  ...[1, 2, 5, 10, 15, 30].map(count => ({ ms: count * MINUTE })),
  ...[1, 2, 3, 6, 12].map(count => ({ ms: count * HOUR })),
  { ms: DAY },
  { ms: 2 * DAY },
  { ms: 3 * DAY },
  { ms: WEEK, start: FIRST_MONDAY },
  { ms: 2 * WEEK, start: FIRST_MONDAY },
  ...[1, 2, 3, 6].map(months => ({ months })),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map(years => ({ months: years * 12 })),
]

export interface Tick {
  at: number
  label: string
  /** A larger unit begins: a minute, a day, a month or a year. */
  isMajor: boolean
}

export interface Ticks {
  ticks: Tick[]
  /** What the labels leave out, for the start of the window: the date, or the year. */
  context: string
}

/** At most about `count` ticks. */
export function ticksOf(window: Span, count: number): Ticks {
  const room = (window.to - window.from) / Math.max(count, 1)
  const step = STEPS.find(each => lengthOf(each) >= room) ?? (STEPS.at(-1) as Step)
  return { ticks: instantsOf(window, step).map(at => tickAt(at, step)), context: contextOf(window.from, step) }
}

function lengthOf(step: Step): number {
  return 'ms' in step ? step.ms : step.months * MONTH
}

function instantsOf({ from, to }: Span, step: Step): number[] {
  const instants: number[] = []
  if ('ms' in step) {
    const { ms, start = 0 } = step
    for (let at = Math.ceil((from - start) / ms) * ms + start; at <= to; at += ms) instants.push(at)
    return instants
  }
  const first = new Date(from)
  const index = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step.months) * step.months
  for (let month = index; ; month += step.months) {
    const at = startOfMonth(month)
    if (at > to) return instants
    if (at >= from) instants.push(at)
  }
}

/** `month` counts from the start of year 0. */
function startOfMonth(month: number): number {
  const date = new Date(0)
  date.setUTCFullYear(Math.floor(month / 12), month % 12, 1)
  return date.getTime()
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const monthOf = (date: Date) => MONTHS[date.getUTCMonth()] ?? ''
const dayText = (date: Date) => `${date.getUTCDate()} ${monthOf(date)}`
const digits = (value: number, length: number) => String(value).padStart(length, '0')

function tickAt(at: number, step: Step): Tick {
  const date = new Date(at)
  const length = lengthOf(step)
  const [hours, minutes] = [digits(date.getUTCHours(), 2), digits(date.getUTCMinutes(), 2)]
  const seconds = digits(date.getUTCSeconds(), 2)
  if (length >= YEAR * 0.99)
    return { at, label: String(date.getUTCFullYear()), isMajor: date.getUTCFullYear() % 10 === 0 }
  if (length >= MONTH) {
    const isJanuary = date.getUTCMonth() === 0
    return { at, label: isJanuary ? String(date.getUTCFullYear()) : monthOf(date), isMajor: isJanuary }
  }
  if (length >= DAY) return { at, label: dayText(date), isMajor: date.getUTCDate() === 1 }
  if (at % DAY === 0) return { at, label: dayText(date), isMajor: true }
  if (length >= MINUTE) return { at, label: `${hours}:${minutes}`, isMajor: false }
  if (length >= SECOND) return { at, label: `${hours}:${minutes}:${seconds}`, isMajor: at % MINUTE === 0 }
  const label = `${minutes}:${seconds}.${digits(date.getUTCMilliseconds(), 3)}`
  return { at, label, isMajor: at % SECOND === 0 }
}

function contextOf(from: number, step: Step): string {
  const date = new Date(from)
  const length = lengthOf(step)
  if (length >= YEAR * 0.99) return ''
  if (length >= DAY) return String(date.getUTCFullYear())
  const day = `${DAYS[date.getUTCDay()]} ${dayText(date)} ${date.getUTCFullYear()}`
  return length >= SECOND ? day : `${day}, ${digits(date.getUTCHours(), 2)} h`
}
