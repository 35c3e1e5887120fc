// Asks before something that cannot be undone.
import { withToast } from '../state/toasts.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface ConfirmProps {
  title: string
  /** What will happen. */
  text: string
  /** What the button says. */
  action: string
  /** Shown when it has happened. */
  done: string
  run(): Promise<unknown>
  onClose(): void
}

export function Confirm({ title, text, action, done, run, onClose }: ConfirmProps) {
  const confirm = async () => {
    if (await withToast(run, done)) onClose()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <footer>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="danger" onClick={confirm}>
          {action}
        </Button>
      </footer>
    </Dialog>
  )
}
