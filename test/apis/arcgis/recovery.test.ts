// arcgis: the directory above the backup stores, the status and the settings of disaster recovery, over HTTP.
import t, { type Test } from 'tap'
import { boot, call } from '../../helpers.ts'
import { ADMIN, createPath, errorOf, type Fields, get, post, tokenOf } from './client.ts'

const START = Date.parse('2026-06-10T12:00:00Z')
const RECOVERY = `${ADMIN}/system/disasterrecovery`

async function start(t: Test, options = {}) {
  const server = await boot(t, options)
  const token = await tokenOf(server)
  const read = async (path: string) => (await get(server, path, { token })).json
  const send = async (path: string, fields: Fields = {}) => (await post(server, path, { token, ...fields })).json
  const status = async () => (await read(`${RECOVERY}/status`)).status
  const create = (name: string) => send(createPath('backupsDefault'), { name, passcode: 'passcode' })
  return { server, token, read, send, status, create }
}

t.test('the directory: root, system and disaster recovery, by GET and POST', async t => {
  const { read, send, server } = await start(t)
  const resources = {
    [ADMIN]: {
      fullVersion: '10.9.1',
      resources: ['system', 'jobs'],
      currentVersion: 10.91,
      status: { stages: [], state: 'ready' },
    },
    [`${ADMIN}/system`]: {},
    [RECOVERY]: { operations: ['status'], resources: ['stores', 'settings'] },
    [`${RECOVERY}/backuprestore`]: { operations: ['status', 'backup'], resources: ['backups'] },
  }
  for (const [path, expected] of Object.entries(resources)) {
    t.same(await read(path), expected, path)
    t.same(await send(path), expected, `POST ${path}`)
  }
  const slash = await call(server, { path: `${ADMIN}/?f=json`, contract: false })
  t.same([slash.status, slash.headers.location], [307, `${ADMIN}?f=json`], 'with a slash at the end')
  const viewer = await tokenOf(server, 'viewer1')
  const publisher = await tokenOf(server, 'publisher1')
  t.match((await get(server, ADMIN, { token: viewer })).json, { error: { code: 403 } }, 'no privilege at all')
  t.match((await get(server, ADMIN, { token: publisher })).json, { fullVersion: String })
  t.match((await get(server, RECOVERY, { token: publisher })).json, { error: { code: 403 } })
})

t.test('getDisasterRecoveryStatus: a backup from its submission to its end', async t => {
  const { server, create, status } = await start(t)
  await create('backup_first')
  const common = {
    scheduleType: 'MANUAL',
    startTime: START,
    backupStore: 'backupsDefault',
    operation: 'Backup',
    backupName: 'backup_first',
    message: '',
  }
  t.same(await status(), {
    ...common,
    code: 1,
    stages: [],
    completeTime: 0,
    state: 'in_progress',
    overallDuration: '00hr:00min:00sec:0millisec',
  })
  server.default.clock.advance({ by: '5s' })
  t.same((await status()).stages, [
    { duration: '3096 millis (~ 0 minutes)', lastUpdated: START + 4096, name: 'Validation', state: 'completed' },
    {
      duration: '904 millis (~ 0 minutes)',
      lastUpdated: START + 5000,
      name: 'Stage Relational store',
      state: 'in_progress',
    },
  ])
  server.default.clock.advance({ by: '1h' })
  const done = await status()
  t.match(done, { ...common, code: 3, state: 'success', completeTime: START + 66_220 })
  t.equal(done.overallDuration, '00hr:01min:06sec:220millisec')
  t.same(
    done.stages.map(({ name, state }: { name: string; state: string }) => `${name}: ${state}`),
    [
      'Validation: completed',
      'Stage Relational store: completed',
      'Stage Object store: completed',
      'Stage system configuration: completed',
      'Post backup operation cleanup: completed',
    ],
  )
})

t.test('getDisasterRecoveryStatus: the states that a job can end in', async t => {
  const { server, create, status } = await start(t)
  t.match(
    await status(),
    { state: 'failed', code: 2, backupName: 'backup_too_many', message: /is full/ },
    'the last job of the demo data',
  )
  const endings = [
    {
      outcome: { result: 'fail' as const, phase: 'Validation', reason: 'Because.' },
      state: 'failed',
      message: 'Because.',
    },
    { outcome: { result: 'cancel' as const }, state: 'failed', message: 'The backup was cancelled.' },
    {
      outcome: { result: 'time-out' as const },
      state: 'failed',
      message: 'The backup took longer than two hours and was cancelled.',
    },
    {
      outcome: { result: 'no-result' as const },
      state: 'completed_with_warnings',
      message: 'The backup ended without a result.',
    },
  ]
  for (const [index, { outcome, state, message }] of endings.entries()) {
    server.default.jobs.addRule({ operation: 'createBackup', outcome, times: 1 })
    await create(`backup${index}`)
    server.default.clock.advance({ by: '3h' })
    t.match(await status(), { state, message, backupName: `backup${index}` })
  }
})

