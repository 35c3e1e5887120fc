// Schemas of drills: the files fixtures/drills/*.json and the responses of /__admin/drills. Times are virtual.
import { type Static, Type } from '@sinclair/typebox'
import { FaultRequest, JobRuleRequest } from './control.ts'
import { literals } from './literals.ts'
import { secret } from './secret.ts'
import { strict } from './strict.ts'

const sandbox = Type.String({ description: 'The sandbox of the drill run' })
const count = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }))
const ms = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }))

const Operation = Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
  description: 'An operationId, or a list of which any one matches',
})

export const AnswerPattern = Type.Union(
  [
    Type.Literal('ok', { description: 'A complete successful response' }),
    Type.Integer({ description: 'An HTTP status' }),
    Type.String({ description: 'The name of an error in the catalogue of the API' }),
    Type.Record(Type.String(), Type.Unknown(), { description: 'A JSON body that contains these fields' }),
  ],
  { description: 'ok, an HTTP status, the name of an error, or fields of the body' },
)
export type AnswerPattern = Static<typeof AnswerPattern>

export const CallPattern = Type.Object({ operation: Operation, answer: Type.Optional(AnswerPattern) }, strict)
export type CallPattern = Static<typeof CallPattern>

/** One schema for each rule, distinguished by `rule`. */
export const goalForms = [
  Type.Object(
    {
      rule: Type.Literal('calls'),
      operation: Operation,
      answer: Type.Optional(AnswerPattern),
      exactly: count('The exact number'),
      atLeast: count('The minimum number'),
      atMost: count('The maximum number'),
    },
    { ...strict, description: 'How often an operation is called, or gets a certain response.' },
  ),
  Type.Object(
    { rule: Type.Literal('order'), steps: Type.Array(CallPattern, { minItems: 2 }) },
    { ...strict, description: 'These calls happen in this order; other calls may happen in between.' },
  ),
  Type.Object(
    {
      rule: Type.Literal('back-off'),
      operation: Operation,
      after: Type.Optional(AnswerPattern),
      minMs: ms('The minimum wait'),
      maxMs: ms('The maximum wait'),
      growing: Type.Optional(
        Type.Object(
          {
            factor: Type.Number({
              minimum: 1,
              description: 'Each wait is at least the previous wait times this factor',
            }),
            untilMs: Type.Integer({ minimum: 1, description: 'Waits of at least this length need not grow' }),
          },
          strict,
        ),
      ),
    },
    {
      ...strict,
      description: 'The waits between calls to the same path, or only those after a response that matches `after`.',
    },
  ),
  Type.Object(
    {
      rule: Type.Literal('duration'),
      operation: Operation,
      minMs: ms('The minimum'),
      maxMs: ms('The maximum'),
    },
    { ...strict, description: 'The time from the first call of an operation to its last call.' },
  ),
  Type.Object(
    {
      rule: Type.Literal('no-call-after'),
      after: CallPattern,
      operation: Type.Optional(Operation),
      samePath: Type.Optional(Type.Boolean({ description: 'Only calls to the same path' })),
    },
    {
      ...strict,
      description:
        'After a call that matches `after`, there is no call of `operation`, or no call at all if it is omitted.',
    },
  ),
  Type.Object(
    { rule: Type.Literal('last-answer'), operation: Operation, answer: AnswerPattern },
    {
      ...strict,
      description: 'The response to the last call of an operation, which shows that the client saw the end.',
    },
  ),
  Type.Object(
    {
      rule: Type.Literal('fault-fired'),
      fault: Type.Integer({ minimum: 1, description: 'The position among the faults of the drill, starting at 1' }),
    },
    { ...strict, description: 'A fault of the drill has fired as often as it can.' },
  ),
  Type.Object(
    {
      rule: Type.Literal('job'),
      operation: Operation,
      state: Type.String({ description: 'A job state as in /__admin/jobs' }),
    },
    { ...strict, description: 'The state of the last job that the client submitted with an operation.' },
  ),
  Type.Object(
    {
      rule: Type.Literal('rows'),
      table: Type.String({ description: 'A table of the API, named as in state documents' }),
      match: Type.Record(Type.String(), Type.Unknown(), { description: 'Fields that the row must contain' }),
      exactly: Type.Integer({ minimum: 0 }),
    },
    { ...strict, description: 'The number of matching rows at the end.' },
  ),
  Type.Object(
    { rule: Type.Literal('file'), name: Type.Optional(Type.String({ description: 'The name of the expected file' })) },
    { ...strict, description: 'The SHA-256 that the client reports is that of the last file it downloaded.' },
  ),
  Type.Object(
    { rule: Type.Literal('outcome'), outcome: literals(['success', 'failure']) },
    { ...strict, description: 'The outcome that the client reports to its user; given when the verdict is requested.' },
  ),
  Type.Object(
    { rule: Type.Literal('clean') },
    {
      ...strict,
      description: 'The sandbox passes assert-clean, ignoring the faults and job rules of the drill.',
    },
  ),
] as const
export const Goal = Type.Union([...goalForms])
export type Goal = Static<typeof Goal>
export type GoalOf<Name extends Goal['rule']> = Extract<Goal, { rule: Name }>

