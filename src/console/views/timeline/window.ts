// The window of virtual time that the timeline shows: the one in the URL, or one that fits what happens around now.
import { computed, signal } from '@preact/signals'
import type { Timeline } from '../../../../schemas/control.ts'
import { param, setParams } from '../../state/url.ts'
import { around, following, type Span, zoomed } from './layout/scale.ts'

/** The width of the plot, in pixels. */
export const plotWidth = signal(0)

/** While the person zooms or pans, before it is in the URL: browsers limit how often the URL may change. */
const moving = signal<Span | undefined>(undefined)
const automatic = signal<Span | undefined>(undefined)

function spanInUrl(): Span | undefined {
  const span = { from: Date.parse(param('from') ?? ''), to: Date.parse(param('to') ?? '') }
  return span.from < span.to ? span : undefined
}

/** Undefined until it is known what there is to show. */
export const shownWindow = computed(() => moving.value ?? spanInUrl() ?? automatic.value)

const commit = signal(0)
const COMMIT_DELAY_MS = 250
addEventListener('popstate', stopMoving)

function stopMoving(): void {
  clearTimeout(commit.peek())
  moving.value = undefined
}

export function showWindow(span: Span): void {
  moving.value = span
  clearTimeout(commit.peek())
  commit.value = setTimeout(() => {
    setParams({ from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() }, { replace: true })
    moving.value = undefined
  }, COMMIT_DELAY_MS)
}

/** Shows `factor` times as much, around the middle or around an instant. */
export function zoom(factor: number, at?: number): void {
  const shown = shownWindow.peek()
  if (shown) showWindow(zoomed(shown, factor, at ?? (shown.from + shown.to) / 2))
}

/** Forgets the window, as for another sandbox. */
export function forgetWindow(): void {
  stopMoving()
  automatic.value = undefined
}

/** Shows what happens around now, and what comes next. */
export function showAutomatically(timeline: Timeline): void {
  stopMoving()
  automatic.value = automaticWindow(timeline)
  setParams({ from: undefined, to: undefined }, { replace: true })
}

/** Shows everything that is known. */
export function showAll({ first, last }: Timeline): void {
  showWindow(around(Date.parse(first), Date.parse(last)))
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** What happened in the hour before now and is planned for the day after it, and at least some minutes. */
function automaticWindow({ clock, jobs, requests }: Timeline): Span {
  const now = Date.parse(clock.now)
  const starts = [...jobs.map(({ submittedAt }) => submittedAt), ...requests.map(({ from }) => from)]
  const ends = jobs.flatMap(({ phases }) => phases.at(-1)?.endAt ?? [])
  const isNear = (at: number) => at > now - HOUR_MS && at < now + 24 * HOUR_MS
  const known = [...starts, ...ends].map(text => Date.parse(text)).filter(isNear)
  return around(Math.min(now - 2 * MINUTE_MS, ...known), Math.max(now + 6 * MINUTE_MS, ...known))
}

/** Keeps now, and the planned end of new jobs, in sight. `before`: now when the timeline was read the last time. */
export function follow(timeline: Timeline, before: number | undefined): void {
  const now = Date.parse(timeline.clock.now)
  if (automatic.peek() === undefined) automatic.value = automaticWindow(timeline)
  const shown = shownWindow.peek()
  if (!shown) return
  const followed = following(shown, before ?? now, now)
  const isAutomatic = moving.peek() === undefined && spanInUrl() === undefined
  if (!isAutomatic) {
    if (followed !== shown) showWindow(followed)
    return
  }
  const planned = automaticWindow(timeline)
  const isCut = planned.to > followed.to && planned.to - followed.to < 2 * (followed.to - followed.from)
  automatic.value = isCut ? { from: followed.from, to: planned.to } : followed
}
