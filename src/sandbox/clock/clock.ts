// The only source of time: a virtual clock that is real, frozen or scaled and never moves backwards.

import { MAX_DURATION_MS, MAX_INSTANT, MIN_INSTANT } from '../limits.ts'
import { memoizeLast } from '../memoize.ts'
import { Refusal } from '../refusal.ts'
import { DAY_MS } from './durations.ts'

/** How virtual time runs. `rate` is virtual ms per host ms: 0 is frozen, 1 is real, anything else is scaled. */
export interface ClockSetting {
  /** The virtual instant (epoch ms) that `hostAt` (epoch ms of this machine) corresponds to. */
  virtualAt: number
  hostAt: number
  rate: number
}

export type ClockMode = 'real' | 'frozen' | 'scaled'

/** The clock would have to move backwards. */
export class ClockBackwardsError extends Refusal {
  constructor(now: number, requested: number) {
    super(
      'conflict',
      `the clock only moves forward: it is at ${isoInstant(now)}, and ${isoInstant(requested)} is earlier`,
    )
  }
}

interface Wait {
  instant: number
  then: () => void
  stop: () => void
}

/** How the clock is kept across restarts. */
export interface ClockStorage {
  /** No instant later than this was returned before the restart, epoch ms of virtual time. */
  reservedUntil?: number | null
  /** Stores that instants up to `until` (epoch ms of virtual time) may be returned from now on. */
  reserve?(setting: ClockSetting, until: number): void
}

/** Instants are reserved for this much of this machine's time at once, so that a running clock writes rarely. */
const RESERVE_MS = 1000

export class Clock {
  #setting: ClockSetting
  #latest: number
  #reservedUntil: number
  /** This machine's time when the clock was last read, epoch ms. */
  #hostAt: number
  readonly #host: () => number
  readonly #reserve: ClockStorage['reserve']
  /** Most responses are sent in the same second as the one before. */
  readonly #dateOfSecond = memoizeLast((second: number) => new Date(second * 1000).toUTCString())
  readonly #waits = new Set<Wait>()

