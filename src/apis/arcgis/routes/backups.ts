// arcgis: the routes that list the backups of a store and create one.
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as wire from '../../../../schemas/arcgis.ts'
import { sendPage } from '../../../http/html.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { scopeOf } from '../../../http/scope.ts'
import { adminAnswers } from '../errors.ts'
import { respond } from '../formats.ts'
import { FORM_TYPES } from '../forms.ts'
import { contextOf, frameOf } from '../frame.ts'
import { backupsPage, createPage, submittedPage } from '../pages/backups.ts'
import { mayAdminister } from '../service/access.ts'
import * as service from '../service/backups.ts'
import { backupBody } from './bodies.ts'
import { allow, COMMON, callerOf, GET_SECURITY, POST_SECURITY, refuseUnlessPage, tags } from './common.ts'
import { BACKUPS, SUBMITTED_JOB } from './samples.ts'

const BACKUPS_PATH = '/system/disasterrecovery/stores/:storeName/backups'
const preValidation = allow(mayAdminister)

export function backups(app: TypedApp): void {
  list(app)
  create(app)
  app.get(`${BACKUPS_PATH}/create`, { preValidation, schema: { hide: true } }, (request, reply) => {
    refuseUnlessPage(request)
    return sendPage(reply, createPage(frameOf(request)))
  })
}

const listing = {
  summary: 'Backups',
  description: 'The backups that have been created for an organization, in one backup store.',
  tags,
  params: wire.ArcgisStoreParams,
  response: adminAnswers(
    { description: 'The backups of the store.', schema: wire.ArcgisBackupList, documented: BACKUPS },
    'UnknownStore',
  ),
}
const LISTING_PROVENANCE: Provenance[] = [
  ...COMMON,
  { behaviour: 'Fields of a backup, and the two backups of backupStore', mark: 'documented' },
  { behaviour: 'In order of submission; failed and unfinished backups are not listed', mark: 'inferred' },
  {
    behaviour:
      'A backup past its retentionDate is listed until the system task backupRetentionCleaner runs, daily at 00:00 UTC',
    mark: 'inferred',
    source: 'Create Backup: "eligible for cleanup by a system task"; the name is from Update Backup Properties',
  },
]

function list(app: TypedApp): void {
  app.get(
    BACKUPS_PATH,
    {
      preValidation,
      schema: {
        operationId: 'listBackups',
        ...listing,
        security: GET_SECURITY,
        querystring: wire.ArcgisQuery,
        'x-provenance': LISTING_PROVENANCE,
      },
    },
    (request, reply) => sendList(request, reply, request.params.storeName),
  )
  app.post(
    BACKUPS_PATH,
    {
      preValidation,
      schema: {
        operationId: 'listBackupsByPost',
        variantOf: 'listBackups',
        ...listing,
        security: POST_SECURITY,
        consumes: FORM_TYPES,
        body: wire.ArcgisForm,
        'x-provenance': [
          ...LISTING_PROVENANCE,
          { behaviour: 'Resources accept POST like GET', mark: 'client-code', source: '@esri/arcgis-rest-request' },
        ] satisfies Provenance[],
      },
    },
    (request, reply) => sendList(request, reply, request.params.storeName),
  )
}

function sendList(request: FastifyRequest, reply: FastifyReply, storeName: string): FastifyReply {
  const list: wire.ArcgisBackupList = { backups: service.listBackups(scopeOf(request), storeName).map(backupBody) }
  return respond(request, reply, list, frame => backupsPage(frame, list))
}

function create(app: TypedApp): void {
  app.post(
    `${BACKUPS_PATH}/create`,
    {
      preValidation,
      schema: {
        operationId: 'createBackup',
        summary: 'Create Backup',
        description:
          'Creates a backup that can be restored in the event of data loss, data corruption, or deployment failures. The ' +
          "response's jobsUrl is the job resource that tracks the job's status.",
        tags,
        security: POST_SECURITY,
        params: wire.ArcgisStoreParams,
        consumes: FORM_TYPES,
        body: wire.ArcgisCreateBackupForm,
        response: adminAnswers(
          { description: 'The submitted job.', schema: wire.ArcgisJobSubmitted, documented: SUBMITTED_JOB },
          'UnknownStore',
          'BackupExists',
        ),
        'x-provenance': [
          ...COMMON,
          { behaviour: 'Parameters, the minimum of eight characters, and the response', mark: 'documented' },
          {
            behaviour: 'storeName is optional',
            mark: 'documented',
            source: 'the sample request; Create Backup (10.9.1): legacy',
          },
          {
            behaviour: 'A backup with retentionDate -1, or without one, never expires',
            mark: 'documented',
            source: 'Create Backup, Enterprise 10.9.1 and later',
          },
          {
            behaviour: 'HTTP status 200, not 202',
            mark: 'client-code',
            source: 'Esri/arcgis-gitops enterprise-admin-cli',
          },
          {
            behaviour: 'Stages and their approximate durations',
            mark: 'documented',
            source: 'Disaster Recovery > Status',
          },
          {
            behaviour:
              'A name is unique in its store from submission on; it can be used again after the backup has failed',
            mark: 'inferred',
          },
          { behaviour: 'Several backups can run at the same time', mark: 'inferred' },
          { behaviour: 'A backup to a full volume fails in its object store stage', mark: 'inferred' },
        ] satisfies Provenance[],
      },
    },
    (request, reply) => {
      const scope = scopeOf(request)
      const { username } = callerOf(request)
      const operationUri = request.url.split('?')[0] as string
      const jobid = service.createBackup(scope, request.params.storeName, request.body, { username, operationUri })
      const jobsUrl = `${scope.origin}/${contextOf(request)}/admin/jobs/${jobid}`
      const submitted: wire.ArcgisJobSubmitted = { jobsUrl, jobid, status: 'SUBMITTED' }
      return respond(request, reply, submitted, frame => submittedPage(frame, submitted))
    },
  )
}
