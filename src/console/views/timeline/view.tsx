// The timeline: the controls of the clock, the chart or its list, and beside it what happened or what is selected.
import { useSignalEffect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { useShortcuts } from '../../state/shortcuts.ts'
import { param, setParams } from '../../state/url.ts'
import { Agenda } from './agenda.tsx'
import { Chart } from './chart/chart.tsx'
import { forget, keepReading, timeline, timelineError } from './data.ts'
import { Details } from './details/details.tsx'
import { List } from './list.tsx'
import { advanceBy, advanceToNextEvent, advanceUntilIdle, lastMove, lastMoveText, setSpeed } from './moves.ts'
import { keepTime } from './now.ts'
import { select, selectedKey } from './selection.ts'
import { Toolbar } from './toolbar.tsx'
import { showAutomatically, zoom } from './window.ts'

export function TimelineView() {
  useEffect(() => {
    lastMove.value = undefined
    return forget
  }, [])
  useSignalEffect(keepReading)
  useSignalEffect(keepTime)
  const read = timeline.value
  useShortcuts([
    { key: 'm', title: 'Advance by one minute', run: () => advanceBy('1m') },
    { key: 'h', title: 'Advance by one hour', run: () => advanceBy('1h') },
    { key: 'd', title: 'Advance by one day', run: () => advanceBy('1d') },
    { key: 'n', title: 'Advance to the next event', run: advanceToNextEvent },
    { key: 'i', title: 'Advance until no job has anything due', run: advanceUntilIdle },
    { key: 'p', title: 'Let the clock run, or stop it', run: () => setSpeed(read?.clock.factor === 0 ? 1 : 0) },
    { key: '+', title: 'Zoom in', run: () => zoom(0.5) },
    { key: '-', title: 'Zoom out', run: () => zoom(2) },
    { key: '0', title: 'Show now and what comes next', run: () => read && showAutomatically(read) },
    { key: 'l', title: 'Show the chart or the list', run: toggleList },
    { key: 'Escape', title: 'Close the details', run: () => select(undefined) },
  ])
  if (!read) return <p class="loading">{timelineError.value?.message ?? 'Reading the timeline…'}</p>
  const isList = param('as') === 'list'
  return (
    <div class="timeline">
      <Toolbar timeline={read} isList={isList} onToggleList={toggleList} onZoom={zoom} />
      <p class="visually-hidden" role="status">
        {lastMoveText.value}
      </p>
      <div class="timeline-body">
        <div class="timeline-main">
          {isList ? <List timeline={read} /> : <Chart timeline={read} />}
          <OmittedText />
        </div>
        <aside class="timeline-side" aria-label={selectedKey() === undefined ? 'Events' : 'Details'}>
          {selectedKey() === undefined ? <Agenda timeline={read} /> : <Details timeline={read} />}
        </aside>
      </div>
    </div>
  )
}

function toggleList(): void {
  setParams({ as: param('as') === 'list' ? undefined : 'list' })
}

/** Says when not everything in the window is shown. */
function OmittedText() {
  const read = timeline.value
  if (!read) return null
  const { omitted } = read
  const parts = [
    ...(omitted.jobs > 0 ? [`${omitted.jobs} earlier jobs`] : []),
    ...(omitted.happened > 0 ? [`${omitted.happened} earlier events`] : []),
    ...(read.upcomingUntil < read.to ? ['recurring events in the far future'] : []),
  ]
  if (parts.length === 0) return null
  return (
    <p class="timeline-omitted">
      Not shown here: {parts.join(', ')}. <Button onClick={() => zoom(0.5)}>Zoom in</Button>
    </p>
  )
}
