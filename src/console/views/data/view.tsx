// The data of the sandbox: a list of the tables, the rows of one of them, and the selected row.
import type { TableList } from '../../../../schemas/control.ts'
import { Link } from '../../components/link.tsx'
import { sandboxResource } from '../../state/resource.ts'
import { jobs } from '../../state/sandbox.ts'
import { goTo, hrefOfView, param } from '../../state/url.ts'
import { titleOf } from './cell.tsx'
import { JobTable } from './jobs.tsx'
import { RowTable } from './rows.tsx'

const tables = sandboxResource<TableList>('/tables')

/** The value of the parameter `table` that stands for the jobs. */
const JOBS = 'jobs'

const hrefOf = (table: string) => hrefOfView('data', table === JOBS ? {} : { table })

export function Tables() {
  const shown = param('table') ?? JOBS
  const list = tables.value.value
  if (list === undefined) return <p class="loading">{tables.error.value?.message ?? 'Reading the tables…'}</p>
  return (
    <div class="data">
      <TableChoice list={list} shown={shown} />
      {shown === JOBS ? <JobTable /> : <RowTable key={shown} table={shown} />}
    </div>
  )
}

function TableChoice({ list, shown }: { list: TableList; shown: string }) {
  const apis = [...new Set(list.map(({ api }) => api))]
  const choices = [
    { api: '', tables: [{ table: JOBS, title: 'Jobs', total: jobs.value.value?.length ?? 0 }] },
    ...apis.map(api => ({
      api,
      tables: list
        .filter(each => each.api === api)
        .map(({ table, name, total }) => ({ table, title: titleOf(name), total })),
    })),
  ]
  return (
    <>
      <nav class="table-links" aria-label="Tables">
        {choices.map(({ api, tables: ofApi }) => (
          <section key={api}>
            {api !== '' && <h2>{api}</h2>}
            <ul>
              {ofApi.map(({ table, title, total }) => (
                <li key={table}>
                  <Link href={hrefOf(table)} aria-current={table === shown ? 'page' : undefined}>
                    <span>{title}</span>
                    <span class="total">{total.toLocaleString('en')}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <label class="table-select">
        <span class="visually-hidden">Table</span>
        <select value={shown} onChange={({ currentTarget }) => goTo(hrefOf(currentTarget.value))}>
          {choices.map(({ api, tables: ofApi }) => (
            <optgroup key={api} label={api === '' ? 'All APIs' : api}>
              {ofApi.map(({ table, title, total }) => (
                <option key={table} value={table}>
                  {title} ({total})
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
    </>
  )
}
