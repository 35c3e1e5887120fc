// The chart: a lane for each API over the axis of virtual time. It can be dragged, zoomed, and used with the keyboard.
import { useSignal } from '@preact/signals'
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { Timeline } from '../../../../../schemas/control.ts'
import { countText, dateTimeText } from '../../../state/text.ts'
import { apis } from '../data.ts'
import { layoutOf } from '../layout/lanes.ts'
import { msAt, panned, type Scale } from '../layout/scale.ts'
import { ticksOf } from '../layout/ticks.ts'
import { plotWidth, shownWindow, showWindow, zoom } from '../window.ts'
import { Axis, Grid } from './axis.tsx'
import { moveFocus, setTabStop } from './focus.ts'
import { LaneRow, PlanRows } from './lanes.tsx'
import { Legend } from './legend.tsx'
import { Future, NowHandle } from './now-handle.tsx'
import { type Tip, Tooltip } from './tooltip.tsx'

const TICK_PIXELS = 96

export function Chart({ timeline }: { timeline: Timeline }) {
  const plot = useRef<HTMLDivElement>(null)
  const lanes = useRef<HTMLFieldSetElement>(null)
  const tip = useSignal<Tip | undefined>(undefined)
  const window = shownWindow.value
  const width = plotWidth.value

  useLayoutEffect(() => {
    const element = plot.current
    if (!element) return
    const measure = () => {
      plotWidth.value = element.clientWidth
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    const inner = element.parentElement
    inner?.addEventListener('wheel', turnWheel, { passive: false })
    return () => {
      observer.disconnect()
      inner?.removeEventListener('wheel', turnWheel)
    }
  }, [])

  const scale = window && width > 0 ? { ...window, width } : undefined
  const present = Date.parse(timeline.clock.now)
  const layout = useMemo(
    () => scale && layoutOf(timeline, apis.value, scale, present),
    [timeline, apis.value, window?.from, window?.to, width],
  )
  const ticks = useMemo(
    () => scale && ticksOf(scale, Math.max(width / TICK_PIXELS, 2)),
    [window?.from, window?.to, width],
  )
  useLayoutEffect(() => {
    if (lanes.current) setTabStop(lanes.current)
  })
  return (
    <section class="chart" aria-label={scale ? chartText(timeline, scale) : 'Timeline'}>
      <div class="chart-inner">
        <div class="plot" ref={plot}>
          {scale && ticks && <Grid ticks={ticks} scale={scale} />}
          {scale && <Future scale={scale} />}
        </div>
        {scale && ticks && <Axis ticks={ticks} scale={scale} />}
        {scale && layout && (
          <fieldset
            ref={lanes}
            class="lanes"
            aria-label="Items; arrow keys go from one to the next"
            onKeyDown={moveFocus}
            onPointerOver={showTip}
            onPointerOut={hideTip}
            onFocusIn={showTip}
            onFocusOut={hideTip}
            onPointerDown={event => startPan(event, scale)}
          >
            <PlanRows plans={layout.plans} />
            {layout.lanes.map(lane => (
              <LaneRow key={lane.api ?? ''} lane={lane} />
            ))}
          </fieldset>
        )}
        {scale && <NowHandle timeline={timeline} scale={scale} />}
        <Legend />
      </div>
      {tip.value && <Tooltip tip={tip.value} />}
    </section>
  )

  function hideTip(): void {
    tip.value = undefined
  }

  function showTip({ target }: Event): void {
    const item = target instanceof Element ? target.closest<HTMLElement>('[data-item]') : null
    tip.value = item ? { text: item.getAttribute('aria-label') ?? '', box: item.getBoundingClientRect() } : undefined
  }
}

function chartText({ jobs, requests }: Timeline, { from, to }: Scale): string {
  const count = requests.reduce((sum, group) => sum + group.count, 0)
  const things = `${countText(jobs.length, 'job')} and ${countText(count, 'request')}`
  return `Timeline from ${dateTimeText(from)} to ${dateTimeText(to)} UTC: ${things}. The list shows the same as a table.`
}

/** The wheel zooms around the pointer, and pans sideways. With the Shift key, or if the lanes need to scroll, it scrolls. */
function turnWheel(event: WheelEvent): void {
  const element = event.currentTarget as HTMLElement
  const shown = shownWindow.peek()
  if (!shown) return
  const chart = element.closest('.chart')
  const canScroll = chart !== null && chart.scrollHeight > chart.clientHeight + 1
  const width = plotWidth.peek()
  const left = element.getBoundingClientRect().right - width
  const scale = { ...shown, width }
  if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    event.preventDefault()
    showWindow(panned(shown, msAt(scale, event.deltaX) - shown.from))
  } else if (event.ctrlKey || event.metaKey || !canScroll) {
    event.preventDefault()
    zoom(Math.exp(event.deltaY / 400), msAt(scale, event.clientX - left))
  }
}

const MIN_DRAG_PIXELS = 4

/** Moves the window with the pointer, until it is released. */
function startPan(event: PointerEvent, scale: Scale): void {
  const isItem = event.target instanceof Element && event.target.closest('button, a, [role="slider"]') !== null
  if (isItem || event.button !== 0) return
  const startX = event.clientX
  const controller = new AbortController()
  const { signal } = controller
  addEventListener(
    'pointermove',
    ({ clientX }) => {
      const pixels = clientX - startX
      if (Math.abs(pixels) < MIN_DRAG_PIXELS) return
      showWindow(panned(scale, scale.from - msAt(scale, pixels)))
    },
    { signal },
  )
  for (const type of ['pointerup', 'pointercancel']) addEventListener(type, () => controller.abort(), { signal })
}
