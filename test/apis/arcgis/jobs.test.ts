// arcgis: jobs and their statuses as time passes, over HTTP.
import t, { type Test } from 'tap'
import { boot } from '../../helpers.ts'
import { ADMIN, createPath, errorOf, get, post, storePath, tokenOf } from './client.ts'

const START = Date.parse('2026-06-10T12:00:00Z')
const STAGES = [
  ['Validation', '3096 millis (~ 0 minutes)'],
  ['Stage Relational store', '5149 millis (~ 0 minutes)'],
  ['Stage Object store', '50405 millis (~ 0 minutes)'],
  ['Stage system configuration', '6517 millis (~ 0 minutes)'],
  ['Post backup operation cleanup', '53 millis (~ 0 minutes)'],
].map(([name, duration]) => ({ name, state: 'completed', duration }))

async function start(t: Test, options = {}) {
  const server = await boot(t, options)
  const token = await tokenOf(server)
  const job = async (id: string) => (await get(server, `${ADMIN}/jobs/${id}`, { token })).json
  const create = async (store = 'backupsDefault', name = 'backup_first') =>
    (await post(server, createPath(store), { token, name, passcode: 'passcode' })).json.jobid as string
  const jobs = async (): Promise<string[]> => (await get(server, `${ADMIN}/jobs`, { token })).json.jobs
  return { server, token, job, create, jobs }
}

t.test('getJob: a backup from SUBMITTED to COMPLETED', async t => {
  const { server, token, job, create } = await start(t)
  const jobid = await create()
  const common = {
    jobid,
    starttime: START,
    operationURI: createPath('backupsDefault'),
    username: 'siteadmin',
  }
  t.same(await job(jobid), { ...common, updatedtime: START, endtime: 0, status: 'SUBMITTED' })
  server.default.clock.advance({ by: '999ms' })
  t.match(await job(jobid), { status: 'SUBMITTED' })
  server.default.clock.advance({ by: '1ms' })
  t.same(await job(jobid), { ...common, updatedtime: START + 1000, endtime: 0, status: 'EXECUTING' })
  server.default.clock.advance({ by: '10s' })
  t.same(await job(jobid), { ...common, updatedtime: START + 9245, endtime: 0, status: 'EXECUTING' })
  server.default.clock.advance({ by: '55219ms' })
  t.match(await job(jobid), { status: 'EXECUTING', endtime: 0 })
  server.default.clock.advance({ by: '1ms' })
  const end = START + 66_220
  const done = { ...common, updatedtime: end, endtime: end, status: 'COMPLETED', result: { stages: STAGES } }
  t.same(await job(jobid), done)
  server.default.clock.advance({ by: '1h' })
  t.same((await post(server, `${ADMIN}/jobs/${jobid}`, { token })).json, done, 'POST returns the same')
})

t.test('getJob: a backup to a full volume fails in its object store stage', async t => {
  const { server, job, create } = await start(t)
  const jobid = await create('fullStore')
  server.default.clock.advance({ by: '59649ms' })
  t.match(await job(jobid), { status: 'EXECUTING' })
  server.default.clock.advance({ by: '1ms' })
  const failed = await job(jobid)
  t.match(failed, { status: 'FAILED', endtime: START + 59_650 })
  t.same(failed.messages, ['The volume of the backup store fullStore is full.'])
  t.same(failed.result.stages, [...STAGES.slice(0, 2), { ...STAGES[2], state: 'failed' }])
})

t.test('getJob: each poll advances the job under progression polls:N', async t => {
  const { job, create } = await start(t, { jobProgression: 'polls:3' })
  const jobid = await create()
  const statuses = [await job(jobid), await job(jobid), await job(jobid)].map(({ status }) => status)
  t.same(statuses, ['EXECUTING', 'EXECUTING', 'COMPLETED'])
})

t.test('getJob: a job ends immediately under progression immediate', async t => {
  const { job, create } = await start(t, { jobProgression: 'immediate' })
  t.match(await job(await create()), { status: 'COMPLETED' })
})

