// Schemas of drills: the files fixtures/drills/*.json and the responses of /__admin/drills. Times are virtual unless noted.
import { type Static, Type } from '@sinclair/typebox'
import { FaultPlanChoice, FaultRequest, JobRuleRequest } from './control.ts'
import { NAME, requirementFields } from './drills/requirements.ts'
import { Rule } from './drills/rules.ts'
import { literals } from './literals.ts'
import { ReportRequirement, RunLifecycle, RunVerdict } from './report.ts'
import { secret } from './secret.ts'
import { strict } from './strict.ts'

export { type Provenance, requirementFields } from './drills/requirements.ts'
export type { AnswerPattern, CallPattern, Rule, RuleOf } from './drills/rules.ts'
export { ruleForms } from './drills/rules.ts'

const sandbox = Type.String({ description: 'The sandbox of the drill run' })

export const Requirement = Type.Object({ ...requirementFields, rule: Rule }, { $id: 'Requirement', ...strict })
export type Requirement = Static<typeof Requirement>

export const Drill = Type.Object(
  {
    id: Type.String({ pattern: `^${NAME}$`, maxLength: 40 }),
    version: Type.Integer({ minimum: 1, description: 'Raised when a requirement is added, removed or changed' }),
    title: Type.String({ minLength: 1 }),
    api: Type.String(),
    task: Type.String({
      minLength: 1,
      description:
        'What the client must do, written for a person, with every limit that is judged; paths are relative to the URL',
    }),
    teaches: Type.String({ minLength: 1, description: 'The client mistake that the drill detects' }),
    inputs: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What the task is about, for a client: ids, names, paths relative to the URL',
    }),
    credentials: Type.Record(Type.String(), Type.String(), {
      ...secret,
      description: 'The credentials that the client must use',
    }),
    from: Type.Union([Type.Literal('fixture'), Type.Object({ scenario: Type.String() }, strict)]),
    clock: Type.String({
      format: 'date-time',
      description: 'The virtual time at the start; the clock then runs in real time',
    }),
    timeLimit: Type.Optional(
      Type.String({ description: 'How long the client may run, in real time, such as 30s; default 30s' }),
    ),
    advance: Type.Optional(Type.String({ description: 'How far the clock is advanced before the client starts' })),
    jobRules: Type.Optional(Type.Array(JobRuleRequest)),
    faults: Type.Optional(Type.Array(FaultRequest)),
    plan: Type.Optional(FaultPlanChoice),
    requirements: Type.Array(Requirement, { minItems: 1 }),
  },
  { $id: 'Drill', ...strict },
)
export type Drill = Static<typeof Drill>

export const DrillSummary = Type.Pick(Drill, ['id', 'version', 'title', 'api', 'teaches'], {
  $id: 'DrillSummary',
  ...strict,
})
export type DrillSummary = Static<typeof DrillSummary>
export const DrillList = Type.Array(DrillSummary, { $id: 'DrillList' })

export const DrillRun = Type.Object(
  {
    drill: Drill.properties.id,
    version: Drill.properties.version,
    sandbox,
    url: Type.String({ description: 'The URL of the API in the sandbox of the run, without a slash at the end' }),
    clockUrl: Type.String({ description: 'POST {"by": "5s"} to this URL instead of waiting' }),
    task: Drill.properties.task,
    inputs: Drill.properties.inputs,
    credentials: Drill.properties.credentials,
    verdictUrl: Type.String({
      description: 'Request this URL when the client has finished; add &sha256= and &outcome=',
    }),
  },
  { $id: 'DrillRun', ...strict },
)
export type DrillRun = Static<typeof DrillRun>

const outcome = (description: string) => literals(['success', 'failure'], { description })
const sha256 = Type.String({ pattern: '^[0-9a-fA-F]{64}$', description: 'The SHA-256 of the downloaded file, in hex' })

export const DrillVerdictRequest = Type.Object(
  {
    sandbox: Type.Optional(Type.String({ description: 'The sandbox of the run; default the latest run' })),
    sha256: Type.Optional(sha256),
    outcome: Type.Optional(outcome('The outcome that the client reported to its user')),
    answer: Type.Optional(
      Type.String({ description: 'Further fields that the client reports, as a JSON object', maxLength: 65_536 }),
    ),
  },
  strict,
)
export type DrillVerdictRequest = Static<typeof DrillVerdictRequest>

export const judgementFields = {
  verdict: RunVerdict,
  reasons: Type.Array(Type.String(), {
    description: 'Why the verdict is not passed, one sentence each; empty if it is passed',
  }),
  requirements: Type.Array(ReportRequirement),
}

export const DrillVerdict = Type.Object(
  {
    drill: Drill.properties.id,
    version: Drill.properties.version,
    sandbox,
    lifecycle: RunLifecycle,
    ...judgementFields,
  },
  { $id: 'DrillVerdict', ...strict },
)
export type DrillVerdict = Static<typeof DrillVerdict>
