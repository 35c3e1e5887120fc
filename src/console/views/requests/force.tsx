// Chooses what an operation answers next: one of the errors of its API, as a fault that is armed for some requests.
import { useSignal } from '@preact/signals'
import type { FaultCatalogue, ServeEvent } from '../../../../schemas/control.ts'
import { Button } from '../../components/button.tsx'
import { Code } from '../../components/code.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { sandboxResource } from '../../state/resource.ts'
import { change } from '../../state/sandbox.ts'
import { countText } from '../../state/text.ts'
import { withToast } from '../../state/toasts.ts'

const catalogue = sandboxResource<FaultCatalogue>('/faults/catalogue')

interface ForceDialogProps {
  entry: ServeEvent
  operation: string
  onClose(): void
}

export function ForceDialog({ entry, operation, onClose }: ForceDialogProps) {
  const { api, error, path } = entry.firedrill
  const errors = catalogue.value.value?.apis.find(({ name }) => name === api)?.errors ?? []
  const chosen = useSignal(error ?? '')
  const times = useSignal('1')
  const isForPath = useSignal(false)
  const name = errors.find(each => each.name === chosen.value)?.name ?? errors[0]?.name ?? ''
  const status = errors.find(each => each.name === name)?.status ?? 0
  const [urlPath] = path.split('?')
  const arm = async () => {
    const fault = {
      operation,
      fault: 'error',
      name,
      ...(times.value === '' ? {} : { times: Number(times.value) }),
      ...(isForPath.value ? { match: { urlPath } } : {}),
    }
    const count = times.value === '' ? 'all requests' : `the next ${countText(Number(times.value), 'request')}`
    if (
      await withToast(
        () => change('/faults', { method: 'POST', body: fault }),
        `${name} is armed for ${count} of ${operation}`,
      )
    )
      onClose()
  }
  return (
    <Dialog title={`Force an answer of ${operation}`} onClose={onClose}>
      <form
        class="fields"
        onSubmit={event => {
          event.preventDefault()
          void arm()
        }}
      >
        <div class="field">
          <label for="force-error">Answer</label>
          <select
            id="force-error"
            value={name}
            onChange={({ currentTarget }) => {
              chosen.value = currentTarget.value
            }}
          >
            {errors.map(each => (
              <option key={each.name} value={each.name}>
                {`${each.status} ${each.name}`}
              </option>
            ))}
          </select>
          <p class="hint">{errors.find(each => each.name === name)?.message}</p>
        </div>
        <div class="field">
          <label for="force-times">For how many requests</label>
          <input
            id="force-times"
            type="number"
            min="1"
            step="1"
            value={times.value}
            placeholder="all"
            onInput={({ currentTarget }) => {
              times.value = currentTarget.value
            }}
          />
        </div>
        <label class="choice">
          <input
            type="checkbox"
            checked={isForPath.value}
            onChange={({ currentTarget }) => {
              isForPath.value = currentTarget.checked
            }}
          />
          <span>
            Only for the path <code>{urlPath}</code>
          </span>
        </label>
        <div>
          <p class="hint">A client can also ask for an answer itself, with this header:</p>
          <Code text={`Prefer: code=${status}`} label="Header" />
        </div>
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={name === ''}>
            Arm
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
