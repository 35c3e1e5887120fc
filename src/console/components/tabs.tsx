// Tabs, of which one panel is shown. Arrow keys go from tab to tab.
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface Tab {
  id: string
  title: string
  content(): ComponentChildren
}

interface TabsProps {
  label: string
  tabs: readonly Tab[]
  /** The id of the shown tab; the first one if there is no such tab. */
  selected: string | undefined
  onSelect(id: string): void
}

export function Tabs({ label, tabs, selected, onSelect }: TabsProps) {
  const idBase = useId()
  const shown = tabs.find(({ id }) => id === selected) ?? tabs[0]
  const move = (event: KeyboardEvent, list: HTMLElement) => {
    const index = shown ? tabs.indexOf(shown) : 0
    const steps: Record<string, number> = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1 + tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }
    const next = tabs[(steps[event.key] ?? Number.NaN) % tabs.length]
    if (!next) return
    event.preventDefault()
    onSelect(next.id)
    list.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus()
  }
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} onKeyDown={event => move(event, event.currentTarget)}>
        {tabs.map(tab => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${idBase}-${tab.id}`}
            data-tab={tab.id}
            aria-selected={tab === shown}
            aria-controls={`${idBase}-panel`}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.title}
          </button>
        ))}
      </div>
      {shown && (
        // It scrolls, which the keyboard can only do where the focus is.
        <div role="tabpanel" tabIndex={0} id={`${idBase}-panel`} aria-labelledby={`${idBase}-${shown.id}`}>
          {shown.content()}
        </div>
      )}
    </div>
  )
}
