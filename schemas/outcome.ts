// The schema of a job's outcome, which is decided when the job is submitted.
import { type Static, Type } from '@sinclair/typebox'
import { strict } from './strict.ts'

const phase = Type.Optional(
  Type.String({ description: 'The phase in which the job ends or gets stuck; default the last phase' }),
)

export const Outcome = Type.Union(
  [
    Type.Object({ result: Type.Literal('success') }, strict),
    Type.Object({ result: Type.Literal('fail'), phase, reason: Type.String() }, strict),
    Type.Object({ result: Type.Literal('cancel'), phase, reason: Type.Optional(Type.String()) }, strict),
    Type.Object({ result: Type.Literal('stuck'), phase }, strict),
    Type.Object({ result: Type.Literal('time-out') }, strict),
    Type.Object(
      { result: Type.Literal('no-result', { description: 'The job completes without producing its result' }) },
      strict,
    ),
  ],
  { description: 'How the job ends; decided when the job is submitted' },
)
export type Outcome = Static<typeof Outcome>
