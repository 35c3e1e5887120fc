// What a request is about besides its own content: where it came in, the sandbox that it reached, and the instant that it sees.
import type { FastifyRequest } from 'fastify'
import type { Course, Entry } from '../sandbox/journal/entry.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** Where a request came in, and which sandbox it is for, whether that exists or not. */
export interface Destination {
  /** The name of the sandbox, as it was given. */
  sandbox: string
  /** `scheme://host[/prefix]` that absolute URLs in answers start with, so that a later request lands in the same sandbox. */
  origin: string
  /** `scheme://host` alone, without what leads to the sandbox. */
  serverUrl: string
}

/** A request that has reached a sandbox: every one for an API. The server's own requests, control included, have none. */
export class Scope implements Course {
  sandbox: Sandbox
  /** Epoch ms; the sandbox is settled up to it, and everything that the request does happens at it. */
  now: number
  /** As of its destination. */
  readonly origin: string
  readonly serverUrl: string
  /** Its place in the journal; none when the journal is off. */
  entry: Entry | undefined
  fault: Course['fault']
  forced: Course['forced']
  failure: Course['failure']
  /** Its room has found nothing wrong with the caller; not said by rooms that look for the caller after reading the body. */
  isAuthenticated = false
  reachedRules = false
  /** The authenticated caller, in the API's own type; set by the mount, undefined where the API authenticates elsewhere. */
  principal: unknown

  constructor(sandbox: Sandbox, { origin, serverUrl }: Destination) {
    this.sandbox = sandbox
    this.now = sandbox.settle()
    this.origin = origin
    this.serverUrl = serverUrl
  }
}

/** Plainly a property: every request is asked for it many times, and Fastify's own way to it looks the name up each time. */
interface Scoped {
  scope?: Scope | null
  destination?: Destination | null
}

/** The scope that the server set before any room saw the request. */
export function scopeOf(request: FastifyRequest): Scope {
  return (request as Scoped).scope as Scope
}

/** The destination that the server set before any room saw the request. */
export function destinationOf(request: FastifyRequest): Destination {
  return (request as Scoped).destination as Destination
}

export function setDestination(request: FastifyRequest, destination: Destination): void {
  ;(request as Scoped).destination = destination
}

/**
 * None for the server's own requests, for a path at which nothing is served of a sandbox that does not exist, and where a URL
 * could not even be routed: no hook has run by then.
 */
export function findScope(request: FastifyRequest): Scope | undefined {
  return (request as Scoped).scope ?? undefined
}

export function setScope(request: FastifyRequest, scope: Scope): void {
  ;(request as Scoped).scope = scope
}

/** The names that the properties are declared to Fastify by. */
export const scopeDecorators = ['scope', 'destination'] satisfies (keyof Scoped)[]
