// a9s: backups: list, one, create, delete, restore from one.
import t from 'tap'
import { boot } from '../../helpers.ts'
import { clientOf, demo, hasFailed } from './client.ts'

const GUID = '3a2e59ee-40cb-472a-91d0-502ab259918c'
const NOW = Date.parse('2026-06-10T12:00:00Z')

t.test('listInstanceBackups: the documented fields, newest first', async t => {
  const server = await boot(t)
  const { status, json } = await clientOf(server, demo(1)).get('/backups')
  t.equal(status, 200)
  t.strictSame(json, [
    {
      id: 3,
      backup_id: `${GUID}-${Date.parse('2026-06-10T10:00:00Z')}`,
      size: 0,
      status: 'failed',
      triggered_at: '2026-06-10T10:00:00.000Z',
      started_at: '2026-06-10T10:00:01.000Z',
      finished_at: '2026-06-10T10:00:02.000Z',
      downloadable: false,
    },
    {
      id: 2,
      backup_id: `${GUID}-${Date.parse('2026-06-09T10:00:00Z')}`,
      size: 100_512,
      status: 'done',
      triggered_at: '2026-06-09T10:00:00.000Z',
      started_at: '2026-06-09T10:00:01.000Z',
      finished_at: '2026-06-09T10:00:28.000Z',
      downloadable: true,
    },
    {
      id: 1,
      backup_id: `${GUID}-${Date.parse('2026-06-08T10:00:00Z')}`,
      size: 81_072,
      status: 'done',
      triggered_at: '2026-06-08T10:00:00.000Z',
      started_at: '2026-06-08T10:00:01.000Z',
      finished_at: '2026-06-08T10:00:28.000Z',
      downloadable: false,
    },
  ])
  t.strictSame((await clientOf(server, demo(1)).get('/backups/2')).json, json[1])
  t.strictSame((await clientOf(server, demo(2)).get('/backups')).json, [])
})

t.test('createInstanceBackup: the backup goes through its states on the clock', async t => {
  const server = await boot(t)
  const instance = clientOf(server, demo(1))
  const { status, json } = await instance.post('/backups')
  t.strictSame({ status, json }, { status: 201, json: { id: 4, message: 'job to backup is queued' } })
  const queued = {
    id: 4,
    backup_id: `${GUID}-${NOW}`,
    size: 0,
    status: 'queued',
    triggered_at: '2026-06-10T12:00:00.000Z',
    started_at: null,
    finished_at: null,
    downloadable: false,
  }
  t.strictSame((await instance.get('/backups/4')).json, queued)
  server.default.clock.advance({ by: '1s' })
  const running = { ...queued, status: 'running', started_at: '2026-06-10T12:00:01.000Z' }
  t.strictSame((await instance.get('/backups/4')).json, running)
  server.default.clock.advance({ by: '26999ms' })
  t.strictSame((await instance.get('/backups/4')).json, running)
  server.default.clock.advance({ by: '1ms' })
  const finished_at = '2026-06-10T12:00:28.000Z'
  const done = { ...running, status: 'done', finished_at, size: 121_568, downloadable: true }
  t.strictSame((await instance.get('/backups/4')).json, done)
  t.strictSame((await instance.get('/backups')).json[0], done)
})

t.test('createInstanceBackup: two at the same instant have different ids', async t => {
  const server = await boot(t)
  const instance = clientOf(server, demo(1))
  await instance.post('/backups')
  await instance.post('/backups')
  server.default.clock.advance({ by: '1m' })
  const [second, first] = (await instance.get('/backups')).json
  t.match(
    [first, second],
    [
      { id: 4, backup_id: `${GUID}-${NOW}`, status: 'done' },
      { id: 5, backup_id: `${GUID}-${NOW + 1}`, status: 'done' },
    ],
  )
  const destination = clientOf(server, demo(2))
  for (const { id, backup_id } of [first, second]) {
    const body = { backup_guid: backup_id, encryption_key: 'second-encryption-key' }
    const { restore_id } = (await destination.post('/disaster-recovery/perform', body)).json
    server.default.clock.advance({ by: '1m' })
    t.match((await destination.get(`/restores/${restore_id}`)).json, { backup_id: id, status: 'done' })
  }
})

