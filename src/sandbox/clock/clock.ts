// The only source of time: a virtual clock that is real, frozen or scaled, and only ever moves forward.

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

/** Asked to move to an instant that is already past. */
export class ClockBackwardsError extends Refusal {
  constructor(now: number, asked: number) {
    super('conflict', `the clock only moves forward: it is ${isoInstant(now)}, and ${isoInstant(asked)} is past`)
  }
}

interface Wait {
  instant: number
  then: () => void
  stop: () => void
}

/** What outlives the process. */
export interface ClockMemory {
  /** Up to where instants may have been handed out by the clock's earlier life, epoch ms of virtual time. */
  reservedUntil?: number | null
  /** Stores that instants up to `until` (epoch ms of virtual time) may be handed out, before they are. */
  reserve?(setting: ClockSetting, until: number): void
}

/** How much of this machine's time is reserved at once: a running clock stores so seldom where it is. */
const RESERVE_MS = 1000

export class Clock {
  #setting: ClockSetting
  #latest: number
  #reservedUntil: number
  /** The latest reading of this machine's clock. */
  #hostAt: number
  readonly #host: () => number
  readonly #reserve: ClockMemory['reserve']
  readonly #waits = new Set<Wait>()

  constructor(setting: ClockSetting, host: () => number = hostNow, { reservedUntil, reserve }: ClockMemory = {}) {
    this.#host = host
    this.#reserve = reserve
    this.#hostAt = host()
    this.#latest = Math.floor(Math.max(setting.virtualAt, reservedUntil ?? setting.virtualAt))
    this.#reservedUntil = this.#latest
    const { rate } = setting
    // Short of the reservation by more than its length: this machine's clock was set back while the server was down.
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
   * Epoch ms. Never less than the last answer, in this process or, where it is stored, in one before: when this machine's
   * clock is set back, virtual time goes on from where it was.
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

  /**
   * The setting that has the clock at `target` (epoch ms, or computed from now) and running on from there at `rate`; nothing
   * changes before it is adopted. Throws Refusal.
   */
  aim(target: Target, rate: number = this.#setting.rate): ClockSetting {
    const now = this.now()
    const virtualAt = typeof target === 'number' ? target : target(now)
    if (!Number.isInteger(virtualAt) || Math.abs(virtualAt) > MAX_DATE)
      throw new Refusal('invalid', `${virtualAt} is no instant in whole milliseconds that a date can hold`)
    if (virtualAt < now) throw new ClockBackwardsError(now, virtualAt)
    return { virtualAt, hostAt: this.#hostAt, rate }
  }

  /** The setting that has the clock go on from `instant`, which may be short of now: it could not be kept up with. */
  heldAt(instant: number): ClockSetting {
    return { virtualAt: instant, hostAt: this.#hostAt, rate: this.#setting.rate }
  }

  adopt(setting: ClockSetting): void {
    this.#setting = setting
    this.#latest = setting.virtualAt
    this.#reservedUntil = setting.virtualAt
    for (const wait of [...this.#waits]) this.#resume(wait)
  }

  /** Calls `then`, never at once, when the clock has come to `instant` (epoch ms); unless what it returns is called before. */
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
    const left = wait.instant - this.now()
    const { rate } = this.#setting
    if (left > 0) {
      if (rate > 0) wait.stop = hostAlarm(Math.min(Math.ceil(left / rate), MAX_TIMER_MS), () => this.#resume(wait))
      return
    }
    this.#waits.delete(wait)
    // Whoever moves the clock is done with it before anything comes of it.
    queueMicrotask(wait.then)
  }
}

/** The longest that a timer of the platform runs. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The furthest that a `Date` reaches, epoch ms. */
const MAX_DATE = 8.64e15

/** An instant (epoch ms), or what it is when it is now: a moving clock has moved on by the time that a caller has added up. */
export type Target = number | ((now: number) => number)

/** Where the clock would be if nothing held it: unrounded, and never past its last instant. */
function virtualAtHost({ virtualAt, hostAt, rate }: ClockSetting, host: number): number {
  return rate === 0 ? virtualAt : Math.min(virtualAt + (host - hostAt) * rate, MAX_INSTANT)
}

export function modeOf(rate: number): ClockMode {
  if (rate === 0) return 'frozen'
  return rate === 1 ? 'real' : 'scaled'
}

/** This machine's time, epoch ms: for the real clock, and for what is about the process and not about a sandbox. */
export function hostNow(): number {
  return Date.now()
}

/** Monotonic ms of this machine: for how long something took. */
export function hostStopwatch(): number {
  return performance.now()
}

/** Calls `ring` after so many ms of this machine, unless what it returns is called before. */
export function hostAlarm(ms: number, ring: () => void): () => void {
  const timer = setTimeout(ring, ms)
  return () => clearTimeout(timer)
}

/** Resolves once the platform has seen to whatever else is waiting. */
export function hostTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

const dateOfSecond = memoizeLast((second: number) => new Date(second * 1000).toUTCString())

/** As in a `Date` header. */
export function httpDate(instant: number): string {
  return dateOfSecond(Math.floor(instant / 1000))
}

/** What lies outside the years of four digits is written as the nearest instant within. */
export function isoInstant(instant: number): string {
  return new Date(Math.min(Math.max(instant, MIN_INSTANT), MAX_INSTANT)).toISOString()
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS }
const SHORT_DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/
const ISO_DURATION = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** Written like a duration, however long. */
export function isDurationText(text: string): boolean {
  return SHORT_DURATION.test(text) || ISO_DURATION.test(text)
}

/** `5m`, `1h30m`, `250ms` or ISO 8601 (`PT5M`, `P1DT2H`) in ms; undefined when it is neither, or too long. */
export function parseDuration(text: string): number | undefined {
  if (SHORT_DURATION.test(text)) {
    const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)
    return wholeMs(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit as string] ?? 0), 0))
  }
  const iso = ISO_DURATION.exec(text)
  if (!iso) return undefined
  const [, weeks, days, hours, minutes, seconds] = iso.map(part => Number(part ?? 0))
  const dayMs = ((weeks ?? 0) * 7 + (days ?? 0)) * DAY_MS
  return wholeMs(dayMs + (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + (seconds ?? 0) * 1000)
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
 * An instant as fixtures and options write it: ISO 8601, or `+6d` / `-2h` relative to `start`, where what would be past the
 * first or the last instant is that one. Epoch ms or undefined.
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
  // `Date` takes the 31st of February for the 3rd of March.
  if (day === undefined || midnight === undefined || !isoInstant(midnight).startsWith(day)) return undefined
  return asInstant(Date.parse(text))
}
