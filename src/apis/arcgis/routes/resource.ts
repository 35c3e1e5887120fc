// arcgis: declares a resource: GET and POST, as JSON and as a page with links to child resources and operations.
import { type Static, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ArcgisForm, ArcgisQuery } from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import type { ErrorName } from '../errors.ts'
import { respond } from '../formats.ts'
import { FORM_TYPES } from '../forms.ts'
import type { Link } from '../frame.ts'
import type { RoutePages } from '../pages/index.ts'
import { resourcePage } from '../pages/resource.ts'
import type { User } from '../state.ts'
import type { Success } from './answers.ts'
import { type Call, callOf } from './call.ts'
import { accessTo, securityOf, tags } from './common.ts'

export interface Resource<Params extends TObject, Result extends TSchema, Input extends TObject> {
  /** Below the root of the directory. */
  path: string
  /** Paths at which it is served as well, which are not documented. */
  alsoAt?: readonly string[]
  operationId: string
  /** The operation that this offers at another path. */
  variantOf?: string
  /** Also the title of the page. */
  summary: string
  description: string
  params: Params
  /** Parameters besides f and token. */
  parameters?: Input
  /** Who may read it. A token is not required where anyone may. */
  allow: ((user: User) => boolean) | 'anyone'
  /** Served while the organization is being restored, as is everything that anyone may read. */
  duringRestore?: true
  response: Success & { schema: Result }
  errors?: ErrorName[]
  /** Besides what applies to every resource. */
  provenance: Provenance[]
  /** Throws from the catalogue. */
  read(call: Call<Static<Params>, Static<Input>>): Static<Result>
  page?: ResourcePage<Static<Params>, Static<Result>, Static<Input>>
}

export interface ResourcePage<Params, Result, Input> {
  title?(value: Result, call: Call<Params, Input>): string
  /** What is shown instead of the JSON; fields that the links show as well can be left out. */
  shown?(value: Result): object
  /** The paths of fields that are links, by name. */
  links?(value: Result, call: Call<Params, Input>): Record<string, string>
  children?(value: Result, call: Call<Params, Input>): Link[]
  operations?(value: Result, call: Call<Params, Input>): Link[]
}

const BY_POST: Provenance = {
  behaviour: 'Resources accept POST like GET',
  mark: 'client-code',
  source: '@esri/arcgis-rest-request',
}

export function resource<
  Params extends TObject,
  Result extends TSchema,
  Input extends TObject = TObject<Record<never, never>>,
>(app: TypedApp, declared: Resource<Params, Result, Input>): void {
  const { path, alsoAt = [], operationId, variantOf, parameters } = declared
  const access = accessTo(app, declared.allow, declared.duringRestore)
  const common = {
    summary: declared.summary,
    description: declared.description,
    tags,
    params: declared.params,
    response: access.answers(declared.response, { errors: declared.errors ?? [], invalid: 'InvalidParameter' }),
  }
  const provenance = [...access.provenance, ...declared.provenance]
  const config = { arcgisPages: pagesOfResource(declared), arcgisDuringRestore: access.duringRestore }
  const options = { ...(access.preValidation && { preValidation: access.preValidation }), config }
  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    const value = declared.read(callOf<Params, Input>(request)) as object
    return respond(request, reply, value, frame => config.arcgisPages.answer(frame, value, request))
  }
  const byGet = {
    operationId,
    ...(variantOf !== undefined && { variantOf }),
    ...common,
    security: securityOf(access, 'GET'),
    querystring: withParameters(ArcgisQuery, parameters),
    'x-provenance': provenance,
  }
  const byPost = {
    operationId: `${operationId}ByPost`,
    variantOf: variantOf ?? operationId,
    ...common,
    security: securityOf(access, 'POST'),
    consumes: FORM_TYPES,
    body: withParameters(ArcgisForm, parameters),
    'x-provenance': [...provenance, BY_POST],
  }
  for (const url of [...alsoAt, path]) {
    app.get(url, { ...options, schema: { ...byGet, hide: url !== path } }, handler)
    app.post(url, { ...options, schema: { ...byPost, hide: url !== path } }, handler)
  }
}

/** A form is named: with further parameters, like those are. */
function withParameters(common: TObject, parameters: TObject | undefined): TObject {
  if (!parameters) return common
  const options = common.$id !== undefined && parameters.$id !== undefined ? { $id: parameters.$id } : {}
  return Type.Object({ ...(parameters.properties as TProperties), ...common.properties }, options)
}

function pagesOfResource<Params extends TObject, Result extends TSchema, Input extends TObject>({
  summary,
  page = {},
}: Resource<Params, Result, Input>): RoutePages {
  return {
    answer(frame, answered, request) {
      const value = answered as Static<Result>
      const call = callOf<Params, Input>(request)
      return resourcePage(frame, {
        title: page.title?.(value, call) ?? summary,
        shown: page.shown?.(value) ?? answered,
        links: page.links?.(value, call) ?? {},
        children: page.children?.(value, call) ?? [],
        operations: page.operations?.(value, call) ?? [],
      })
    },
  }
}
