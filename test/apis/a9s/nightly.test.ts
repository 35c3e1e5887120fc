// a9s: nightly backups and how long they are kept, also when the clock moves by months.
import t from 'tap'
import { boot } from '../../helpers.ts'
import { clientOf, demo } from './client.ts'

interface Backup {
  id: number
  status: string
  triggered_at: string
}

const GUID = '3a2e59ee-40cb-472a-91d0-502ab259918c'

t.test('every night at 01:30 UTC each instance is backed up', async t => {
  const server = await boot(t)
  const source = clientOf(server, demo(1))
  server.default.clock.advance({ to: '2026-06-11T01:30:27.999Z' })
  t.equal((await source.get('/backups')).json.length, 3)
  const { fired } = server.default.clock.advance({ by: '1ms' })
  t.match(fired, [{ api: 'a9s', kind: 'nightly', at: '2026-06-11T01:30:28.000Z' }])
  const triggered_at = '2026-06-11T01:30:00.000Z'
  const nightly = {
    id: 4,
    backup_id: `${GUID}-${Date.parse(triggered_at)}`,
    size: 132_512,
    status: 'done',
    triggered_at,
    started_at: '2026-06-11T01:30:01.000Z',
    finished_at: '2026-06-11T01:30:28.000Z',
    downloadable: true,
  }
  t.strictSame((await source.get('/backups/4')).json, nightly)
  t.match((await clientOf(server, demo(2)).get('/backups')).json, [{ id: 1, status: 'done' }])
  const jobs = server.default.jobs.list().filter(({ api }) => api === 'a9s')
  t.same(jobs, [], 'it is no job that a client would have to wait for')
  server.default.clock.advance({ by: '1d' })
  t.match((await source.get('/backups')).json, [{ id: 5, triggered_at: '2026-06-12T01:30:00.000Z' }, { id: 4 }])
})

t.test('instances that are excluded, stopped or deleted are not backed up at night', async t => {
  const server = await boot(t)
  await clientOf(server, demo(1)).patch('/backup-configs', { exclude_from_auto_backup: true })
  server.default.clock.advance({ by: '3d' })
  t.equal((await clientOf(server, demo(1)).get('/backups')).json.length, 3)
  t.equal((await clientOf(server, demo(8)).get('/backups')).json.length, 0)
  t.equal((await clientOf(server, demo(2)).get('/backups')).json.length, 3)
  const { backups } = server.default.state.export().a9s as { backups: { instanceId: string }[] }
  t.equal(backups.filter(({ instanceId }) => instanceId === demo(3)).length, 1, 'deleted')
  await clientOf(server, demo(1)).patch('/backup-configs', { exclude_from_auto_backup: false })
  server.default.clock.advance({ by: '1d' })
  t.equal((await clientOf(server, demo(1)).get('/backups')).json.length, 4)
})

t.test('backups that are too old are deleted at night, except for the newest', async t => {
  const server = await boot(t)
  const source = clientOf(server, demo(1))
  server.default.clock.advance({ by: '90d' })
  const backups: Backup[] = (await source.get('/backups')).json
  const kept = backups.filter(({ status }) => status === 'done')
  t.equal(kept.length, 30, 'thirty days')
  t.equal(kept.at(-1)?.triggered_at, '2026-08-10T01:30:00.000Z')
  t.equal(backups.filter(({ status }) => status === 'deleted').length, 62)
  t.match(backups.at(-3), { id: 3, status: 'failed' }, 'there is nothing to delete of a failed one')

  await source.patch('/backup-configs', { exclude_from_auto_backup: true })
  server.default.clock.advance({ by: '365d' })
  const later: Backup[] = (await source.get('/backups')).json
  t.match(
    later.filter(({ status }) => status === 'done'),
    [{ triggered_at: '2026-09-08T01:30:00.000Z' }],
    'the newest one remains, however old it is',
  )
  t.equal(later.length, 93)
})

t.test('retentionDays and minBackupCount are those of the instance; backups of deleted instances are kept', async t => {
  const server = await boot(t)
  const instances = [
    { id: demo(1), backupGuid: 'guid-1', encryptionKey: 'a-long-key', retentionDays: 2, minBackupCount: 5 },
    { id: demo(2), backupGuid: 'guid-2', retentionDays: 2, minBackupCount: 0, excludeFromAutoBackup: true },
    { id: demo(3), backupGuid: 'guid-3', retentionDays: 2, deleted: true },
  ]
  const backups = [demo(2), demo(3)].map(instanceId => ({
    instanceId,
    id: 1,
    status: 'done',
    encryptionKey: 'a-long-key',
    triggeredAt: '-1m',
    finishedAt: '-1m',
  }))
  server.default.state.import({ a9s: { tokens: [{ token: 'demo-token' }], instances, backups } })
  server.default.clock.advance({ by: '20d' })
  const done = (all: Backup[]) => all.filter(({ status }) => status === 'done').length
  t.equal(done((await clientOf(server, demo(1)).get('/backups')).json), 5)
  t.equal(done((await clientOf(server, demo(2)).get('/backups')).json), 0)
  const body = { backup_guid: 'guid-3', encryption_key: 'a-long-key' }
  t.equal((await clientOf(server, demo(2)).post('/disaster-recovery/perform', body)).status, 202)
})

t.test('a backup that is being restored is deleted in a later night', async t => {
  const server = await boot(t)
  server.default.jobs.addRule({ operation: 'performDisasterRecovery', durations: { running: 3 * 86_400_000 } })
  server.default.clock.advance({ to: '2026-07-07T12:00:00Z' })
  const source = clientOf(server, demo(1))
  const body = { backup_guid: `${GUID}-${Date.parse('2026-06-09T10:00:00Z')}`, encryption_key: 'second-encryption-key' }
  const destination = clientOf(server, demo(2))
  t.equal((await destination.post('/disaster-recovery/perform', body)).status, 202)
  server.default.clock.advance({ to: '2026-07-10T12:00:00Z' })
  t.match((await source.get('/backups/2')).json, { status: 'done' }, 'older than thirty days')
  t.match((await destination.get('/restores/1')).json, { status: 'running' })
  server.default.clock.advance({ by: '1d' })
  t.match((await source.get('/backups/2')).json, { status: 'deleted' })
  t.match((await destination.get('/restores/1')).json, { status: 'done' })
  t.match((await destination.get()).json, { data: { rows: 1240 } })
})

t.test('months in one step are the same as in small steps', async t => {
  const [once, daily] = [await boot(t), await boot(t)]
  for (const server of [once, daily]) {
    await clientOf(server, demo(1)).post('/backups')
    await clientOf(server, demo(1)).post('/backups/2/restore')
  }
  once.default.clock.advance({ by: '100d' })
  for (let hours = 0; hours < 2400; hours += 20) daily.default.clock.advance({ by: '20h' })
  t.strictSame(once.default.state.export().a9s, daily.default.state.export().a9s)
})