export const Drill = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 40 }),
    title: Type.String(),
    api: Type.String(),
    story: Type.String({ description: 'What the client must do, written for a person; paths are relative to the URL' }),
    teaches: Type.String({ description: 'The client mistake that the drill detects' }),
    credentials: Type.Record(Type.String(), Type.String(), {
      ...secret,
      description: 'The credentials that the client must use',
    }),
    from: Type.Union([Type.Literal('fixture'), Type.Object({ scenario: Type.String() }, strict)]),
    clock: Type.String({
      format: 'date-time',
      description: 'The virtual time at the start; the clock then runs in real time',
    }),
    advance: Type.Optional(Type.String({ description: 'How far the clock is advanced before the client starts' })),
    jobRules: Type.Optional(Type.Array(JobRuleRequest)),
    faults: Type.Optional(Type.Array(FaultRequest)),
    goal: Type.Array(Goal, { minItems: 1 }),
  },
  { $id: 'Drill', ...strict },
)
export type Drill = Static<typeof Drill>

export const DrillSummary = Type.Pick(Drill, ['id', 'title', 'api', 'teaches'], { $id: 'DrillSummary', ...strict })
export type DrillSummary = Static<typeof DrillSummary>
export const DrillList = Type.Array(DrillSummary, { $id: 'DrillList' })

export const DrillRun = Type.Object(
  {
    drill: Type.String(),
    sandbox,
    url: Type.String({ description: 'The URL of the API in the sandbox of the run' }),
    story: Drill.properties.story,
    credentials: Drill.properties.credentials,
    verdictUrl: Type.String({
      description: 'Request this URL when the client has finished; add &sha256= and &outcome=',
    }),
  },
  { $id: 'DrillRun', ...strict },
)
export type DrillRun = Static<typeof DrillRun>

export const DrillVerdictRequest = Type.Object(
  {
    sandbox: Type.Optional(Type.String({ description: 'The sandbox of the run; default the latest run' })),
    sha256: Type.Optional(
      Type.String({ pattern: '^[0-9a-fA-F]{64}$', description: 'The SHA-256 of the downloaded file, in hex' }),
    ),
    outcome: Type.Optional(
      literals(['success', 'failure'], { description: 'The outcome that the client reported to its user' }),
    ),
  },
  strict,
)
export type DrillVerdictRequest = Static<typeof DrillVerdictRequest>

export const DrillVerdict = Type.Object(
  {
    drill: Type.String(),
    sandbox,
    passed: Type.Boolean(),
    reasons: Type.Array(Type.String(), { description: 'Why the drill failed, one sentence each; empty if it passed' }),
    rules: Type.Array(
      Type.Object(
        {
          rule: Type.String({ description: 'The rule in words' }),
          passed: Type.Boolean(),
          detail: Type.String({ description: 'What was found' }),
        },
        strict,
      ),
    ),
  },
  { $id: 'DrillVerdict', ...strict },
)
export type DrillVerdict = Static<typeof DrillVerdict>
