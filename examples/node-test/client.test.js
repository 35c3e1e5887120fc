// Tests the client with node:test: each test has its own sandbox, and moves its clock.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firedrill } from 'firedrill/node-test'
import { download, portal, restore } from '../client.cjs'

const BACKUPS = '/admin/system/disasterrecovery/stores/backupStore/backups'

test('a restore is polled until it is done', async t => {
  const { environment, clock, jobs } = await firedrill(t)
  assert.equal(await restore(environment, () => clock.advance({ by: '2s' })), 'done')
  assert.equal(jobs.list().at(-1)?.state, 'completed')
})

test('an expired token is replaced', async t => {
  const { environment, clock, requests } = await firedrill(t)
  const ask = portal(environment)
  assert.equal((await ask(BACKUPS)).backups?.length, 2)
  clock.advance({ by: '1d' })
  assert.equal((await ask(BACKUPS)).backups?.length, 2)
  assert.equal(requests.count({ operation: 'generateToken' }).count, 2)
})

test('a file is downloaded completely, or not at all', async t => {
  const { environment, faults } = await firedrill(t)
  const file = await download(environment, 123)
  assert.equal(file.subarray(0, 2).toString(), '7z')
  faults.arm({ operation: 'getDisasterRecoveryFile', fault: 'proxy-error', times: 1 })
  await assert.rejects(download(environment, 123), { message: 'the download was answered 502' })
})
