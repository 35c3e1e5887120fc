// Everything that the chart shows, as a table: for screen readers, and for people who prefer to read.
import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { Timeline } from '../../../../schemas/control.ts'
import { Badge, type Tone } from '../../components/badge.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { jobStateTone, kindText } from '../../components/words.ts'
import { countText, dateTimeText } from '../../state/text.ts'
import { keyOfFired } from './agenda.tsx'
import { select, selectedKey } from './selection.ts'
import { shownWindow } from './window.ts'

interface ListRow {
  /** Unique in the list. */
  id: string
  /** What it selects. */
  key: string
  at: number
  api: string
  what: string
  details: string
  state: string
  tone: Tone
}

const COLUMNS: readonly Column<ListRow>[] = [
  { id: 'time', title: 'Time (UTC)', cell: ({ at }) => dateTimeText(at) },
  { id: 'what', title: 'What', cell: ({ what }) => what },
  { id: 'api', title: 'API', cell: ({ api }) => api },
  { id: 'state', title: 'State', cell: ({ state, tone }) => state !== '' && <Badge tone={tone}>{state}</Badge> },
  { id: 'details', title: 'Details', cell: ({ details }) => details },
]

export function List({ timeline }: { timeline: Timeline }) {
  const window = shownWindow.value
  const rows = useMemo(() => {
    const isIn = ({ at }: ListRow) => window === undefined || (at >= window.from && at <= window.to)
    return listRows(timeline).filter(isIn)
  }, [timeline, window?.from, window?.to])
  // An item can have several rows: remembers which of them was chosen.
  const chosen = useSignal<string | undefined>(undefined)
  if (rows.length === 0) return <p class="loading">Nothing happened in this window, and nothing is due.</p>
  const isSelected = ({ key }: ListRow) => key === selectedKey()
  const isChosen = (row: ListRow) => row.id === chosen.value && isSelected(row)
  return (
    <VirtualTable
      class="timeline-list"
      label="What happened and what is planned"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ id }) => id}
      selected={(rows.find(isChosen) ?? rows.find(isSelected))?.id}
      onSelect={({ id, key }) => {
        chosen.value = id
        select(key)
      }}
    />
  )
}

/** In order of time. */
export function listRows({ jobs, happened, upcoming, requests, plans }: Timeline): ListRow[] {
  const rows: Omit<ListRow, 'id'>[] = [
    ...jobs.map(({ api, id, kind, state, submittedAt }) => ({
      key: `job:${api}:${id}`,
      at: Date.parse(submittedAt),
      api,
      what: `${kindText(kind)} submitted`,
      details: id,
      state,
      tone: jobStateTone(state),
    })),
    ...happened.map(event => ({
      key: keyOfFired(event),
      at: Date.parse(event.at),
      api: event.api,
      what:
        event.phase === undefined ? kindText(event.kind, event.id) : `${kindText(event.kind)}: ${event.phase} ended`,
      details: event.id,
      state: event.state,
      tone: jobStateTone(event.state),
    })),
    ...upcoming.map(({ at, api, kind, id }) => ({
      key: `event:${api}:${kind}:${id}:${Date.parse(at)}`,
      at: Date.parse(at),
      api,
      what: kindText(kind, id),
      details: id,
      state: 'due',
      tone: 'info' as const,
    })),
    ...requests.map(({ api, fault, from, to, count, failed, method, operation, status }) => ({
      key: `requests:${api ?? ''}:${fault ?? ''}:${Date.parse(from)}:${Date.parse(to)}`,
      at: Date.parse(from),
      api: api ?? 'no API',
      what: count === 1 ? `${method} ${operation ?? '(no operation)'}` : countText(count, 'request'),
      details: [
        ...(fault === null ? [] : [`fault ${fault}`]),
        ...(count > 1 && failed > 0 ? [`${failed} failed`] : []),
      ].join(', '),
      state: count === 1 ? String(status ?? 'no response') : '',
      tone: fault !== null ? ('fault' as const) : failed > 0 ? ('bad' as const) : ('good' as const),
    })),
    ...plans.flatMap(({ id, name, stages }) =>
      stages.map(({ from, faults }, index) => ({
        key: `plan:${id}:${index + 1}`,
        at: Date.parse(from),
        api: 'all',
        what: `Plan ${name}, stage ${index + 1}`,
        details: faults.join(', ') || 'no faults',
        state: '',
        tone: 'neutral' as const,
      })),
    ),
  ]
  return rows.sort((a, b) => a.at - b.at).map((row, index) => ({ ...row, id: `${index} ${row.key}` }))
}
