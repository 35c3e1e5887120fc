// a9s: who may use which instance, and the values of the options. Synchronous; throws errors of the catalogue.
import type { Scope } from '../../../http/scope.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import type { Store } from '../../../sandbox/store.ts'
import { catalogue } from '../errors.ts'
import type { Options } from '../options.ts'
import * as state from '../state.ts'

export const API = 'a9s'

/** The values of this API's options. */
export function optionsOf({ settings }: Sandbox): Options {
  return settings.apiOptions[API] as Options
}

/** The scope's `principal`. */
export interface Principal {
  token: state.Token
  /** The instance that was looked up last, before the body was read. */
  found: { instance: state.InstanceAccess; id: string; store: Store; writes: number } | undefined
}

/** The caller. Throws Unauthorized or Forbidden. */
export function authenticate({ sandbox }: Scope, token: string | undefined): Principal {
  const known = token === undefined ? undefined : state.findToken(sandbox.store, token)
  if (!known) throw catalogue.error('Unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
  if (!known.canManage) throw catalogue.error('Forbidden')
  return { token: known, found: undefined }
}

/** The instance, if it exists and the caller may manage it. Throws NotFound or Forbidden. */
export function requireInstance({ sandbox: { store }, principal }: Scope, id: string): state.InstanceAccess {
  const { found } = principal as Principal
  // Looked up again if something may have changed while the body arrived.
  if (found && found.id === id && found.store === store && found.writes === store.writes) return found.instance
  const instance = state.findInstance(store, id)
  if (!instance || instance.deleted) throw catalogue.error('NotFound', { message: `The instance ${id} was not found.` })
  if (instance.foreign) throw catalogue.error('Forbidden')
  ;(principal as Principal).found = { instance, id, store, writes: store.writes }
  return instance
}

/** The instance, if it is usable. Throws NotFound, Forbidden or the upstream failure that its row names. */
export function requireUsableInstance(scope: Scope, id: string): state.InstanceAccess {
  const instance = requireInstance(scope, id)
  if (instance.upstreamFailure !== null) throw catalogue.error(instance.upstreamFailure)
  return instance
}
