// Schemas of the control API: the tables of the APIs, with their rows and without secrets.
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { literals } from '../literals.ts'
import { strict } from '../strict.ts'

const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

const tableFields = {
  table: Type.String({ description: 'The API and the name of the table in documents: `dscloud:backups`' }),
  api: Type.String(),
  name: Type.String(),
  total: Type.Integer({ description: 'The number of its rows' }),
}
export const TableList = Type.Array(Type.Object(tableFields, strict), { $id: 'TableList' })
export type TableList = Static<typeof TableList>

const Column = Type.Object(
  {
    name: Type.String(),
    type: literals(['text', 'number', 'boolean', 'instant', 'json']),
    redacted: Type.Boolean({ description: 'Whether its values are secrets, which are not shown' }),
    description: nullable(Type.String(), 'What is in it; null if the name says it'),
  },
  strict,
)
export type Column = Static<typeof Column>

const Row = Type.Object(
  {
    row: Type.Integer({ description: 'The number of the row, which stays the same while the row exists' }),
    values: Type.Record(Type.String(), Type.Unknown(), { description: 'By column, as in state documents' }),
    state: nullable(Type.String(), 'The state of what the row stands for, in a few words, if no column says it'),
    job: nullable(
      Type.Object(
        {
          id: Type.String({ description: 'As `GET /__admin/jobs/{id}` takes it' }),
          state: Type.String({ description: 'running, completed, failed, timed-out or cancelled' }),
          phase: Type.String({ description: 'The current phase, or the last one' }),
        },
        strict,
      ),
      'The job that the row names',
    ),
    file: Type.Boolean({ description: 'Whether `GET /__admin/tables/{table}/file` has a file of the row' }),
  },
  strict,
)
export type Row = Static<typeof Row>

const TableExample = Type.Object(
  {
    command: Type.String({ description: 'For a POSIX shell; it uses the credentials of the demo data' }),
    replaces: Type.Boolean({
      description: 'Whether the command imports a state document, which replaces everything that the sandbox contains',
    }),
  },
  { ...strict, description: 'How a row gets into the table' },
)

export const Table = Type.Object(
  {
    ...tableFields,
    columns: Type.Array(Column),
    rows: Type.Array(Row, { description: 'The row that was inserted last first' }),
    example: TableExample,
  },
  { $id: 'Table', ...strict },
)
export type Table = Static<typeof Table>

export const TablePath = Type.Object({ table: Type.String({ description: 'As `GET /__admin/tables` lists it' }) })
export const TableQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1000, description: 'The maximum number of rows; default 100' }),
  ),
  offset: Type.Optional(Type.Integer({ minimum: 0, description: 'How many rows to leave out at the start' })),
})
export const RowQuery = Type.Object({ row: Type.Integer({ minimum: 1, description: 'The number of the row' }) })
