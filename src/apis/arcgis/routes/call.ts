// arcgis: a request as the declarations of resources and operations see it.
import type { Static, TObject } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { type Scope, scopeOf } from '../../../http/scope.ts'

export interface Call<Params, Input> {
  scope: Scope
  params: Params
  /** The parameters of a resource, or the body of an operation. */
  input: Input
  request: FastifyRequest
}

/** Only for requests that have been validated against these schemas; `Input` is unknown to a form. */
export function callOf<Params extends TObject, Input extends TObject>(
  request: FastifyRequest,
): Call<Static<Params>, Static<Input>> {
  return {
    scope: scopeOf(request),
    params: request.params as Static<Params>,
    input: (request.method === 'POST' ? request.body : request.query) as Static<Input>,
    request,
  }
}
