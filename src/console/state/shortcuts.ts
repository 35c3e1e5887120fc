// Keyboard shortcuts: of the page, and of the view that is shown.
import { useEffect, useRef } from 'preact/hooks'

export interface Shortcut {
  /** As in KeyboardEvent.key, or `g x` for two keys one after the other. */
  key: string
  /** For the list of shortcuts. */
  title: string
  run(): void
}

const active = new Set<{ readonly shortcuts: readonly Shortcut[] }>()

/** The shortcuts that work now. */
export const activeShortcuts = (): Shortcut[] => [...active].flatMap(({ shortcuts }) => shortcuts)

/** The shortcuts work while the component is shown. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef({ shortcuts })
  latest.current.shortcuts = shortcuts
  useEffect(() => {
    const entry = latest.current
    active.add(entry)
    return () => active.delete(entry)
  }, [])
}

const PREFIX = 'g'

const TEXT_FIELDS = 'input:not([type="radio"], [type="checkbox"], [type="button"]), textarea, select'

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT_FIELDS))
}

/** Starts to listen to the keyboard. Shortcuts do nothing while a person types or a dialog is open. */
export function startShortcuts(): void {
  const pressed = { prefix: false }
  addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (isTyping(event.target) || document.querySelector('dialog:modal')) return
    const key = pressed.prefix ? `${PREFIX} ${event.key}` : event.key
    pressed.prefix = !pressed.prefix && event.key === PREFIX
    const shortcut = activeShortcuts().findLast(each => each.key === key)
    if (!shortcut) return
    event.preventDefault()
    shortcut.run()
  })
}
