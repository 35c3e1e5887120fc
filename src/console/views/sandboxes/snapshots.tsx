// The snapshots of all sandboxes: taken of the shown one, and restored into it.
import { useSignal } from '@preact/signals'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { sandboxName } from '../../state/url.ts'
import { dropSnapshot, restore, snapshots, takeSnapshot } from './actions.ts'
import { NameForm } from './name-form.tsx'
import { nextName } from './names.ts'

type Question = { what: 'restore' | 'delete'; name: string }

export function SnapshotList() {
  const question = useSignal<Question | undefined>(undefined)
  const shown = sandboxName.value
  const names = (snapshots.value.value ?? []).map(({ name }) => name)
  const close = () => {
    question.value = undefined
  }
  return (
    <section aria-labelledby="snapshot-list">
      <header>
        <h2 id="snapshot-list">Snapshots</h2>
      </header>
      <p class="hint">A snapshot keeps everything that a sandbox contains, under a name.</p>
      <NameForm
        label={`Snapshot of ${shown}`}
        proposed={nextName(shown, names)}
        action="Take snapshot"
        onSubmit={name => takeSnapshot(shown, name)}
      />
      <ul class="rows">
        {names.map(name => (
          <li key={name} class="row">
            <div class="what">{name}</div>
            <div class="actions">
              <Button
                aria-label={`Restore ${name} into ${shown}`}
                onClick={() => (question.value = { what: 'restore', name })}
              >
                Restore into {shown}
              </Button>
              <Button
                icon="trash"
                look="danger"
                aria-label={`Delete snapshot ${name}`}
                onClick={() => (question.value = { what: 'delete', name })}
              >
                Delete
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {question.value && <Answer question={question.value} shown={shown} onClose={close} />}
    </section>
  )
}

function Answer({ question, shown, onClose }: { question: Question; shown: string; onClose(): void }) {
  const { what, name } = question
  return what === 'restore' ? (
    <Confirm
      title={`Restore ${name} into ${shown}?`}
      text={`Everything in ${shown} is replaced with the snapshot, and its journal is removed. Its clock continues as the snapshot says.`}
      action="Restore"
      done={`Snapshot ${name} restored`}
      run={() => restore(shown, name)}
      onClose={onClose}
    />
  ) : (
    <Confirm
      title={`Delete snapshot ${name}?`}
      text="Sandboxes that were created from it can no longer be reset to it."
      action="Delete"
      done={`Snapshot ${name} deleted`}
      run={() => dropSnapshot(name)}
      onClose={onClose}
    />
  )
}
