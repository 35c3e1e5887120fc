// Lists the keyboard shortcuts that work now.
import { useSignal } from '@preact/signals'
import { activeShortcuts } from '../../state/shortcuts.ts'
import { Dialog } from '../dialog.tsx'

export function useHelp() {
  const isOpen = useSignal(false)
  return {
    isOpen: isOpen.value,
    open() {
      isOpen.value = true
    },
    close() {
      isOpen.value = false
    },
  }
}

export function ShortcutHelp({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl class="shortcuts">
        {activeShortcuts().map(({ key, title }) => (
          <div key={key}>
            <dt>
              {key.split(' ').map(each => (
                <kbd key={each}>{each}</kbd>
              ))}
            </dt>
            <dd>{title}</dd>
          </div>
        ))}
      </dl>
      <p>
        <a href={`${location.pathname}?demo`}>Start the guided demo</a>
      </p>
    </Dialog>
  )
}
