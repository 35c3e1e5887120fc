// The rows of a table of an API, the latest first, and the selected one beside them.
import { useSignal, useSignalEffect } from '@preact/signals'
import type { Table } from '../../../../schemas/control.ts'
import { Code } from '../../components/code.tsx'
import { Empty } from '../../components/empty.tsx'
import { Link } from '../../components/link.tsx'
import { changes } from '../../state/events.ts'
import { call, inSandbox } from '../../state/server.ts'
import { hrefWith, inAddressedSandbox, param } from '../../state/url.ts'
import { type Column, cellOf, titleOf } from './cell.tsx'
import { Download, JobBadge } from './parts.tsx'
import { RowDetails } from './row.tsx'

type Row = Table['rows'][number]

const PAGE_ROWS = 100

export function RowTable({ table }: { table: string }) {
  const read = useSignal<Table | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  const path = `/tables/${encodeURIComponent(table)}`
  const offset = Number(param('offset') ?? 0) || 0
  useSignalEffect(() => {
    changes.value
    const query = { limit: PAGE_ROWS, offset: Number(param('offset') ?? 0) || 0 }
    call<Table>(inSandbox(path), { query })
      .then(found => {
        read.value = found
        problem.value = undefined
      })
      .catch((error: Error) => {
        problem.value = error.message
      })
  })
  const shown = read.value
  if (problem.value !== undefined) return <p class="loading error">{problem.value}</p>
  if (!shown) return <p class="loading">Reading the rows…</p>
  if (shown.total === 0) {
    return (
      <Empty icon="data" title={`The table of ${titleOf(shown.name).toLowerCase()} is empty`}>
        <p>
          {shown.example.replaces
            ? 'This command imports a state document. It replaces everything that the sandbox contains with demo data:'
            : 'This command adds a row, if the sandbox has the demo data:'}
        </p>
        <Code text={shown.example.command} label="Command" isWrapped />
        <p>
          Or send a request from the{' '}
          <a href={inAddressedSandbox(`/docs?api=${encodeURIComponent(shown.api)}`)}>reference of {shown.api}</a>.
        </p>
      </Empty>
    )
  }
  const columns = shownColumns(shown)
  const selected = shown.rows.find(({ row }) => String(row) === param('row'))
  return (
    <>
      <div class="data-rows">
        {/* Can be scrolled with the keyboard. */}
        <section class="scroller" tabIndex={0} aria-label={`Rows of ${shown.table}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Row</th>
                {hasStates(shown) && <th scope="col">State</th>}
                {shown.rows.some(({ job }) => job !== null) && <th scope="col">Job</th>}
                {shown.rows.some(({ file }) => file) && <th scope="col">File</th>}
                {columns.map(({ name, description }) => (
                  <th key={name} scope="col" title={description ?? undefined}>
                    {titleOf(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.rows.map(row => (
                <RowLine key={row.row} row={row} table={shown} columns={columns} path={path} />
              ))}
            </tbody>
          </table>
        </section>
        <Pages total={shown.total} offset={offset} />
      </div>
      {selected && <RowDetails table={shown} row={selected} path={path} />}
    </>
  )
}

const hasStates = ({ rows }: Table) => rows.some(({ state }) => state !== null)

/** Without those that say nothing here; secrets come last. */
function shownColumns({ columns, rows }: Table): Column[] {
  const used = columns.filter(({ name }) => rows.some(({ values }) => values[name] != null))
  return [...used.filter(({ redacted }) => !redacted), ...used.filter(({ redacted }) => redacted)]
}

interface RowLineProps {
  row: Row
  table: Table
  columns: readonly Column[]
  path: string
}

function RowLine({ row, table, columns, path }: RowLineProps) {
  const isSelected = String(row.row) === param('row')
  return (
    <tr class={isSelected ? 'selected' : ''}>
      <th scope="row">
        <Link href={hrefWith({ row: String(row.row) })} aria-label={`Row ${row.row}`}>
          {row.row}
        </Link>
      </th>
      {hasStates(table) && <td>{row.state}</td>}
      {table.rows.some(({ job }) => job !== null) && <td>{row.job && <JobBadge job={row.job} />}</td>}
      {table.rows.some(({ file }) => file) && <td>{row.file && <Download path={path} row={row.row} />}</td>}
      {columns.map(column => (
        <td key={column.name} class={column.type}>
          {cellOf(column, row.values[column.name])}
        </td>
      ))}
    </tr>
  )
}

function Pages({ total, offset }: { total: number; offset: number }) {
  if (total <= PAGE_ROWS && offset === 0) return null
  const hrefAt = (start: number) => hrefWith({ offset: start > 0 ? String(start) : undefined, row: undefined })
  const last = Math.min(offset + PAGE_ROWS, total)
  return (
    <nav class="pages" aria-label="Pages">
      {offset > 0 && <Link href={hrefAt(Math.max(offset - PAGE_ROWS, 0))}>Newer</Link>}
      <span>
        {offset + 1} to {last} of {total.toLocaleString('en')}, the latest first
      </span>
      {last < total && <Link href={hrefAt(offset + PAGE_ROWS)}>Older</Link>}
    </nav>
  )
}
