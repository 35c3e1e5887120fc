// arcgis: the resources that list jobs and show the status of one.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { child } from '../frame.ts'
import { mayReadJobs } from '../service/access.ts'
import * as service from '../service/jobs.ts'
import { jobBody } from './job-body.ts'
import { resource } from './resource.ts'
import { JOB, JOBS } from './samples.ts'

const FIELDS: Provenance = { behaviour: 'Fields and statuses', mark: 'documented', source: 'Jobs; Job' }

export function jobs(app: TypedApp): void {
  resource(app, {
    path: '/jobs',
    operationId: 'listJobs',
    summary: 'Jobs',
    description: 'The IDs of the jobs, in the order they were submitted.',
    params: wire.ArcgisContextParams,
    allow: mayReadJobs,
    response: { description: 'The IDs of the jobs.', schema: wire.ArcgisJobList, documented: JOBS },
    provenance: [FIELDS],
    read: ({ scope }) => ({ jobs: service.listJobs(scope) }),
    page: { shown: () => ({}), children: ({ jobs }) => jobs.map(child) },
  })
  resource(app, {
    path: '/jobs/:jobid',
    operationId: 'getJob',
    summary: 'Job',
    description: 'The status of a job.',
    params: wire.ArcgisJobParams,
    allow: mayReadJobs,
    response: { description: 'The job.', schema: wire.ArcgisJob, documented: JOB },
    errors: ['UnknownJob'],
    provenance: [
      FIELDS,
      {
        behaviour: 'result.stages once the job has ended',
        mark: 'client-code',
        source: 'Esri/arcgis-gitops issue 263',
      },
      {
        behaviour: 'messages of a job that did not complete, and status TIMED OUT',
        mark: 'client-code',
        source: 'Esri/arcgis-gitops enterprise-admin-cli',
      },
      { behaviour: 'SUBMITTED for one second; endtime is 0 until the job has ended', mark: 'inferred' },
    ],
    read: ({ scope, params }) => jobBody(service.pollJob(scope, params.jobid), scope.now),
    page: { title: ({ jobid }) => `Job: ${jobid}` },
  })
}
