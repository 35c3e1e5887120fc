// The axis of virtual time, in UTC, and the lines of its ticks.
import { type Scale, xOf } from '../layout/scale.ts'
import type { Ticks } from '../layout/ticks.ts'

interface AxisProps {
  ticks: Ticks
  scale: Scale
}

/** The list of the timeline has the times, so that screen readers need not read the axis. */
export function Axis({ ticks: { ticks, context }, scale }: AxisProps) {
  return (
    <div class="axis" aria-hidden="true">
      <span class="context">{context === '' ? 'UTC' : `${context} UTC`}</span>
      <div class="labels">
        {ticks.map(({ at, label, isMajor }) => (
          <span key={at} class={isMajor ? 'major' : ''} style={{ left: `${xOf(scale, at)}px` }}>
            {label}
          </span>
        ))}
      </div>
    </div>
  )
}

export function Grid({ ticks: { ticks }, scale }: AxisProps) {
  return (
    <div class="grid" aria-hidden="true">
      {ticks.map(({ at, isMajor }) => (
        <span key={at} class={isMajor ? 'major' : ''} style={{ left: `${xOf(scale, at)}px` }} />
      ))}
    </div>
  )
}
