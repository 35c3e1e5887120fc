// The dialog that creates a sandbox: from the initial state, a scenario or a snapshot.
import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { SandboxRequest } from '../../../../schemas/control.ts'
import { Dialog } from '../../components/dialog.tsx'
import { create, scenarios, snapshots } from './actions.ts'
import { NameForm } from './name-form.tsx'
import { nextName } from './names.ts'

interface CreateProps {
  taken: readonly string[]
  onClose(): void
}

const CLOCKS = [
  { value: '', title: 'As the server was started' },
  { value: 'frozen', title: 'Standing still' },
  { value: 'real', title: 'Running in real time' },
  { value: 'scaled:60', title: 'Running 60 times as fast' },
  { value: 'scaled:3600', title: 'Running 3600 times as fast' },
]

/** The values of the list of beginnings, as `kind:name`. */
function beginningOf(value: string): NonNullable<SandboxRequest['from']> {
  const [kind = '', name = ''] = value.split(':')
  if (kind === 'scenario') return { scenario: name }
  if (kind === 'snapshot') return { snapshot: name }
  return kind === 'blank' ? 'blank' : 'fixture'
}

export function CreateDialog({ taken, onClose }: CreateProps) {
  const [fromId, clockId] = [useId(), useId()]
  const from = useSignal('fixture')
  const clock = useSignal('')
  const submit = async (name: string) => {
    const isCreated = await create({
      name,
      from: beginningOf(from.value),
      ...(clock.value === '' ? {} : { clock: clock.value }),
    })
    if (isCreated) onClose()
    return isCreated
  }
  return (
    <Dialog title="New sandbox" onClose={onClose}>
      <NameForm label="Name" proposed={nextName('test', taken, 1)} action="Create" onSubmit={submit}>
        <div class="field">
          <label for={fromId}>Begins with</label>
          <select id={fromId} value={from.value} onChange={({ currentTarget }) => (from.value = currentTarget.value)}>
            <option value="fixture">The initial state of the server</option>
            <option value="blank">No data at all, not even credentials</option>
            <optgroup label="Scenarios">
              {(scenarios.value.value ?? []).map(({ name }) => (
                <option key={name} value={`scenario:${name}`}>
                  {name}
                </option>
              ))}
            </optgroup>
            <optgroup label="Snapshots">
              {(snapshots.value.value ?? []).map(({ name }) => (
                <option key={name} value={`snapshot:${name}`}>
                  {name}
                </option>
              ))}
            </optgroup>
          </select>
        </div>
        <div class="field">
          <label for={clockId}>Clock</label>
          <select
            id={clockId}
            value={clock.value}
            onChange={({ currentTarget }) => (clock.value = currentTarget.value)}
          >
            {CLOCKS.map(({ value, title }) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </div>
      </NameForm>
    </Dialog>
  )
}
