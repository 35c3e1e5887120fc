// Schemas of the control API: plans of faults, which are stages over virtual time.
import { type Static, Type } from '@sinclair/typebox'
import { strict } from '../strict.ts'
import { Fault, FaultRequest } from './faults.ts'
import { duration, iso } from './fields.ts'

const name = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'The name of a ready-made plan, which the catalogue lists; with `stages`, any name',
})

export const FaultStage = Type.Object(
  {
    from: duration('When the stage starts, counted from the start of the plan; it ends when the next one starts'),
    description: Type.Optional(Type.String()),
    faults: Type.Optional(
      Type.Array(FaultRequest, {
        maxItems: 100,
        description: 'The faults that apply during the stage; none if omitted',
      }),
    ),
  },
  strict,
)
export type FaultStage = Static<typeof FaultStage>
const LENGTH = { minItems: 1, maxItems: 100 }

export const FaultPlanRequest = Type.Object(
  {
    name,
    stages: Type.Optional(
      Type.Array(FaultStage, { ...LENGTH, description: 'The stages, each starting later than the one before it' }),
    ),
  },
  { $id: 'FaultPlanRequest', ...strict },
)
export type FaultPlanRequest = Static<typeof FaultPlanRequest>

/** As options and drills name a plan. */
export const FaultPlanChoice = Type.Union([Type.String(), FaultPlanRequest], {
  description: 'The name of a ready-made plan of faults, or a plan with its own stages; it starts with the sandbox',
  'x-expected':
    'the name of a plan, or an object with a name and stages, as in {"name":"mine","stages":[{"from":"0s"}]}',
})
export type FaultPlanChoice = Static<typeof FaultPlanChoice>

export const FaultPlan = Type.Object(
  { name: Type.String(), description: Type.String(), stages: Type.Array(FaultStage, LENGTH) },
  { $id: 'FaultPlan', ...strict },
)
export type FaultPlan = Static<typeof FaultPlan>

export const ArmedFaultPlan = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    stage: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The stage that applies now, starting at 1; null before the first',
    }),
    stages: Type.Array(Type.Object({ from: iso('When the stage starts'), faults: Type.Array(Fault) }, strict)),
  },
  { $id: 'ArmedFaultPlan', ...strict },
)
export type ArmedFaultPlan = Static<typeof ArmedFaultPlan>
export const ArmedFaultPlanList = Type.Array(ArmedFaultPlan, { $id: 'ArmedFaultPlanList' })
