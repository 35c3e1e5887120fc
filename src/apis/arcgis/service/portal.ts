// arcgis: the properties of the portal and of its users. Synchronous.
import type { User } from '../state.ts'

/** The organization's ID in every deployment of ArcGIS Enterprise. */
export const PORTAL_ID = '0123456789ABCDEF'
export const PORTAL_NAME = 'ArcGIS Enterprise'
/** Of the sharing API in release 10.9.1. */
export const SHARING_VERSION = '9.2'

const ROLES = { administrator: 'org_admin', publisher: 'org_publisher', user: 'org_user' } as const

export interface PortalUser {
  username: string
  fullName: string
  role: (typeof ROLES)[keyof typeof ROLES]
  access: 'private'
  orgId: string
}

export function portalUser({ username, role }: Pick<User, 'username' | 'role'>): PortalUser {
  return { username, fullName: username, role: ROLES[role], access: 'private', orgId: PORTAL_ID }
}