t.test('getJob: durations of a minute or more', async t => {
  const { server, job, create } = await start(t, { jobSpeed: '0.5' })
  const jobid = await create()
  server.default.clock.advance({ by: '3m' })
  t.equal((await job(jobid)).result.stages[2].duration, '100810 millis (~ 1 minutes)')
})

t.test('getJob: cancelled, with and without a reason', async t => {
  const { server, job, create } = await start(t)
  for (const [reason, message] of [
    ['Because.', 'Because.'] as const,
    [undefined, 'The backup was cancelled.'] as const,
  ]) {
    const outcome = { result: 'cancel' as const, phase: 'Validation', ...(reason === undefined ? {} : { reason }) }
    server.default.jobs.addRule({ operation: 'createBackup', outcome, times: 1 })
    const jobid = await create()
    server.default.clock.advance({ by: '2m' })
    const cancelled = await job(jobid)
    t.match(cancelled, { status: 'CANCELLED', messages: [message] })
    t.same(cancelled.result.stages, [{ ...STAGES[0], state: 'cancelled' }])
  }
})

t.test('getJob: a job times out after two hours', async t => {
  const { server, job, create } = await start(t)
  server.default.jobs.addRule({ operation: 'createBackup', outcome: { result: 'time-out' } })
  const jobid = await create()
  server.default.clock.advance({ by: '7199999ms' })
  t.match(await job(jobid), { status: 'EXECUTING', endtime: 0 })
  server.default.clock.advance({ by: '1ms' })
  const messages = ['The backup took longer than two hours and was cancelled.']
  t.match(await job(jobid), { status: 'TIMED OUT', endtime: START + 7_200_000, messages })
})

t.test('listJobs: in order of submission, after two earlier jobs, one completed and one failed', async t => {
  const { create, jobs, job, server, token } = await start(t)
  const past = await jobs()
  const earlier = await Promise.all(past.map(job))
  t.match(earlier, [
    { status: 'COMPLETED', starttime: START - 2 * 86_400_000, username: 'siteadmin' },
    { status: 'FAILED', starttime: START - 86_400_000, messages: [/is full/] },
  ])
  const fresh = [await create(), await create('backupsDefault', 'second')]
  t.same(await jobs(), [...past, ...fresh])
  t.same((await post(server, `${ADMIN}/jobs`, { token })).json, { jobs: [...past, ...fresh] })
})

t.test('listJobs: the earlier jobs have ended under every progression', async t => {
  const { jobs, job } = await start(t, { jobProgression: 'manual' })
  const earlier = await Promise.all((await jobs()).map(job))
  t.match(earlier, [{ status: 'COMPLETED' }, { status: 'FAILED' }])
})

t.test('getJob: an unknown job', async t => {
  const { job } = await start(t)
  t.same(await job('j0'), errorOf(404, 'The job j0 was not found.'))
  t.same(await job('%3Cb%3E'), errorOf(404, 'The job <b> was not found.'))
})

t.test('listJobs: requires the Publisher role or a privilege', async t => {
  const { server, create } = await start(t)
  const jobid = await create()
  const publisher = await tokenOf(server, 'publisher1')
  t.match((await get(server, `${ADMIN}/jobs`, { token: publisher })).json, { jobs: Array })
  t.match((await get(server, `${ADMIN}/jobs/${jobid}`, { token: publisher })).json, { jobid })
  const viewer = await tokenOf(server, 'viewer1')
  for (const path of ['jobs', `jobs/${jobid}`]) {
    t.match((await get(server, `${ADMIN}/${path}`, { token: viewer })).json, { error: { code: 403 } })
  }
})

