// Implements the control operations on the tables of the APIs: lists their rows without secrets, and makes the files of rows.
import type { TSchema } from '@sinclair/typebox'
import type * as wire from '../../../schemas/control.ts'
import { isSecret } from '../../../schemas/secret.ts'
import type { Api, RowView } from '../../apis/api.ts'
import { jobAt } from '../../sandbox/jobs/plan.ts'
import { ownValue } from '../../sandbox/own.ts'
import { Refusal } from '../../sandbox/refusal.ts'
import { DEFAULT_SANDBOX } from '../../sandbox/registry.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { columnTypeOf, type NumberedRow, type Table } from '../../sandbox/tables.ts'
import { type Implementation, implement } from '../invoke.ts'
import { shownValues } from './masking.ts'
import * as rows from './operations.ts'

export const tableImplementations: readonly Implementation[] = [
  implement(rows.listTables, ({ sandbox, apis }) => {
    const { store } = sandbox()
    return tablesOf(apis).map(({ api, table }) => ({ ...titleOf(api, table), total: table.count(store) }))
  }),
  implement(rows.readTable, ({ sandbox, apis, sandboxName, serverUrl }, { path, query }) => {
    const found = foundTable(apis, path.table)
    const url = sandboxName === DEFAULT_SANDBOX ? serverUrl : `${serverUrl}/@${encodeURIComponent(sandboxName)}`
    return { ...readTable(sandbox(), found, query), example: exampleOf(found, url) }
  }),
  implement(rows.downloadRowFile, ({ sandbox, apis }, { path, query }) => {
    const found = foundTable(apis, path.table)
    const file = fileOf(sandbox(), found, query.row)
    // Of all APIs alike, so that the media type of the operation is documented.
    if (file) return { ...file(), mediaType: 'application/octet-stream' }
    throw new Refusal('missing', `row ${query.row} of the table ${path.table} does not exist or has no file`)
  }),
]

interface ApiTable {
  api: Api
  table: Table
}

function tablesOf(apis: readonly Api[]): ApiTable[] {
  return apis.flatMap(api => api.tables.map(table => ({ api, table })))
}

function titleOf({ name: api }: Api, { key: name }: Table) {
  return { table: `${api}:${name}`, api, name }
}

/** Throws Refusal. */
function foundTable(apis: readonly Api[], name: string): ApiTable {
  const tables = tablesOf(apis)
  const found = tables.find(({ api, table }) => titleOf(api, table).table === name)
  if (found) return found
  const known = tables.map(({ api, table }) => titleOf(api, table).table)
  throw new Refusal('missing', `there is no table "${name}"; the tables are ${known.join(', ')}`)
}

const DEFAULT_LIMIT = 100

function readTable(
  sandbox: Sandbox,
  { api, table }: ApiTable,
  { limit = DEFAULT_LIMIT, offset = 0 }: { limit?: number; offset?: number },
): Omit<wire.Table, 'example'> {
  const { store } = sandbox
  const now = sandbox.settle()
  const properties = Object.entries<TSchema>(table.row.properties)
  return {
    ...titleOf(api, table),
    total: table.count(store),
    columns: properties.map(([name, schema]) => columnView(name, schema)),
    rows: table.page(store, limit, offset).map(row => rowView(sandbox, { api, table }, row, now)),
  }
}

/** `url` is that of the sandbox. */
function exampleOf({ api, table }: ApiTable, url: string): wire.Table['example'] {
  const example = ownValue(api.tableExamples, table.key)
  if (!example) throw new Error(`the table ${api.name}:${table.key} has no example`)
  if ('command' in example) return { command: example.command(url), replaces: false }
  const document = JSON.stringify({ [api.name]: example.rows }).replaceAll("'", "'\\''")
  const command = `curl -X PUT -H 'Content-Type: application/json' -d '${document}' '${url}/__admin/state'`
  return { command, replaces: true }
}

function columnView(name: string, schema: TSchema): wire.Column {
  const isSecretColumn = [schema, ...((schema.anyOf as TSchema[] | undefined) ?? [])].some(isSecret)
  const described = [schema, ...((schema.anyOf as TSchema[] | undefined) ?? [])].find(
    form => form.description !== undefined,
  )
  return { name, type: columnTypeOf(schema), redacted: isSecretColumn, description: described?.description ?? null }
}

function rowView(sandbox: Sandbox, { api, table }: ApiTable, numbered: NumberedRow<object>, now: number): wire.Row {
  const { number, row, document } = numbered
  const view = viewOf(api, table)
  return {
    row: number,
    values: shownValues(table.row, document),
    state: view?.stateOf?.(sandbox, row as never, now) ?? null,
    job: jobOf(sandbox, api, row, now),
    file: view?.fileOf?.(sandbox, row as never, now) !== undefined,
  }
}

function viewOf({ rowViews = {} }: Api, { key }: Table): RowView<never> | undefined {
  return ownValue(rowViews, key)
}

function jobOf({ jobs }: Sandbox, { name: api }: Api, row: object, now: number): wire.Row['job'] {
  const jobId = 'jobId' in row && typeof row.jobId === 'string' ? row.jobId : undefined
  const job = jobId === undefined ? undefined : jobs.find(api, jobId)
  if (!job) return null
  const { state, phase } = jobAt(job, now)
  return { id: `${api}:${job.id}`, state, phase }
}

function fileOf(sandbox: Sandbox, { api, table }: ApiTable, number: number) {
  const found = table.findNumbered(sandbox.store, number)
  return found && viewOf(api, table)?.fileOf?.(sandbox, found.row as never, sandbox.settle())
}
