// arcgis: what the routes share: authentication, and the provenance of common behaviours.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { findScope, scopeOf } from '../../../http/scope.ts'
import { catalogue } from '../errors.ts'
import { formatOf } from '../formats.ts'
import { principalOf, tokenOf } from '../principal.ts'
import type { User } from '../state.ts'
import {
  type Answers,
  adminAnswers,
  type Failures,
  openAnswers,
  type Success,
  sharingAnswers,
  withoutUnavailable,
} from './answers.ts'

export const tags = ['arcgis']

/** The user who sent the request. Throws TokenRequired and InvalidToken; no token is valid in a sandbox that does not exist. */
export function callerOf(request: FastifyRequest): User {
  const scope = findScope(request)
  const { token, user } = scope ? principalOf(request, scope) : { token: tokenOf(request), user: undefined }
  if (token === undefined) throw catalogue.error('TokenRequired')
  if (!user) throw catalogue.error('InvalidToken')
  return user
}

/** The user who sent the request; undefined without a token. Throws InvalidToken. */
export function callerIfAny(request: FastifyRequest): User | undefined {
  return principalOf(request, scopeOf(request)).token === undefined ? undefined : callerOf(request)
}

/** A hook that runs before parameters are checked. Throws what callerOf does, and PermissionDenied. */
function allow(isAllowed: (user: User) => boolean) {
  return (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    const { trace } = scopeOf(request)
    trace.enter('authentication')
    if (!isAllowed(callerOf(request))) throw catalogue.error('PermissionDenied')
    trace.enter('parameters')
    done()
  }
}

/** What a route does about tokens. */
export interface Access {
  /** Absent where anyone may send the request. */
  preValidation?: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void
  answers(success: Success, failures: Failures): Answers
  /** Whether such routes are served while the organization is being restored. */
  duringRestore: boolean
  /** Of behaviours that all such routes share. */
  provenance: Provenance[]
}

/** For a route of `app`. By default, a route is served while the organization is being restored if anyone may use it. */
export function accessTo(
  { prefix }: TypedApp,
  allowed: ((user: User) => boolean) | 'anyone',
  duringRestore = allowed === 'anyone',
): Access {
  const isSharing = prefix.endsWith('/sharing/rest')
  if (allowed === 'anyone') return { answers: openAnswers(isSharing), duringRestore, provenance: FORMS }
  const all = isSharing ? sharingAnswers : adminAnswers
  return {
    preValidation: allow(allowed),
    answers: duringRestore ? (success, failures) => withoutUnavailable(all(success, failures)) : all,
    duringRestore,
    provenance: isSharing ? [...SHARING_TOKENS, ...FORMS] : COMMON,
  }
}

export function securityOf({ preValidation }: Access, method: 'GET' | 'POST'): Record<string, string[]>[] {
  if (!preValidation) return []
  return method === 'GET' ? GET_SECURITY : POST_SECURITY
}

const HEADERS = [{ arcgisBearer: [] }, { arcgisEsriAuthorization: [] }]
const GET_SECURITY = [{ arcgisToken: [] }, ...HEADERS, { arcgisCookie: [] }]
/** A cookie does not authorize a POST: the token is a form field, which the body schema declares, or in a header. */
const POST_SECURITY = [{}, ...HEADERS]

const ADMIN_CLI = 'Esri/arcgis-gitops enterprise-admin-cli'
const CONFIGURE = 'ArcGIS Enterprise on Kubernetes, configure.sh'

/** Applies to every operation of both APIs. */
const FORMS: Provenance[] = [
  { behaviour: 'f is html, json or pjson; the default is html', mark: 'documented' },
  { behaviour: 'pjson is text/plain; an unknown f is an error in JSON', mark: 'inferred' },
  {
    behaviour: 'Failures are {"error":{code,message,details}} with HTTP status 200',
    mark: 'client-code',
    source: CONFIGURE,
  },
  { behaviour: 'urlencoded and multipart bodies', mark: 'client-code', source: `${ADMIN_CLI}; ${CONFIGURE}` },
  { behaviour: 'An empty value counts as absent; the body takes precedence over the query', mark: 'inferred' },
  { behaviour: 'Codes and messages of 400, 405, 413, 415 and 500', mark: 'inferred' },
  { behaviour: 'The markup of pages, and the form that GET of an operation serves', mark: 'inferred' },
]

/** Applies to every operation of the sharing API that requires a token. */
const SHARING_TOKENS: Provenance[] = [
  {
    behaviour: '403, 498 and 499 with their messages and messageCode',
    mark: 'client-code',
    source: '@esri/arcgis-rest-request',
  },
  {
    behaviour: 'The token in Authorization and X-Esri-Authorization, and the cookie of the directory',
    mark: 'inferred',
  },
]

/** Applies to every operation of the Administrator API that requires a token. */
const COMMON: Provenance[] = [
  { behaviour: 'The privilege, and that a cookie does not authorize a POST', mark: 'documented' },
  { behaviour: 'A token in the query does not authorize a POST', mark: 'documented' },
  { behaviour: '499 "Token Required." with details null', mark: 'client-code', source: CONFIGURE },
  { behaviour: '498 "Invalid Token." for a token that is unknown or has expired', mark: 'inferred' },
  { behaviour: '403 and its message', mark: 'client-code', source: '@esri/arcgis-rest-request' },
  { behaviour: '404 for unknown resources', mark: 'inferred' },
  { behaviour: 'The token in Authorization, for GET and POST', mark: 'client-code', source: ADMIN_CLI },
  { behaviour: 'The token in X-Esri-Authorization', mark: 'client-code', source: 'ArcGIS API for Python' },
  { behaviour: 'Parameters in the body of a GET', mark: 'client-code', source: `${ADMIN_CLI} 0.4.0` },
  { behaviour: 'The name of the cookie', mark: 'inferred' },
  ...FORMS,
]

/** GET of an operation serves its form, and only as HTML. Throws MethodNotAllowed. */
export function refuseUnlessPage(request: FastifyRequest): void {
  if (formatOf(request) !== 'html') throw catalogue.error('MethodNotAllowed', { headers: { allow: 'POST' } })
}