t.test('getJob, listBackups: a rule makes a job complete without a result', async t => {
  const { server, token, create, job } = await start(t)
  server.default.jobs.addRule({ operation: 'createBackup', outcome: { result: 'no-result' }, times: 1 })
  const jobid = await create('backupsDefault', 'vanished')
  server.default.clock.advance({ by: '5m' })
  const { status, result } = await job(jobid)
  t.same({ status, result }, { status: 'COMPLETED', result: undefined })
  t.same((await get(server, storePath('backupsDefault'), { token })).json, { backups: [] })
  t.ok(await create('backupsDefault', 'vanished'), 'the name can be used again')
})

t.test('getJob: a job that is cancelled is rolled back first', async t => {
  const { server, job, create } = await start(t)
  server.default.jobs.addRule({ operation: 'createBackup', outcome: { result: 'cancel', phase: 'Stage Object store' } })
  const jobid = await create()
  server.default.clock.advance({ by: '54649ms' })
  t.match(await job(jobid), { status: 'EXECUTING' })
  server.default.clock.advance({ by: '1ms' })
  t.match(await job(jobid), { status: 'CANCELLING', updatedtime: START + 54_650, endtime: 0 })
  server.default.clock.advance({ by: '5s' })
  t.match(await job(jobid), { status: 'CANCELLED', endtime: START + 59_650 })
})

t.test('getJob: the status of a job that is stuck is unavailable after two hours', async t => {
  const { server, job, create } = await start(t)
  server.default.jobs.addRule({ operation: 'createBackup', outcome: { result: 'stuck', phase: 'Validation' } })
  const jobid = await create()
  server.default.clock.advance({ by: '7199999ms' })
  t.match(await job(jobid), { status: 'EXECUTING' })
  server.default.clock.advance({ by: '1ms' })
  t.match(await job(jobid), { status: 'UNAVAILABLE', updatedtime: START + 7_200_000, endtime: 0 })
  server.default.jobs.finish(jobid)
  t.match(await job(jobid), { status: 'COMPLETED' })
})

t.test('getJob: under progression polls:N, a job that will be cancelled is cancelling in its last stage', async t => {
  const { server, job, create } = await start(t, { jobProgression: 'polls:6' })
  server.default.jobs.addRule({ operation: 'createBackup', outcome: { result: 'cancel' } })
  const jobid = await create()
  const statuses = []
  for (let poll = 0; poll < 6; poll++) statuses.push((await job(jobid)).status)
  t.same(statuses, ['EXECUTING', 'EXECUTING', 'EXECUTING', 'EXECUTING', 'CANCELLING', 'CANCELLED'])
})

t.test('getJob: jobs of every kind end with the status that a rule sets', async t => {
  const outcomes = [
    { outcome: { result: 'success' }, status: 'COMPLETED' },
    { outcome: { result: 'fail', reason: 'Because.' }, status: 'FAILED' },
    { outcome: { result: 'cancel' }, status: 'CANCELLED' },
    { outcome: { result: 'time-out' }, status: 'TIMED OUT' },
    { outcome: { result: 'stuck' }, status: 'UNAVAILABLE' },
  ] as const
  const stores = `${ADMIN}/system/disasterrecovery/stores`
  const settings = '{"type":"HOSTED","storageConfig":{"provisioningType":"DYNAMIC","size":"64Gi"}}'
  const submissions = {
    createBackup: { path: createPath('backupsDefault'), fields: { name: 'x', passcode: 'passcode' } },
    registerBackupStore: {
      path: `${stores}/register`,
      fields: { storeName: 'new', settings, isDefault: 'false', async: 'true' },
    },
    deleteBackup: { path: `${stores}/backupStore/backups/backup_first/delete`, fields: { async: 'true' } },
  }
  for (const operation of ['createBackup', 'registerBackupStore', 'deleteBackup'] as const) {
    const { path, fields } = submissions[operation]
    for (const { outcome, status } of outcomes) {
      const { server, token, job } = await start(t)
      server.default.jobs.addRule({ operation, outcome })
      const { jobid } = (await post(server, path, { token, ...fields })).json
      server.default.clock.advance({ by: '2h' })
      t.match(await job(jobid), { status }, `${operation}: ${outcome.result}`)
    }
  }
})
