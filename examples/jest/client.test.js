// Tests the client with Jest: each test has its own sandbox as the global `firedrill`, and moves its clock.
const { download, portal, restore } = require('../client.cjs')

const BACKUPS = '/admin/system/disasterrecovery/stores/backupStore/backups'

test('a restore is polled until it is done', async () => {
  const { environment, clock, jobs } = firedrill
  expect(await restore(environment, () => clock.advance({ by: '2s' }))).toBe('done')
  expect(jobs.list().at(-1)).toMatchObject({ api: 'a9s', kind: 'restore', state: 'completed' })
})

test('an expired token is replaced', async () => {
  const { environment, clock, requests } = firedrill
  const ask = portal(environment)
  expect((await ask(BACKUPS)).backups).toHaveLength(2)
  clock.advance({ by: '1d' })
  expect((await ask(BACKUPS)).backups).toHaveLength(2)
  expect(requests.count({ operation: 'generateToken' }).count).toBe(2)
})

test('a file is downloaded completely, or not at all', async () => {
  const { environment, faults } = firedrill
  const file = await download(environment, 123)
  expect(file.subarray(0, 2).toString()).toBe('7z')
  faults.arm({ operation: 'getDisasterRecoveryFile', fault: 'proxy-error', times: 1 })
  await expect(download(environment, 123)).rejects.toThrow('the download was answered 502')
})
