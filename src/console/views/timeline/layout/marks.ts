// Places requests and recurring events as marks. Those that would overlap are one mark.
import type { Timeline } from '../../../../../schemas/control.ts'
import { grouped } from './pack.ts'
import { type Scale, xOf } from './scale.ts'

export type RequestGroup = Timeline['requests'][number]

export interface RequestMark {
  type: 'requests'
  key: string
  x: number
  /** In pixels. */
  size: number
  groups: RequestGroup[]
  count: number
  failed: number
  forced: number
  /** The kind of the fault of all of them; undefined if there was none. */
  fault: string | undefined
}

export interface EventMark {
  type: 'events'
  key: string
  x: number
  events: RecurringEvent[]
  isPast: boolean
}

/** An event of a schedule. */
export interface RecurringEvent {
  at: number
  api: string
  kind: string
  id: string
}

const REQUEST_DISTANCE = 30
const EVENT_DISTANCE = 9
const SIZE = { one: 11, min: 18, max: 24 }

/** Requests with a fault and without are never in the same mark. */
export function requestMarks(requests: readonly RequestGroup[], scale: Scale): RequestMark[] {
  const byFault = Map.groupBy(requests, ({ fault }) => fault)
  return [...byFault].flatMap(([fault, groups]) => {
    const placed = groups
      .map(group => ({ group, start: xOf(scale, Date.parse(group.from)), end: xOf(scale, Date.parse(group.to)) }))
      .filter(({ start, end }) => end >= 0 && start <= scale.width)
      .sort((a, b) => a.start - b.start)
    return grouped(placed, REQUEST_DISTANCE).map(items => requestMark(items, fault ?? undefined))
  })
}

function requestMark(
  items: readonly { group: RequestGroup; start: number; end: number }[],
  fault: string | undefined,
): RequestMark {
  const groups = items.map(({ group }) => group)
  const total = (countOf: (group: RequestGroup) => number) => groups.reduce((sum, group) => sum + countOf(group), 0)
  const count = total(group => group.count)
  return {
    type: 'requests',
    key: keyOfRequests(groups),
    // The first one: the middles of two neighbouring groups could be closer than their distance.
    x: items[0]?.start ?? 0,
    size: count === 1 ? SIZE.one : Math.min(SIZE.min + 2 * Math.log10(count), SIZE.max),
    groups,
    count,
    failed: total(({ failed }) => failed),
    forced: total(({ forced }) => forced),
    fault,
  }
}

/** Names the API, the fault, and the first and the last instant. */
function keyOfRequests(groups: readonly RequestGroup[]): string {
  const [first] = groups
  const last = Math.max(...groups.map(({ to }) => Date.parse(to)))
  return ['requests', first?.api ?? '', first?.fault ?? '', Date.parse(first?.from ?? ''), last].join(':')
}

/** `now` in ms since 1970. What is past and what is due are never in the same mark. */
export function eventMarks(events: readonly RecurringEvent[], scale: Scale, now: number): EventMark[] {
  const placed = events
    .map(event => ({ event, start: xOf(scale, event.at), end: xOf(scale, event.at) }))
    .filter(({ start }) => start >= 0 && start <= scale.width)
    .sort((a, b) => a.start - b.start)
  const [past, due] = [placed.filter(({ event }) => event.at <= now), placed.filter(({ event }) => event.at > now)]
  return [past, due].flatMap(part =>
    grouped(part, EVENT_DISTANCE).map(items => {
      const [first] = items as [(typeof items)[number], ...typeof items]
      const { api, kind, id, at } = first.event
      return {
        type: 'events',
        key: `event:${api}:${kind}:${id}:${at}`,
        x: first.start,
        events: items.map(({ event }) => event),
        isPast: at <= now,
      } as const
    }),
  )
}
