// The context of a request: its origin, its sandbox, its time and its trace.
import type { FastifyRequest } from 'fastify'
import type { Entry } from '../sandbox/journal/entry.ts'
import { RequestTrace } from '../sandbox/journal/trace.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Route } from './routes.ts'

/** The sandbox that a request names, which may not exist, and the URLs that lead back to it. */
export interface Destination {
  /** The name of the sandbox, as the request gives it. */
  sandbox: string
  /** `scheme://host[/prefix]` at the start of absolute URLs in responses; a request to such a URL reaches the same sandbox. */
  origin: string
  /** `scheme://host` alone, without the sandbox. */
  serverUrl: string
}

/** The context of a request for an API. Requests for the server itself, including the control API, have none. */
export class Scope {
  sandbox: Sandbox
  /** Epoch ms; the sandbox is settled up to it, and everything that the request does happens at this time. */
  now: number
  /** The same as in `Destination`. */
  readonly origin: string
  readonly serverUrl: string
  readonly route: Route
  /** Undefined when the journal is off. */
  entry: Entry | undefined
  readonly trace = new RequestTrace()
  /** The authenticated caller, in the API's own type; set by the mount, undefined where the API authenticates elsewhere. */
  principal: unknown

  constructor(sandbox: Sandbox, { origin, serverUrl }: Destination, route: Route) {
    this.sandbox = sandbox
    this.now = sandbox.settle()
    this.origin = origin
    this.serverUrl = serverUrl
    this.route = route
  }
}

/** Plain properties: they are read many times per request, and Fastify's `getDecorator` looks up the name each time. */
interface Scoped {
  scope?: Scope | null
  destination?: Destination | null
}

/** The scope that the server set before any API saw the request. */
export function scopeOf(request: FastifyRequest): Scope {
  return (request as Scoped).scope as Scope
}

/** The destination that the server set before any API saw the request. */
export function destinationOf(request: FastifyRequest): Destination {
  return (request as Scoped).destination as Destination
}

/** Undefined for a URL that cannot be routed, for which no hook runs. */
export function findDestination(request: FastifyRequest): Destination | undefined {
  return (request as Scoped).destination ?? undefined
}

export function setDestination(request: FastifyRequest, destination: Destination): void {
  ;(request as Scoped).destination = destination
}

/**
 * Undefined for requests to the server itself, for an unknown path of a sandbox that does not exist, and for a URL that
 * cannot be routed, for which no hook runs.
 */
export function findScope(request: FastifyRequest): Scope | undefined {
  return (request as Scoped).scope ?? undefined
}

export function setScope(request: FastifyRequest, scope: Scope): void {
  ;(request as Scoped).scope = scope
}

/** The names under which the properties are declared to Fastify. */
export const scopeDecorators = ['scope', 'destination'] satisfies (keyof Scoped)[]
