// Schemas of the control API: certifications, which hand out the runs of drills to a client and judge them.
import { type Static, Type } from '@sinclair/typebox'
import { Drill } from '../drills.ts'
import { CertificationVerdict, ReportClient, ReportResult, RunLifecycle, RunVerdict, verdictCounts } from '../report.ts'
import { secret } from '../secret.ts'
import { strict } from '../strict.ts'
import { iso, nullableIso } from './fields.ts'

const drillId = Type.String({ description: 'The id of a drill' })

export const CertificationRequest = Type.Object(
  {
    drills: Type.Optional(
      Type.String({
        maxLength: 1000,
        description:
          'The ids of drills, separated by commas; * stands for any text and ? for any character. Default all drills, or ' +
          'none if documents are given',
      }),
    ),
    documents: Type.Optional(
      Type.Array(Type.Unsafe<Drill>(Type.Object({}, { additionalProperties: true })), {
        maxItems: 100,
        description: 'Further drills, in the format of a drill',
      }),
    ),
    client: Type.Optional(ReportClient),
    seed: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: "Of the runs' sandboxes; default that of the server" }),
    ),
    timeScale: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1e6,
        description:
          'How fast the clocks of the runs are; with 60, a client that sleeps 1 s waits 1 min of virtual time. With 0, only the ' +
          'client moves them, and a run can be repeated exactly. Default 1',
      }),
    ),
    knownFailing: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 10_000,
        description:
          'The ids of drills and requirements that are expected to fail: if one of them passes, the certification fails',
      }),
    ),
  },
  { $id: 'CertificationRequest', ...strict },
)
export type CertificationRequest = Static<typeof CertificationRequest>

export const Certification = Type.Object(
  {
    id: Type.String(),
    client: ReportClient,
    lifecycle: RunLifecycle,
    verdict: CertificationVerdict,
    startedAt: iso('Time of this machine'),
    endedAt: nullableIso,
    summary: verdictCounts,
    runs: Type.Array(
      Type.Object(
        {
          drill: drillId,
          title: Drill.properties.title,
          api: Drill.properties.api,
          lifecycle: RunLifecycle,
          verdict: RunVerdict,
          sandbox: Type.Union([Type.String(), Type.Null()], { description: 'Null if it is not running' }),
        },
        strict,
      ),
      { description: 'In the order in which they are handed out' },
    ),
  },
  { $id: 'Certification', ...strict },
)
export type Certification = Static<typeof Certification>
export const CertificationList = Type.Array(Certification, { $id: 'CertificationList' })

export const CertificationTask = Type.Object(
  {
    drill: drillId,
    version: Drill.properties.version,
    title: Drill.properties.title,
    task: Drill.properties.task,
    sandbox: Type.String({ description: 'The sandbox of the run; deleted when the result is handed in' }),
    url: Type.String({ description: 'The URL of the API in the sandbox of the run, without a slash at the end' }),
    clockUrl: Type.String({ description: 'POST {"by": "5s"} to this URL instead of waiting' }),
    inputs: Drill.properties.inputs,
    credentials: Drill.properties.credentials,
    timeLimitMs: Type.Integer({ description: "How long the client may run, in this machine's time" }),
    timeScale: Type.Number({ description: "Virtual time per this machine's time" }),
    seed: Type.String(),
    environment: Type.Record(Type.String(), Type.String(), {
      ...secret,
      description: 'The same as environment variables, FIREDRILL_TASK as JSON',
    }),
  },
  { $id: 'CertificationTask', ...strict },
)
export type CertificationTask = Static<typeof CertificationTask>

export const NextTask = Type.Object(
  {
    task: Type.Union([CertificationTask, Type.Null()], { description: 'Null if none is left' }),
    remaining: Type.Integer({ description: 'How many tasks have not been handed out' }),
  },
  { $id: 'NextTask', ...strict },
)
export type NextTask = Static<typeof NextTask>

export const CertificationResult = Type.Object(
  { drill: drillId, ...ReportResult.properties },
  { $id: 'CertificationResult', ...strict },
)
export type CertificationResult = Static<typeof CertificationResult>