t.test('createInstanceBackup: what job rules make of it', async t => {
  const server = await boot(t)
  const instance = clientOf(server, demo(1))
  const operation = 'createInstanceBackup'
  const endings = [
    { outcome: { result: 'fail', reason: 'disk full', phase: 'queued' }, status: 'failed', started_at: null },
    { outcome: { result: 'fail', reason: 'disk full' }, status: 'failed', started_at: String },
    { outcome: { result: 'cancel' }, status: 'failed', started_at: String },
    { outcome: { result: 'no-result' }, status: 'deleted', started_at: String },
    { outcome: { result: 'time-out' }, status: 'failed', started_at: String },
  ] as const
  for (const { outcome, ...expected } of endings) {
    server.default.jobs.addRule({ operation, outcome, times: 1 })
    const { id } = (await instance.post('/backups')).json
    server.default.clock.advance({ by: '1h' })
    const { json } = await instance.get(`/backups/${id}`)
    t.match(json, { ...expected, finished_at: String, downloadable: false }, outcome.result)
    const restore = await instance.post(`/backups/${id}/restore`)
    hasFailed(t, restore, {
      status: 422,
      error: 'BackupNonRestorableState',
      description: `Backup ${id} is in a non-restorable state`,
    })
  }
  server.default.jobs.addRule({ operation, progression: 'polls:2', times: 1 })
  const { id } = (await instance.post('/backups')).json
  const statuses: string[] = []
  for (let poll = 0; poll < 3; poll += 1) statuses.push((await instance.get(`/backups/${id}`)).json.status)
  t.same(statuses, ['running', 'done', 'done'])
})

t.test('downloadable: only backups made since a user last set the key', async t => {
  const server = await boot(t)
  const source = clientOf(server, demo(1))
  const isDownloadable = async () =>
    (await source.get('/backups')).json.map(({ downloadable }: { downloadable: boolean }) => downloadable)
  t.same(await isDownloadable(), [false, true, false])
  await source.post('/disaster-recovery/prepare')
  t.same(await isDownloadable(), [false, true, false], 'prepare without a key changes nothing')
  await source.post('/backups')
  await source.post('/disaster-recovery/prepare', { encryption_key: 'second-encryption-key' })
  await source.post('/backups')
  server.default.clock.advance({ by: '1m' })
  t.same(await isDownloadable(), [true, false, false, false, false], 'even when it is the same key')

  const fresh = clientOf(server, demo(2))
  await fresh.post('/backups')
  server.default.clock.advance({ by: '1m' })
  t.match((await fresh.get('/backups')).json, [{ status: 'done', downloadable: false }], 'no user has set a key')
})

t.test('deleteInstanceBackup: the contents go, the backup stays in the list', async t => {
  const server = await boot(t)
  const source = clientOf(server, demo(1))
  const { status, json } = await source.delete('/backups/2')
  t.strictSame({ status, json }, { status: 200, json: { message: 'backup deleted' } })
  t.match((await source.get('/backups')).json, [
    { id: 3 },
    { id: 2, status: 'deleted', downloadable: false },
    { id: 1 },
  ])
  hasFailed(t, await source.delete('/backups/2'), {
    status: 400,
    error: 'BadRequest',
    description: 'The backup 2 could not be deleted inside the storage.',
  })
  hasFailed(t, await source.post('/backups/2/restore'), { status: 422, error: 'BackupNonRestorableState' })
  const body = { backup_guid: GUID, encryption_key: 'first-encryption-key' }
  await clientOf(server, demo(2)).post('/disaster-recovery/perform', body)
  server.default.clock.advance({ by: '1m' })
  t.match((await clientOf(server, demo(2)).get('/restores/1')).json, { backup_id: 1, status: 'done' })
})

