// Creates a sandbox as the shown one was right after a request, or at an instant.
import { useId } from 'preact/hooks'
import type { Sandbox } from '../../../../schemas/control.ts'
import { Status } from '../../components/badge.tsx'
import { Code } from '../../components/code.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { requests } from '../../state/journal.ts'
import type { RequestRow } from '../../state/request-row.ts'
import { countText, dateTimeText, timeText } from '../../state/text.ts'
import { param, sandboxName, setParams } from '../../state/url.ts'
import { create } from './actions.ts'
import { NameForm } from './name-form.tsx'
import { nextName } from './names.ts'

const COLUMNS: readonly Column<RequestRow>[] = [
  { id: 'time', title: 'Time', cell: row => timeText(row.virtualMs) },
  { id: 'method', title: 'Method', cell: row => row.method },
  { id: 'status', title: 'Status', cell: row => <Status status={row.status} /> },
  { id: 'path', title: 'Path', cell: row => row.path },
]

export function Rewind({ sandboxes }: { sandboxes: readonly Sandbox[] }) {
  const shown = sandboxName.value
  const history = sandboxes.find(({ name }) => name === shown)?.history
  return (
    <section aria-labelledby="rewind">
      <header>
        <h2 id="rewind">Rewind {shown}</h2>
      </header>
      {history ? (
        <RewindForm
          shown={shown}
          history={history}
          proposed={nextName(
            shown,
            sandboxes.map(({ name }) => name),
          )}
        />
      ) : (
        <>
          <p class="hint">
            {shown} has no history. Start the server with <code>--history</code>, and a new sandbox can begin as this
            one was after any of its latest requests:
          </p>
          <Code text="firedrill --history 1000" label="Command" />
        </>
      )}
    </section>
  )
}

interface RewindFormProps {
  shown: string
  history: NonNullable<Sandbox['history']>
  proposed: string
}

function RewindForm({ shown, history, proposed }: RewindFormProps) {
  const atId = useId()
  const at = param('at')
  // The journal may reach further back than the history.
  const rows = (requests.value ?? []).toReversed().slice(0, history.requests)
  return (
    <>
      <p class="hint">
        Choose a request, and get a new sandbox as {shown} was right after it; or type an instant of its virtual time.{' '}
        {shown} itself is not changed. History reaches back over {countText(history.requests, 'request')}, to{' '}
        {dateTimeText(history.from)}.
      </p>
      <NameForm
        label="Name of the new sandbox"
        proposed={proposed}
        action="Rewind into a new sandbox"
        isDisabled={at === undefined}
        onSubmit={name => create({ name, from: { sandbox: shown, at: at ?? '' } })}
      >
        <div class="field">
          <label for={atId}>Moment</label>
          <input
            id={atId}
            required
            autocomplete="off"
            spellcheck={false}
            placeholder={`a request below, -5m, or ${history.from}`}
            value={at ?? ''}
            onInput={({ currentTarget }) => setParams({ at: currentTarget.value.trim() }, { replace: true })}
          />
        </div>
      </NameForm>
      {rows.length > 0 && (
        <VirtualTable
          class="moment-rows"
          label="Moments"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ id }) => id}
          selected={at}
          onSelect={({ id }) => setParams({ at: id }, { replace: true })}
        />
      )}
    </>
  )
}
