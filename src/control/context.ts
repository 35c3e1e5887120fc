// What the control API is handed: the sandboxes, and what the server knows of the APIs in it. Never a room by name.
import type { FastifyRequest } from 'fastify'
import type { ReportUnexpected } from '../http/failures.ts'
import { destinationOf } from '../http/scope.ts'
import { Rehearsal } from '../rehearsal/rehearsal.ts'
import type { Stage } from '../rehearsal/stage.ts'
import type { GuardOptions } from './guard.ts'

export interface ControlContext extends Stage {
  guard: GuardOptions
  version: string
  uptimeMs(): number
  report: ReportUnexpected
  /** The control API's own OpenAPI document. */
  describe(): Promise<object>
}

/** Where routes that exist for each sandbox are put: for the addressed one, and again for each by name. */
export interface Place {
  base: '' | '/sandboxes/:sandbox'
  /** The second place is not described twice. */
  hide: boolean
}

/** The sandbox that a control request is about: the one named in its path, else the one that it was addressed to. */
export function rehearsalOf(context: ControlContext, request: FastifyRequest): Rehearsal {
  return new Rehearsal(context, sandboxNameOf(request))
}

/** For what is the same in all sandboxes, where it is asked of one of them. Throws Refusal when there is no such sandbox. */
export function requireSandbox({ registry }: ControlContext, request: FastifyRequest): void {
  registry.existing(sandboxNameOf(request))
}

function sandboxNameOf(request: FastifyRequest): string {
  const { sandbox } = request.params as { sandbox?: string }
  return sandbox ?? destinationOf(request).sandbox
}
