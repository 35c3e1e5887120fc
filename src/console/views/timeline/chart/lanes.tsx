// The lanes of the chart: bars of jobs, marks of requests and recurring events, and bands of plans of faults.

import { Icon } from '../../../components/icon.tsx'
import { jobStateTone, kindText } from '../../../components/words.ts'
import { timeline } from '../data.ts'
import type { JobBar, JobGroup } from '../layout/jobs.ts'
import type { Lane, Layout } from '../layout/lanes.ts'
import type { EventMark, RequestMark } from '../layout/marks.ts'
import { around } from '../layout/scale.ts'
import { lastMove } from '../moves.ts'
import { now } from '../now.ts'
import { select, selectedKey } from '../selection.ts'
import { showWindow } from '../window.ts'
import { bandText, eventText, groupText, jobText, requestText } from './texts.ts'

/** In rem. */
const PADDING = 0.4
const REQUEST_ROW = 2
const FAULT_ROW = 1.9
const JOB_ROW = 1.85
const EVENT_ROW = 1.35
const MIN_HEIGHT = 2.6

export function PlanRows({ plans }: { plans: Layout['plans'] }) {
  return (
    <>
      {plans.map(({ id, name, bands }) => (
        <div key={id} class="lane plan">
          <h2 class="lane-title">{name}</h2>
          <div class="lane-items" style={{ height: `${MIN_HEIGHT}rem` }}>
            {bands.map(band => (
              <button
                key={band.key}
                type="button"
                data-item={band.key}
                class={`band ${band.faults.length > 0 ? 'faulty' : ''}`}
                aria-label={bandText(band)}
                aria-pressed={band.key === selectedKey()}
                style={{ left: `${band.x}px`, width: `${band.width}px` }}
                onClick={() => select(band.key)}
              >
                <span>{band.faults.length > 0 ? [...new Set(band.faults)].join(', ') : 'no faults'}</span>
              </button>
            ))}
          </div>
        </div>
      ))}
    </>
  )
}

export function LaneRow({ lane: { api, requests, jobs, events } }: { lane: Lane }) {
  const [faulty, others] = [requests.filter(isFaulty), requests.filter(mark => !isFaulty(mark))]
  const requestsTop = PADDING + (faulty.length > 0 ? FAULT_ROW : 0)
  const jobsTop = requestsTop + (others.length > 0 ? REQUEST_ROW : 0)
  const eventsTop = jobsTop + jobs.rows * JOB_ROW
  const height = eventsTop + (events.length > 0 ? EVENT_ROW : 0) + PADDING
  return (
    <div class="lane">
      <h2 class="lane-title">{api ?? 'no API'}</h2>
      <div class="lane-items" style={{ height: `${Math.max(height, MIN_HEIGHT)}rem` }}>
        {jobs.bars.map(bar =>
          bar.type === 'job' ? (
            <JobItem key={bar.key} bar={bar} top={jobsTop + bar.row * JOB_ROW} />
          ) : (
            <JobGroupItem key={bar.key} group={bar} top={jobsTop + bar.row * JOB_ROW} />
          ),
        )}
        {events.map(mark => (
          <EventItem key={mark.key} mark={mark} top={eventsTop} />
        ))}
        {others.map(mark => (
          <RequestItem key={mark.key} mark={mark} top={requestsTop} />
        ))}
        {/* Rendered anew when another one arrives, so that it flashes again. */}
        {faulty.map(mark => (
          <RequestItem key={`${mark.key} ${mark.count}`} mark={mark} top={PADDING} />
        ))}
      </div>
    </div>
  )
}

const isFaulty = ({ fault }: RequestMark) => fault !== undefined

const MIN_TEXT_PIXELS = 44
const MIN_PHASE_TEXT_PIXELS = 56

