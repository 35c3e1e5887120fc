// Fault rules that version 0.1.0 stored or exported still work.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { start } from '../../../src/index.ts'
import { sandboxFile } from '../../data-files.ts'
import { exchange, REQUESTS } from '../../fault-requests.ts'
import { boot } from '../../helpers.ts'

const FAILS = { fault: 'status', status: 418 } as const

function folder(t: Tap): string {
  const path = mkdtempSync(join(tmpdir(), 'firedrill-'))
  t.teardown(() => rmSync(path, { recursive: true }))
  return path
}
type Tap = Parameters<typeof boot>[0]

/** A match and operation as version 0.1.0 stored them, and as they are stored today. */
const FORMER = [
  {
    former: {
      operation: 'listApplicationBackups',
      match: { headers: { 'x-a': 'one', 'x-b': '"two"' }, query: { q: '1' } },
    },
    match: {
      headers: { 'x-a': { equalTo: 'one' }, 'x-b': { equalTo: '"two"' } },
      queryParameters: { q: { equalTo: '1' } },
    },
    today: 'listApplicationBackups',
  },
  {
    former: { operation: 'getJobByPost', match: { urlPath: '/x' } },
    match: { method: 'POST', urlPath: '/x' },
    today: 'getJob',
  },
  { former: { operation: 'listJobsByPost', match: null }, match: { method: 'POST' }, today: 'listJobs' },
  { former: { operation: 'listJobsByPost', match: { method: 'get' } }, match: { method: 'get' }, today: 'listJobs' },
  { former: { operation: '*', match: { urlPathPattern: '/[^/]+' } }, match: { urlPathPattern: '/[^/]+' }, today: '*' },
  { former: { operation: '*', match: null }, match: null, today: '*' },
]
const rowOf = ({ operation, match }: (typeof FORMER)[number]['former'], id: string) => ({
  id,
  operation,
  match,
  fault: FAILS,
  times: 1,
})

t.test('rules that version 0.1.0 stored or exported work as they did', async t => {
  const data = folder(t)
  await (await start({ data })).close()
  const database = new Database(sandboxFile(data, 'default'))
  const insert = database.prepare(
    'INSERT INTO fault (id, operation, match, fault, times, matched, hits) VALUES (?, ?, ?, ?, 1, 0, 0)',
  )
  for (const [index, { former }] of FORMER.entries()) {
    const match = former.match && JSON.stringify(former.match)
    insert.run(String(index), former.operation, match, JSON.stringify(FAILS))
  }
  insert.run('look-ahead', '*', '{"urlPathPattern":"/(?!x).*"}', JSON.stringify(FAILS))
  database.exec("UPDATE migration SET applied = 2 WHERE owner = 'faults'")
  database.exec('DROP TABLE fault_plan; DROP TABLE fault_file')
  for (const column of ['plan', 'stage', 'perFile']) database.exec(`ALTER TABLE fault DROP COLUMN ${column}`)
  database.close()
  const server = await boot(t, { data })
  const expected = FORMER.map(({ today, match }, index) => ({ id: String(index), operation: today, match }))
  const stored = () =>
    (server.default.state.export().faults as typeof expected).map(({ id, operation, match }) => ({
      id,
      operation,
      match,
    }))
  t.same(stored().slice(0, -1), expected)
  const { path, headers } = REQUESTS.listApplicationBackups
  const meant = { path: `${path}?q=1`, headers: { ...headers, 'x-a': 'one', 'x-b': '"two"' } }
  t.equal((await exchange(server, meant)).status, 418)
  t.match(server.default.faults.get('0'), { hits: 1 })
  t.match(server.default.faults.get('look-ahead'), { matched: 0 }, 'listed, and matches no request')
  const faults = FORMER.map(({ former }, index) => rowOf(former, String(index)))
  server.default.state.import({ ...server.default.state.export(), faults })
  t.same(stored(), expected)
})
