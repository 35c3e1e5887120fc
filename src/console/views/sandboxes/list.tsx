// The sandboxes of the server, and what can be done to each.
import { useSignal } from '@preact/signals'
import type { Sandbox } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { CopyButton } from '../../components/copy.tsx'
import { Link } from '../../components/link.tsx'
import { countText, dateTimeText, sizeText } from '../../state/text.ts'
import { hrefOfView, sandboxName } from '../../state/url.ts'
import { drop, reset } from './actions.ts'
import { CreateDialog } from './create.tsx'

type Question = { what: 'delete' | 'reset'; name: string }

export function SandboxList({ sandboxes }: { sandboxes: readonly Sandbox[] }) {
  const isCreating = useSignal(false)
  const question = useSignal<Question | undefined>(undefined)
  const ask = (what: Question['what'], name: string) => {
    question.value = { what, name }
  }
  return (
    <section aria-labelledby="sandbox-list">
      <header>
        <h2 id="sandbox-list">Sandboxes</h2>
        <Button look="primary" icon="plus" onClick={() => (isCreating.value = true)}>
          New sandbox
        </Button>
      </header>
      <ul class="rows">
        {sandboxes.map(sandbox => (
          <SandboxRow key={sandbox.name} sandbox={sandbox} onAsk={ask} />
        ))}
      </ul>
      {isCreating.value && (
        <CreateDialog taken={sandboxes.map(({ name }) => name)} onClose={() => (isCreating.value = false)} />
      )}
      {question.value && <Answer question={question.value} onClose={() => (question.value = undefined)} />}
    </section>
  )
}

function SandboxRow({ sandbox, onAsk }: { sandbox: Sandbox; onAsk(what: Question['what'], name: string): void }) {
  const { name, url, history } = sandbox
  const isShown = name === sandboxName.value
  return (
    <li class="row">
      <div class="what">
        <Link href={hrefOfView('sandboxes', { sandbox: name })} aria-current={isShown ? 'page' : undefined}>
          {name}
        </Link>
        {isShown && <Badge tone="info">shown</Badge>}
        <span class="hint">
          {history
            ? `${countText(history.requests, 'request')} of history, since ${dateTimeText(history.from)}, ${sizeText(history.sizeBytes)}`
            : 'no history'}
        </span>
      </div>
      <div class="actions">
        <CopyButton text={url} label={`Copy the URL of ${name}`} />
        <Button icon="reply" aria-label={`Reset ${name}`} onClick={() => onAsk('reset', name)}>
          Reset
        </Button>
        {name !== 'default' && (
          <Button icon="trash" look="danger" aria-label={`Delete ${name}`} onClick={() => onAsk('delete', name)}>
            Delete
          </Button>
        )}
      </div>
    </li>
  )
}

function Answer({ question: { what, name }, onClose }: { question: Question; onClose(): void }) {
  return what === 'delete' ? (
    <Confirm
      title={`Delete ${name}?`}
      text="Its data, clock, jobs, faults and journal are gone then. Snapshots are kept."
      action="Delete"
      done={`Sandbox ${name} deleted`}
      run={() => drop(name, sandboxName.peek())}
      onClose={onClose}
    />
  ) : (
    <Confirm
      title={`Reset ${name}?`}
      text="Everything in it is replaced with what it began with. Its journal and its faults are removed."
      action="Reset"
      done={`Sandbox ${name} reset`}
      run={() => reset(name)}
      onClose={onClose}
    />
  )
}
