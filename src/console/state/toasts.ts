// Short messages that appear for a while, and that screen readers announce.
import { signal } from '@preact/signals'

export interface Toast {
  id: number
  kind: 'done' | 'failed'
  text: string
}

export const toasts = signal<readonly Toast[]>([])
const last = signal(0)
const SHOWN_MS = 6000

export function showToast(text: string, kind: Toast['kind'] = 'done'): void {
  const id = last.peek() + 1
  last.value = id
  toasts.value = [...toasts.peek(), { id, kind, text }]
  setTimeout(() => dismissToast(id), SHOWN_MS)
}

export function dismissToast(id: number): void {
  toasts.value = toasts.peek().filter(toast => toast.id !== id)
}

/** Runs an action of a person and says how it ended. Resolves to whether it succeeded. */
export async function withToast(action: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await action()
    if (done !== undefined) showToast(done)
    return true
  } catch (error) {
    showToast(error instanceof Error ? error.message : String(error), 'failed')
    return false
  }
}
