// ArcGIS Enterprise Administrator API: the wire contract of jobs, as the vendor documents it.
import { type Static, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { strict } from '../strict.ts'
import { context, Millis } from './common.ts'

export const ArcgisJobParams = Type.Object({
  context,
  jobid: Type.String({
    description: 'The ID of the job, as returned by createBackup',
    examples: ['j7d22f855-2c9f-4934-94e4-93c5e85cd271'],
  }),
})

const jobStatuses = [
  'SUBMITTED',
  'EXECUTING',
  'CANCELLING',
  'CANCELLED',
  'FAILED',
  'COMPLETED',
  'UNAVAILABLE',
  'TIMED OUT',
] as const

export const ArcgisJobSubmitted = Type.Object(
  {
    jobsUrl: Type.String({ format: 'uri', description: 'The job resource, to track the status of the job' }),
    jobid: Type.String({ description: 'j and a UUID' }),
    status: Type.Literal('SUBMITTED'),
  },
  { $id: 'ArcgisJobSubmitted', ...strict },
)
export type ArcgisJobSubmitted = Static<typeof ArcgisJobSubmitted>

export const ArcgisJobList = Type.Object(
  { jobs: Type.Array(Type.String({ description: 'The ID of a job' })) },
  { $id: 'ArcgisJobList', ...strict },
)
export type ArcgisJobList = Static<typeof ArcgisJobList>

const Stage = Type.Object(
  {
    name: Type.String({ examples: ['Stage Object store'] }),
    state: literals(['completed', 'failed', 'cancelled'], { description: 'How the stage ended' }),
    duration: Type.String({ examples: ['50405 millis (~ 0 minutes)'] }),
  },
  strict,
)

export const ArcgisJob = Type.Object(
  {
    updatedtime: Millis('When the status last changed'),
    jobid: Type.String(),
    endtime: Millis('When the job ended, 0 until then'),
    starttime: Millis('When the job was submitted'),
    operationURI: Type.String({ description: 'The path of the operation that submitted the job' }),
    status: literals(jobStatuses, { description: 'The status of the job' }),
    username: Type.String({ description: 'Who submitted the job' }),
    result: Type.Optional(
      Type.Object({ stages: Type.Array(Stage) }, { description: 'Present once the job has ended', ...strict }),
    ),
    messages: Type.Optional(Type.Array(Type.String(), { description: 'Why the job did not complete' })),
  },
  { $id: 'ArcgisJob', ...strict },
)
export type ArcgisJob = Static<typeof ArcgisJob>
