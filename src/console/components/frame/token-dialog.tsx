// Asks for the token of the control API.
import { useSignal } from '@preact/signals'
import { tokenQuestion } from '../../state/server.ts'
import { Button } from '../button.tsx'
import { Dialog } from '../dialog.tsx'

export function TokenDialog() {
  const question = tokenQuestion.value
  return question ? <Question key={String(question.wasRefused)} {...question} /> : null
}

function Question({ wasRefused, answer }: { wasRefused: boolean; answer(token: string | undefined): void }) {
  const token = useSignal('')
  return (
    <Dialog title="Token of the control API" onClose={() => answer(undefined)}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (token.value !== '') answer(token.value)
        }}
      >
        <p>The server was started with a token (--admin-token). The page keeps it until it is closed or reloaded.</p>
        <div class="field">
          <label for="token">Token</label>
          <input
            id="token"
            type="password"
            autocomplete="off"
            aria-invalid={wasRefused}
            aria-describedby="token-error"
            value={token.value}
            onInput={({ currentTarget }) => {
              token.value = currentTarget.value
            }}
          />
          <p id="token-error" class="hint">
            {wasRefused && <strong class="error">The server did not accept this token.</strong>}
          </p>
        </div>
        <footer>
          <Button onClick={() => answer(undefined)}>Cancel</Button>
          <Button look="primary" type="submit">
            Continue
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
