// The list of the requests. On a phone, each takes two lines.
import { Badge, Status } from '../../components/badge.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import type { RequestRow } from '../../state/request-row.ts'
import { durationText, timeText } from '../../state/text.ts'
import { setParams } from '../../state/url.ts'
import { DETAIL_ID } from './detail.tsx'

const COLUMNS: readonly Column<RequestRow>[] = [
  { id: 'status', title: 'Status', cell: row => <Status status={row.status} /> },
  { id: 'method', title: 'Method', cell: row => row.method },
  { id: 'path', title: 'Path', cell: row => <Path path={row.path} /> },
  { id: 'operation', title: 'Operation', cell: row => row.operation ?? <span class="muted">unmatched</span> },
  { id: 'marks', title: 'Cause', cell: row => <Marks row={row} /> },
  { id: 'duration', title: 'Took', cell: row => (row.durationMs === undefined ? '…' : durationText(row.durationMs)) },
  { id: 'time', title: 'Virtual time', cell: row => timeText(row.virtualMs) },
]

/** Where there is no room, the end stays: it differs more often than the beginning. */
function Path({ path }: { path: string }) {
  const [, start = '', end = '', query = ''] = /^(.*?)((?:\/[^/?]*)?)(\?.*)?$/s.exec(path) ?? []
  return (
    <span class="path-parts" title={path}>
      <span class="path-start">{start}</span>
      <span class="path-end">
        {end}
        <span class="muted">{query}</span>
      </span>
    </span>
  )
}

/** Why it was answered as it was, where that is not the usual course. */
export function Marks({ row: { fault, forced, error } }: { row: Pick<RequestRow, 'fault' | 'forced' | 'error'> }) {
  return (
    <>
      {fault !== undefined && (
        <Badge tone="fault" title="A fault was applied">
          {fault}
        </Badge>
      )}
      {forced !== undefined && (
        <Badge tone="forced" title="The request asked for this response">
          {forced}
        </Badge>
      )}
      {error !== undefined && <span class="error-name">{error}</span>}
    </>
  )
}

export function RequestList({ rows, selected }: { rows: readonly RequestRow[]; selected: string | undefined }) {
  return (
    <VirtualTable
      class="request-rows"
      label="Requests"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ id }) => id}
      selected={selected}
      onSelect={({ id }) => setParams({ entry: id }, { replace: selected !== undefined })}
      onOpen={() => document.getElementById(DETAIL_ID)?.focus()}
    />
  )
}
