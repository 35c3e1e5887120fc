// arcgis: the data that every page needs: its path, its breadcrumbs and the session.
import type { FastifyRequest } from 'fastify'
import { findScope, type Scope } from '../../http/scope.ts'
import { type Session, sessionOf } from './principal.ts'

export interface Crumb {
  name: string
  /** Undefined when no page is served there. */
  href?: string
}

export interface Frame {
  /** The start of every link in this context, without a trailing slash. */
  contextPath: string
  /** The path of this page. */
  path: string
  crumbs: Crumb[]
  session: Session | undefined
}

/** The name of the web context, encoded for a URL. */
export function contextOf({ url }: FastifyRequest): string {
  const [, context = ''] = url.split(/[/?#]/)
  return encodeURIComponent(decoded(context))
}

/** The path of the context below the origin that clients see; with an empty context, the path prefix alone. */
export function contextPathOf(request: FastifyRequest, scope: Scope): string {
  return new URL(scope.origin).pathname.replace(/\/$/, '') + pathOf(request)
}

/** A path that starts with two slashes would be read as a host. */
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

/** The path from the root of the directory (`admin` or `sharing/rest`) to this page. */
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
