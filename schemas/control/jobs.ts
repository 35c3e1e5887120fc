// Schemas of the control API: jobs, and rules for later jobs.
import { type Static, Type } from '@sinclair/typebox'
import type { OperationId } from '../contract.ts'
import { Outcome } from '../outcome.ts'
import { strict } from '../strict.ts'
import { durationOrMs, factor, iso, nullableIso, times } from './fields.ts'

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
