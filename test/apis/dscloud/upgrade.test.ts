// DS Cloud: state of earlier releases, in documents and in stored sandboxes, is still readable.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { findApp, findPlan, listBackups, migrations } from '../../../src/apis/dscloud/state.ts'
import { openMemory } from '../../../src/sandbox/store.ts'
import { boot } from '../../helpers.ts'
import { isError, list } from './client.ts'

const golden = readFileSync(new URL('../../golden/state-1.json', import.meta.url), 'utf8')
/** The last format without plans. */
const FORMAT = 1

t.test('importState: accounts of an earlier document keep their plans', async t => {
  const server = await boot(t)
  server.default.state.import(JSON.parse(golden))
  t.equal((await list(server)).json.response.length, 3)
  isError(t, await list(server, 'f0000000000000000000000000000001', '98765432109876543-free'), 403, 'UPGRADE_REQUIRED')
})

t.test('migrations: stored accounts, apps and backups get what is new', t => {
  const store = openMemory()
  t.teardown(() => store.close())
  store.migrate([{ owner: 'dscloud', scripts: migrations.slice(0, FORMAT) }])
  store.run(`INSERT INTO dscloudAccount (apiKey, accountId, plan) VALUES ('k', '1', 'Silver')`)
  store.run(`INSERT INTO dscloudApp (id, accountId, name, deployedAt) VALUES ('a', '1', 'A', 0)`)
  store.run(
    `INSERT INTO dscloudBackup (appId, name, successful, sizeBytes, createdAt, utcOffsetMinutes) VALUES ('a', 'b', 1, 4096, 0, 60)`,
  )
  store.migrate([{ owner: 'dscloud', scripts: migrations }])
  t.same(findPlan(store, 'Free'), { name: 'Free', backups: false, memoryMb: 4096 })
  t.same(findPlan(store, 'Silver'), { name: 'Silver', backups: true, memoryMb: 4096 })
  t.match(findApp(store, 'a'), { name: 'A', memoryMb: 256, cluster: 'demo-1', domain: null })
  t.match(listBackups(store, 'a'), [{ name: 'b', successful: true, jobId: null }])
  t.end()
})