function JobItem({ bar, top }: { bar: JobBar; top: number }) {
  const { job, x, width, phases, isOpen, labelWidth, key } = bar
  const isFresh = job.endedAt !== null && Date.parse(job.endedAt) > (lastMove.value?.before ?? Number.POSITIVE_INFINITY)
  const isWide = phases.some(phase => phase.width > MIN_PHASE_TEXT_PIXELS) && job.state === 'running'
  return (
    <>
      <button
        type="button"
        data-item={key}
        class={`job ${jobStateTone(job.state)} ${isOpen ? 'open' : ''} ${isFresh ? 'fresh' : ''}`}
        aria-label={jobText(job)}
        aria-pressed={key === selectedKey()}
        style={{ left: `${x}px`, width: `${width}px`, top: `${top}rem` }}
        onClick={() => select(key)}
      >
        {phases.map(phase => (
          <span key={phase.name} class="phase" style={{ left: `${phase.x - x}px`, width: `${phase.width}px` }}>
            <span class="done" style={{ width: `${phase.doneWidth}px` }} />
            {isWide && phase.width > MIN_PHASE_TEXT_PIXELS && <span class="name">{phase.name}</span>}
          </span>
        ))}
      </button>
      {!isWide && labelWidth > MIN_TEXT_PIXELS && (
        <span
          class={`job-label ${jobStateTone(job.state)}`}
          aria-hidden="true"
          style={
            width > MIN_TEXT_PIXELS * 2
              ? { left: `${Math.max(x, 0) + 8}px`, maxWidth: `${width - 16}px`, top: `${top}rem` }
              : { left: `${x + width + 5}px`, maxWidth: `${labelWidth - width}px`, top: `${top}rem` }
          }
        >
          {kindText(job.kind)}
        </span>
      )}
    </>
  )
}

/** Shows the jobs one by one. */
function zoomTo({ jobs }: JobGroup): void {
  const instants = jobs
    .flatMap(({ submittedAt, endedAt }) => [submittedAt, endedAt ?? submittedAt])
    .map(text => Date.parse(text))
  const [first, last] = [Math.min(...instants), Math.max(...instants)]
  showWindow(around(first, Math.max(last, first + 1000)))
}

function JobGroupItem({ group, top }: { group: JobGroup; top: number }) {
  return (
    <button
      type="button"
      data-item={group.key}
      class="job group"
      aria-label={groupText(group)}
      style={{ left: `${group.x}px`, width: `${group.width}px`, top: `${top}rem` }}
      onClick={() => zoomTo(group)}
    >
      {group.jobs.length}
    </button>
  )
}

const FRESH_MS = 2000

/** Whether the last of the requests arrived a moment ago. */
function isFreshMark({ groups }: RequestMark): boolean {
  const factor = timeline.peek()?.clock.factor ?? 0
  const lastAt = Math.max(...groups.map(({ to }) => Date.parse(to)))
  return lastAt >= (now.peek() ?? Number.POSITIVE_INFINITY) - FRESH_MS * Math.max(factor, 1)
}

function RequestItem({ mark, top }: { mark: RequestMark; top: number }) {
  const look =
    mark.fault !== undefined ? 'fault' : mark.failed === mark.count ? 'bad' : mark.failed > 0 ? 'mixed' : 'good'
  return (
    <button
      type="button"
      data-item={mark.key}
      class={`request ${look} ${mark.forced > 0 ? 'forced' : ''} ${isFaulty(mark) && isFreshMark(mark) ? 'fresh' : ''}`}
      aria-label={requestText(mark)}
      aria-pressed={mark.key === selectedKey()}
      style={{ left: `${mark.x}px`, top: `${top}rem` }}
      onClick={() => select(mark.key)}
    >
      <span class="dot" style={{ minWidth: `${mark.size}px`, height: `${mark.size}px` }}>
        {isFaulty(mark) && <Icon name="faults" />}
        {mark.count > 1 && <span class="count">{shortCount(mark.count)}</span>}
      </span>
    </button>
  )
}

function shortCount(count: number): string {
  return count > 999 ? `${Math.round(count / 100) / 10}k` : String(count)
}

function EventItem({ mark, top }: { mark: EventMark; top: number }) {
  const at = mark.events[0]?.at ?? 0
  const isFresh = mark.isPast && at > (lastMove.value?.before ?? Number.POSITIVE_INFINITY)
  return (
    <button
      type="button"
      data-item={mark.key}
      class={`event ${mark.isPast ? 'past' : 'due'} ${isFresh ? 'fresh' : ''}`}
      aria-label={eventText(mark)}
      aria-pressed={mark.key === selectedKey()}
      style={{ left: `${mark.x}px`, top: `${top}rem` }}
      onClick={() => select(mark.key)}
    >
      <span class="tick" />
    </button>
  )
}
