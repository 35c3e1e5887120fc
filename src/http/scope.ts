// What a request is about besides its own content: the sandbox it reached, the instant it sees, and where it came in.
import type { FastifyRequest } from 'fastify'
import type { Course, Entry } from '../sandbox/entry.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

export class Scope implements Course {
  sandbox: Sandbox
  /** Epoch ms; the sandbox is settled up to it, and everything that the request does happens at it. */
  now: number
  /** `scheme://host[/prefix]` that absolute URLs in answers start with, so that a later request lands in the same sandbox. */
  readonly origin: string
  /** `scheme://host` alone, without what leads to the sandbox. */
  readonly serverUrl: string
  /** It is for one of the APIs: what it is answered is dated by the sandbox's clock. */
  isForApi = false
  /** Its place in the journal; none for what goes to no API, or when the journal is off. */
  entry: Entry | undefined
  fault: Course['fault']
  forced: Course['forced']
  failure: Course['failure']
  /** Its room has found nothing wrong with the caller; not said by rooms that look for the caller after reading the body. */
  isAuthenticated = false
  reachedRules = false

  constructor(sandbox: Sandbox, serverUrl: string, urlPrefix: string) {
    this.sandbox = sandbox
    this.now = sandbox.settle()
    this.origin = serverUrl + urlPrefix
    this.serverUrl = serverUrl
  }
}

/** Plainly a property: every request is asked for it many times, and Fastify's own way to it looks the name up each time. */
interface Scoped {
  scope?: Scope | null
}

/** The scope that the server set before any room saw the request. */
export function scopeOf(request: FastifyRequest): Scope {
  return (request as Scoped).scope as Scope
}

/** None where a URL could not even be routed: no hook has run by then. */
export function findScope(request: FastifyRequest): Scope | undefined {
  return (request as Scoped).scope ?? undefined
}

export function setScope(request: FastifyRequest, scope: Scope): void {
  ;(request as Scoped).scope = scope
}

/** The name that the property is declared to Fastify by. */
export const scopeDecorator = 'scope' satisfies keyof Scoped
