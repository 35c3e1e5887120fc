// Schemas of the control API under /__admin. Times are ISO 8601; durations are `5m`, `PT5M` or ms.

import { type Static, Type } from '@sinclair/typebox'
import type { OperationId } from './contract.ts'
import { literals } from './literals.ts'
import { Outcome } from './outcome.ts'
import { FaultMatch } from './patterns.ts'
import { secret } from './secret.ts'
import { strict } from './strict.ts'

const iso = (description: string) => Type.String({ format: 'date-time', description })
const MAX_MS = 315_569_519_999_999
const MAX_DAYS = '3652424d'
const durationOrMs = (description: string) =>
  Type.Union([Type.String(), Type.Integer({ minimum: 0, maximum: MAX_MS })], {
    description: `${description}: 5m, 1h30m, PT5M, or ms; at most ${MAX_DAYS}`,
    'x-expected': `a duration such as 5m, 1h30m or PT5M, or a number of ms, at most ${MAX_DAYS}`,
  })
// A bare number is rejected because readers may take it for seconds.
const duration = (description: string) =>
  Type.String({
    description: `${description}; a duration with a unit, such as 300ms, 5m, 1h30m or PT5M; at most ${MAX_DAYS}`,
    'x-expected': 'text with a unit, as in "300ms", "5m", "1h30m" or "PT5M"',
  })
const factor = (description: string) =>
  Type.Number({ minimum: 1e-6, maximum: 1e6, description: `${description}; from 0.000001 to 1000000` })
const times = (description: string) => Type.Integer({ minimum: 1, maximum: 1_000_000_000, description })
const CLOCK_RANGE = 'the range is 1970-01-01 to 9999-12-31T23:59:59.999Z'

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong and how to fix it' }),
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

const nullableIso = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])

export const Job = Type.Object(
  {
    id: Type.String(),
    api: Type.String(),
    kind: Type.String(),
    operation: Type.String({ description: 'The operation that submitted the job' }),
    state: Type.String({ description: 'running, completed, failed, timed-out or cancelled' }),
    phase: Type.String({ description: 'The current phase, or the last one' }),
    submittedAt: iso('When it was submitted'),
    dueAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description:
        'When the current phase ends; null if the job has ended, is stuck, or progresses by polls or by hand',
    }),
    endedAt: nullableIso,
    reason: Type.Union([Type.String(), Type.Null()], { description: 'Why the job ends as it does' }),
    phases: Type.Array(Type.Object({ name: Type.String(), endAt: nullableIso }, strict)),
  },
  { $id: 'Job', ...strict },
)
export type Job = Static<typeof Job>
export const JobList = Type.Array(Job, { $id: 'JobList' })

export const JobEnding = Type.Object(
  { reason: Type.Optional(Type.String({ description: 'The reason that the API reports to its clients' })) },
  { $id: 'JobEnding', ...strict },
)

