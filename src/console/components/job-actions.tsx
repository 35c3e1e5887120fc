// What a person can do with a running job: end it, or its current phase, by hand.
import { useSignal } from '@preact/signals'
import type { Job } from '../../../schemas/control.ts'
import { change } from '../state/sandbox.ts'
import { withToast } from '../state/toasts.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

type Ending = 'fail' | 'cancel'

export function JobActions({ job: { api, id } }: { job: Pick<Job, 'api' | 'id'> }) {
  const ending = useSignal<Ending | undefined>(undefined)
  const path = `/jobs/${encodeURIComponent(`${api}:${id}`)}`
  const end = (how: 'step' | 'finish', done: string) =>
    withToast(() => change(`${path}/${how}`, { method: 'POST' }), done)
  const ask = (kind: Ending | undefined) => () => {
    ending.value = kind
  }
  return (
    <div class="actions">
      <Button onClick={() => end('step', 'The phase has ended')}>End the phase</Button>
      <Button onClick={() => end('finish', 'The job has ended')}>Finish</Button>
      <Button onClick={ask('cancel')}>Cancel…</Button>
      <Button look="danger" onClick={ask('fail')}>
        Fail…
      </Button>
      {ending.value && <EndingDialog kind={ending.value} path={path} onClose={ask(undefined)} />}
    </div>
  )
}

const WORDS = {
  fail: { title: 'End the job as failed', action: 'Fail the job', done: 'The job has failed' },
  cancel: { title: 'End the job as cancelled', action: 'Cancel the job', done: 'The job is cancelled' },
}

/** Asks for the reason. `path`: of the job, below the sandbox. */
function EndingDialog({ kind, path, onClose }: { kind: Ending; path: string; onClose(): void }) {
  const reason = useSignal('')
  const { title, action, done } = WORDS[kind]
  const submit = async (event: Event) => {
    event.preventDefault()
    const body = reason.value === '' ? {} : { reason: reason.value }
    if (await withToast(() => change(`${path}/${kind}`, { method: 'POST', body }), done)) onClose()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={event => void submit(event)}>
        <div class="field">
          <label for="reason">Reason</label>
          <input
            id="reason"
            autocomplete="off"
            aria-describedby="reason-hint"
            value={reason.value}
            onInput={({ currentTarget }) => {
              reason.value = currentTarget.value
            }}
          />
          <p id="reason-hint" class="hint">
            What the API tells its clients; may be empty.
          </p>
        </div>
        <footer>
          <Button onClick={onClose}>Close</Button>
          <Button look="danger" type="submit">
            {action}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
