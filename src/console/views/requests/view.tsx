// The requests of the sandbox, the latest first.
import { Badge, Status } from '../../components/badge.tsx'
import { Curl, Empty } from '../../components/empty.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { type RequestRow, requests } from '../../state/journal.ts'
import { durationText, timeText } from '../../state/text.ts'
import { param, setParams } from '../../state/url.ts'

const COLUMNS: readonly Column<RequestRow>[] = [
  { id: 'time', title: 'Time', cell: row => timeText(row.virtualMs) },
  { id: 'method', title: 'Method', cell: row => row.method },
  { id: 'status', title: 'Status', cell: row => <Status status={row.status} /> },
  { id: 'path', title: 'Path', cell: row => row.path },
  { id: 'operation', title: 'Operation', cell: row => row.operation ?? '' },
  {
    id: 'marks',
    title: 'Fault',
    cell: row => (
      <>
        {row.fault && <Badge tone="fault">{row.fault}</Badge>}
        {row.forced && <Badge tone="forced">{row.forced}</Badge>}
      </>
    ),
  },
  {
    id: 'duration',
    title: 'Took',
    cell: row => (row.durationMs === undefined ? '' : durationText(row.durationMs)),
  },
]

export function RequestsView() {
  const rows = requests.value
  if (rows === undefined) return <p class="loading">Reading the requests…</p>
  if (rows.length === 0) {
    return (
      <Empty icon="requests" title="No requests yet">
        <p>Send one to any of the APIs, and it appears here at once:</p>
        <Curl path="/v1/instances" options={["-H 'Authorization: Bearer demo-token'"]} />
      </Empty>
    )
  }
  return (
    <VirtualTable
      class="request-rows"
      label="Requests"
      columns={COLUMNS}
      rows={rows.toReversed()}
      keyOf={({ id }) => id}
      selected={param('entry')}
      onSelect={({ id }) => setParams({ entry: id }, { replace: true })}
    />
  )
}
