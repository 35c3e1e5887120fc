// a9s: the overview of an instance and its backup configuration.
import t from 'tap'
import { boot, call } from '../../helpers.ts'
import { clientOf, demo, hasFailed } from './client.ts'

t.test('getInstance: the documented fields, and what the instance holds', async t => {
  const server = await boot(t)
  const { status, json } = await clientOf(server, demo(1)).get()
  t.equal(status, 200)
  t.match(json, {
    id: 1,
    name: 'orders-database',
    state: 'available',
    urls: [],
    available_updates: [],
    created_at: '2026-03-12T12:00:00.000Z',
    updated_at: '2026-03-12T12:00:00.000Z',
    data: { set: 'orders', rows: 1500 },
  })
  const ids = ['service_id', 'plan_id', 'tenant_id', 'tenant_name', 'subtenant_id', 'subtenant_name']
  for (const name of ids) t.match(json[name], /./, name)
})

t.test('getInstance: states, and rows that are added as time passes', async t => {
  const server = await boot(t)
  t.match((await clientOf(server, demo(8)).get()).json, { state: 'stopped' })
  server.default.clock.advance({ by: '90m' })
  t.match((await clientOf(server, demo(1)).get()).json, { data: { rows: 1515 } }, 'ten per hour')
  for (const state of ['provisioned', 'available', 'deploying', 'failed', 'stopped']) {
    const instances = [{ id: demo(1), backupGuid: 'a', state }]
    server.default.state.import({ a9s: { tokens: [{ token: 'demo-token' }], instances } })
    t.match((await clientOf(server, demo(1)).get()).json, { state, data: { rows: 0 } })
  }
})

t.test('getInstance, getBackupConfig, updateBackupConfig: errors', async t => {
  const server = await boot(t)
  const calls = [
    { method: 'GET', path: '' },
    { method: 'GET', path: '/backup-configs' },
    { method: 'PATCH', path: '/backup-configs', body: { exclude_from_auto_backup: true } },
  ]
  const errors = [
    { instance: 3, status: 404, error: 'NotFound', description: `The instance ${demo(3)} was not found.` },
    { instance: 4, status: 403, error: 'Forbidden' },
    { instance: 5, status: 502, error: 'BadGateway' },
  ]
  const headers = { authorization: 'bearer demo-token' }
  for (const { method, path, body } of calls) {
    for (const { instance, ...error } of errors) {
      hasFailed(t, await call(server, { method, path: `/v1/instances/${demo(instance)}${path}`, headers, body }), error)
    }
    const anonymous = await call(server, { method, path: `/v1/instances/${demo(1)}${path}`, body })
    hasFailed(t, anonymous, { status: 401, error: 'Unauthorized' })
  }
})

t.test('getBackupConfig, updateBackupConfig', async t => {
  const server = await boot(t)
  const instance = clientOf(server, demo(1))
  const config = {
    min_backup_count: 1,
    retention_time: 30,
    min_encryption_key_length: 8,
    exclude_from_auto_backup: false,
  }
  t.strictSame((await instance.get('/backup-configs')).json, config)
  const changed = await instance.patch('/backup-configs', { exclude_from_auto_backup: true })
  t.strictSame({ status: changed.status, json: changed.json }, { status: 200, json: { message: 'instance updated' } })
  t.strictSame((await instance.get('/backup-configs')).json, { ...config, exclude_from_auto_backup: true })

  const refusals = [
    {
      body: {},
      description: 'The body must be an object with at least 1 of the fields encryption_key, exclude_from_auto_backup.',
    },
    { body: { encryption_key: 'short' }, description: 'The field encryption_key must be at least 8 characters long.' },
    { body: { exclude_from_auto_backup: 'no' }, description: /exclude_from_auto_backup/ },
    { body: { retention_time: 1 }, description: 'The field retention_time is not known.' },
    {
      body: { exclude_from_auto_backup: false, encryption_key: 'short' },
      description: 'The field encryption_key must be at least 8 characters long.',
    },
  ]
  for (const { body, description } of refusals) {
    const answer = await instance.patch('/backup-configs', body)
    t.match(answer, { status: 400, json: { error: 'BadRequest', description } })
  }
  t.match((await instance.get('/backup-configs')).json, { exclude_from_auto_backup: true }, 'nothing half-done')
})

t.test('updateBackupConfig: a key replaces the one of prepare', async t => {
  const server = await boot(t)
  const instance = clientOf(server, demo(1))
  await instance.patch('/backup-configs', { encryption_key: 'key-of-the-config' })
  await instance.post('/backups')
  server.default.clock.advance({ by: '1m' })
  t.match((await instance.get('/backups')).json, [{ id: 4, downloadable: true }, { id: 3 }, { downloadable: false }])
  const { backup_guid } = (await instance.post('/disaster-recovery/prepare')).json
  const destination = clientOf(server, demo(2))
  await destination.post('/disaster-recovery/perform', { backup_guid, encryption_key: 'key-of-the-config' })
  server.default.clock.advance({ by: '1m' })
  t.match((await destination.get('/restores/1')).json, { status: 'done', backup_id: 4 })
})

t.test('the minimum length of a key is the one of the instance', async t => {
  const server = await boot(t)
  const instances = [{ id: demo(1), backupGuid: 'a', minEncryptionKeyLength: 12 }]
  server.default.state.import({ a9s: { tokens: [{ token: 'demo-token' }], instances } })
  const instance = clientOf(server, demo(1))
  t.match((await instance.get('/backup-configs')).json, { min_encryption_key_length: 12 })
  const description = 'The field encryption_key must be at least 12 characters long.'
  for (const send of [
    (key: string) => instance.post('/disaster-recovery/prepare', { encryption_key: key }),
    (key: string) => instance.patch('/backup-configs', { encryption_key: key }),
  ]) {
    hasFailed(t, await send('elevenchars'), { status: 400, error: 'BadRequest', description })
    t.equal((await send('twelve-chars')).status, 200)
    t.equal((await send('🔑'.repeat(12))).status, 200, 'characters are counted, not bytes')
  }
})

t.test('keys of requests are not in the journal', async t => {
  const server = await boot(t)
  await clientOf(server, demo(1)).patch('/backup-configs', { encryption_key: 'very-secret-key' })
  t.notMatch(JSON.stringify(server.default.requests.list()), /very-secret-key/)
})
