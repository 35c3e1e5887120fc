// a9s: a disaster from beginning to end: backups under two keys, the source is deleted, restores into fresh instances.
import t from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot } from '../../helpers.ts'
import { clientOf, demo } from './client.ts'

const SOURCE = demo(1)
const [FRESH, OTHER_FRESH] = [demo(2), '30000000-0000-4000-8000-000000000001']

/** What Cloud Foundry does, not this API: an instance is created, or deleted. */
function changeInstances(server: Firedrill, change: (instances: { id: string }[]) => object[]): void {
  const state = server.default.state.export()
  const a9s = state.a9s as { instances: { id: string }[] }
  server.default.state.import({ ...state, a9s: { ...a9s, instances: change(a9s.instances) } })
}

t.test('the data of a deleted instance is restored into another one, with the right key only', async t => {
  const server = await boot(t)
  const source = clientOf(server, SOURCE)

  // Back up under one key, set another, back up again.
  t.equal((await source.post('/disaster-recovery/prepare', { encryption_key: 'the-first-key' })).status, 200)
  t.equal((await source.post('/backups')).status, 201)
  server.default.clock.advance({ by: '6h' })
  const prepared = await source.post('/disaster-recovery/prepare', { encryption_key: 'the-second-key' })
  const { backup_guid } = prepared.json
  t.equal((await source.post('/backups')).status, 201)
  server.default.clock.advance({ by: '1h' })
  const [second, first] = (await source.get('/backups')).json
  t.match(
    [first, second],
    [
      { status: 'done', downloadable: false },
      { status: 'done', downloadable: true },
    ],
  )
  t.match((await source.get()).json, { data: { rows: 1570 } })

  // The disaster.
  changeInstances(server, instances => [
    ...instances.map(instance => (instance.id === SOURCE ? { ...instance, deleted: true } : instance)),
    { id: OTHER_FRESH, backupGuid: 'another-guid' },
  ])
  t.equal((await source.get()).status, 404)
  t.equal((await source.get('/backups')).status, 404)

  // Both keys are accepted; only one opens the latest backup.
  const [right, wrong] = [clientOf(server, FRESH), clientOf(server, OTHER_FRESH)]
  t.match((await right.get()).json, { data: { rows: 0 } })
  const perform = (key: string) => ({ backup_guid, encryption_key: key })
  t.strictSame((await right.post('/disaster-recovery/perform', perform('the-second-key'))).json, { restore_id: 1 })
  t.strictSame((await wrong.post('/disaster-recovery/perform', perform('the-first-key'))).json, { restore_id: 1 })
  const statuses = []
  for (let second = 0; second <= 10; second += 1) {
    statuses.push([(await right.get('/restores/1')).json.status, (await wrong.get('/restores/1')).json.status].join())
    server.default.clock.advance({ by: '1s' })
  }
  t.same([...new Set(statuses)], ['queued,queued', 'running,running', 'done,failed'])

  // The restored instance holds what the second backup held, without the rows that came after it.
  t.match((await right.get()).json, { state: 'available', data: { set: 'orders', rows: 1560 } })
  t.match((await wrong.get()).json, { data: { rows: 0 } })

  // The old key opens the old backup.
  const old = { backup_guid: first.backup_id, encryption_key: 'the-first-key' }
  t.equal((await wrong.post('/disaster-recovery/perform', old)).status, 202)
  server.default.clock.advance({ by: '10s' })
  t.match((await wrong.get('/restores')).json, [
    { id: 2, status: 'done' },
    { id: 1, status: 'failed' },
  ])
  t.match((await wrong.get()).json, { data: { set: 'orders', rows: 1500 } })
})

t.test('a new key is in force after one night', async t => {
  const server = await boot(t)
  const source = clientOf(server, SOURCE)
  const { backup_guid } = (await source.post('/disaster-recovery/prepare', { encryption_key: 'a-new-key' })).json
  const destination = clientOf(server, FRESH)
  const body = { backup_guid, encryption_key: 'a-new-key' }
  await destination.post('/disaster-recovery/perform', body)
  server.default.clock.advance({ to: '2026-06-11T01:30:28Z' })
  t.match((await destination.get('/restores/1')).json, { status: 'failed' })
  await destination.post('/disaster-recovery/perform', body)
  server.default.clock.advance({ by: '1m' })
  t.match((await destination.get('/restores/2')).json, { status: 'done', backup_id: 4 })
})
