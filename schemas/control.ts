// The control API under /__admin: what goes over the wire. Times are ISO 8601, durations `5m`, `PT5M` or ms.

import { type Static, Type } from '@sinclair/typebox'
import type { OperationId } from './contract.ts'
import { literals } from './literals.ts'
import { Outcome } from './outcome.ts'
import { FaultMatch } from './patterns.ts'
import { strict } from './strict.ts'

const iso = (description: string) => Type.String({ format: 'date-time', description })
const MAX_MS = 315_569_519_999_999
const MAX_DAYS = '3652424d'
const durationOrMs = (description: string) =>
  Type.Union([Type.String(), Type.Integer({ minimum: 0, maximum: MAX_MS })], {
    description: `${description}: 5m, 1h30m, PT5M, or ms; at most ${MAX_DAYS}`,
    'x-expected': `a duration such as 5m, 1h30m or PT5M, or a number of ms, at most ${MAX_DAYS}`,
  })
// A bare number is refused: people take it for seconds.
const duration = (description: string) =>
  Type.String({
    description: `${description}, with its unit: 300ms, 5m, 1h30m, PT5M; at most ${MAX_DAYS}`,
    'x-expected': 'text with a unit, as in "300ms", "5m", "1h30m" or "PT5M"',
  })
const factor = (description: string) =>
  Type.Number({ minimum: 1e-6, maximum: 1e6, description: `${description}; from 0.000001 to 1000000` })
const times = (description: string) => Type.Integer({ minimum: 1, maximum: 1_000_000_000, description })
const CLOCK_RANGE = 'a clock goes from 1970-01-01 to 9999-12-31T23:59:59.999Z'

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What was wrong and what would be right' }),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details', additionalProperties: true },
)
export type Problem = Static<typeof Problem>

export const Health = Type.Object(
  { status: Type.Literal('healthy'), version: Type.String(), uptimeMs: Type.Integer() },
  { $id: 'Health', ...strict },
)
export type Health = Static<typeof Health>

const clockFields = {
  mode: literals(['real', 'frozen', 'scaled']),
  now: iso('The virtual time'),
  factor: Type.Number({ description: 'Virtual ms per real ms: 0 is frozen, 1 is real' }),
  nextEventAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'When something is due next; null when nothing is',
  }),
}
export const Clock = Type.Object(clockFields, { $id: 'Clock', ...strict })
export type Clock = Static<typeof Clock>

const stopped = Type.Boolean({
  description:
    'The clock is not yet where it was to go: one call applies at most 100000 events (all of those due at one instant), and ' +
    'there is no time after 9999-12-31T23:59:59.999Z. Call again to go on from `now`',
})

export const ClockChanged = Type.Object({ ...clockFields, stopped }, { $id: 'ClockChanged', ...strict })
export type ClockChanged = Static<typeof ClockChanged>

export const ClockChange = Type.Object(
  {
    mode: Type.Optional(literals(['real', 'frozen', 'scaled'])),
    factor: Type.Optional(factor('With mode scaled: virtual ms per real ms')),
    now: Type.Optional(
      Type.String({ description: `ISO 8601, not before the present; +5m is relative to it; ${CLOCK_RANGE}` }),
    ),
  },
  { $id: 'ClockChange', ...strict },
)
export type ClockChange = Static<typeof ClockChange>

export const Advance = Type.Union(
  [
    Type.Object({ by: duration('How far') }, strict),
    Type.Object(
      {
        to: Type.Union([Type.String(), Type.Number()], {
          description: `ISO 8601, +5m for so long after the present, or epoch ms; ${CLOCK_RANGE}`,
        }),
      },
      strict,
    ),
    Type.Object(
      { toNextEvent: Type.Literal(true, { description: 'To the next instant at which something is due' }) },
      strict,
    ),
  ],
  { $id: 'Advance' },
)
export type Advance = Static<typeof Advance>

export const RunUntilIdle = Type.Object(
  { max: Type.Optional(duration('How far at most; a day when left out')) },
  { $id: 'RunUntilIdle', ...strict },
)
export type RunUntilIdle = Static<typeof RunUntilIdle>

