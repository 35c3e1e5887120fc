// Schemas of the control API: faults and fault profiles.
import { type Static, Type } from '@sinclair/typebox'
import { FaultMatch } from '../patterns.ts'
import { strict } from '../strict.ts'
import { times } from './fields.ts'
import { JobRule, JobRuleRequest } from './jobs.ts'

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
  perFile: Type.Optional(
    Type.Boolean({
      description:
        'Whether times, nth and sequence count the requests for each path by themselves, for downloads of several files; up to 1000 paths match',
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
    plan: Type.Optional(Type.String({ description: 'The id of the plan that it was armed with' })),
    stage: Type.Optional(Type.Integer({ description: 'The stage of the plan during which it applies, starting at 1' })),
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
