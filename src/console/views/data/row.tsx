// A row of a table as a whole: every column, the job that it names, and its file.
import type { Table } from '../../../../schemas/control.ts'
import { IconButton } from '../../components/button.tsx'
import { JobActions } from '../../components/job-actions.tsx'
import { Link } from '../../components/link.tsx'
import { hrefOfView, setParams } from '../../state/url.ts'
import { titleOf, wholeOf } from './cell.tsx'
import { Download, JobBadge } from './parts.tsx'

interface RowDetailsProps {
  table: Table
  row: Table['rows'][number]
  /** Of the table, below the sandbox. */
  path: string
}

export function RowDetails({ table, row: { row, values, state, job, file }, path }: RowDetailsProps) {
  return (
    <aside class="data-side" aria-label="The selected row">
      <header>
        <h2>
          {titleOf(table.name)}, row {row}
        </h2>
        <IconButton icon="close" label="Close the details" onClick={() => setParams({ row: undefined })} />
      </header>
      {state !== null && <p>{state}</p>}
      {file && (
        <p>
          <Download path={path} row={row} />
        </p>
      )}
      {job && (
        <section class="row-job">
          <p>
            <JobBadge job={job} /> {job.state === 'running' && job.phase}{' '}
            <Link href={hrefOfView('timeline', { selected: `job:${job.id}` })}>Show the job on the timeline</Link>
          </p>
          {job.state === 'running' && <JobActions job={{ api: table.api, id: job.id.slice(table.api.length + 1) }} />}
        </section>
      )}
      <dl>
        {table.columns.map(column => (
          <div key={column.name}>
            <dt title={column.description ?? undefined}>{titleOf(column.name)}</dt>
            <dd>{wholeOf(column, values[column.name])}</dd>
          </div>
        ))}
      </dl>
    </aside>
  )
}