export const Fired = Type.Object(
  {
    at: iso('Its own due time'),
    api: Type.String(),
    kind: Type.String(),
    id: Type.String(),
    phase: Type.Optional(Type.String({ description: 'The phase of the job that ended' })),
    state: Type.String({ description: 'What the job is after it; `ran` for a recurring event' }),
  },
  { $id: 'Fired', ...strict },
)
export type Fired = Static<typeof Fired>

export const Advanced = Type.Object(
  {
    now: iso('The virtual time'),
    stopped,
    fired: Type.Array(Fired, { description: 'The first 1000 events, in the order in which they happened' }),
    counts: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer({ minimum: 1 })), {
      description: 'How many events there were: by API, and there by kind',
    }),
  },
  { $id: 'Advanced', ...strict },
)
export type Advanced = Static<typeof Advanced>

const nullableIso = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])

export const Job = Type.Object(
  {
    id: Type.String(),
    api: Type.String(),
    kind: Type.String(),
    operation: Type.String({ description: 'The operation that submitted it' }),
    state: Type.String({ description: 'running, completed, failed, timed-out or cancelled' }),
    phase: Type.String({ description: 'The current phase, or the last one' }),
    submittedAt: iso('When it was submitted'),
    dueAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'When its phase ends; null when it ended, is stuck, or waits to be polled or moved by hand',
    }),
    endedAt: nullableIso,
    reason: Type.Union([Type.String(), Type.Null()], { description: 'Why it ends the way it does' }),
    phases: Type.Array(Type.Object({ name: Type.String(), endAt: nullableIso }, strict)),
  },
  { $id: 'Job', ...strict },
)
export type Job = Static<typeof Job>
export const JobList = Type.Array(Job, { $id: 'JobList' })

export const JobEnding = Type.Object(
  { reason: Type.Optional(Type.String({ description: 'What the API tells its clients about it' })) },
  { $id: 'JobEnding', ...strict },
)

const ruleFields = {
  operation: Type.String({ description: 'The operation that submits the jobs' }),
  progression: Type.Optional(Type.String({ description: 'time, immediate, polls:N or manual' })),
  speed: Type.Optional(factor('Durations are divided by it')),
  durations: Type.Optional(
    Type.Record(Type.String(), durationOrMs('A phase takes'), {
      description: 'By phase; the others take what they took',
    }),
  ),
  outcome: Type.Optional(Outcome),
  times: Type.Optional(times('For so many jobs; for all to come when left out')),
}
export const JobRuleRequest = Type.Object(
  // A misspelt operation does not compile.
  { ...ruleFields, operation: Type.Unsafe<OperationId>(ruleFields.operation) },
  { $id: 'JobRuleRequest', ...strict },
)
export type JobRuleRequest = Static<typeof JobRuleRequest>
export const JobRule = Type.Object(
  {
    id: Type.String(),
    ...ruleFields,
    used: Type.Integer({ description: 'Jobs that it was applied to' }),
    profile: Type.Optional(
      Type.String({ description: 'The fault profile that added it: the rule goes when the faults are cleared' }),
    ),
  },
  { $id: 'JobRule', ...strict },
)
export type JobRule = Static<typeof JobRule>
export const JobRuleList = Type.Array(JobRule, { $id: 'JobRuleList' })

const sequenceStep = Type.Unsafe<{ fault: string; [parameter: string]: unknown }>(
  Type.Object({ fault: Type.String() }, { additionalProperties: true }),
)
const faultFields = {
  api: Type.Optional(Type.String({ description: 'The name of the API; that of the operation when left out' })),
  operation: Type.String({
    description: 'An operationId, or * for every operation; with any method, so that getJob is getJobByPost as well',
  }),
  match: Type.Optional(FaultMatch),
  fault: Type.Optional(
    Type.String({ description: 'Its kind; its parameters stand beside it. GET /__admin/faults/catalogue lists them' }),
  ),
  sequence: Type.Optional(
    Type.Array(sequenceStep, {
      minItems: 1,
      maxItems: 1000,
      description: 'Instead of one fault: what happens to one matching request after the other; `none` lets it pass',
    }),
  ),
  times: Type.Optional(times('Fires so often; without a limit when left out')),
  nth: Type.Optional(times('Fires at the nth matching request and at no other')),
  probability: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1, description: 'Fires so likely, the same for the same seed' }),
  ),
}
// What else stands in it are the parameters of its fault.
export const FaultRequest = Type.Object(faultFields, { $id: 'FaultRequest', additionalProperties: true })
export type FaultRequest = Static<typeof FaultRequest> & Record<string, unknown>
export const Fault = Type.Object(
  {
    id: Type.String(),
    ...faultFields,
    matched: Type.Integer({ description: 'Requests that it was meant for' }),
    hits: Type.Integer({ description: 'Requests that it took; of several rules the one armed first takes a request' }),
    completed: Type.Boolean({ description: 'All its times are used up' }),
  },
  { $id: 'Fault', additionalProperties: true },
)
export type Fault = Static<typeof Fault>
export const FaultList = Type.Array(Fault, { $id: 'FaultList' })

