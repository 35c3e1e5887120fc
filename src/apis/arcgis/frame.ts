// arcgis: the data that every page needs: its path, its breadcrumbs and the session.
import type { FastifyRequest } from 'fastify'
import { findScope, type Scope } from '../../http/scope.ts'
import { queryOf } from './parameters.ts'
import { linkTokenOf, type Session, sessionOf } from './principal.ts'

export interface Crumb {
  name: string
  /** Undefined when no page is served there. */
  href?: string
}

export interface Frame {
  /** The start of every link in this context, without a trailing slash. */
  contextPath: string
  /** The root of the directory that the page is in. */
  rootPath: string
  /** The path of this page. */
  path: string
  crumbs: Crumb[]
  session: Session | undefined
  /** The token that links repeat, because the browser has no cookie for it. */
  linkToken: string | undefined
}

/** A link of a page. */
export interface Link {
  name: string
  /** From the root of the directory with a slash at the start, otherwise from the page; already encoded. */
  path: string
}

/** A link to a resource of that name below the page. */
export function child(name: string): Link {
  return { name, path: encodeURIComponent(name) }
}

/** The URL of a path as in `Link`. */
export function hrefOf(frame: Frame, path: string): string {
  return withToken(frame, path.startsWith('/') ? frame.rootPath + path : `${frame.path}/${path}`)
}

/** The URL with the token that links repeat, if there is one. */
export function withToken({ linkToken }: Frame, url: string): string {
  if (linkToken === undefined) return url
  return `${url}${url.includes('?') ? '&' : '?'}token=${encodeURIComponent(linkToken)}`
}

/** The page itself, to come back to after signing in: without its token, and without f, which pages do not need. */
export function targetOf(request: FastifyRequest, { path }: Frame): string {
  const query = queryOf(request)
  query.delete('token')
  query.delete('f')
  return query.size === 0 ? path : `${path}?${query}`
}

export function hasNoContext({ url }: FastifyRequest): boolean {
  return /^\/[/?#]/.test(url)
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

/** The URL of the context, as clients see it. */
export function contextUrlOf(request: FastifyRequest, scope: Scope): string {
  return scope.origin + pathOf(request)
}

/** A path that starts with two slashes would be read as a host. */
function pathOf(request: FastifyRequest): string {
  const context = contextOf(request)
  return context === '' ? '' : `/${context}`
}

export function frameOf(request: FastifyRequest): Frame {
  const scope = findScope(request)
  const contextPath = scope ? contextPathOf(request, scope) : pathOf(request)
  const [, , ...parts] = (request.url.split(/[?#]/)[0] as string).split('/')
  const segments = parts.filter(segment => segment !== '')
  const root = segments[0] === 'sharing' ? 'sharing/rest' : 'admin'
  const frame = {
    contextPath,
    rootPath: `${contextPath}/${root}`,
    path: [contextPath, ...segments].join('/'),
    session: sessionOf(request),
    linkToken: linkTokenOf(request),
  }
  return { ...frame, crumbs: crumbsOf(request, { ...frame, crumbs: [] }) }
}

/** From the root of the directory to this page. At an unknown path, only the root is a link. */
function crumbsOf({ routeOptions: { url: route }, server }: FastifyRequest, frame: Frame): Crumb[] {
  const names = frame.path.slice(frame.rootPath.length).split('/').slice(1)
  const routeRoot = `/:context${frame.rootPath.slice(frame.contextPath.length)}`
  const routeSegments = route?.slice(routeRoot.length).split('/').slice(1) ?? []
  const hasPage = (depth: number) =>
    server.hasRoute({ method: 'GET', url: [routeRoot, ...routeSegments.slice(0, depth)].join('/') })
  const crumbs = names.map((segment, index): Crumb => {
    const name = decoded(segment)
    const path = `/${names.slice(0, index + 1).join('/')}`
    return route !== undefined && hasPage(index + 1) ? { name, href: hrefOf(frame, path) } : { name }
  })
  return [{ name: 'Home', ...(hasPage(0) && { href: withToken(frame, frame.rootPath) }) }, ...crumbs]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
