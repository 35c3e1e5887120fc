// The virtual time of the sandbox at this moment: while its clock runs, computed from when it was read.
import { signal } from '@preact/signals'
import type { Clock } from '../../../../schemas/control.ts'

/** In ms since 1970; undefined until the clock has been read. */
export const now = signal<number | undefined>(undefined)

interface Reading {
  clockMs: number
  /** Of this machine, in ms. */
  readAt: number
  factor: number
}
const latest = signal<Reading | undefined>(undefined)

function computedNow({ clockMs, readAt, factor }: Reading): number {
  return Math.floor(clockMs + (performance.now() - readAt) * factor)
}

export function setNow({ now: text, factor }: Clock): void {
  const clockMs = Date.parse(text)
  latest.value = { clockMs, readAt: performance.now(), factor }
  const shown = now.peek()
  // The answer took a while: what is shown may be a little ahead, and does not go back for that.
  const isAhead = shown !== undefined && shown > clockMs && shown - clockMs < 1000 * factor
  if (!isAhead) now.value = clockMs
}

/** Keeps `now` up to date while the clock runs. Call it in an effect; returns a function that ends it. */
export function keepTime(): (() => void) | undefined {
  const reading = latest.value
  if (!reading || reading.factor === 0) return undefined
  const show = () => {
    now.value = Math.max(now.peek() ?? 0, computedNow(reading))
  }
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    const timer = setInterval(show, 1000)
    return () => clearInterval(timer)
  }
  let frame = 0
  const next = () => {
    show()
    frame = requestAnimationFrame(next)
  }
  next()
  return () => cancelAnimationFrame(frame)
}
