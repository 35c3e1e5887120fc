// Defines the control operations on jobs and job rules.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control.ts'
import { operation } from '../operation.ts'

const JobPath = Type.Object({
  id: Type.String({ description: 'The job, percent-encoded; `api:id` where several APIs have a job of that id' }),
})
const RulePath = Type.Object({ id: Type.String() })

export const listAllJobs = operation({
  id: 'listAllJobs',
  capability: 'jobs',
  method: 'GET',
  path: '/jobs',
  scope: 'sandbox',
  embedded: 'jobs.list',
  summary: 'List the jobs of all APIs',
  outcome: 'In order of submission',
  out: wire.JobList,
})

export const readJob = operation({
  id: 'readJob',
  capability: 'jobs',
  method: 'GET',
  path: '/jobs/:id',
  scope: 'sandbox',
  embedded: 'jobs.get',
  summary: 'Read a job',
  in: { path: JobPath },
  outcome: 'The job',
  out: wire.Job,
})

export const stepJob = operation({
  id: 'stepJob',
  capability: 'jobs',
  method: 'POST',
  path: '/jobs/:id/step',
  scope: 'sandbox',
  embedded: 'jobs.step',
  summary: "End a job's current phase",
  in: { path: JobPath },
  outcome: 'The job',
  out: wire.Job,
  errors: ['conflict'],
})

export const finishJob = operation({
  id: 'finishJob',
  capability: 'jobs',
  method: 'POST',
  path: '/jobs/:id/finish',
  scope: 'sandbox',
  embedded: 'jobs.finish',
  summary: 'End all phases of a job as planned',
  in: { path: JobPath },
  outcome: 'The job',
  out: wire.Job,
  errors: ['conflict'],
})

export const failJob = operation({
  id: 'failJob',
  capability: 'jobs',
  method: 'POST',
  path: '/jobs/:id/fail',
  scope: 'sandbox',
  embedded: 'jobs.fail',
  summary: 'End a job now as failed',
  in: { path: JobPath, body: wire.JobEnding },
  outcome: 'The job',
  out: wire.Job,
  errors: ['conflict'],
})

export const cancelJob = operation({
  id: 'cancelJob',
  capability: 'jobs',
  method: 'POST',
  path: '/jobs/:id/cancel',
  scope: 'sandbox',
  embedded: 'jobs.cancel',
  summary: 'End a job now as cancelled',
  in: { path: JobPath, body: wire.JobEnding },
  outcome: 'The job',
  out: wire.Job,
  errors: ['conflict'],
})

export const listJobRules = operation({
  id: 'listJobRules',
  capability: 'jobs',
  method: 'GET',
  path: '/job-rules',
  scope: 'sandbox',
  embedded: 'jobs.rules',
  summary: 'List the job rules',
  outcome: 'In the order in which they were added',
  out: wire.JobRuleList,
})

export const addJobRule = operation({
  id: 'addJobRule',
  capability: 'jobs',
  method: 'POST',
  path: '/job-rules',
  scope: 'sandbox',
  embedded: 'jobs.addRule',
  summary: 'Add a rule for the future jobs of an operation',
  description:
    'It applies to all future jobs, or to the next `times`. If several rules apply, the one added last is used.',
  in: { body: wire.JobRuleRequest },
  outcome: 'The rule',
  out: wire.JobRule,
  status: 201,
  sandboxAccess: 'create',
})

export const clearJobRules = operation({
  id: 'clearJobRules',
  capability: 'jobs',
  method: 'DELETE',
  path: '/job-rules',
  scope: 'sandbox',
  embedded: 'jobs.clearRules',
  summary: 'Remove all job rules',
  outcome: 'Removed',
})

export const removeJobRule = operation({
  id: 'removeJobRule',
  capability: 'jobs',
  method: 'DELETE',
  path: '/job-rules/:id',
  scope: 'sandbox',
  embedded: 'jobs.removeRule',
  summary: 'Remove a job rule',
  in: { path: RulePath },
  outcome: 'Removed',
})
