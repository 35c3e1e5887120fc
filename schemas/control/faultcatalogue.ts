// Schema of the control API: the catalogue of faults.
import { type Static, Type } from '@sinclair/typebox'
import { strict } from '../strict.ts'
import { FaultPlan } from './faultplans.ts'
import { FaultProfile } from './faults.ts'

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
    rule: Type.Record(Type.String(), Type.Unknown(), {
      description: 'The JSON Schema of each field of a rule, by name; the parameters of its fault are further fields',
    }),
    profiles: Type.Array(FaultProfile),
    plans: Type.Array(FaultPlan),
  },
  { $id: 'FaultCatalogue', ...strict },
)
export type FaultCatalogue = Static<typeof FaultCatalogue>
