// Lays out everything that the timeline shows: a lane for each API, and one for requests to none.
import type { Timeline } from '../../../../../schemas/control.ts'
import { type JobRows, jobRows } from './jobs.ts'
import { type EventMark, eventMarks, type RecurringEvent, type RequestMark, requestMarks } from './marks.ts'
import { type StageBand, stageBands } from './plans.ts'
import type { Scale } from './scale.ts'

export interface Lane {
  /** Undefined for requests whose path belongs to no API. */
  api: string | undefined
  requests: RequestMark[]
  jobs: JobRows
  events: EventMark[]
}

export interface Layout {
  plans: { id: string; name: string; bands: StageBand[] }[]
  lanes: Lane[]
}

/** `apis`: in the order of their lanes. `now` in ms since 1970. */
export function layoutOf(timeline: Timeline, apis: readonly string[], scale: Scale, now: number): Layout {
  const { jobs, requests, plans } = timeline
  const events = recurringEvents(timeline)
  const lanes = apis.map(api => ({
    api,
    requests: requestMarks(
      requests.filter(request => request.api === api),
      scale,
    ),
    jobs: jobRows(
      jobs.filter(job => job.api === api),
      scale,
      now,
    ),
    events: eventMarks(
      events.filter(event => event.api === api),
      scale,
      now,
    ),
  }))
  const other = requestMarks(
    requests.filter(({ api }) => api === null || !apis.includes(api)),
    scale,
  )
  const none = { api: undefined, requests: other, jobs: { bars: [], rows: 0 }, events: [] }
  return {
    plans: plans.map(plan => ({ id: plan.id, name: plan.name, bands: stageBands(plan, scale) })),
    lanes: other.length > 0 ? [...lanes, none] : lanes,
  }
}

/** The events of schedules, past and due, in order. */
export function recurringEvents({ happened, upcoming }: Timeline): RecurringEvent[] {
  return [...happened.filter(({ state }) => state === 'ran'), ...upcoming].map(({ at, api, kind, id }) => ({
    at: Date.parse(at),
    api,
    kind,
    id,
  }))
}
