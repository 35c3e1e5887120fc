// The requests of the sandbox, the latest first, and the one that is selected.
import { useComputed } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Curl, DemoLink, Empty } from '../../components/empty.tsx'
import { isJournalDisabled, requests, requestsError } from '../../state/journal.ts'
import { useShortcuts } from '../../state/shortcuts.ts'
import { param, setParams } from '../../state/url.ts'
import { RequestDetail } from './detail.tsx'
import { filterOf } from './filter.ts'
import { RequestList } from './list.tsx'
import { FILTER_ID, Toolbar } from './toolbar.tsx'

const NONE = [] as const

export function RequestsView() {
  const rows = useComputed(() => (requests.value ?? NONE).filter(filterOf(param('filter') ?? '')).reverse())
  const selected = param('entry')
  const selectNext = (step: number) => {
    const index = rows.value.findIndex(({ id }) => id === selected)
    const next = rows.value[index < 0 ? 0 : index + step]
    if (next) setParams({ entry: next.id }, { replace: true })
  }
  useShortcuts([
    { key: 'j', title: 'Next request', run: () => selectNext(1) },
    { key: 'k', title: 'Previous request', run: () => selectNext(-1) },
    { key: '/', title: 'Filter', run: () => document.getElementById(FILTER_ID)?.focus() },
    { key: 'Escape', title: 'Close the request', run: close },
  ])
  const all = requests.value
  if (all === undefined) {
    const error = requestsError.value
    return <p class={error ? 'loading error' : 'loading'}>{error ? error.message : 'Reading the requests…'}</p>
  }
  return (
    <div class={`requests ${selected === undefined ? '' : 'with-detail'}`}>
      <div class="request-log">
        <Toolbar shown={rows.value.length} />
        <Content total={all.length} shown={rows.value.length}>
          <RequestList rows={rows.value} selected={selected} />
        </Content>
      </div>
      {selected !== undefined && <RequestDetail key={selected} id={selected} step={selectNext} onClose={close} />}
    </div>
  )
}

function close(): void {
  setParams({ entry: undefined, part: undefined })
}

function Content({ total, shown, children }: { total: number; shown: number; children: ComponentChildren }) {
  if (isJournalDisabled.value) {
    return (
      <Empty icon="requests" title="The journal is turned off">
        <p>The server was started with --journal-entries 0. Start it without to see requests here.</p>
      </Empty>
    )
  }
  if (total === 0) {
    return (
      <Empty icon="requests" title="No requests yet">
        <p>Send one to any of the APIs, and it appears here at once:</p>
        <Curl
          path="/v1/instances/10000000-0000-4000-8000-000000000001/restores"
          options={["-H 'Authorization: Bearer demo-token'"]}
        />
        <DemoLink />
      </Empty>
    )
  }
  if (shown === 0) {
    return (
      <Empty icon="search" title="No request fits the filter">
        <p>
          <button type="button" class="button plain" onClick={() => setParams({ filter: undefined })}>
            Show all
          </button>
        </p>
      </Empty>
    )
  }
  return <>{children}</>
}
