// The tables of the APIs over the control API: their rows without secrets, and the files of rows.
import t from 'tap'
import { apis } from '../../../src/apis/index.ts'
import { boot, call } from '../../helpers.ts'
import { send } from '../jobs/requests.ts'

const DSCLOUD = { authorization: '23457145698959364-demo' }
const APP = '64d0c750212742ca8704fb458c9771af'

t.test('listTables: every table of every API, with the number of its rows', async t => {
  const server = await boot(t)
  const tables = server.default.tables.list()
  t.same(
    tables.map(({ table }) => table),
    apis.flatMap(({ name, tables }) => tables.map(({ key }) => `${name}:${key}`)),
  )
  const document = server.default.state.export() as Record<string, Record<string, unknown[]>>
  for (const { api, name, table, total } of tables) t.equal(total, document[api]?.[name]?.length, table)
})

t.test('readTable: no value of a secret is shown, in any table', async t => {
  const server = await boot(t)
  await call(server, {
    method: 'POST',
    path: '/v1/instances/10000000-0000-4000-8000-000000000001/backups',
    headers: { authorization: 'Bearer demo-token' },
  })
  const secrets = new Set<string>()
  const shown = server.default.tables.list().map(({ table }) => {
    const read = server.default.tables.read(table, { limit: 1000 })
    t.equal(read.rows.length, Math.min(read.total, 1000), table)
    const [api = '', name = ''] = table.split(':')
    const document = server.default.state.export() as Record<string, Record<string, Record<string, unknown>[]>>
    for (const { name: column } of read.columns.filter(({ redacted }) => redacted)) {
      for (const row of document[api]?.[name] ?? []) if (typeof row[column] === 'string') secrets.add(row[column])
      for (const { values } of read.rows) t.match(String(values[column]), /^(\[redacted\]|null)$/, `${table} ${column}`)
    }
    return JSON.stringify(read)
  })
  t.ok(secrets.size > 5)
  for (const text of ['demo-token', 'YOUR_API_KEY', '23457145698959364-demo', 'primary.pass1', ...secrets]) {
    t.notOk(
      shown.some(table => table.includes(`"${text}"`)),
      'a secret is redacted',
    )
  }
})

t.test('readTable: columns, jobs and states of rows, the latest row first', async t => {
  const server = await boot(t)
  const { read } = server.default.tables
  const before = read('dscloud:backups').total
  await call(server, { method: 'POST', path: `/v3/apps/${APP}/backups`, headers: DSCLOUD })
  const { total, columns, rows } = read('dscloud:backups', { limit: 1 })
  t.equal(total, before + 1)
  t.match(columns, [
    { name: 'appId', type: 'text', redacted: false, description: null },
    { name: 'name' },
    { name: 'successful', type: 'boolean' },
    { name: 'sizeBytes', type: 'number', description: /4096/ },
    { name: 'key', type: 'text', redacted: true },
    { name: 'createdAt', type: 'instant' },
  ])
  const [row] = rows
  t.match(row, {
    values: { appId: APP, successful: false, createdAt: '2026-06-10T12:00:00.000Z' },
    job: { id: /^dscloud:backup\//, state: 'running', phase: 'running' },
    file: false,
  })
  server.default.jobs.finish(row?.job?.id ?? '')
  t.match(read('dscloud:backups', { limit: 1 }).rows, [
    { values: { successful: true }, job: { state: 'completed' }, file: true },
  ])
  t.match(read('dscloud:backups', { limit: 1, offset: 1 }).rows, [{ row: (row?.row ?? 0) - 1 }])
  t.match(read('disaster-recovery-files:files').rows[0], { state: /^Generated/, file: true })
  t.match(
    read('arcgis:tasks').columns.find(({ name }) => name === 'cron'),
    { type: 'json' },
  )
})

t.test(
  'downloadRowFile: the bytes that clients get, for each API that serves files, and nothing in the journal',
  async t => {
    const server = await boot(t)
    const withFile = (table: string) => server.default.tables.read(table, { limit: 1000 }).rows.find(({ file }) => file)
    const download = (table: string) => send(server, 'GET', `/tables/${table}/file?row=${withFile(table)?.row}`)

    const file = withFile('disaster-recovery-files:files')
    const fromControl = await download('disaster-recovery-files:files')
    t.equal(server.default.requests.list().meta.total, 0)
    const fromApi = await call(server, {
      path: `/backend/api/v1/disasterRecoveryFiles/${file?.values.id}`,
      headers: { authorization: 'Bearer YOUR_API_KEY', accept: 'application/x-7z-compressed' },
    })
    t.equal(fromControl.status, 200)
    t.ok(fromControl.bytes.equals(fromApi.bytes))
    t.match(fromControl.headers, { 'content-disposition': fromApi.headers['content-disposition'] })

    const backups = await call(server, { path: `/v3/apps/${APP}/backups`, headers: DSCLOUD })
    t.ok(backups.status === 200)
    const zip = await download('dscloud:backups')
    t.equal(zip.bytes.subarray(0, 2).toString(), 'PK')
    t.match(await download('a9s:backups'), {
      status: 200,
      headers: { 'content-disposition': /gz\.enc/ },
    })
  },
)

t.test('tables: what does not exist is refused in words', async t => {
  const server = await boot(t)
  t.match(await send(server, 'GET', '/tables/nope'), {
    status: 404,
    json: { detail: /"nope"; the tables are .*dscloud:backups/ },
  })
  t.match(await send(server, 'GET', '/tables/dscloud:apps/file?row=1'), {
    status: 404,
    json: { detail: /Row 1 .* has no file/ },
  })
  t.match(await send(server, 'GET', '/tables/dscloud:backups/file'), {
    status: 400,
    json: { detail: /row is required/ },
  })
  t.match(await send(server, 'GET', '/tables/dscloud:backups?limit=1001'), { status: 400, json: { detail: /limit/ } })
})
