// Schema of the report of a certification, the one document from which all other forms of the report are made.
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { iso } from './control/fields.ts'
import { requirementFields } from './drills/requirements.ts'
import { literals } from './literals.ts'
import { strict } from './strict.ts'

export const REPORT_FORMAT = 'firedrill-report/1'

const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const count = Type.Integer({ minimum: 0 })

export const RunLifecycle = literals(['waiting', 'running', 'finished', 'interrupted'], {
  description:
    'waiting: no request was received yet. running: the client has sent a request. finished: its result was handed in. ' +
    'interrupted: the run was stopped, or its sandbox no longer exists',
})
export type RunLifecycle = Static<typeof RunLifecycle>

export const RunVerdict = literals(['passed', 'failed', 'warning', 'inconclusive', 'skipped', 'error'], {
  description:
    'inconclusive: nothing is known, for example because a fault never fired or the client never called. ' +
    'error: Firedrill could not judge. skipped: it was not run',
})
export type RunVerdict = Static<typeof RunVerdict>

const Expectation = Type.Optional(
  literals(['known-failing', 'unexpected-pass'], {
    description:
      'Only for what the list of known failures names: it failed as expected, or it passed and has to be removed from the list',
  }),
)

export const ReportClient = Type.Object(
  {
    name: Type.String({ maxLength: 200 }),
    version: Type.Optional(Type.String({ maxLength: 200 })),
    url: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { ...strict, description: 'The client that is tested' },
)
export type ReportClient = Static<typeof ReportClient>

export const ReportRequirement = Type.Object(
  {
    ...requirementFields,
    verdict: RunVerdict,
    expectation: Expectation,
    expected: Type.String({ description: 'What had to happen, in plain words' }),
    observed: Type.String({ description: 'What happened, in plain words' }),
    evidence: Type.Array(Type.String(), { description: 'The ids of the journal entries that show it, at most 20' }),
  },
  strict,
)
export type ReportRequirement = Static<typeof ReportRequirement>

export const ReportCall = Type.Object(
  {
    id: Type.String({ description: 'The id of the journal entry' }),
    at: iso('When the request arrived, in virtual time'),
    operation: nullable(Type.String(), 'Null for requests that no operation serves'),
    method: Type.String(),
    path: Type.String({ description: 'Without the sandbox prefix; secrets are redacted' }),
    status: nullable(Type.Integer(), 'Null if the client got no response'),
    error: nullable(Type.String(), 'The name of the returned error in the catalogue of the API'),
    fault: nullable(Type.String(), 'The kind of the fault that was applied'),
    durationMs: nullable(Type.Number(), "In this machine's time; null if the response was not completed"),
  },
  strict,
)
export type ReportCall = Static<typeof ReportCall>

export const ReportResult = Type.Object(
  {
    claim: literals(['success', 'failure', 'none'], {
      description: 'What the client said about its task; none if it crashed, hung or was stopped',
    }),
    answer: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'The JSON object that the client wrote, if it did' }),
    ),
    exitCode: Type.Optional(Type.Integer()),
    signal: Type.Optional(Type.String({ description: 'The signal that ended the client' })),
    timedOut: Type.Optional(Type.Boolean({ description: "The client was stopped at the drill's time limit" })),
    sha256: Type.Optional(
      Type.String({ pattern: '^[0-9a-fA-F]{64}$', description: 'The SHA-256 of the file that the client saved' }),
    ),
    problem: Type.Optional(Type.String({ description: 'Why the answer of the client could not be read' })),
    output: Type.Optional(Type.String({ description: 'The end of what the client printed; credentials are redacted' })),
  },
  strict,
)
export type ReportResult = Static<typeof ReportResult>

export const ReportDrill = Type.Object(
  {
    id: Type.String(),
    version: Type.Integer({ minimum: 1 }),
    title: Type.String(),
    api: Type.String(),
    task: Type.String({ description: 'What the client had to do' }),
    teaches: Type.String({ description: 'The client mistake that the drill detects' }),
    lifecycle: RunLifecycle,
    verdict: RunVerdict,
    expectation: Expectation,
    reason: Type.Optional(Type.String({ description: 'Why the verdict is inconclusive, error or skipped' })),
    clock: nullable(
      Type.Object({ from: iso('At the start'), to: iso('At the end') }, strict),
      'The virtual time of the run; null if it did not start, or its sandbox no longer exists',
    ),
    result: nullable(ReportResult, 'Null until it is handed in'),
    requirements: Type.Array(ReportRequirement),
    calls: Type.Array(ReportCall, { description: 'In the order in which they arrived' }),
    faults: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          operation: Type.String(),
          fault: Type.String(),
          hits: count,
          completed: Type.Boolean({ description: 'Whether it fired as often as it could' }),
        },
        strict,
      ),
      { description: 'The faults of the drill, and how often each fired' },
    ),
    durationMs: nullable(Type.Number(), "How long the client ran, in this machine's time"),
    replay: Type.Optional(Type.String({ description: 'The command that repeats this run' })),
    evidence: Type.Optional(
      Type.Object(
        { har: Type.String(), trace: Type.String(), before: Type.String(), after: Type.String() },
        {
          ...strict,
          description:
            'Files relative to the report: the requests as HAR, the trace of each request, the state before and after',
        },
      ),
    ),
  },
  strict,
)
export type ReportDrill = Static<typeof ReportDrill>

export const CertificationVerdict = literals(['passed', 'failed', 'inconclusive'], {
  description:
    'failed if any drill failed or passed unexpectedly; inconclusive if any is inconclusive, an error or skipped',
})
export type CertificationVerdict = Static<typeof CertificationVerdict>

export const verdictCounts = Type.Object(
  { passed: count, failed: count, warning: count, inconclusive: count, skipped: count, error: count },
  { ...strict, description: 'The number of drills with each verdict' },
)

export const Report = Type.Object(
  {
    format: Type.Literal(REPORT_FORMAT),
    client: ReportClient,
    firedrill: Type.Object({ version: Type.String() }, strict),
    seed: Type.String(),
    timeScale: Type.Number({ minimum: 0, description: "Virtual time per this machine's time" }),
    startedAt: iso('Time of this machine'),
    endedAt: nullable(Type.String({ format: 'date-time' }), 'Time of this machine; null while drills are left'),
    replay: Type.Optional(
      Type.String({ description: 'The command that repeats the whole run; absent if no command was run' }),
    ),
    lifecycle: RunLifecycle,
    verdict: CertificationVerdict,
    summary: verdictCounts,
    drills: Type.Array(ReportDrill),
  },
  { $id: 'Report', ...strict },
)
export type Report = Static<typeof Report>
