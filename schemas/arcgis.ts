// ArcGIS Enterprise Administrator API: the wire contract of backups, jobs and tokens, as the vendor documents it.
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { literals } from './literals.ts'
import { secret } from './secret.ts'
import { strict } from './strict.ts'

const Millis = (description: string) => Type.Integer({ description: `${description}, in epoch milliseconds` })

const common = {
  f: Type.Optional(
    literals(['html', 'json', 'pjson'], { description: 'The response format. The default format is html.' }),
  ),
  token: Type.Optional(Type.String({ ...secret, description: 'A token from generateToken' })),
}

/** Parameters of a resource, in the query. */
export const ArcgisQuery = Type.Object(common)

/** Parameters of a resource, in a form. */
export const ArcgisForm = Type.Object(common, { $id: 'ArcgisForm' })

const context = Type.String({
  description: 'The name of the web context of the deployment; any name is accepted',
  examples: ['arcgis'],
})
export const ArcgisContextParams = Type.Object({ context })
export const ArcgisStoreParams = Type.Object({
  context,
  storeName: Type.String({ description: 'The name of the backup store', examples: ['backupStore'] }),
})
export const ArcgisJobParams = Type.Object({
  context,
  jobid: Type.String({
    description: 'The ID of the job, as returned by createBackup',
    examples: ['j7d22f855-2c9f-4934-94e4-93c5e85cd271'],
  }),
})

const startTime = Millis('When the part started')
const endTime = Millis('When the part finished')
const partStatus = Type.String({ examples: ['completed'] })

const RelationalStore = Type.Object(
  {
    metadata: Type.String({ description: 'Encrypted' }),
    geodatabases: Type.Array(Type.Object({ gdbName: Type.String(), egdbID: Type.String() }, strict)),
    systemDatabases: Type.Array(Type.String()),
    startTime,
    clusterID: Type.String(),
    endTime,
    status: partStatus,
  },
  strict,
)

const ObjectStore = Type.Object(
  {
    metadata: Type.String({ description: 'Encrypted' }),
    buckets: Type.Array(Type.String()),
    startTime,
    clusterID: Type.String(),
    endTime,
    status: partStatus,
  },
  strict,
)

export const ArcgisBackup = Type.Object(
  {
    release: Type.String({ description: 'The release of ArcGIS Enterprise', examples: ['10.9.1'] }),
    siteName: Type.String(),
    description: Type.String(),
    completeTime: Millis('When the backup was complete'),
    backupStore: Type.String({ description: 'The name of the backup store when the backup was made' }),
    retentionDate: Millis('When the backup is eligible for cleanup by a system task; -1 is never'),
    encryptKey: Type.String(secret),
    backupType: Type.String({ examples: ['FULL'] }),
    relationalStore: Type.Array(RelationalStore),
    scheduleType: literals(['MANUAL', 'SCHEDULED'], { description: 'How the backup was started' }),
    objectStore: Type.Array(ObjectStore),
    namespace: Type.String(),
    startTime: Millis('When the backup started'),
    infrastructures: Type.Object({ startTime, endTime, status: partStatus }, strict),
    category: Type.String({ examples: ['SYSTEM'] }),
    backupName: Type.String(),
    status: Type.String({ examples: ['completed'] }),
  },
  { $id: 'ArcgisBackup', ...strict },
)
export type ArcgisBackup = Static<typeof ArcgisBackup>

export const ArcgisBackupList = Type.Object(
  { backups: Type.Array(ArcgisBackup) },
  { $id: 'ArcgisBackupList', ...strict },
)
export type ArcgisBackupList = Static<typeof ArcgisBackupList>

export const ArcgisCreateBackupForm = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      description: 'The name of the backup, unique in its store',
      examples: ['backup_first'],
    }),
    storeName: Type.Optional(
      Type.String({
        description: 'The name of the backup store where the backup will be stored; it must be the one in the path',
        examples: ['backupsDefault'],
      }),
    ),
    passcode: Type.String({
      ...secret,
      minLength: 8,
      description:
        'A passcode that will be used to encrypt the content of the backup. When restoring a backup, this passcode must be ' +
        'passed in. The passcode must be at least eight characters in length.',
      examples: ['passcode'],
    }),
    description: Type.Optional(Type.String({ description: 'A description of the backup.' })),
    retentionDate: Type.Optional(
      Type.Integer({
        minimum: -1,
        // The last instant that ECMAScript, and so most JSON clients, can hold.
        maximum: 8_640_000_000_000_000,
        description:
          'The date, in epoch milliseconds, when the backup will be eligible for cleanup by a system task. -1, or absent: never.',
        examples: [1635945710988],
      }),
    ),
    ...common,
  },
  { $id: 'ArcgisCreateBackupForm' },
)
export type ArcgisCreateBackupForm = Static<typeof ArcgisCreateBackupForm>

const jobStatuses = ['SUBMITTED', 'EXECUTING', 'COMPLETED', 'FAILED', 'CANCELLED', 'TIMED OUT'] as const

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

export const ArcgisGenerateTokenForm = Type.Object(
  {
    username: Type.String({ minLength: 1, description: 'Case-sensitive', examples: ['siteadmin'] }),
    password: Type.String({ ...secret, minLength: 1, examples: ['siteadmin.pass1'] }),
    client: Type.Optional(
      literals(['referer', 'ip', 'requestip'], {
        description: 'Where the token is to be used from; the token is not bound to it',
      }),
    ),
    referer: Type.Optional(Type.String({ description: 'Required when client is referer' })),
    ip: Type.Optional(Type.String({ description: 'Required when client is ip' })),
    expiration: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'How long the token is valid, in minutes; 60 by default. Values above 20160 are reduced to 20160.',
      }),
    ),
    f: common.f,
  },
  { $id: 'ArcgisGenerateTokenForm' },
)
export type ArcgisGenerateTokenForm = Static<typeof ArcgisGenerateTokenForm>

export const ArcgisToken = Type.Object(
  {
    token: Type.String(secret),
    expires: Millis('When the token expires'),
    ssl: Type.Boolean({ description: 'Whether the token must be sent over HTTPS only' }),
  },
  { $id: 'ArcgisToken', ...strict },
)
export type ArcgisToken = Static<typeof ArcgisToken>

/** The sign-in form of browsers. Missing fields are handled like wrong credentials: the sign-in page reports them. */
export const ArcgisSignInForm = Type.Object({
  username: Type.String({ default: '' }),
  password: Type.String({ ...secret, default: '' }),
  redirect: Type.Optional(Type.String()),
})

export const ArcgisError = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.Integer({ examples: [499] }),
        message: Type.String({ examples: ['Token Required.'] }),
        details: Type.Union([Type.Array(Type.String()), Type.Null()]),
      },
      strict,
    ),
  },
  { $id: 'ArcgisError', ...strict },
)
export type ArcgisError = Static<typeof ArcgisError>

/** Success and failure both have status 200; the key `error` distinguishes them. */
export const ArcgisOutcome = (success: TSchema) => Type.Unsafe<unknown>({ oneOf: [success, ArcgisError] })
