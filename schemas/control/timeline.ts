// Schemas of the control API: what happened in a sandbox and what is planned, over virtual time.
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { strict } from '../strict.ts'
import { Clock, Fired } from './clock.ts'
import { CLOCK_RANGE, iso } from './fields.ts'
import { Job } from './jobs.ts'

const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const boundary = (description: string) =>
  Type.Optional(
    Type.String({
      description: `${description}; ISO 8601, or relative to the virtual time, such as -1h or +5m; ${CLOCK_RANGE}`,
    }),
  )

export const TimelineQuery = Type.Object({
  from: boundary('The start of the window; default `first`'),
  to: boundary('The end of the window; default `last`'),
  resolution: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 2000,
      description:
        'Divides the window into this many parts. Requests in the same part, to the same API and with the same fault are one ' +
        'group; without it, each request is a group',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 5000, description: 'The maximum length of each list; default 1000' }),
  ),
})
export type TimelineQuery = Static<typeof TimelineQuery>

const Upcoming = Type.Object(
  { at: iso('When it is due'), api: Type.String(), kind: Type.String(), id: Type.String() },
  strict,
)
export type Upcoming = Static<typeof Upcoming>

const RequestGroup = Type.Object(
  {
    api: nullable(Type.String(), 'Null if the path belongs to no API'),
    fault: nullable(Type.String(), 'The kind of the fault that was applied'),
    from: iso('When the first one arrived, in virtual time'),
    to: iso('When the last one arrived, in virtual time'),
    count: Type.Integer(),
    failed: Type.Integer({ description: 'How many got a status of 400 or more, or ended without a response' }),
    forced: Type.Integer({ description: 'How many got a forced response' }),
    first: Type.String({ format: 'uuid', description: 'The id of the first request in the journal' }),
    last: Type.String({ format: 'uuid', description: 'The id of the last request in the journal' }),
    method: nullable(Type.String(), 'Of all requests of the group; null if they differ'),
    operation: nullable(Type.String(), 'Of all requests of the group; null if they differ, or if no route matched'),
    status: nullable(Type.Integer(), 'Of all responses of the group; null if they differ, or if none was sent'),
  },
  strict,
)
export type RequestGroup = Static<typeof RequestGroup>

const TimelinePlan = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    stages: Type.Array(
      Type.Object(
        {
          from: iso('When the stage starts'),
          until: nullable(Type.String({ format: 'date-time' }), 'When the next one starts; null for the last one'),
          faults: Type.Array(Type.String(), { description: 'The kinds of its faults' }),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type TimelinePlan = Static<typeof TimelinePlan>

export const Timeline = Type.Object(
  {
    clock: Clock,
    first: iso('The earliest instant that is known of a job, a request or a plan of faults, or now'),
    last: iso('When the last job ended or is due to end, or now if that is later'),
    from: iso('The start of the window'),
    to: iso('The end of the window'),
    jobs: Type.Array(Job, { description: 'The jobs that ran, run or will run in the window, in order of submission' }),
    happened: Type.Array(Fired, {
      description:
        'The events in the window, in order. The latest 5000 events of a sandbox are kept, until the server stops',
    }),
    upcoming: Type.Array(Upcoming, { description: 'The recurring events that are due in the window, in order' }),
    upcomingUntil: iso('The list of recurring events is complete until then'),
    requests: Type.Array(RequestGroup, {
      description: 'The requests of the journal in the window, in groups, in order',
    }),
    plans: Type.Array(TimelinePlan, { description: 'The armed plans of faults' }),
    omitted: Type.Object(
      { jobs: Type.Integer(), happened: Type.Integer(), requests: Type.Integer() },
      { ...strict, description: 'How many were left out of each list because of the limit: the earliest ones' },
    ),
  },
  { $id: 'Timeline', ...strict },
)
export type Timeline = Static<typeof Timeline>
