// Tests the client with tap: each test has its own sandbox, and moves its clock.
import { firedrill } from 'firedrill/tap'
import t from 'tap'
import { download, portal, restore } from '../client.cjs'

const BACKUPS = '/admin/system/disasterrecovery/stores/backupStore/backups'

t.test('a restore is polled until it is done', async t => {
  const { environment, clock, jobs } = await firedrill(t)
  t.equal(await restore(environment, () => clock.advance({ by: '2s' })), 'done')
  t.match(jobs.list().at(-1), { api: 'a9s', kind: 'restore', state: 'completed' })
})

t.test('an expired token is replaced', async t => {
  const { environment, clock, requests } = await firedrill(t)
  const ask = portal(environment)
  t.equal((await ask(BACKUPS)).backups?.length, 2)
  clock.advance({ by: '1d' })
  t.equal((await ask(BACKUPS)).backups?.length, 2)
  t.equal(requests.count({ operation: 'generateToken' }).count, 2)
})

t.test('a file is downloaded completely, or not at all', async t => {
  const { environment, faults } = await firedrill(t)
  const file = await download(environment, 123)
  t.equal(file.subarray(0, 2).toString(), '7z')
  faults.arm({ operation: 'getDisasterRecoveryFile', fault: 'proxy-error', times: 1 })
  await t.rejects(download(environment, 123), { message: 'the download was answered 502' })
})
