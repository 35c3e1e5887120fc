// ArcGIS Enterprise Portal Directory API: the wire contract of the portal and its users, as clients read it.
import { Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { strict } from '../strict.ts'

const AuthInfo = Type.Object(
  {
    tokenServicesUrl: Type.String({ format: 'uri', description: 'The URL of generateToken' }),
    isTokenBasedSecurity: Type.Boolean(),
  },
  strict,
)

export const ArcgisServerInfo = Type.Object(
  {
    owningSystemUrl: Type.String({
      format: 'uri',
      description: 'The URL of the context, which the sharing API is below',
    }),
    authInfo: AuthInfo,
  },
  { $id: 'ArcgisServerInfo', ...strict },
)

export const ArcgisSharingRoot = Type.Object(
  { currentVersion: Type.String({ description: 'The version of the sharing API', examples: ['2024.1'] }) },
  { $id: 'ArcgisSharingRoot', ...strict },
)

const user = {
  username: Type.String(),
  fullName: Type.String(),
  role: literals(['org_admin', 'org_publisher', 'org_user'], {
    description: 'The role of the user in the organization',
  }),
  access: Type.Literal('private'),
  orgId: Type.String(),
}

export const ArcgisUserSelf = Type.Object(
  { ...user, groups: Type.Array(Type.Never(), { description: 'Always empty' }) },
  { $id: 'ArcgisUserSelf', ...strict },
)

export const ArcgisPortalSelf = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    portalName: Type.String(),
    portalHostname: Type.String({ description: 'The host and the context' }),
    portalMode: Type.Literal('singletenant'),
    isPortal: Type.Literal(true),
    access: Type.Literal('private'),
    allSSL: Type.Boolean(),
    currentVersion: Type.String(),
    authorizedCrossOriginDomains: Type.Array(Type.String(), { description: 'Always empty' }),
    user: Type.Optional(Type.Object(user, { description: 'The user whose token the request has', ...strict })),
  },
  { $id: 'ArcgisPortalSelf', ...strict },
)
