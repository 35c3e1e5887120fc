// Converts between virtual time and pixels.

/** A window of virtual time, in ms since 1970, and how many pixels wide it is shown. */
export interface Scale {
  from: number
  to: number
  width: number
}

/** The range of a sandbox's clock. */
export const MIN_MS = 0
export const MAX_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** The shortest window that can be shown. */
const MIN_WINDOW_MS = 10

export function xOf({ from, to, width }: Scale, ms: number): number {
  return ((ms - from) / (to - from)) * width
}

export function msAt({ from, to, width }: Scale, x: number): number {
  return Math.round(from + (x / width) * (to - from))
}

export interface Span {
  from: number
  to: number
}

/** The window with `factor` times its length; the instant `around` stays where it is. */
export function zoomed({ from, to }: Span, factor: number, around: number): Span {
  const length = Math.min(Math.max((to - from) * factor, MIN_WINDOW_MS), MAX_MS - MIN_MS)
  const share = (around - from) / (to - from)
  return withinRange(around - share * length, length)
}

/** The window, later by `ms`. */
export function panned({ from, to }: Span, ms: number): Span {
  return withinRange(from + ms, to - from)
}

/** The window that shows both instants and a margin. */
export function around(first: number, last: number, margin = 0.06): Span {
  const length = Math.max(last - first, MIN_WINDOW_MS)
  return withinRange(first - length * margin, length * (1 + 2 * margin))
}

function withinRange(from: number, length: number): Span {
  const start = Math.round(Math.min(Math.max(from, MIN_MS), Math.max(MAX_MS - length, MIN_MS)))
  return { from: start, to: Math.min(Math.round(start + length), MAX_MS) }
}

/** The window after the clock has moved from `before` to `now`: unchanged while it shows now well inside of it. */
export function following(window: Span, before: number, now: number): Span {
  const length = window.to - window.from
  const wasShown = before >= window.from && before <= window.to
  if (!wasShown || now <= window.to - length * 0.08) return window
  // A long way: both ends stay in sight, so that what happened on the way does.
  if (now - before > length) return around(Math.max(before, window.from), now, 0.12)
  return panned(window, now - (window.from + length * 0.6))
}
