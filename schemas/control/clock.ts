// Schemas of the control API: the clock and the events that it causes.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { strict } from '../strict.ts'
import { CLOCK_RANGE, duration, factor, iso } from './fields.ts'

const clockFields = {
  mode: literals(['real', 'frozen', 'scaled']),
  now: iso('The virtual time'),
  factor: Type.Number({ description: 'Virtual ms per real ms: 0 is frozen, 1 is real' }),
  nextEventAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'When the next event is due; null if none is scheduled',
  }),
}
export const Clock = Type.Object(clockFields, { $id: 'Clock', ...strict })
export type Clock = Static<typeof Clock>

const stopped = Type.Boolean({
  description:
    'Whether the clock stopped before the requested time. One call applies at most 100000 events, plus the others due at the ' +
    'same instant, and the clock ends at 9999-12-31T23:59:59.999Z. Call again to continue from `now`',
})

export const ClockChanged = Type.Object({ ...clockFields, stopped }, { $id: 'ClockChanged', ...strict })
export type ClockChanged = Static<typeof ClockChanged>

export const ClockChange = Type.Object(
  {
    mode: Type.Optional(literals(['real', 'frozen', 'scaled'])),
    factor: Type.Optional(factor('With mode scaled: virtual ms per real ms')),
    now: Type.Optional(
      Type.String({
        description: `ISO 8601 and not before the current virtual time, or relative to it, such as +5m; ${CLOCK_RANGE}`,
      }),
    ),
  },
  { $id: 'ClockChange', ...strict },
)
export type ClockChange = Static<typeof ClockChange>

export const Advance = Type.Union(
  [
    Type.Object({ by: duration('How far to move the clock') }, strict),
    Type.Object(
      {
        to: Type.Union([Type.String(), Type.Number()], {
          description: `ISO 8601, relative to the current virtual time such as +5m, or epoch ms; ${CLOCK_RANGE}`,
        }),
      },
      strict,
    ),
    Type.Object(
      {
        toNextEvent: Type.Literal(true, { description: 'Move the clock to the next instant at which an event is due' }),
      },
      strict,
    ),
  ],
  { $id: 'Advance' },
)
export type Advance = Static<typeof Advance>

export const RunUntilIdle = Type.Object(
  { max: Type.Optional(duration('How far to move the clock at most; default one day')) },
  { $id: 'RunUntilIdle', ...strict },
)
export type RunUntilIdle = Static<typeof RunUntilIdle>

export const Fired = Type.Object(
  {
    at: iso('Its own due time'),
    api: Type.String(),
    kind: Type.String(),
    id: Type.String(),
    phase: Type.Optional(Type.String({ description: 'The job phase that ended' })),
    state: Type.String({ description: 'The job state after the event; `ran` for a recurring event' }),
  },
  { $id: 'Fired', ...strict },
)
export type Fired = Static<typeof Fired>

export const Advanced = Type.Object(
  {
    now: iso('The virtual time'),
    stopped,
    fired: Type.Array(Fired, { description: 'The first 1000 events, in the order in which they were applied' }),
    counts: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer({ minimum: 1 })), {
      description: 'The number of events by API and kind',
    }),
  },
  { $id: 'Advanced', ...strict },
)
export type Advanced = Static<typeof Advanced>
