// What a request is about besides its own content: the sandbox it reached, the instant it sees, and where it came in.
import type { FastifyRequest } from 'fastify'
import type { Course } from '../sandbox/entry.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Arrival } from './recording.ts'

export interface Scope extends Course {
  sandbox: Sandbox
  /** Epoch ms; the sandbox is settled up to it, and everything that the request does happens at it. */
  now: number
  /** `scheme://host[/prefix]` that absolute URLs in answers start with, so that a later request lands in the same sandbox. */
  origin: string
  /** `scheme://host` alone, without what leads to the sandbox. */
  serverUrl: string
  /** None for what goes to no API. */
  arrival?: Arrival
}

const SCOPE = 'scope'

/** The scope that the server set before any room saw the request. */
export function scopeOf(request: FastifyRequest): Scope {
  return request.getDecorator<Scope>(SCOPE)
}

/** None where a URL could not even be routed: no hook has run by then. */
export function findScope(request: FastifyRequest): Scope | undefined {
  return SCOPE in request ? scopeOf(request) : undefined
}

export function setScope(request: FastifyRequest, scope: Scope): void {
  request.setDecorator(SCOPE, scope)
}

export const scopeDecorator = SCOPE
