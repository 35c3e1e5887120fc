// How a job ends: the outcome that is decided when it is submitted.
import { type Static, Type } from '@sinclair/typebox'
import { strict } from './strict.ts'

const phase = Type.Optional(Type.String({ description: 'The phase in which it happens; the last when left out' }))

export const Outcome = Type.Union(
  [
    Type.Object({ result: Type.Literal('success') }, strict),
    Type.Object({ result: Type.Literal('fail'), phase, reason: Type.String() }, strict),
    Type.Object({ result: Type.Literal('cancel'), phase, reason: Type.Optional(Type.String()) }, strict),
    Type.Object({ result: Type.Literal('stuck'), phase }, strict),
    Type.Object({ result: Type.Literal('time-out') }, strict),
    Type.Object(
      { result: Type.Literal('no-result', { description: 'Completes without what it should make' }) },
      strict,
    ),
  ],
  { description: 'How the job ends; decided when it is submitted' },
)
export type Outcome = Static<typeof Outcome>
