// Values that are read from the server while a component shows them, and read again after each change.
import { effect, type ReadonlySignal, signal } from '@preact/signals'
import { changes } from './events.ts'
import { call, inSandbox, type ServerError } from './server.ts'
import { sandboxName } from './url.ts'

export interface Resource<Value> {
  /** Undefined until it has been read. */
  readonly value: ReadonlySignal<Value | undefined>
  /** Why the last attempt failed; undefined after a success. */
  readonly error: ReadonlySignal<ServerError | undefined>
  /** Reads it now. */
  reload(): Promise<void>
}

/** What an operation on the shown sandbox returns; the path is the one below `/__admin`. */
export function sandboxResource<Value>(path: string): Resource<Value> {
  return resource(() => call<Value>(inSandbox(path)), { isOfSandbox: true })
}

/** What an operation on the server returns. */
export function serverResource<Value>(path: string): Resource<Value> {
  return resource(() => call<Value>(path), { isOfSandbox: false })
}

function resource<Value>(load: () => Promise<Value>, { isOfSandbox }: { isOfSandbox: boolean }): Resource<Value> {
  const state = { isLoading: false, isStale: false, stop: () => {} }
  const error = signal<ServerError | undefined>(undefined)
  const value = signal<Value | undefined>(undefined, {
    watched() {
      let shown = sandboxName.peek()
      state.stop = effect(() => {
        changes.value
        if (isOfSandbox && sandboxName.value !== shown) {
          shown = sandboxName.value
          value.value = undefined
        }
        void reload()
      })
    },
    unwatched: () => state.stop(),
  })

  /** One request at a time; a call during a request causes one more after it. */
  async function reload(): Promise<void> {
    if (state.isLoading) {
      state.isStale = true
      return
    }
    state.isLoading = true
    do {
      state.isStale = false
      const sandbox = sandboxName.peek()
      try {
        const loaded = await load()
        if (sandbox !== sandboxName.peek()) state.isStale ||= isOfSandbox
        else if (JSON.stringify(loaded) !== JSON.stringify(value.peek())) value.value = loaded
        error.value = undefined
      } catch (failure) {
        error.value = failure as ServerError
      }
    } while (state.isStale)
    state.isLoading = false
  }

  return { value, error, reload }
}
