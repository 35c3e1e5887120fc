// Data directories of earlier versions, which kept the files of sandboxes in one folder, and of newer ones.
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { makeSandboxFolder, sandboxFile } from './data-files.ts'
import { boot, call } from './helpers.ts'
import { refused, run, serve } from './program.ts'

const RESTORES = '/v1/instances/10000000-0000-4000-8000-000000000002'
const headers = { authorization: 'bearer demo-token' }
const body = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
const NAMES = ['default', 'one', 'two', 'three']

async function countOfRestores(server: { url: string }, name: string): Promise<number> {
  return (await call(server, { path: `/@${name}${RESTORES}/restores`, headers })).json.length
}

/** A directory as a killed server of an earlier version left it: each sandbox has one restore, which is only in its log. */
async function earlierDirectory(t: Test): Promise<string> {
  const data = t.testdir({})
  const server = await serve(t, { args: ['--data', data, '--clock', 'frozen'] })
  for (const name of NAMES) {
    const perform = { method: 'POST', path: `/@${name}${RESTORES}/disaster-recovery/perform`, headers, body }
    t.equal((await call(server, perform)).status, 202)
  }
  server.child.kill('SIGKILL')
  await server.ended
  for (const name of NAMES) {
    const file = sandboxFile(data, name)
    for (const suffix of ['', '-wal']) renameSync(file + suffix, join(data, `${name}.sqlite${suffix}`))
  }
  rmSync(join(data, 'sandboxes'), { recursive: true })
  const registry = new Database(join(data, 'firedrill.db'))
  registry.exec("ALTER TABLE sandbox DROP COLUMN seed; UPDATE migration SET applied = 2 WHERE owner = 'registry'")
  registry.close()
  return data
}

const topLevelFiles = (data: string) => readdirSync(data).filter(file => file.includes('.sqlite'))

t.test('a directory of an earlier version is opened, and its files are moved into folders', async t => {
  const data = await earlierDirectory(t)
  const theirs = new Database(join(data, 'customers.sqlite'))
  theirs.exec('CREATE TABLE customers (name TEXT)')
  theirs.close()
  const server = await boot(t, { data })
  t.same(topLevelFiles(data), ['customers.sqlite'], "another program's database stays where it is")
  t.same(
    server.sandboxes.list().map(({ name }) => name),
    [...NAMES].sort(),
  )
  for (const name of NAMES) t.equal(await countOfRestores(server, name), 1, `${name}, with what was only in the log`)
  await server.close()
  const again = await boot(t, { data })
  for (const name of NAMES) t.equal(await countOfRestores(again, name), 1, `${name}, after another start`)
})

t.test('a move that was interrupted at any step is completed by the next start', async t => {
  const data = await earlierDirectory(t)
  const flat = (name: string) => join(data, `${name}.sqlite`)
  // Only part of the log of "one" was copied; the log of "two" was copied; the file of "three" was moved, its old log is left.
  const halfOfLog = readFileSync(`${flat('one')}-wal`).subarray(0, 1000)
  writeFileSync(`${makeSandboxFolder(data, 'one')}-wal`, halfOfLog)
  for (const name of ['two', 'three']) copyFileSync(`${flat(name)}-wal`, `${makeSandboxFolder(data, name)}-wal`)
  renameSync(flat('three'), sandboxFile(data, 'three'))
  const server = await boot(t, { data })
  t.same(topLevelFiles(data), [])
  for (const name of NAMES) t.equal(await countOfRestores(server, name), 1, name)
})

t.test('two files of one sandbox: neither is lost, and the start says what to do', async t => {
  const data = await earlierDirectory(t)
  copyFileSync(join(data, 'one.sqlite'), makeSandboxFolder(data, 'one'))
  const problem = /there are two files of sandbox "one": .*one\.sqlite and .*sandboxes\/.*one\.sqlite; remove one$/
  refused(t, await run(t, { args: ['--port', '0', '--data', data] }), problem, 'two files')
  t.ok(existsSync(join(data, 'one.sqlite')))
  t.ok(existsSync(sandboxFile(data, 'one')))
})

t.test('a directory of a newer version is refused', async t => {
  const data = t.testdir({})
  await (await boot(t, { data })).close()
  const registry = new Database(join(data, 'firedrill.db'))
  registry.exec("UPDATE migration SET applied = 99 WHERE owner = 'registry'")
  registry.close()
  const problem =
    /firedrill\.db: a newer version of Firedrill wrote it: .*have format 99; this version supports up to 3$/
  refused(t, await run(t, { args: ['--port', '0', '--data', data] }), problem, 'newer')
})
