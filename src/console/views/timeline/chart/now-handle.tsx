// The line of the virtual time, with a handle that moves the clock forward.
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { Timeline } from '../../../../../schemas/control.ts'
import { Button, IconButton } from '../../../components/button.tsx'
import { Link } from '../../../components/link.tsx'
import { countText, dateTimeText, durationText } from '../../../state/text.ts'
import { hrefOfView } from '../../../state/url.ts'
import { dueEvents } from '../agenda.tsx'
import { msAt, type Scale, xOf } from '../layout/scale.ts'
import { advanceTo } from '../moves.ts'
import { now } from '../now.ts'
import { showAutomatically } from '../window.ts'

interface NowHandleProps {
  timeline: Timeline
  scale: Scale
}

/** Pixels behind now at which the pointer asks for the past. */
const BACK_PIXELS = 10
/** The keyboard moves the target by this share of the window. */
const KEY_SHARE = 1 / 100

export function NowHandle({ timeline, scale }: NowHandleProps) {
  const line = useRef<HTMLDivElement>(null)
  /** The time at which the handle is held; undefined while it is not being moved. */
  const target = useSignal<number | undefined>(undefined)
  /** The earlier instant that was asked for. */
  const earlier = useSignal<number | undefined>(undefined)
  const present = now.value ?? Date.parse(timeline.clock.now)
  const x = xOf(scale, present)
  const isShown = x >= 0 && x <= scale.width
  const aim = target.value === undefined ? undefined : Math.max(target.value, present)

  const apply = () => {
    const goal = target.peek()
    target.value = undefined
    if (goal !== undefined && goal > present) void advanceTo(goal)
  }
  const drag = (event: PointerEvent) => {
    if (event.button !== 0) return
    event.preventDefault()
    event.stopPropagation()
    const handle = event.currentTarget as HTMLElement
    handle.focus()
    handle.setPointerCapture(event.pointerId)
    const left = line.current?.getBoundingClientRect().left ?? 0
    const offset = event.clientX - left - x
    const controller = new AbortController()
    const { signal } = controller
    const end = () => controller.abort()
    handle.addEventListener(
      'pointermove',
      ({ clientX }) => {
        const at = Math.min(clientX - left - offset, scale.width)
        earlier.value = at < x - BACK_PIXELS ? msAt(scale, at) : undefined
        target.value = msAt(scale, Math.max(at, x))
      },
      { signal },
    )
    handle.addEventListener(
      'pointerup',
      () => {
        end()
        apply()
      },
      { signal },
    )
    handle.addEventListener(
      'pointercancel',
      () => {
        end()
        target.value = undefined
      },
      { signal },
    )
    addEventListener(
      'keydown',
      ({ key }) => {
        if (key !== 'Escape') return
        end()
        target.value = undefined
      },
      { signal },
    )
  }
  const press = (event: KeyboardEvent) => {
    const step = Math.max(Math.round((scale.to - scale.from) * KEY_SHARE), 1)
    const steps: Record<string, number> = {
      ArrowRight: step,
      ArrowUp: step,
      PageUp: 10 * step,
      ArrowLeft: -step,
      ArrowDown: -step,
      PageDown: -10 * step,
    }
    const change = steps[event.key]
    if (change !== undefined) {
      const goal = (aim ?? present) + change
      earlier.value = goal < present ? goal : undefined
      target.value = Math.max(goal, present)
    } else if (event.key === 'End') target.value = scale.to
    else if (event.key === 'Enter' || event.key === ' ') apply()
    else if (event.key === 'Escape') target.value = undefined
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="now-layer" ref={line}>
      {aim !== undefined && aim > present && <Aim timeline={timeline} scale={scale} present={present} aim={aim} />}
      {isShown ? (
        <div class="now-line" style={{ transform: `translateX(${x}px)` }}>
          <div
            class="handle"
            role="slider"
            tabIndex={0}
            aria-label="Now. Move it to advance the clock"
            aria-valuemin={present}
            aria-valuemax={Math.max(Math.round(scale.to), present)}
            aria-valuenow={aim ?? present}
            aria-valuetext={valueText(present, aim)}
            title="Drag to advance the clock"
            onPointerDown={drag}
            onKeyDown={press}
            onBlur={() => {
              target.value = undefined
            }}
          >
            Now
          </div>
        </div>
      ) : (
        <Button class={`now-outside ${x < 0 ? 'left' : 'right'}`} onClick={() => showAutomatically(timeline)}>
          {x < 0 ? '← Now' : 'Now →'}
        </Button>
      )}
      {earlier.value !== undefined && (
        <div class="backwards" role="status">
          <p>
            The clock only moves forward.{' '}
            <Link href={hrefOfView('sandboxes', { at: new Date(earlier.value).toISOString() })}>
              Rewind: a new sandbox as the world was earlier
            </Link>
          </p>
          <IconButton
            icon="close"
            label="Close"
            onClick={() => {
              earlier.value = undefined
            }}
          />
        </div>
      )}
    </div>
  )
}

/** The part of the window that is not over yet. */
export function Future({ scale }: { scale: Scale }) {
  const x = now.value === undefined ? scale.width : xOf(scale, now.value)
  return x < scale.width && <div class="future" style={{ left: `${Math.max(x, 0)}px` }} />
}

function valueText(present: number, aim: number | undefined): string {
  if (aim === undefined || aim <= present) return `${dateTimeText(present)} UTC`
  return `advance by ${durationText(aim - present)} to ${dateTimeText(aim)} UTC; Enter applies`
}

function Aim({ timeline, scale, present, aim }: NowHandleProps & { present: number; aim: number }) {
  const [from, to] = [Math.max(xOf(scale, present), 0), Math.min(xOf(scale, aim), scale.width)]
  const due = dueEvents(timeline).filter(({ at }) => at <= aim).length
  return (
    <div class="aim" style={{ left: `${from}px`, width: `${to - from}px` }}>
      <div class={`aim-text ${to < scale.width / 2 ? '' : 'before'}`}>
        <strong>+{durationText(aim - present)}</strong>
        <span>{dateTimeText(aim)}</span>
        <span>{due === 0 ? 'nothing is due' : `${countText(due, 'event')} due`}</span>
      </div>
    </div>
  )
}
