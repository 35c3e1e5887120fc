// The jobs of all APIs, the latest first, and what can be done with the selected one.
import { useComputed } from '@preact/signals'
import type { Job } from '../../../../schemas/control.ts'
import { Badge } from '../../components/badge.tsx'
import { IconButton } from '../../components/button.tsx'
import { Curl, Empty } from '../../components/empty.tsx'
import { JobActions } from '../../components/job-actions.tsx'
import { Link } from '../../components/link.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { jobStateTone, kindText } from '../../components/words.ts'
import { jobs } from '../../state/sandbox.ts'
import { dateTimeText } from '../../state/text.ts'
import { hrefOfView, param, setParams } from '../../state/url.ts'

const keyOf = ({ api, id }: Pick<Job, 'api' | 'id'>) => `${api}:${id}`

const COLUMNS: readonly Column<Job>[] = [
  { id: 'submitted', title: 'Submitted (UTC)', cell: ({ submittedAt }) => dateTimeText(submittedAt) },
  { id: 'kind', title: 'Kind', cell: ({ kind }) => kindText(kind) },
  { id: 'api', title: 'API', cell: ({ api }) => api },
  { id: 'state', title: 'State', cell: ({ state }) => <Badge tone={jobStateTone(state)}>{state}</Badge> },
  { id: 'phase', title: 'Last phase', cell: ({ phase }) => phase },
  { id: 'until', title: 'Due or ended (UTC)', cell: job => untilText(job) },
  { id: 'job-id', title: 'Id', cell: ({ id }) => id },
]

function untilText({ dueAt, endedAt }: Job): string {
  if (endedAt !== null) return dateTimeText(endedAt)
  return dueAt === null ? 'not due' : dateTimeText(dueAt)
}

export function JobTable() {
  const latestFirst = useComputed(() => jobs.value.value?.toReversed())
  const rows = latestFirst.value
  if (rows === undefined) return <p class="loading">{jobs.error.value?.message ?? 'Reading the jobs…'}</p>
  if (rows.length === 0) {
    return (
      <Empty icon="data" title="No jobs yet">
        <p>Start one, for example a backup:</p>
        <Curl
          path="/v1/instances/10000000-0000-4000-8000-000000000001/backups"
          options={['-X POST', "-H 'Authorization: Bearer demo-token'"]}
        />
      </Empty>
    )
  }
  const selected = rows.find(job => keyOf(job) === param('job'))
  return (
    <>
      <div class="data-rows">
        <VirtualTable
          class="job-rows"
          label="Jobs"
          columns={COLUMNS}
          rows={rows}
          keyOf={keyOf}
          selected={param('job')}
          onSelect={job => setParams({ job: keyOf(job) }, { replace: true })}
        />
      </div>
      {selected && (
        <aside class="data-side" aria-label="The selected job">
          <header>
            <h2>{kindText(selected.kind)}</h2>
            <IconButton icon="close" label="Close the details" onClick={() => setParams({ job: undefined })} />
          </header>
          <p>
            <Badge tone={jobStateTone(selected.state)}>{selected.state}</Badge>
          </p>
          <dl>
            <dt>Id</dt>
            <dd>
              <code>{selected.id}</code>
            </dd>
            <dt>Operation</dt>
            <dd>
              <Link href={hrefOfView('requests', { filter: `operation:${selected.operation}` })}>
                {selected.operation}
              </Link>
            </dd>
            <dt>Submitted</dt>
            <dd>{dateTimeText(selected.submittedAt)}</dd>
            {selected.reason !== null && (
              <>
                <dt>Reason</dt>
                <dd>{selected.reason}</dd>
              </>
            )}
          </dl>
          {selected.state === 'running' && <JobActions job={selected} />}
          <Link href={hrefOfView('timeline', { selected: `job:${keyOf(selected)}` })}>Show it on the timeline</Link>
        </aside>
      )}
    </>
  )
}