export const FaultProfile = Type.Object(
  {
    name: Type.String(),
    description: Type.String(),
    faults: Type.Array(FaultRequest),
    jobRules: Type.Array(JobRuleRequest),
  },
  { $id: 'FaultProfile', ...strict },
)
export type FaultProfile = Static<typeof FaultProfile>
export const FaultProfileList = Type.Array(FaultProfile, { $id: 'FaultProfileList' })

export const ArmedProfile = Type.Object(
  { name: Type.String(), faults: Type.Array(Fault), jobRules: Type.Array(JobRule) },
  { $id: 'ArmedProfile', ...strict },
)
export type ArmedProfile = Static<typeof ArmedProfile>

export const FaultCatalogue = Type.Object(
  {
    faults: Type.Array(
      Type.Object(
        {
          fault: Type.String(),
          description: Type.String({ description: 'What it does' }),
          provokes: Type.String({ description: 'The bug of a client that it provokes' }),
          parameters: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema by name' }),
          required: Type.Array(Type.String(), { description: 'The parameters that cannot be left out' }),
        },
        strict,
      ),
      { description: 'A kind that can be set in several ways stands there once for each' },
    ),
    apis: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          operations: Type.Array(Type.String()),
          errors: Type.Array(
            Type.Object({ name: Type.String(), status: Type.Integer(), message: Type.String() }, strict),
            { description: 'What fault error can name' },
          ),
        },
        strict,
      ),
    ),
    profiles: Type.Array(FaultProfile),
  },
  { $id: 'FaultCatalogue', ...strict },
)
export type FaultCatalogue = Static<typeof FaultCatalogue>

const name = Type.String({ description: '1 to 63 of a-z, 0-9, - and _, the first a letter or a digit' })

export const SandboxRequest = Type.Object(
  {
    name,
    from: Type.Optional(
      Type.Union(
        [
          Type.Literal('fixture', { description: 'What the server was started with' }),
          Type.Literal('blank', { description: 'Nothing at all, no credentials either' }),
          Type.Object({ scenario: Type.String() }, strict),
          Type.Object({ snapshot: Type.String() }, strict),
        ],
        { description: 'What it begins with, and goes back to when it is reset' },
      ),
    ),
    clock: Type.Optional(Type.String({ description: 'As the option --clock; the server’s when left out' })),
    credentials: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Made-up credentials that lead here, each with the one that the APIs are to see in its place',
      }),
    ),
  },
  { $id: 'SandboxRequest', ...strict },
)
export type SandboxRequest = Static<typeof SandboxRequest>

export const Sandbox = Type.Object(
  { name, url: Type.String({ description: 'Base of every API in it' }) },
  { $id: 'Sandbox', ...strict },
)
export type Sandbox = Static<typeof Sandbox>
export const SandboxList = Type.Array(Sandbox, { $id: 'SandboxList' })

export const Snapshot = Type.Object({ name }, { $id: 'Snapshot', ...strict })
export const SnapshotList = Type.Array(Snapshot, { $id: 'SnapshotList' })

export const Cleanliness = Type.Object(
  {
    clean: Type.Boolean(),
    problems: Type.Array(Type.String(), { description: 'What is left over, in words' }),
  },
  { $id: 'Cleanliness', ...strict },
)
export type Cleanliness = Static<typeof Cleanliness>

export const StateDocument = Type.Unsafe<Record<string, unknown>>(
  Type.Object(
    { format: Type.Optional(Type.Integer()) },
    { $id: 'StateDocument', description: 'A whole sandbox; see /__admin/state/schema', additionalProperties: true },
  ),
)

export * from './outcome.ts'
export * from './patterns.ts'
export * from './requests.ts'
