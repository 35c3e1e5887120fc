// arcgis: where a submitted job comes from, and the vendor's response to its submission.
import { type ArcgisJobSubmitted, ArcgisSuccess } from '../../../../schemas/arcgis.ts'
import { contextUrlOf } from '../frame.ts'
import type { Origin } from '../service/jobs.ts'
import type { Success } from './answers.ts'
import type { Call } from './call.ts'
import { callerOf } from './common.ts'

export function originOf({ request }: Call<unknown, unknown>): Origin {
  return { username: callerOf(request).username, operationUri: request.url.split('?')[0] as string }
}

export function submitted({ scope, request }: Call<unknown, unknown>, jobid: string): ArcgisJobSubmitted {
  const jobsUrl = `${contextUrlOf(request, scope)}/admin/jobs/${jobid}`
  return { jobsUrl, jobid, status: 'SUBMITTED' }
}

/** The links of a response that may be a submitted job. */
export function jobLinks(value: object): Record<string, string> {
  if (!('jobid' in value)) return {}
  const path = `/jobs/${value.jobid}`
  return { jobsUrl: path, jobid: path }
}

export const SUCCEEDED: { status: 'success' } = { status: 'success' }

export function success(description: string): Success & { schema: typeof ArcgisSuccess } {
  return { description, schema: ArcgisSuccess, documented: SUCCEEDED }
}
