// Reads something that depends on what a person selected, again after each change of the sandbox.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { changes } from '../../state/events.ts'
import { type CallOptions, call, type ServerError } from '../../state/server.ts'

export interface Loaded<Value> {
  value: Value | undefined
  error: ServerError | undefined
}

/** `query` needs the same fields each time. The value stays while another one is read. */
export function useLoaded<Value>(path: string, query: NonNullable<CallOptions['query']> = {}): Loaded<Value> {
  const loaded = useSignal<Loaded<Value>>({ value: undefined, error: undefined })
  const change = changes.value
  useEffect(() => {
    const controller = new AbortController()
    call<Value>(path, { query, signal: controller.signal }).then(
      value => {
        if (!controller.signal.aborted) loaded.value = { value, error: undefined }
      },
      (error: ServerError) => {
        if (!controller.signal.aborted) loaded.value = { value: loaded.peek().value, error }
      },
    )
    return () => controller.abort()
  }, [path, change, ...Object.values(query)])
  return loaded.value
}
