// arcgis: what surrounds every page of the directory: where it stands, and who is looking.
import type { FastifyRequest } from 'fastify'
import { findScope, type Scope } from '../../http/scope.ts'
import { type Session, sessionOf } from './session.ts'

export interface Crumb {
  name: string
  /** None where no page is served. */
  href?: string
}

export interface Frame {
  /** The path that links of this context begin with, without a slash at the end. */
  contextPath: string
  /** The path of this page. */
  path: string
  crumbs: Crumb[]
  session: Session | undefined
}

/** The name of the web context, as it must stand in a URL. */
export function contextOf({ url }: FastifyRequest): string {
  const [, context = ''] = url.split(/[/?#]/)
  return encodeURIComponent(decoded(context))
}

/** The path of a context, from the root of the origin that clients see; without a context only what comes before it. */
export function contextPathOf(request: FastifyRequest, scope: Scope): string {
  return new URL(scope.origin).pathname.replace(/\/$/, '') + pathOf(request)
}

/** Two slashes at the start of a path would begin a host. */
function pathOf(request: FastifyRequest): string {
  const context = contextOf(request)
  return context === '' ? '' : `/${context}`
}

export function frameOf(request: FastifyRequest): Frame {
  const scope = findScope(request)
  const contextPath = scope ? contextPathOf(request, scope) : pathOf(request)
  const [, ...segments] = (request.url.split(/[?#]/)[0] as string).split('/').filter(segment => segment !== '')
  return {
    contextPath,
    path: [contextPath, ...segments].join('/'),
    crumbs: crumbsOf(contextPath, segments),
    session: sessionOf(request),
  }
}

const PAGES = [
  /^\/admin\/jobs(\/[^/]+)?$/,
  /^\/admin\/system\/disasterrecovery\/stores\/[^/]+\/backups(\/create)?$/,
  /^\/sharing\/rest\/generateToken$/,
]

/** From the root of the directory, which is `admin` or `sharing/rest`, to this page. */
function crumbsOf(contextPath: string, segments: string[]): Crumb[] {
  const rootLength = segments[0] === 'sharing' ? 2 : 1
  const crumbs = segments.slice(rootLength).map((segment, index): Crumb => {
    const path = `/${segments.slice(0, rootLength + index + 1).join('/')}`
    const name = decoded(segment)
    return PAGES.some(page => page.test(path)) ? { name, href: contextPath + path } : { name }
  })
  return [{ name: 'Home' }, ...crumbs]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
