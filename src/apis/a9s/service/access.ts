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

/** The scope's `principal`: the instance that the path names, as it was when the credentials were checked. */
interface Principal {
  instance: state.InstanceAccess | undefined
  id: string | undefined
  store: Store
  /** The writes of the store at that time. */
  writes: number
}

/**
 * The caller, and the instance with that id, if there is one: they are looked up together, because that takes less time than one
 * after the other. Throws Unauthorized or Forbidden.
 */
export function authenticate(
  { sandbox: { store } }: Scope,
  token: string | undefined,
  id: string | undefined,
): Principal {
  const access = token === undefined ? undefined : state.findAccess(store, token, id)
  if (!access) throw catalogue.error('Unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
  if (!access.canManage) throw catalogue.error('Forbidden')
  return { instance: access.instance, id, store, writes: store.writes }
}

/** The instance, if it exists and the caller may manage it. Throws NotFound or Forbidden. */
export function requireInstance({ sandbox: { store }, principal }: Scope, id: string): state.InstanceAccess {
  const found = principal as Principal
  // Looked up again if something may have changed while the body arrived.
  const isCurrent = found.id === id && found.store === store && found.writes === store.writes
  const instance = isCurrent ? found.instance : state.findInstance(store, id)
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
