// Shows the short messages. Screen readers announce them when they appear.
import { dismissToast, toasts } from '../state/toasts.ts'
import { IconButton } from './button.tsx'

export function Toasts() {
  return (
    <div class="toasts" role="status">
      {toasts.value.map(({ id, kind, text }) => (
        <div key={id} class={`toast ${kind}`}>
          <p>{text}</p>
          <IconButton icon="close" label="Dismiss" onClick={() => dismissToast(id)} />
        </div>
      ))}
    </div>
  )
}