t.test('getDisasterRecoveryStatus: before the first job', async t => {
  const { server, read } = await start(t)
  server.default.state.import({ arcgis: { users: [] } } as never)
  server.default.state.import({
    arcgis: {
      users: [{ username: 'a', password: 'b', role: 'administrator', privileges: ['Security and infrastructure'] }],
      tokens: [{ token: 'valid', username: 'a', expiresAt: '+1d' }],
    },
  } as never)
  const answer = await get(server, `${RECOVERY}/status`, { token: 'valid' })
  t.same(answer.json, { status: { code: 0, stages: [], state: 'not_started', message: '' } })
  t.match(await read(`${RECOVERY}/settings`), { error: { code: 498 } })
})

t.test('getDisasterRecoveryStatus: reading it advances the job under progression polls:N', async t => {
  const { create, status } = await start(t, { jobProgression: 'polls:3' })
  await create('backup_first')
  const states = [await status(), await status(), await status()].map(({ state }) => state)
  t.same(states, ['in_progress', 'in_progress', 'success'])
})

t.test('getDisasterRecoverySettings and updateDisasterRecoverySettings', async t => {
  const { server, read, send } = await start(t)
  const settings = `${RECOVERY}/settings`
  const documented = {
    stagingVolumeConfig: {
      component: 'DR_JOB',
      storageClass: 'default',
      size: '64Gi',
      provisioningType: 'DYNAMIC',
      g: 1635288705660,
    },
  }
  t.equal(JSON.stringify(await read(settings)), JSON.stringify(documented))
  const update = (value: unknown) => send(`${settings}/update`, { settings: JSON.stringify(value) })
  t.same(await update({ timeoutInSeconds: 600 }), { status: 'success' })
  t.same(await read(settings), { ...documented, timeoutInSeconds: 600 })
  const volume = { provisioningType: 'STATIC', storageClass: 'fast', size: '128Gi', labels: { purpose: 'staging' } }
  t.same(await update({ stagingVolumeConfig: volume }), { status: 'success' })
  t.same(await read(settings), {
    stagingVolumeConfig: { component: 'DR_JOB', ...volume, g: START },
    timeoutInSeconds: 600,
  })
  const refused = {
    '{"stagingVolumeConfig":{"provisioningType":"DYNAMIC","size":"8Gi"}}':
      'The field settings.stagingVolumeConfig.size must be at least 16Gi, such as 64Gi.',
    '{"stagingVolumeConfig":{"provisioningType":"DYNAMIC","size":"64Gi","labels":{"a":"b"}}}':
      'The field settings.stagingVolumeConfig.labels is only for the provisioning type STATIC.',
    '{"stagingVolumeConfig":{"size":"64Gi"}}': 'The field settings.stagingVolumeConfig.provisioningType is required.',
    '{"timeoutInSeconds":0}': 'The field settings.timeoutInSeconds must be at least 1.',
    'no JSON': 'The field settings must be JSON.',
    '[]': 'The field settings must be an object.',
  }
  for (const [text, message] of Object.entries(refused)) {
    t.same(await send(`${settings}/update`, { settings: text }), errorOf(400, message, [message]), text)
  }
  t.match(await read(settings), { timeoutInSeconds: 600 }, 'nothing has changed')
  const page = await call(server, { path: `${settings}/update?token=${await tokenOf(server)}`, contract: false })
  t.match(page.text, /<textarea id="settings" name="settings" required/)
})

t.test('createBackup: a backup that takes longer than the time-out is cancelled', async t => {
  const { server, create, send, read } = await start(t)
  server.default.jobs.addRule({ operation: 'createBackup', durations: { 'Stage Object store': '3h' }, times: 1 })
  const slow = (await create('slow')).jobid
  server.default.clock.advance({ by: '7199999ms' })
  t.match(await read(`${ADMIN}/jobs/${slow}`), { status: 'EXECUTING' })
  server.default.clock.advance({ by: '1ms' })
  t.match(await read(`${ADMIN}/jobs/${slow}`), {
    status: 'TIMED OUT',
    endtime: START + 7_200_000,
    messages: ['The backup took longer than two hours and was cancelled.'],
    result: { stages: [{}, {}, { name: 'Stage Object store', state: 'cancelled' }] },
  })
  await send(`${RECOVERY}/settings/update`, { settings: '{"timeoutInSeconds":30}' })
  const short = (await create('short')).jobid
  server.default.clock.advance({ by: '31s' })
  t.match(await read(`${ADMIN}/jobs/${short}`), {
    status: 'TIMED OUT',
    messages: ['The backup took longer than 30 seconds and was cancelled.'],
  })
  t.same((await read(`${RECOVERY}/stores/backupsDefault/backups`)).backups, [])
})
