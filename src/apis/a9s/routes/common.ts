// a9s: what its routes have in common.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Provenance } from '../../../http/provenance.ts'
import { scopeOf } from '../../../http/scope.ts'
import * as service from '../service.ts'

export const DONE = 'The request has been processed successfully.'
export const ACCEPTED = 'The request has been accepted for processing, but the processing has not been completed.'
export const security = [{ a9sBearer: [] }]
export const tags = ['a9s']

export const CLIENT = 'anynines/klutchio clients/a9s-backup-manager'

export const REQUESTS: Provenance[] = [
  { behaviour: 'Error names in UpperCamelCase', mark: 'client-code', source: CLIENT },
  {
    behaviour: 'The name of the Bearer scheme in upper or lower case',
    mark: 'documented',
    source: 'the samples send the output of `cf oauth-token`',
  },
  { behaviour: '400 for an invalid body, 405, 413 and 415', mark: 'inferred' },
  {
    behaviour: 'GUIDs are compared without regard to case; 401, 403 and 404 come before the body is read',
    mark: 'inferred',
  },
]

/** Of operations that the documents of the Public API describe. */
export const COMMON: Provenance[] = [
  {
    behaviour: 'Success and error bodies, statuses 200, 202, 401, 403, 404, 409, 500, 502, 504 and their texts',
    mark: 'documented',
  },
  ...REQUESTS,
]

/** Of operations that no document of the Public API describes: they are known from the client of the service behind it. */
export const FROM_CLIENT: Provenance[] = [
  {
    behaviour: 'The path below an instance, the success status, and the texts of 404, 409, 422 and 423',
    mark: 'client-code',
    source: CLIENT,
  },
  {
    behaviour:
      'The Public API has this operation, below `/v1/instances`, with the error body and statuses of the others',
    mark: 'inferred',
  },
  ...REQUESTS,
]

/** Refuses an unknown or forbidden instance before the body is read. */
export function checkInstance(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const { instance_id } = request.params as { instance_id: string }
  const scope = scopeOf(request)
  // This rule is checked after the authentication and before the parameters.
  scope.trace.enter('authentication')
  scope.trace.enter('rules')
  service.requireInstance(scope, instance_id)
  scope.trace.enter('parameters')
  done()
}
