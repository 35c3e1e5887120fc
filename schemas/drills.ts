// Drills: what fixtures/drills/*.json say, and what /__admin/drills sends. Times are virtual, in ms where a name ends so.
import { type Static, Type } from '@sinclair/typebox'
import { FaultRequest, JobRuleRequest } from './control.ts'
import { literals } from './literals.ts'
import { strict } from './strict.ts'

const sandbox = Type.String({ description: 'The sandbox of the run' })
const count = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }))
const ms = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }))

const Operation = Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
  description: 'An operationId; several mean any of them',
})

export const AnswerPattern = Type.Union(
  [
    Type.Literal('ok', { description: 'All of an answer that is no failure' }),
    Type.Integer({ description: 'An HTTP status' }),
    Type.String({ description: 'The name of an error in the catalogue of the API' }),
    Type.Record(Type.String(), Type.Unknown(), { description: 'A JSON body with these fields among others' }),
  ],
  { description: 'ok, an HTTP status, the name of an error, or fields of the body' },
)
export type AnswerPattern = Static<typeof AnswerPattern>

export const CallPattern = Type.Object({ operation: Operation, answer: Type.Optional(AnswerPattern) }, strict)
export type CallPattern = Static<typeof CallPattern>

/** One form for each rule: its name is what tells them apart. */
export const goalForms = [
  Type.Object(
    {
      rule: Type.Literal('calls'),
      operation: Operation,
      answer: Type.Optional(AnswerPattern),
      exactly: count('So many'),
      atLeast: count('So many or more'),
      atMost: count('So many or fewer'),
    },
    { ...strict, description: 'How often an operation is called, or gets an answer.' },
  ),
  Type.Object(
    { rule: Type.Literal('order'), steps: Type.Array(CallPattern, { minItems: 2 }) },
    { ...strict, description: 'Each of these comes after the one before, whatever else comes in between.' },
  ),
  Type.Object(
    {
      rule: Type.Literal('back-off'),
      operation: Operation,
      after: Type.Optional(AnswerPattern),
      minMs: ms('The shortest wait'),
      maxMs: ms('The longest wait'),
      growing: Type.Optional(
        Type.Object(
          {
            factor: Type.Number({ minimum: 1, description: 'Each wait is at least so many times the one before' }),
            untilMs: Type.Integer({ minimum: 1, description: 'Waits of this length need not grow any more' }),
          },
          strict,
        ),
      ),
    },
    { ...strict, description: 'The waits between calls of one path, or those after a call with the answer `after`.' },
  ),
  Type.Object(
    {
      rule: Type.Literal('duration'),
      operation: Operation,
      minMs: ms('The shortest'),
      maxMs: ms('The longest'),
    },
    { ...strict, description: 'The time from the first call of an operation to the last.' },
  ),
  Type.Object(
    {
      rule: Type.Literal('no-call-after'),
      after: CallPattern,
      operation: Type.Optional(Operation),
      samePath: Type.Optional(Type.Boolean({ description: 'Only calls of the path that was answered so' })),
    },
    { ...strict, description: 'Once a call got that answer, none follows: of that operation, or of any at all.' },
  ),
  Type.Object(
    { rule: Type.Literal('last-answer'), operation: Operation, answer: AnswerPattern },
    { ...strict, description: 'What the last call of an operation is answered with: the client has seen the end.' },
  ),
  Type.Object(
    {
      rule: Type.Literal('fault-fired'),
      fault: Type.Integer({ minimum: 1, description: 'Its place among the faults of the drill: 1 is the first' }),
    },
    { ...strict, description: 'The client has run into a fault of the drill as often as it can fire.' },
  ),
  Type.Object(
    { rule: Type.Literal('job'), operation: Operation, state: Type.String({ description: 'As /__admin/jobs has it' }) },
    { ...strict, description: 'What the last job is that the client submitted with an operation.' },
  ),
  Type.Object(
    {
      rule: Type.Literal('rows'),
      table: Type.String({ description: 'Of the API, as state documents name it' }),
      match: Type.Record(Type.String(), Type.Unknown(), { description: 'Fields that a row has among others' }),
      exactly: Type.Integer({ minimum: 0 }),
    },
    { ...strict, description: 'How many such rows the API holds at the end.' },
  ),
  Type.Object(
    { rule: Type.Literal('file'), name: Type.Optional(Type.String({ description: 'The file that it must be' })) },
    { ...strict, description: 'The SHA-256 that the client reports is that of the file it last downloaded.' },
  ),
  Type.Object(
    { rule: Type.Literal('outcome'), outcome: literals(['success', 'failure']) },
    { ...strict, description: 'What the client tells its user: it reports the outcome when it asks for the verdict.' },
  ),
  Type.Object(
    { rule: Type.Literal('clean') },
    {
      ...strict,
      description: 'What assert-clean asks of a sandbox, apart from the faults and job rules of the drill itself.',
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
    story: Type.String({ description: 'What the client is to do, for a person; paths are relative to the URL' }),
    teaches: Type.String({ description: 'The mistake of real clients that it finds' }),
    credentials: Type.Record(Type.String(), Type.String(), {
      description: 'What the client is to identify itself with',
    }),
    from: Type.Union([Type.Literal('fixture'), Type.Object({ scenario: Type.String() }, strict)]),
    clock: Type.String({ format: 'date-time', description: 'When it begins; time runs on from there by itself' }),
    advance: Type.Optional(Type.String({ description: 'How far the clock is moved before the client begins' })),
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
    url: Type.String({ description: 'Where the client finds the API, in a sandbox of its own' }),
    story: Drill.properties.story,
    credentials: Drill.properties.credentials,
    verdictUrl: Type.String({ description: 'To ask when the client has ended; add &sha256= and &outcome=' }),
  },
  { $id: 'DrillRun', ...strict },
)
export type DrillRun = Static<typeof DrillRun>

export const DrillVerdictRequest = Type.Object(
  {
    sandbox: Type.Optional(Type.String({ description: 'The sandbox of the run; that of the latest when left out' })),
    sha256: Type.Optional(
      Type.String({ pattern: '^[0-9a-fA-F]{64}$', description: 'Of the file that the client downloaded, in hex' }),
    ),
    outcome: Type.Optional(literals(['success', 'failure'], { description: 'What the client told its user' })),
  },
  strict,
)
export type DrillVerdictRequest = Static<typeof DrillVerdictRequest>

export const DrillVerdict = Type.Object(
  {
    drill: Type.String(),
    sandbox,
    passed: Type.Boolean(),
    reasons: Type.Array(Type.String(), { description: 'Why not, in sentences; empty when it passed' }),
    rules: Type.Array(
      Type.Object(
        {
          rule: Type.String({ description: 'What was asked for' }),
          passed: Type.Boolean(),
          detail: Type.String({ description: 'What there was' }),
        },
        strict,
      ),
    ),
  },
  { $id: 'DrillVerdict', ...strict },
)
export type DrillVerdict = Static<typeof DrillVerdict>
