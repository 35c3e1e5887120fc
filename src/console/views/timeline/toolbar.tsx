// The controls of the clock and of the window.
import { useSignal } from '@preact/signals'
import type { Timeline } from '../../../../schemas/control.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { dateTimeText } from '../../state/text.ts'
import { advanceBy, advanceTo, advanceToNextEvent, advanceUntilIdle, isMoving, setSpeed } from './moves.ts'
import { now } from './now.ts'
import { showAll, showAutomatically } from './window.ts'

interface ToolbarProps {
  timeline: Timeline
  isList: boolean
  onToggleList(): void
  onZoom(factor: number): void
}

export function Toolbar({ timeline, isList, onToggleList, onZoom }: ToolbarProps) {
  const isBusy = isMoving.value
  return (
    <div class="timeline-toolbar">
      <NowText factor={timeline.clock.factor} />
      <Speeds factor={timeline.clock.factor} />
      <fieldset class="group" aria-label="Advance the clock">
        <Button aria-disabled={isBusy} title="Advance by one minute (m)" onClick={() => advanceBy('1m')}>
          +1m
        </Button>
        <Button aria-disabled={isBusy} title="Advance by one hour (h)" onClick={() => advanceBy('1h')}>
          +1h
        </Button>
        <Button aria-disabled={isBusy} title="Advance by one day (d)" onClick={() => advanceBy('1d')}>
          +1d
        </Button>
        <Button aria-disabled={isBusy} title="Advance to the next event (n)" onClick={advanceToNextEvent}>
          Next event
        </Button>
        <Button aria-disabled={isBusy} title="Advance until no job has anything due (i)" onClick={advanceUntilIdle}>
          Until idle
        </Button>
        <AdvanceForm isBusy={isBusy} />
      </fieldset>
      <fieldset class="group window" aria-label="Window">
        {!isList && (
          <>
            <IconButton icon="zoomOut" label="Zoom out" onClick={() => onZoom(2)} />
            <IconButton icon="zoomIn" label="Zoom in" onClick={() => onZoom(0.5)} />
          </>
        )}
        <Button title="Show now and what comes next (0)" onClick={() => showAutomatically(timeline)}>
          Now
        </Button>
        <Button title="Show everything that is known" onClick={() => showAll(timeline)}>
          All
        </Button>
        <Button aria-pressed={isList} title="The same as a table (l)" onClick={onToggleList}>
          List
        </Button>
      </fieldset>
    </div>
  )
}

function NowText({ factor }: { factor: number }) {
  const text = dateTimeText(now.value ?? 0)
  return (
    <p class={`now-text ${factor === 0 ? '' : 'running'}`}>
      <time dateTime={text.replace(' ', 'T')}>
        <span class="visually-hidden">{text.slice(0, 10)}</span> <span class="time">{text.slice(11)}</span>
      </time>{' '}
      <abbr title="Coordinated Universal Time">UTC</abbr>
    </p>
  )
}

const SPEEDS = [
  { factor: 0, text: 'Stop', title: 'The clock stands still (p)' },
  { factor: 1, text: '1×', title: 'As fast as real time (p)' },
  { factor: 60, text: '60×', title: 'One minute per second' },
  { factor: 3600, text: '3600×', title: 'One hour per second' },
]

function Speeds({ factor }: { factor: number }) {
  const isOther = !SPEEDS.some(speed => speed.factor === factor)
  const speeds = isOther ? [...SPEEDS, { factor, text: `${factor}×`, title: 'As set elsewhere' }] : SPEEDS
  return (
    <fieldset class="group speeds">
      <legend class="visually-hidden">Speed of the clock</legend>
      {speeds.map(speed => (
        <label key={speed.factor} title={speed.title}>
          <input
            type="radio"
            name="speed"
            checked={speed.factor === factor}
            onChange={() => void setSpeed(speed.factor)}
          />
          <span>{speed.text}</span>
        </label>
      ))}
    </fieldset>
  )
}

function AdvanceForm({ isBusy }: { isBusy: boolean }) {
  const target = useSignal('')
  const submit = async (event: Event) => {
    event.preventDefault()
    const text = target.value.trim()
    if (text === '') return
    // `1h` alone is a duration, too.
    await (/^[\dP][^-:]*$/.test(text) && !/^\d{4}$/.test(text) ? advanceBy(text) : advanceTo(text))
    target.value = ''
  }
  return (
    <form class="advance-form" onSubmit={event => void submit(event)}>
      <input
        aria-label="Advance to a date, or by a duration"
        placeholder="+90m or 2026-07-01"
        title="ISO 8601 such as 2026-07-01 or 2026-07-01T12:00:00Z, or a duration such as +90m"
        autocomplete="off"
        spellcheck={false}
        value={target.value}
        onInput={({ currentTarget }) => {
          target.value = currentTarget.value
        }}
      />
      <Button type="submit" aria-disabled={isBusy}>
        Go
      </Button>
    </form>
  )
}
