// Every API's jobs in one place, and the rules for jobs to come.
import { Type } from '@sinclair/typebox'
import * as wire from '../../../schemas/control.ts'
import { empty, json } from '../../http/responses.ts'
import type { TypedApp } from '../../http/mount.ts'
import type { JobResult } from '../../sandbox/jobs/plan.ts'
import { type ControlContext, type Place, rehearsalOf } from '../context.ts'
import { failuresOf } from '../errors.ts'

const JobParams = Type.Object({
  id: Type.String({ description: 'The job, percent-encoded; `api:id` where several APIs have one of that id' }),
})
const RuleParams = Type.Object({ id: Type.String() })

export function jobRoutes(app: TypedApp, context: ControlContext, { base, hide }: Place): void {
  const tags = ['jobs']
  const jobs = (request: Parameters<typeof rehearsalOf>[1]) => rehearsalOf(context, request).jobs

  app.get(
    `${base}/jobs`,
    {
      schema: {
        operationId: 'listAllJobs',
        summary: "Every API's jobs",
        tags,
        hide,
        response: { 200: json('In order of submission', wire.JobList), ...failuresOf() },
      },
    },
    request => jobs(request).list(),
  )

  app.get(
    `${base}/jobs/:id`,
    {
      schema: {
        operationId: 'readJob',
        summary: 'One job',
        tags,
        hide,
        params: JobParams,
        response: { 200: json('The job', wire.Job), ...failuresOf() },
      },
    },
    request => jobs(request).get(request.params.id),
  )

  const moves: [string, string, (reason?: string) => 'step' | 'finish' | JobResult][] = [
    ['step', 'End its current phase', () => 'step'],
    ['finish', 'End all its phases as planned', () => 'finish'],
    ['fail', 'End it here, failed', reason => endingOf('failed', reason)],
    ['cancel', 'End it here, cancelled', reason => endingOf('cancelled', reason)],
  ]
  for (const [move, summary, how] of moves) {
    app.post(
      `${base}/jobs/:id/${move}`,
      {
        schema: {
          operationId: `${move}Job`,
          summary,
          tags,
          hide,
          params: JobParams,
          body: wire.JobEnding,
          response: { 200: json('The job', wire.Job), ...failuresOf('BadRequest', 'Conflict') },
        },
      },
      request => jobs(request).move(request.params.id, how(request.body.reason)),
    )
  }

  app.get(
    `${base}/job-rules`,
    {
      schema: {
        operationId: 'listJobRules',
        summary: 'The rules for jobs to come',
        tags,
        hide,
        response: { 200: json('In order of addition', wire.JobRuleList), ...failuresOf() },
      },
    },
    request => jobs(request).rules(),
  )

  app.post(
    `${base}/job-rules`,
    {
      schema: {
        operationId: 'addJobRule',
        summary: 'Say how the jobs of an operation are to go',
        description: 'For all to come, or for the next `times`. The latest rule that applies counts.',
        tags,
        hide,
        body: wire.JobRuleRequest,
        response: { 201: json('The rule', wire.JobRule), ...failuresOf('BadRequest') },
      },
    },
    (request, reply) => reply.code(201).send(jobs(request).addRule(request.body)),
  )

  app.delete(
    `${base}/job-rules`,
    {
      schema: {
        operationId: 'clearJobRules',
        summary: 'Remove all rules',
        tags,
        hide,
        response: { 204: empty('Removed'), ...failuresOf() },
      },
    },
    (request, reply) => {
      jobs(request).clearRules()
      return reply.code(204).send()
    },
  )

  app.delete(
    `${base}/job-rules/:id`,
    {
      schema: {
        operationId: 'removeJobRule',
        summary: 'Remove a rule',
        tags,
        hide,
        params: RuleParams,
        response: { 204: empty('Removed'), ...failuresOf() },
      },
    },
    (request, reply) => {
      jobs(request).removeRule(request.params.id)
      return reply.code(204).send()
    },
  )
}

function endingOf(state: JobResult['state'], reason: string | undefined): JobResult {
  return reason === undefined ? { state } : { state, reason }
}
