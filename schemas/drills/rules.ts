// Schemas of the rules by which drills judge what a client did.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { RequestPattern } from '../patterns.ts'
import { strict } from '../strict.ts'

const count = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }))
const ms = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }))

const Operation = Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })], {
  description: 'An operationId, a list of which any one matches, or * for every operation',
})

export const AnswerPattern = Type.Union(
  [
    Type.Literal('ok', { description: 'A complete successful response' }),
    Type.Integer({ description: 'An HTTP status' }),
    Type.String({ description: 'The name of an error in the catalogue of the API' }),
    Type.Record(Type.String(), Type.Unknown(), { description: 'A JSON body that contains these fields' }),
    Type.Array(Type.Unknown(), { description: 'A JSON body that is exactly this list, such as []' }),
  ],
  { description: 'ok, an HTTP status, the name of an error, fields of the body, or a whole list' },
)
export type AnswerPattern = Static<typeof AnswerPattern>

const callFields = {
  operation: Operation,
  request: Type.Optional(RequestPattern),
  answer: Type.Optional(AnswerPattern),
}
export const CallPattern = Type.Object(callFields, strict)
export type CallPattern = Static<typeof CallPattern>

/** What the state, the file and the answer of the client show after a run. */
const stateForms = [
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
    {
      rule: Type.Literal('reported'),
      match: Type.Record(Type.String(), Type.Unknown(), { description: 'Fields of the answer' }),
    },
    { ...strict, description: 'Further fields of the answer of the client, which its task names.' },
  ),
  Type.Object(
    { rule: Type.Literal('last-answer'), operation: Operation, answer: AnswerPattern },
    {
      ...strict,
      description: 'The response to the last call of an operation, which shows that the client saw the end.',
    },
  ),
] as const

/** One schema for each rule, distinguished by `rule`. */
export const ruleForms = [
  Type.Object(
    {
      rule: Type.Literal('calls'),
      ...callFields,
      exactly: count('The exact number'),
      atLeast: count('The minimum number'),
      atMost: count('The maximum number'),
    },
    { ...strict, description: 'How often an operation is called, in a certain way or with a certain response.' },
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
      description:
        'The waits between calls to the same path, or only those after a response that matches `after`. Each limit has a ' +
        'tolerance of a tenth, or of 50 ms of real time if that is more.',
    },
  ),
  Type.Object(
    {
      rule: Type.Literal('jitter'),
      operation: Operation,
      after: Type.Optional(AnswerPattern),
      minMs: Type.Integer({ minimum: 1, description: 'The minimum difference' }),
    },
    {
      ...strict,
      description:
        'The waits of different paths differ: of their first waits, or of their second ones and so on, the longest and the ' +
        'shortest differ by at least `minMs`. Waits are those of back-off. The verdict is inconclusive without two waits to compare.',
    },
  ),
  Type.Object(
    {
      rule: Type.Literal('duration'),
      operation: Operation,
      minMs: ms('The minimum'),
      maxMs: ms('The maximum'),
    },
    {
      ...strict,
      description:
        'The time from the first call of an operation to its last call, with the same tolerance as back-off.',
    },
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
    {
      rule: Type.Literal('fault-fired'),
      fault: Type.Integer({ minimum: 1, description: 'The position among the faults of the drill, starting at 1' }),
    },
    {
      ...strict,
      description:
        'A fault of the drill has fired as often as it can, or at least once if it has no limit. The verdict is ' +
        'inconclusive if it has not fired at all.',
    },
  ),
  Type.Object(
    { rule: Type.Literal('outcome'), outcome: literals(['success', 'failure']) },
    { ...strict, description: 'The outcome that the client reports to its user.' },
  ),
  ...stateForms,
  Type.Object(
    { rule: Type.Literal('if-success'), rules: Type.Array(Type.Union([...stateForms])) },
    {
      ...strict,
      description: 'If the client claims success, all of these hold. A client that reports failure has told the truth.',
    },
  ),
  Type.Object(
    { rule: Type.Literal('jobs'), atMost: Type.Integer({ minimum: 0, description: 'The maximum number' }) },
    { ...strict, description: 'How many jobs the client submits.' },
  ),
  Type.Object(
    { rule: Type.Literal('baseline') },
    {
      ...strict,
      description:
        'A call succeeds in the first stage of the plan of the drill and in its last. The verdict is inconclusive if no call was ' +
        'made in the first stage, or no fault of the plan has fired.',
    },
  ),
  Type.Object(
    { rule: Type.Literal('clean') },
    {
      ...strict,
      description: 'The sandbox passes assert-clean, ignoring the faults and job rules of the drill.',
    },
  ),
] as const
export const Rule = Type.Union([...ruleForms])
export type Rule = Static<typeof Rule>
export type RuleOf<Name extends Rule['rule']> = Extract<Rule, { rule: Name }>
