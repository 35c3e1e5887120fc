// DS Cloud: the keys of large backups are computed in a worker thread, each once.
import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import t from 'tap'
import { bootWithBackups, fetchBackup, list, pathOf, sha1 } from './client.ts'

const MIB = 1024 ** 2

function backup(name: string, sizeBytes: number) {
  return { appId: 'a', name, sizeBytes, modifiedAt: '-1h', createdAt: '-1h' }
}

const workers: Worker[] = []
process.on('worker', worker => workers.push(worker))

t.beforeEach(() => {
  workers.length = 0
})

t.test('the keys of small backups are computed without a thread', async t => {
  const server = await bootWithBackups(t, [backup('small', 5 * MIB)])
  const { key } = (await list(server, 'a', 'k')).json.response[0]
  t.equal(sha1((await fetchBackup(server, pathOf({ name: 'small', key }, '1'))).bytes), key)
  t.same(workers, [])
})

t.test('one thread computes the keys of large backups, each once, and ends', async t => {
  const rows = [backup('one', 33 * MIB), backup('other', 34 * MIB)]
  const server = await bootWithBackups(t, rows)
  const lists = await Promise.all([1, 2, 3].map(() => list(server, 'a', 'k')))
  const [first, ...others] = lists.map(({ json }) => json.response)
  for (const other of others) t.same(other, first)
  const [worker] = workers
  t.equal(workers.length, 1)
  if (worker && worker.threadId !== -1) await once(worker, 'exit')

  for (const { name, key, size } of first) {
    const { bytes } = await fetchBackup(server, pathOf({ name, key }, '1'))
    t.equal(bytes.length, size)
    t.equal(sha1(bytes), key)
  }
  t.equal(workers.length, 1, 'the keys are kept')
})