const ruleFields = {
  operation: Type.String({ description: 'The operation that submits the jobs' }),
  progression: Type.Optional(Type.String({ description: 'How the jobs progress: time, immediate, polls:N or manual' })),
  speed: Type.Optional(factor('Divides all durations')),
  durations: Type.Optional(
    Type.Record(Type.String(), durationOrMs('The duration of the phase'), {
      description: 'Durations by phase; other phases keep theirs',
    }),
  ),
  outcome: Type.Optional(Outcome),
  times: Type.Optional(times('How many jobs the rule applies to; default all later jobs')),
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
    used: Type.Integer({ description: 'How many jobs the rule was applied to' }),
    profile: Type.Optional(
      Type.String({ description: 'The fault profile that added the rule; clearing the faults removes the rule' }),
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
  api: Type.Optional(Type.String({ description: 'The name of the API; default the API of the operation' })),
  operation: Type.String({
    description:
      'An operationId, or * for every operation. Includes the variants with other methods: getJob also matches getJobByPost',
  }),
  match: Type.Optional(FaultMatch),
  fault: Type.Optional(
    Type.String({
      description:
        'The fault kind. Its parameters are further fields of this object; GET /__admin/faults/catalogue lists them',
    }),
  ),
  sequence: Type.Optional(
    Type.Array(sequenceStep, {
      minItems: 1,
      maxItems: 1000,
      description: 'Instead of `fault`: one step for each matching request, in order; `none` leaves the request alone',
    }),
  ),
  times: Type.Optional(times('How often the fault fires; default without limit')),
  nth: Type.Optional(times('Fires only at the nth matching request')),
  probability: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'The probability that the fault fires; repeatable with the same seed',
    }),
  ),
}
// Additional properties are the parameters of the fault kind.
export const FaultRequest = Type.Object(faultFields, { $id: 'FaultRequest', additionalProperties: true })
export type FaultRequest = Static<typeof FaultRequest> & Record<string, unknown>
export const Fault = Type.Object(
  {
    id: Type.String(),
    ...faultFields,
    matched: Type.Integer({ description: 'How many requests matched the rule' }),
    hits: Type.Integer({
      description:
        'How many requests the fault was applied to. If several rules match a request, the one armed first applies',
    }),
    completed: Type.Boolean({ description: 'Whether the fault has fired as often as `times` allows' }),
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
          description: Type.String({ description: 'What the fault does' }),
          provokes: Type.String({ description: 'The client bug that the fault provokes' }),
          parameters: Type.Record(Type.String(), Type.Unknown(), {
            description: 'The JSON Schema of each parameter, by name',
          }),
          required: Type.Array(Type.String(), { description: 'The names of the required parameters' }),
        },
        strict,
      ),
      { description: 'A kind with several forms is listed once per form' },
    ),
    apis: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          operations: Type.Array(Type.String()),
          errors: Type.Array(
            Type.Object({ name: Type.String(), status: Type.Integer(), message: Type.String() }, strict),
            { description: 'The error names that the fault kind `error` accepts' },
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

const name = Type.String({ description: '1–63 characters from a-z, 0-9, - and _, starting with a letter or a digit' })

export const SandboxRequest = Type.Object(
  {
    name,
    from: Type.Optional(
      Type.Union(
        [
          Type.Literal('fixture', { description: 'The initial state that the server was started with' }),
          Type.Literal('blank', { description: 'An empty state, without credentials' }),
          Type.Object({ scenario: Type.String() }, strict),
          Type.Object({ snapshot: Type.String() }, strict),
        ],
        { description: 'The initial state, restored by a reset' },
      ),
    ),
    clock: Type.Optional(
      Type.String({ description: 'A value of the option --clock; default the clock option of the server' }),
    ),
    credentials: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        ...secret,
        description:
          'Credentials whose requests are routed to this sandbox, each with the credential that the APIs see instead',
      }),
    ),
  },
  { $id: 'SandboxRequest', ...strict },
)
export type SandboxRequest = Static<typeof SandboxRequest>

export const Sandbox = Type.Object(
  { name, url: Type.String({ description: 'The base URL of the APIs in this sandbox' }) },
  { $id: 'Sandbox', ...strict },
)
export type Sandbox = Static<typeof Sandbox>
export const SandboxList = Type.Array(Sandbox, { $id: 'SandboxList' })

export const Snapshot = Type.Object({ name }, { $id: 'Snapshot', ...strict })
export const SnapshotList = Type.Array(Snapshot, { $id: 'SnapshotList' })

export const Cleanliness = Type.Object(
  {
    clean: Type.Boolean(),
    problems: Type.Array(Type.String(), { description: 'One sentence for each thing that is left over' }),
  },
  { $id: 'Cleanliness', ...strict },
)
export type Cleanliness = Static<typeof Cleanliness>

export const StateDocument = Type.Unsafe<Record<string, unknown>>(
  Type.Object(
    { format: Type.Optional(Type.Integer()) },
    {
      $id: 'StateDocument',
      description: 'The complete state of a sandbox; see /__admin/state/schema',
      additionalProperties: true,
    },
  ),
)

export * from './credentials.ts'
export * from './outcome.ts'
export * from './patterns.ts'
export * from './requests.ts'
