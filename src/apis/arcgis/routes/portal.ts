// arcgis: the resources of the sharing API that clients read after signing in: the portal, the user, and where tokens are issued.
import * as wire from '../../../../schemas/arcgis.ts'
import type { TypedApp } from '../../../http/mount.ts'
import type { Provenance } from '../../../http/provenance.ts'
import { contextUrlOf } from '../frame.ts'
import { PORTAL_ID, PORTAL_NAME, portalUser, SHARING_VERSION } from '../service/portal.ts'
import { callerIfAny, callerOf } from './common.ts'
import { resource } from './resource.ts'
import { PORTAL_SELF, SERVER_INFO, USER_SELF } from './samples.ts'

const REST_JS = '@esri/arcgis-rest-request'
const RESPONSE: Provenance = { behaviour: 'The response', mark: 'client-code', source: REST_JS }

export function portal(app: TypedApp): void {
  resource(app, {
    path: '/',
    operationId: 'getSharingRoot',
    summary: 'Portal Directory',
    description: 'The root of the sharing API, with its version.',
    params: wire.ArcgisContextParams,
    allow: 'anyone',
    response: {
      description: 'The version.',
      schema: wire.ArcgisSharingRoot,
      documented: { currentVersion: SHARING_VERSION },
    },
    provenance: [{ behaviour: 'The response, and the value of the version', mark: 'inferred' }],
    read: () => ({ currentVersion: SHARING_VERSION }),
    page: {
      children: () => [
        { name: 'Info', path: '/info' },
        { name: 'Portal Self', path: '/portals/self' },
        { name: 'User Self', path: '/community/self' },
        { name: 'Search', path: '/search' },
      ],
      operations: () => [
        { name: 'Generate Token', path: '/generateToken' },
        { name: 'Revoke Token', path: '/oauth2/revokeToken' },
      ],
    },
  })
  info(app, { path: '/info', operationId: 'getSharingInfo', summary: 'Info' })
  resource(app, {
    path: '/portals/self',
    operationId: 'getPortalSelf',
    summary: 'Portal Self',
    description: 'The portal, and the user whose token the request has. Without a token the response has no user.',
    params: wire.ArcgisContextParams,
    allow: 'anyone',
    response: { description: 'The portal.', schema: wire.ArcgisPortalSelf, documented: PORTAL_SELF },
    errors: ['InvalidToken'],
    provenance: [
      { behaviour: 'authorizedCrossOriginDomains', mark: 'client-code', source: REST_JS },
      { behaviour: 'The other fields, which are a part of those that a portal has', mark: 'inferred' },
    ],
    read: ({ scope, request }) => {
      const user = callerIfAny(request)
      const url = contextUrlOf(request, scope)
      return {
        id: PORTAL_ID,
        name: PORTAL_NAME,
        portalName: PORTAL_NAME,
        portalHostname: url.replace(/^https?:\/\//, ''),
        portalMode: 'singletenant' as const,
        isPortal: true as const,
        access: 'private' as const,
        allSSL: url.startsWith('https:'),
        currentVersion: SHARING_VERSION,
        authorizedCrossOriginDomains: [],
        ...(user && { user: portalUser(user) }),
      }
    },
  })
  resource(app, {
    path: '/community/self',
    operationId: 'getUserSelf',
    duringRestore: true,
    summary: 'User Self',
    description: 'The user whose token the request has.',
    params: wire.ArcgisContextParams,
    allow: () => true,
    response: { description: 'The user.', schema: wire.ArcgisUserSelf, documented: USER_SELF },
    provenance: [
      { behaviour: 'username', mark: 'client-code', source: REST_JS },
      { behaviour: 'The other fields, which are a part of those that a user has', mark: 'inferred' },
    ],
    read: ({ request }) => ({ ...portalUser(callerOf(request)), groups: [] }),
    page: {
      operations: ({ username }) => [
        { name: 'Add Item', path: `/content/users/${encodeURIComponent(username)}/addItem` },
      ],
    },
  })
}

/** Of the path of the deepest operation, `restore` of a backup. */
const MAX_DEPTH = 7
/** Below any path: the client adds `/rest/info` to the URL of the request that it is about to send. */
const ANYWHERE = Array.from({ length: MAX_DEPTH }, (_, depth) => {
  const segments = Array.from({ length: depth + 1 }, (_, index) => `/:segment${index}`)
  return `${segments.join('')}/rest/info`
})

/** The info of the Administrator API, for clients that look for the sharing API that it belongs to. */
export function serverInfo(app: TypedApp): void {
  info(app, { path: '/rest/info', alsoAt: ANYWHERE, operationId: 'getServerInfo', summary: 'Server Info' })
}

function info(
  app: TypedApp,
  at: { path: string; alsoAt?: readonly string[]; operationId: string; summary: string },
): void {
  resource(app, {
    ...at,
    description: 'Where tokens are issued.',
    params: wire.ArcgisContextParams,
    allow: 'anyone',
    response: { description: 'The URL of generateToken.', schema: wire.ArcgisServerInfo, documented: SERVER_INFO },
    provenance: [
      RESPONSE,
      ...(at.alsoAt ? [{ behaviour: 'Served below every path', mark: 'client-code', source: REST_JS } as const] : []),
    ],
    read({ scope, request }) {
      const context = contextUrlOf(request, scope)
      return {
        owningSystemUrl: context,
        authInfo: { tokenServicesUrl: `${context}/sharing/rest/generateToken`, isTokenBasedSecurity: true },
      }
    },
  })
}
