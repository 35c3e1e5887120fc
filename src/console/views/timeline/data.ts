// Reads what the timeline shows, and reads it again when anything changes or the window leaves what was read.
import { signal } from '@preact/signals'
import type { TableList, Timeline } from '../../../../schemas/control.ts'
import { changes } from '../../state/events.ts'
import { call, inSandbox, type ServerError } from '../../state/server.ts'
import { sandboxName } from '../../state/url.ts'
import { MAX_MS, MIN_MS, type Span } from './layout/scale.ts'
import { setNow } from './now.ts'
import { follow, forgetWindow, plotWidth, shownWindow } from './window.ts'

/** Undefined until it has been read. */
export const timeline = signal<Timeline | undefined>(undefined)
export const timelineError = signal<ServerError | undefined>(undefined)
/** In the order of their lanes. */
export const apis = signal<readonly string[]>([])

/** What was read: more than the window, so that it can be moved a little. */
const readSpan = signal<Span | undefined>(undefined)
const reading = signal({ isBusy: false, isStale: false })

/** Call it in an effect: it reads again whenever something that it depends on changes. */
export function keepReading(): void {
  changes.value
  const window = shownWindow.value
  const span = readSpan.peek()
  const isRead = changes.value === readChange.peek()
  if (isRead && window && span && covers(span, window)) return
  void read()
}

/** The change after which it was read. */
const readChange = signal(-1)

function covers(span: Span, window: Span): boolean {
  const isPrecise = (window.to - window.from) * 6 > span.to - span.from
  return isPrecise && span.from <= window.from && span.to >= window.to
}

/** Forgets everything, as for another sandbox. */
export function forget(): void {
  timeline.value = undefined
  readSpan.value = undefined
  readChange.value = -1
  forgetWindow()
}

/** One request at a time; a call during a request causes one more after it. */
async function read(): Promise<void> {
  const state = reading.peek()
  state.isStale = true
  if (state.isBusy) return
  state.isBusy = true
  try {
    while (state.isStale) {
      state.isStale = false
      await readOnce()
    }
  } catch (error) {
    timelineError.value = error as ServerError
  }
  state.isBusy = false
}

const REQUEST_PIXELS = 7
const MAX_PARTS = 2000

async function readOnce(): Promise<void> {
  const sandbox = sandboxName.peek()
  const change = changes.peek()
  const window = shownWindow.peek()
  const marginMs = window ? (window.to - window.from) * 0.75 : 0
  const span = window && {
    from: Math.max(Math.round(window.from - marginMs), MIN_MS),
    to: Math.min(Math.round(window.to + marginMs), MAX_MS),
  }
  const parts = Math.ceil(((plotWidth.peek() || 1000) * 2.5) / REQUEST_PIXELS)
  if (apis.peek().length === 0) {
    const tables = await call<TableList>(inSandbox('/tables', sandbox))
    apis.value = [...new Set(tables.map(({ api }) => api))]
  }
  const found = await call<Timeline>(inSandbox('/timeline', sandbox), {
    query: {
      resolution: Math.min(parts, MAX_PARTS),
      ...(span && { from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() }),
    },
  })
  if (sandbox !== sandboxName.peek()) return
  const before = timeline.peek()?.clock.now
  readChange.value = change
  readSpan.value = span
  timelineError.value = undefined
  setNow(found.clock)
  timeline.value = found
  follow(found, before === undefined ? undefined : Date.parse(before))
}