  constructor(setting: ClockSetting, host: () => number = hostNow, { reservedUntil, reserve }: ClockStorage = {}) {
    this.#host = host
    this.#reserve = reserve
    this.#hostAt = host()
    this.#latest = Math.floor(Math.max(setting.virtualAt, reservedUntil ?? setting.virtualAt))
    this.#reservedUntil = this.#latest
    const { rate } = setting
    // Behind the reservation by more than its length: this machine's clock was set back while the server was stopped.
    const isSetBack = virtualAtHost(setting, this.#hostAt) < this.#latest - RESERVE_MS * rate
    this.#setting = isSetBack ? { virtualAt: this.#latest, hostAt: this.#hostAt, rate } : setting
  }

  get setting(): ClockSetting {
    return this.#setting
  }

  get mode(): ClockMode {
    return modeOf(this.#setting.rate)
  }

  /**
   * Epoch ms. Never less than an earlier result, before a restart included if the clock is stored: when this machine's clock
   * is set back, virtual time continues from where it was.
   */
  now(): number {
    const host = this.#host()
    if (host < this.#hostAt) {
      const virtualAt = virtualAtHost(this.#setting, this.#hostAt)
      this.#setting = { ...this.#setting, virtualAt, hostAt: host }
    }
    this.#hostAt = host
    this.#latest = Math.max(this.#latest, Math.floor(virtualAtHost(this.#setting, host)))
    if (this.#latest > this.#reservedUntil) {
      this.#reservedUntil = Math.min(this.#latest + Math.ceil(RESERVE_MS * this.#setting.rate), MAX_INSTANT)
      this.#reserve?.(this.#setting, this.#reservedUntil)
    }
    return this.#latest
  }

  /** The instant (epoch ms) as in a `Date` header. */
  httpDate(instant: number): string {
    return this.#dateOfSecond(Math.floor(instant / 1000))
  }

  /**
   * The setting with which the clock is at `target` (epoch ms, or computed from now) and continues at `rate`. It takes effect
   * when it is adopted. Throws Refusal.
   */
  settingFor(target: Target, rate: number = this.#setting.rate): ClockSetting {
    const now = this.now()
    const virtualAt = typeof target === 'number' ? target : target(now)
    if (!Number.isInteger(virtualAt) || Math.abs(virtualAt) > MAX_DATE)
      throw new Refusal('invalid', `${virtualAt} is not an instant in whole milliseconds that a date can represent`)
    if (virtualAt < now) throw new ClockBackwardsError(now, virtualAt)
    return { virtualAt, hostAt: this.#hostAt, rate }
  }

  /** The setting with which the clock continues from `instant`, which may be earlier than now. */
  settingFrom(instant: number): ClockSetting {
    return { virtualAt: instant, hostAt: this.#hostAt, rate: this.#setting.rate }
  }

  adopt(setting: ClockSetting): void {
    this.#setting = setting
    this.#latest = setting.virtualAt
    this.#reservedUntil = setting.virtualAt
    for (const wait of [...this.#waits]) this.#resume(wait)
  }

  /** Calls `then`, asynchronously, once the clock has reached `instant` (epoch ms). Returns a function that cancels this. */
  waitUntil(instant: number, then: () => void): () => void {
    const wait: Wait = { instant, then, stop: () => {} }
    this.#waits.add(wait)
    this.#resume(wait)
    return () => {
      wait.stop()
      this.#waits.delete(wait)
    }
  }

  #resume(wait: Wait): void {
    wait.stop()
    const leftMs = wait.instant - this.now()
    const { rate } = this.#setting
    if (leftMs > 0) {
      if (rate > 0) wait.stop = hostTimeout(Math.min(Math.ceil(leftMs / rate), MAX_TIMER_MS), () => this.#resume(wait))
      return
    }
    this.#waits.delete(wait)
    // The code that moves the clock finishes first.
    queueMicrotask(wait.then)
  }
}

/** The longest delay of setTimeout. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The last instant that a `Date` can represent, epoch ms. */
const MAX_DATE = 8.64e15

/** An instant (epoch ms), or a function of now: a caller that adds to `now()` itself would use an instant that has passed. */
export type Target = number | ((now: number) => number)

/** The clock's instant when this machine's time is `host`: not rounded, and never later than the last instant. */
function virtualAtHost({ virtualAt, hostAt, rate }: ClockSetting, host: number): number {
  return rate === 0 ? virtualAt : Math.min(virtualAt + (host - hostAt) * rate, MAX_INSTANT)
}

export function modeOf(rate: number): ClockMode {
  if (rate === 0) return 'frozen'
  return rate === 1 ? 'real' : 'scaled'
}

/** This machine's time, epoch ms: for the real clock, and for measurements of the process instead of a sandbox. */
export function hostNow(): number {
  return Date.now()
}

/** Monotonic ms of this machine, for measuring durations. */
export function hostStopwatch(): number {
  return performance.now()
}

/** Calls `callback` after `ms` of this machine's time. Returns a function that cancels this. */
export function hostTimeout(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

/** Resolves in the next turn of the event loop, after other pending callbacks have run. */
export function nextHostTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** For libraries that need a Date. Limited like `isoInstant`. */
export function dateAt(instant: number): Date {
  return new Date(Math.min(Math.max(instant, MIN_INSTANT), MAX_INSTANT))
}

/** Two digits for each number below 60. */
const DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

/** ISO 8601. Instants whose year does not have four digits are written as the nearest one that does. */
export function isoInstant(instant: number): string {
  const date = dateAt(instant)
  const year = date.getUTCFullYear()
  // A response contains many instants, and `toISOString` takes twice as long as this.
  if (year < 1000) return date.toISOString()
  const day = `${year}-${DIGITS[date.getUTCMonth() + 1]}-${DIGITS[date.getUTCDate()]}`
  const time = `${DIGITS[date.getUTCHours()]}:${DIGITS[date.getUTCMinutes()]}:${DIGITS[date.getUTCSeconds()]}`
  return `${day}T${time}.${String(date.getUTCMilliseconds()).padStart(3, '0')}Z`
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS }
const SHORT_DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/
const ISO_DURATION = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** Whether the text has the form of a duration, of any length. */
export function isDurationText(text: string): boolean {
  return SHORT_DURATION.test(text) || ISO_DURATION.test(text)
}

/** `5m`, `1h30m`, `250ms` or ISO 8601 (`PT5M`, `P1DT2H`) in ms; undefined for any other text, or when it is too long. */
export function parseDuration(text: string): number | undefined {
  if (SHORT_DURATION.test(text)) {
    // Not matchAll, which makes an expression and an iterator each time: that took 4 % of moving the clock.
    const parts = text.match(/[\d.]+[a-z]+/g) ?? []
    return wholeMs(parts.reduce((sum, part) => sum + Number.parseFloat(part) * unitMsOf(part), 0))
  }
  const iso = ISO_DURATION.exec(text)
  if (!iso) return undefined
  const [, weeks, days, hours, minutes, seconds] = iso.map(part => Number(part ?? 0))
  const dayMs = ((weeks ?? 0) * 7 + (days ?? 0)) * DAY_MS
  return wholeMs(dayMs + (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + (seconds ?? 0) * 1000)
}

/** The part is a number and a unit. */
function unitMsOf(part: string): number {
  return UNIT_MS[part.replace(/[\d.]+/, '')] ?? 0
}

function wholeMs(sum: number): number | undefined {
  const ms = Math.round(sum)
  return ms <= MAX_DURATION_MS ? ms : undefined
}

const ISO_INSTANT = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/

function asInstant(value: number): number | undefined {
  return value >= MIN_INSTANT && value <= MAX_INSTANT ? value : undefined
}

/**
 * An instant as in fixtures and options: ISO 8601, or `+6d` / `-2h` relative to `start`, limited to the first and the last
 * instant. Epoch ms; undefined for any other text.
 */
export function parseInstant(text: string, start: number): number | undefined {
  const sign = text[0]
  if (sign === '+' || sign === '-') {
    const offset = parseDuration(text.slice(1))
    if (offset === undefined || Number.isNaN(start)) return undefined
    return sign === '+' ? Math.min(start + offset, MAX_INSTANT) : Math.max(start - offset, MIN_INSTANT)
  }
  const day = ISO_INSTANT.exec(text)?.[1]
  const midnight = asInstant(Date.parse(day ?? ''))
  // `Date.parse` reads the 31st of February as the 3rd of March.
  if (day === undefined || midnight === undefined || !isoInstant(midnight).startsWith(day)) return undefined
  return asInstant(Date.parse(text))
}
