// a9s: who may use which instance, and the values of the options. Synchronous; throws errors of the catalogue.
import type { Scope } from '../../../http/scope.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { catalogue } from '../errors.ts'
import type { Options } from '../options.ts'
import * as state from '../state.ts'

export const API = 'a9s'

/** The values of this API's options. */
export function optionsOf({ settings }: Sandbox): Options {
  return settings.apiOptions[API] as Options
}

/** The token of the caller: the scope's `principal`. Throws Unauthorized or Forbidden. */
export function authenticate({ sandbox }: Scope, token: string | undefined): state.Token {
  const known = token === undefined ? undefined : state.findToken(sandbox.store, token)
  if (!known) throw catalogue.error('Unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
  if (!known.canManage) throw catalogue.error('Forbidden')
  return known
}

/** The instance, if it exists and the caller may manage it. Throws NotFound or Forbidden. */
export function requireInstance({ sandbox }: Scope, id: string): state.InstanceAccess {
  const instance = state.findInstance(sandbox.store, id)
  if (!instance || instance.deleted) throw catalogue.error('NotFound', { message: `The instance ${id} was not found.` })
  if (instance.foreign) throw catalogue.error('Forbidden')
  return instance
}

/** The instance, if it is usable. Throws NotFound, Forbidden or the upstream failure that its row names. */
export function requireUsableInstance(scope: Scope, id: string): state.InstanceAccess {
  const instance = requireInstance(scope, id)
  if (instance.upstreamFailure !== null) throw catalogue.error(instance.upstreamFailure)
  return instance
}
