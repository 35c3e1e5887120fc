// arcgis: declares an operation: POST, and GET of the form that submits it.
import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { FastifyError, onSendHookHandler } from 'fastify'
import { describeInvalid } from '../../../http/failures.ts'
import { sendPage } from '../../../http/html.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { catalogue, type ErrorName } from '../errors.ts'
import { respond } from '../formats.ts'
import { FORM_TYPES } from '../forms.ts'
import { frameOf, type Link } from '../frame.ts'
import type { RoutePages } from '../pages/index.ts'
import { formPage, resultPage } from '../pages/operation.ts'
import type { User } from '../state.ts'
import type { Success } from './answers.ts'
import { type Call, callOf } from './call.ts'
import { accessTo, refuseUnlessPage, securityOf, tags } from './common.ts'

export interface Operation<Params extends TObject, Body extends TObject, Result extends TSchema> {
  /** Below the root of the directory. */
  path: string
  /** Paths at which it is served as well, which are not documented. */
  alsoAt?: readonly string[]
  operationId: string
  /** The operation that this offers at another path. */
  variantOf?: string
  /** Also the title of the pages and the text of the button. */
  summary: string
  description: string
  params: Params
  /** With f and, where it is required, token. The form has a field for every other parameter. */
  body: Body
  /** Who may do it. A token is not required where anyone may. */
  allow: ((user: User) => boolean) | 'anyone'
  response: Success & { schema: Result }
  errors?: ErrorName[]
  /** The error for parameters that are not valid, with the reasons as details; InvalidParameter by default. */
  invalid?: ErrorName
  /** Besides what applies to every operation. */
  provenance: Provenance[]
  /** Throws from the catalogue; `fields` of the error are shown at the fields of the form. */
  run(call: Call<Static<Params>, Static<Body>>): Static<Result>
  page?: OperationPage<Static<Params>, Static<Body>, Static<Result>>
  /** Added to responses to POST. */
  onSend?: onSendHookHandler
}

export interface OperationPage<Params, Body, Result> {
  /** The initial values of the form; throws when what the operation is for does not exist. */
  values?(call: Call<Params, unknown>): Record<string, string>
  /** The paths of the result's fields that are links, by name. */
  links?(value: Result, call: Call<Params, Body>): Record<string, string>
  /** Where to look next. */
  related?(value: Result, call: Call<Params, Body>): Link[]
}

export function operation<Params extends TObject, Body extends TObject, Result extends TSchema>(
  app: TypedApp,
  declared: Operation<Params, Body, Result>,
): void {
  const {
    path,
    alsoAt = [],
    operationId,
    variantOf,
    summary,
    page = {},
    onSend,
    invalid = 'InvalidParameter',
  } = declared
  const access = accessTo(app, declared.allow)
  const form = { title: summary, submit: summary, body: declared.body }
  const arcgisPages: RoutePages = {
    answer(frame, answered, request) {
      const value = answered as Static<Result>
      const call = callOf<Params, Body>(request)
      return resultPage(frame, {
        title: summary,
        result: answered,
        links: page.links?.(value, call) ?? {},
        related: page.related?.(value, call) ?? [],
      })
    },
    failed: (frame, state, failure) => formPage(frame, form, state, failure),
  }
  const preValidation = access.preValidation && { preValidation: access.preValidation }
  const schema = {
    operationId,
    ...(variantOf !== undefined && { variantOf }),
    summary,
    description: declared.description,
    tags,
    security: securityOf(access, 'POST'),
    params: declared.params,
    consumes: FORM_TYPES,
    body: declared.body,
    response: access.answers(declared.response, { errors: declared.errors ?? [], invalid }),
    'x-provenance': [...access.provenance, ...declared.provenance],
  }
  const options = {
    ...preValidation,
    ...(onSend && { onSend }),
    ...(declared.invalid && { schemaErrorFormatter: invalidAs(declared.invalid) }),
    config: { arcgisPages, arcgisDuringRestore: access.duringRestore },
  }
  for (const url of [...alsoAt, path]) {
    const formOptions = { ...preValidation, config: { arcgisDuringRestore: access.duringRestore } }
    app.get(url, { ...formOptions, schema: { hide: true, params: declared.params } }, (request, reply) => {
      refuseUnlessPage(request)
      const values = page.values?.(callOf<Params, TObject>(request)) ?? {}
      return sendPage(reply, formPage(frameOf(request), form, { values, problems: {} }))
    })
    app.post(url, { ...options, schema: { ...schema, hide: url !== path } }, (request, reply) => {
      const value = declared.run(callOf<Params, Body>(request)) as object
      return respond(request, reply, value, frame => arcgisPages.answer(frame, value, request))
    })
  }
}

function invalidAs(name: ErrorName) {
  return (problems: NonNullable<FastifyError['validation']>): Error => catalogue.error(name, describeInvalid(problems))
}
