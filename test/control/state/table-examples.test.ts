// The examples of the tables: each command, run in a shell as it is, gets a row into its table.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { boot } from '../../helpers.ts'

const runInShell = promisify(execFile)

t.test('the example of each table of each API adds a row', async t => {
  const server = await boot(t, { scenario: 'empty' })
  const tables = server.default.tables.list()
  const checks = tables.map(async ({ table }, index) => {
    const name = `sandbox-${index}`
    server.sandboxes.create({ name })
    const sandbox = server.sandbox(name)
    // What an import needs, it contains.
    if (sandbox.tables.read(table).example.replaces) sandbox.state.import({ schedules: [] })
    const { total, example } = sandbox.tables.read(table)
    const { stdout } = await runInShell('bash', ['-c', example.command])
    t.ok(sandbox.tables.read(table).total > total, `${table}: ${example.command}\n${stdout}`)
  })
  await Promise.all(checks)
  t.equal(server.default.jobs.list().length, 0, 'commands use the sandbox of their table')
})

t.test('an example that does not replace anything works beside the demo data', async t => {
  const server = await boot(t)
  const { total, example } = server.default.tables.read('a9s:restores')
  t.match({ total, example }, { total: 0, example: { replaces: false } })
  await runInShell('bash', ['-c', example.command])
  t.equal(server.default.tables.read('a9s:restores').total, 1)
})
