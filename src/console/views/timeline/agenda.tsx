// What is due next, and what happened, the latest first.
import type { Timeline } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { IconButton } from '../../components/button.tsx'
import { Curl, DemoLink } from '../../components/empty.tsx'
import { jobStateTone, kindText } from '../../components/words.ts'
import { dateTimeText, durationText, timeText } from '../../state/text.ts'
import { advanceTo, isMoving, lastMove, lastMoveText } from './moves.ts'
import { now } from './now.ts'
import { select } from './selection.ts'

interface DueEvent {
  at: number
  api: string
  /** What will happen. */
  text: string
  key: string
}

const MAX_DUE = 6
const MAX_HAPPENED = 200

export function Agenda({ timeline }: { timeline: Timeline }) {
  const due = dueEvents(timeline).slice(0, MAX_DUE)
  const happened = timeline.happened.slice(-MAX_HAPPENED).toReversed()
  const since = lastMove.value?.before ?? Number.POSITIVE_INFINITY
  return (
    <div class="agenda">
      {lastMoveText.value !== '' && <p class="last-move">{lastMoveText.value}</p>}
      <h2>Due next</h2>
      {due.length === 0 ? (
        <NextText timeline={timeline} />
      ) : (
        <ol class="events">
          {due.map(event => (
            <li key={event.key + event.at}>
              <DueText event={event} />
            </li>
          ))}
        </ol>
      )}
      <h2>Happened</h2>
      {happened.length === 0 ? (
        <Nothing timeline={timeline} />
      ) : (
        <ol class="events">
          {happened.map(({ at, api, kind, id, phase, state }, index) => (
            <li
              key={`${at} ${api} ${id} ${phase ?? ''}`}
              class={Date.parse(at) > since ? `new new-${Math.min(index, 9)}` : ''}
            >
              <button type="button" onClick={() => select(keyOfFired({ at, api, kind, id, state }))}>
                <span class="when">{timeText(Date.parse(at)).slice(0, 8)}</span>
                <span class="what">
                  <strong>{kindText(kind)}</strong> {state === 'running' && <span class="muted">{phase} ended</span>}
                  <small title={id}>
                    {api} · {id}
                  </small>
                </span>
                {state !== 'ran' && state !== 'running' && <Badge tone={jobStateTone(state)}>{state}</Badge>}
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

/** When the next event is due, if that is outside of the window. */
function NextText({ timeline: { clock } }: { timeline: Timeline }) {
  if (clock.nextEventAt === null) return <p class="muted">Nothing is due.</p>
  const at = Date.parse(clock.nextEventAt)
  const inMs = Math.max(at - (now.value ?? at), 0)
  return (
    <p class="muted">
      Nothing is due in this window. The next event is due in {durationText(inMs)}, at {dateTimeText(at)}.
    </p>
  )
}

function DueText({ event: { at, api, text, key } }: { event: DueEvent }) {
  const inMs = Math.max(at - (now.value ?? at), 0)
  return (
    <div class="due">
      <button type="button" onClick={() => select(key)}>
        <span class="when">in {durationText(inMs)}</span>
        <span class="what">
          <strong>{text}</strong>
          <small>{api}</small>
        </span>
      </button>
      <IconButton
        icon="next"
        label={`Advance to: ${text}`}
        aria-disabled={isMoving.value}
        onClick={() => advanceTo(at)}
      />
    </div>
  )
}

/** Ends of phases and recurring events that are due in the window, in order. */
export function dueEvents({ jobs, upcoming, clock }: Timeline): DueEvent[] {
  const present = Date.parse(clock.now)
  const ofJobs = jobs.flatMap(({ api, id, kind, phases }) =>
    phases.flatMap(({ name, endAt }) => {
      const at = endAt === null ? Number.NaN : Date.parse(endAt)
      return at > present ? [{ at, api, text: `${kindText(kind)}: ${name} ends`, key: `job:${api}:${id}` }] : []
    }),
  )
  const recurring = upcoming.map(({ at: text, api, kind, id }) => {
    const at = Date.parse(text)
    return { at, api, text: kindText(kind, id), key: `event:${api}:${kind}:${id}:${at}` }
  })
  return [...ofJobs, ...recurring].sort((a, b) => a.at - b.at)
}

interface FiredEvent {
  at: string
  api: string
  kind: string
  id: string
  state: string
}

/** The key of what an event belongs to. */
export function keyOfFired({ at, api, kind, id, state }: FiredEvent): string {
  return state === 'ran' ? `event:${api}:${kind}:${id}:${Date.parse(at)}` : `job:${api}:${id}`
}

function Nothing({ timeline }: { timeline: Timeline }) {
  if (timeline.jobs.length > 0 || timeline.requests.length > 0) {
    return <p class="muted">Nothing in this window since the server started. Advance the clock to see what fires.</p>
  }
  return (
    <>
      <p class="muted">Nothing yet. Start a job, for example a backup that takes some seconds of virtual time:</p>
      <Curl
        path="/v1/instances/10000000-0000-4000-8000-000000000001/backups"
        options={['-X POST', "-H 'Authorization: Bearer demo-token'"]}
      />
      <p class="muted">Then press n to advance to the next event.</p>
      <DemoLink />
    </>
  )
}
