// arcgis: what the routes share: how callers may say who they are, and where the common behaviours come from.
import type { FastifyRequest } from 'fastify'
import type { Provenance } from '../../../http/provenance.ts'
import { catalogue } from '../errors.ts'
import { formatOf } from '../formats.ts'

export const tags = ['arcgis']

const HEADERS = [{ arcgisBearer: [] }, { arcgisEsriAuthorization: [] }]
export const GET_SECURITY = [{ arcgisToken: [] }, ...HEADERS, { arcgisCookie: [] }]
/** A cookie is not enough to post: the token stands in the form, where the contract lists it, or in a header. */
export const POST_SECURITY = [{}, ...HEADERS]

const ADMIN_CLI = 'Esri/arcgis-gitops enterprise-admin-cli'
const CONFIGURE = 'ArcGIS Enterprise on Kubernetes, configure.sh'

/** Of every operation of both APIs. */
export const FORMS: Provenance[] = [
  { behaviour: 'f is html, json or pjson, html by default', mark: 'documented' },
  { behaviour: 'pjson is text/plain; an unknown f is an error in JSON', mark: 'inferred' },
  {
    behaviour: 'Failures are {"error":{code,message,details}} with HTTP status 200',
    mark: 'client-code',
    source: CONFIGURE,
  },
  { behaviour: 'urlencoded and multipart bodies', mark: 'client-code', source: `${ADMIN_CLI}; ${CONFIGURE}` },
  { behaviour: 'An empty value is one not given; the body goes before the query', mark: 'inferred' },
  { behaviour: 'Codes and messages of 400, 405, 413, 415 and 500', mark: 'inferred' },
  { behaviour: 'The markup of pages, with a form where an operation is opened with GET', mark: 'inferred' },
]

/** Of every operation that needs a token. */
export const COMMON: Provenance[] = [
  { behaviour: 'The privilege, and that a POST needs more than a cookie', mark: 'documented' },
  { behaviour: '499 "Token Required." with details null', mark: 'client-code', source: CONFIGURE },
  { behaviour: '498 "Invalid Token." for a token that is unknown or has expired', mark: 'inferred' },
  { behaviour: '403 and its message', mark: 'client-code', source: '@esri/arcgis-rest-request' },
  { behaviour: '404 for what does not exist', mark: 'inferred' },
  { behaviour: 'The token in Authorization, for GET and POST', mark: 'client-code', source: ADMIN_CLI },
  { behaviour: 'The token in X-Esri-Authorization', mark: 'client-code', source: 'ArcGIS API for Python' },
  { behaviour: 'Parameters in the body of a GET', mark: 'client-code', source: `${ADMIN_CLI} 0.4.0` },
  { behaviour: 'The name of the cookie', mark: 'inferred' },
  ...FORMS,
]

/** An operation that is opened with GET has a form to show, and nothing for programs. Throws MethodNotAllowed. */
export function refuseUnlessPage(request: FastifyRequest): void {
  if (formatOf(request) !== 'html') throw catalogue.error('MethodNotAllowed', { headers: { allow: 'POST' } })
}