t.test('deleteInstanceBackup: not while it is used, nor while it is made', async t => {
  const server = await boot(t)
  const source = clientOf(server, demo(1))
  const body = { backup_guid: GUID, encryption_key: 'second-encryption-key' }
  await clientOf(server, demo(2)).post('/disaster-recovery/perform', body)
  hasFailed(t, await source.delete('/backups/2'), {
    status: 423,
    error: 'Locked',
    description: "The backup 2 currently can't be deleted. It is used for a running restore. Please try again later.",
  })
  t.equal((await source.delete('/backups/1')).status, 200, 'another backup is not in use')
  const { id } = (await source.post('/backups')).json
  hasFailed(t, await source.delete(`/backups/${id}`), { status: 409, error: 'Conflict' })
  server.default.clock.advance({ by: '1m' })
  for (const backup of [2, 3, id]) t.equal((await source.delete(`/backups/${backup}`)).status, 200)
})

t.test('restoreInstanceBackup: the instance then holds what the backup holds', async t => {
  const server = await boot(t)
  const source = clientOf(server, demo(1))
  t.match((await source.get()).json, { data: { rows: 1500 } })
  const { status, json } = await source.post('/backups/2/restore')
  t.strictSame({ status, json }, { status: 202, json: { id: 1 } })
  const busy = { status: 409, error: 'RestoreInProgress', description: 'Restore of 2 is already in progress' }
  hasFailed(t, await source.post('/backups/2/restore'), busy)
  hasFailed(t, await source.post('/disaster-recovery/perform', { backup_guid: GUID, encryption_key: 'x' }), busy)
  server.default.clock.advance({ by: '9999ms' })
  t.match((await source.get()).json, { data: { rows: 1500 } }, 'not before its end')
  server.default.clock.advance({ by: '1ms' })
  t.match((await source.get('/restores')).json, [{ id: 1, backup_id: 2, status: 'done' }])
  const { data, updated_at } = (await source.get()).json
  t.strictSame({ data, updated_at }, { data: { set: 'orders', rows: 1240 }, updated_at: '2026-06-10T12:00:10.000Z' })

  t.equal((await source.post('/backups/1/restore')).status, 202)
  server.default.clock.advance({ by: '1m' })
  t.match((await source.get('/restores/2')).json, { status: 'failed' }, 'made with an earlier key')
  t.match((await source.get()).json, { data: { rows: 1240 } }, 'a failed restore changes nothing')
})

t.test('backups: what is not there', async t => {
  const server = await boot(t)
  const source = clientOf(server, demo(1))
  for (const id of ['9', '0', '-1', 'x', '1.0', '99999999999999999999', `${GUID}-${NOW}`]) {
    const missing = { status: 404, error: 'NotFound', description: `The backup ${id} was not found.` }
    hasFailed(t, await source.get(`/backups/${id}`), missing)
    hasFailed(t, await source.delete(`/backups/${id}`), missing)
    const description = `The backup ${id} was not found for the instance ${demo(1)}.`
    hasFailed(t, await source.post(`/backups/${id}/restore`), { status: 404, error: 'NotFound', description })
  }
  for (const { instance, ...error } of [
    { instance: 3, status: 404, error: 'NotFound', description: `The instance ${demo(3)} was not found.` },
    { instance: 4, status: 403, error: 'Forbidden' },
    { instance: 6, status: 504, error: 'GatewayTimeout' },
  ]) {
    const other = clientOf(server, demo(instance))
    hasFailed(t, await other.get('/backups'), error)
    hasFailed(t, await other.get('/backups/1'), error)
    hasFailed(t, await other.post('/backups'), error)
    hasFailed(t, await other.delete('/backups/1'), error)
    hasFailed(t, await other.post('/backups/1/restore'), error)
  }
})

t.test('a document whose backup names a job that it does not have is refused', async t => {
  const server = await boot(t)
  await clientOf(server, demo(1)).post('/backups')
  const state = server.default.state.export()
  t.throws(() => server.default.state.import({ ...state, jobs: [] }), /backup 4 of .* needs the job "backup\//)
  server.default.state.import(state)
  server.default.clock.advance({ by: '1m' })
  t.match((await clientOf(server, demo(1)).get('/backups/4')).json, { status: 'done' })
})
