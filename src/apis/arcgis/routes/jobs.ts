// arcgis: the routes that list jobs and show the status of one.
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { scopeOf } from '../../../http/scope.ts'
import { adminAnswers } from '../errors.ts'
import { respond } from '../formats.ts'
import { FORM_TYPES } from '../forms.ts'
import { jobPage, jobsPage } from '../pages/jobs.ts'
import { mayReadJobs } from '../service/access.ts'
import * as service from '../service/jobs.ts'
import { jobBody } from './bodies.ts'
import { allow, COMMON, GET_SECURITY, POST_SECURITY, tags } from './common.ts'
import { JOB, JOBS } from './samples.ts'

const preValidation = allow(mayReadJobs)

const JOBS_PROVENANCE: Provenance[] = [
  ...COMMON,
  { behaviour: 'Fields and statuses', mark: 'documented', source: 'Jobs; Job' },
  { behaviour: 'Resources accept POST like GET', mark: 'client-code', source: '@esri/arcgis-rest-request' },
]
const JOB_PROVENANCE: Provenance[] = [
  ...JOBS_PROVENANCE,
  { behaviour: 'result.stages once the job has ended', mark: 'client-code', source: 'Esri/arcgis-gitops issue 263' },
  {
    behaviour: 'messages of a job that did not complete, and status TIMED OUT',
    mark: 'client-code',
    source: 'Esri/arcgis-gitops enterprise-admin-cli',
  },
  { behaviour: 'SUBMITTED for one second; endtime is 0 until the job has ended', mark: 'inferred' },
]

const JOBS_RESPONSE = { description: 'The IDs of the jobs.', schema: wire.ArcgisJobList, documented: JOBS }
const listing = {
  summary: 'Jobs',
  description: 'The IDs of the jobs, in the order they were submitted.',
  tags,
  params: wire.ArcgisContextParams,
  response: adminAnswers(JOBS_RESPONSE),
  'x-provenance': JOBS_PROVENANCE,
}
const JOB_RESPONSE = { description: 'The job.', schema: wire.ArcgisJob, documented: JOB }
const one = {
  summary: 'Job',
  description: 'The status of a job.',
  tags,
  params: wire.ArcgisJobParams,
  response: adminAnswers(JOB_RESPONSE, 'UnknownJob'),
  'x-provenance': JOB_PROVENANCE,
}
const viaGet = { security: GET_SECURITY, querystring: wire.ArcgisQuery }
const viaPost = { security: POST_SECURITY, consumes: FORM_TYPES, body: wire.ArcgisForm }

export function jobs(app: TypedApp): void {
  app.get('/jobs', { preValidation, schema: { operationId: 'listJobs', ...listing, ...viaGet } }, sendJobs)
  app.post(
    '/jobs',
    { preValidation, schema: { operationId: 'listJobsByPost', variantOf: 'listJobs', ...listing, ...viaPost } },
    sendJobs,
  )
  app.get('/jobs/:jobid', { preValidation, schema: { operationId: 'getJob', ...one, ...viaGet } }, (request, reply) =>
    sendJob(request, reply, request.params.jobid),
  )
  app.post(
    '/jobs/:jobid',
    { preValidation, schema: { operationId: 'getJobByPost', variantOf: 'getJob', ...one, ...viaPost } },
    (request, reply) => sendJob(request, reply, request.params.jobid),
  )
}

function sendJobs(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const list: wire.ArcgisJobList = { jobs: service.listJobs(scopeOf(request)) }
  return respond(request, reply, list, frame => jobsPage(frame, list))
}

function sendJob(request: FastifyRequest, reply: FastifyReply, id: string): FastifyReply {
  const scope = scopeOf(request)
  const job = jobBody(service.pollJob(scope, id), scope.now)
  return respond(request, reply, job, frame => jobPage(frame, job))
}
