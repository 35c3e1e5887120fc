// Schema of the evidence of a drill run: what the client sent and got, and the state before and after. Secrets are redacted.
import { type Static, Type } from '@sinclair/typebox'
import { iso } from './control/fields.ts'
import { Check, Har } from './requests.ts'
import { strict } from './strict.ts'

const State = Type.Record(Type.String(), Type.Unknown(), { description: 'A state document with the API of the drill' })

export const TimedTrace = Type.Object(
  {
    drill: Type.String(),
    sandbox: Type.String(),
    startedAt: iso('In virtual time'),
    calls: Type.Array(
      Type.Object(
        {
          id: Type.String({ description: 'The id of the journal entry' }),
          at: iso('When the request arrived, in virtual time'),
          afterMs: Type.Integer({ description: 'The virtual time since the start of the run' }),
          waitMs: Type.Integer({ description: 'The virtual time since the previous request, or since the start' }),
          request: Type.String({ description: 'Method and URL' }),
          verdict: Type.String({ description: 'The result in one sentence' }),
          checks: Type.Array(Check, { description: 'The stages of the request, in order' }),
        },
        strict,
      ),
    ),
  },
  { $id: 'TimedTrace', ...strict },
)
export type TimedTrace = Static<typeof TimedTrace>

export const DrillEvidence = Type.Object(
  { har: Har, trace: TimedTrace, before: State, after: State },
  { $id: 'DrillEvidence', ...strict },
)
export type DrillEvidence = Static<typeof DrillEvidence>
