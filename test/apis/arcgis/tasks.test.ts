// arcgis: scheduled backups and the cleanup of backups on the virtual clock, over HTTP.
import t, { type Test } from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot } from '../../helpers.ts'
import { ADMIN, errorOf, type Fields, get, post, storePath, tokenOf } from './client.ts'

const TASKS = `${ADMIN}/system/tasks`
const DAY_MS = 86_400_000
const CLEANER = 'backupRetentionCleaner'
const HOURLY = { minute: '0', hour: '*', dayOfMonth: '*', month: '*', dayOfWeek: '?' }
const METADATA = { recurring: true, startTime: '04:00', retention: { type: 'day', value: 14 } }

interface Listed {
  backupName: string
  retentionDate: number
}

async function start(t: Test, options = {}) {
  const server = await boot(t, options)
  return { server, ...(await clientOf(server)) }
}

async function clientOf(server: Firedrill) {
  const token = await tokenOf(server)
  const read = async (path: string) => (await get(server, path, { token })).json
  const send = async (path: string, fields: Fields = {}) => (await post(server, path, { token, ...fields })).json
  const create = async (changes: object = {}, fields: Fields = {}) => {
    const parameters = { name: 'nightly', passcode: 'night-passcode', storeName: 'backupsDefault', ...changes }
    const common = { type: 'CreateBackup', parameters: JSON.stringify(parameters), ...HOURLY }
    return send(`${TASKS}/createTask`, { ...common, ...fields })
  }
  const backups = async (): Promise<Listed[]> => (await read(storePath('backupsDefault'))).backups
  const names = async () => (await backups()).map(({ backupName }) => backupName)
  const runs = async (id: string) => (await read(`${TASKS}/${id}/runs`)).result
  return { token, read, send, create, backups, names, runs }
}

t.test('createTask: backups are made on schedule, with UTC names and a retention date', async t => {
  const { server, read, create, backups, runs } = await start(t)
  const { success, taskId } = await create({ retentionOffset: 14 * DAY_MS, metaData: METADATA }, { title: 'Nights' })
  t.equal(success, true)
  t.match(taskId, /^[0-9a-f]{32}$/)
  t.same(await read(`${TASKS}/${taskId}`), {
    generation: 1,
    created: Date.parse('2026-06-10T12:00:00Z'),
    active: true,
    ownerId: (await read(`${TASKS}/${CLEANER}`)).ownerId,
    type: 'CREATE_BACKUP_TASK_TYPE',
    orgId: '0123456789ABCDEF',
    cronSchedule: { dayOfWeek: '?', hour: '*', month: '*', dayOfMonth: '*', minute: '0' },
    cronExpression: '0 0 * * * ?',
    runIntervalSeconds: 3600,
    taskType: 'CreateBackup',
    taskState: 'active',
    taskTitle: 'Nights',
    maxOccurrences: -1,
    id: taskId,
    parameters: {
      itemId: '',
      metaData: METADATA,
      retentionOffset: 14 * DAY_MS,
      name: 'nightly',
      storeName: 'backupsDefault',
      passcode: '********',
    },
    updated: Date.parse('2026-06-10T12:00:00Z'),
    taskId,
  })
  server.default.clock.advance({ by: '59m59s' })
  t.same(await backups(), [])
  server.default.clock.advance({ by: '1s' })
  const [run] = await runs(taskId)
  t.match(run, { status: 'executing', result: '', created: Date.parse('2026-06-10T13:00:00Z'), task: { taskId } })
  t.match((await read(`${ADMIN}/system/disasterrecovery/status`)).status, {
    scheduleType: 'SCHEDULED',
    backupName: 'nightly-2026-06-10-13-00-00',
  })
  server.default.clock.advance({ by: '2h' })
  t.match(await backups(), [
    {
      backupName: 'nightly-2026-06-10-13-00-00',
      scheduleType: 'SCHEDULED',
      description: 'Scheduled Backup',
      retentionDate: Date.parse('2026-06-24T13:00:00Z'),
    },
    { backupName: 'nightly-2026-06-10-14-00-00' },
  ])
  t.match(await read(`${TASKS}/${taskId}/runs/${run.runId}`), {
    status: 'succeeded',
    result: 'Backup has been created.',
    modified: Date.parse('2026-06-10T13:01:06.220Z'),
  })
  t.match(await read(`${TASKS}/${taskId}`), { generation: 4, lastStart: Date.parse('2026-06-10T15:00:00Z') })
  t.same(await read(`${storePath('backupsDefault')}/nightly-2026-06-10-13-00-00`), (await backups())[0])
  t.notMatch(JSON.stringify(server.default.requests.list()), 'night-passcode', 'the passcode is not in the journal')
  t.notMatch(JSON.stringify(server.default.state.export()), 'night-passcode', 'nor stored')
})

t.test('createTask: months in one step are the same as in small steps', async t => {
  const run = async (steps: string[]) => {
    const server = await boot(t)
    const { taskId } = await (await clientOf(server)).create({ retentionOffset: 7 * DAY_MS })
    for (const by of steps) server.default.clock.advance({ by })
    // A token lasts for two weeks at most.
    const { read, names, runs } = await clientOf(server)
    return { names: await names(), runs: (await runs(taskId)).length, task: await read(`${TASKS}/${taskId}`), server }
  }
  const together = await run(['92d'])
  const apart = await run(Array.from({ length: 46 }, () => '2d'))
  const state = ({ server }: { server: Firedrill }) => {
    const { clock: _clock, ...rest } = server.default.state.export() as Record<string, unknown>
    return JSON.stringify(rest)
  }
  t.equal(together.runs, 92 * 24)
  t.equal(together.names.at(-1), 'nightly-2026-09-10-11-00-00', 'the last one that has completed')
  t.equal(together.names[0], 'nightly-2026-09-03-01-00-00', 'the first one that was not cleaned up at midnight')
  t.equal(together.task.generation, 1 + 92 * 24)
  t.same(apart.names, together.names)
  t.equal(state(apart), state(together), 'in everything that is stored')
})

t.test('createTask: schedules', async t => {
  const { server, create } = await start(t)
  const schedules = [
    { name: 'weekly', fields: { hour: '4', dayOfMonth: '?', dayOfWeek: '7' }, first: 'weekly-2026-06-13-04-00-00' },
    { name: 'sunday', fields: { hour: '4', dayOfWeek: '0' }, first: 'sunday-2026-06-14-04-00-00' },
    { name: 'monthly', fields: { hour: '0', dayOfMonth: '1' }, first: 'monthly-2026-07-01-00-00-00' },
    { name: 'weekdays', fields: { hour: '6', dayOfWeek: 'MON-FRI' }, first: 'weekdays-2026-06-11-06-00-00' },
    { name: 'quarters', fields: { minute: '*/15' }, first: 'quarters-2026-06-10-12-15-00' },
    {
      name: 'later',
      fields: { startDate: Date.parse('2026-06-20T00:00:00Z') },
      first: 'later-2026-06-20-00-00-00',
    },
    {
      name: 'at-start',
      fields: { startDate: Date.parse('2026-06-20T05:00:00Z'), hour: '5' },
      first: 'at-start-2026-06-20-05-00-00',
    },
  ]
  for (const { name, fields } of schedules) await create({ name }, { ...fields, maxOccurrences: 1 } as Fields)
  await create({ name: 'ended' }, { endDate: Date.parse('2026-06-10T14:30:00Z') })
  server.default.clock.advance({ by: '40d' })
  const { names, send } = await clientOf(server)
  const made = await names()
  for (const { name, first } of schedules)
    t.same(
      made.filter(each => each.startsWith(`${name}-2`)),
      [first],
    )
  t.same(
    made.filter(each => each.startsWith('ended')),
    ['ended-2026-06-10-13-00-00', 'ended-2026-06-10-14-00-00'],
  )
  const tasks = (await send(TASKS)).result as { taskState: string; taskTitle: string }[]
  t.same(
    tasks.filter(({ taskState }) => taskState === 'active').map(({ taskTitle }) => taskTitle),
    [CLEANER],
    'tasks that have run for the last time are paused',
  )
})

t.test('createTask: refusals, after which there is no task', async t => {
  const { server, send, create } = await start(t)
  const refused = [
    { changes: {}, fields: { minute: '61' }, message: 'The schedule is not valid: Invalid value for minute: 61.' },
    {
      changes: {},
      fields: { minute: 'x' },
      message: 'The schedule is not valid: configuration entry 1 (x) contains illegal characters.',
    },
    { changes: {}, fields: { dayOfMonth: '30', month: '2' }, message: 'The schedule names no time.' },
    {
      changes: {},
      fields: { dayOfWeek: '1,8' },
      message: 'The schedule is not valid: Invalid value for dayOfWeek: 8.',
    },
    {
      changes: {},
      fields: { startDate: 2_000_000_000_000, endDate: 1_999_999_999_999 },
      message: 'The field endDate must not be before startDate.',
    },
    { changes: { passcode: 'short' }, message: 'The field parameters.passcode must be at least 8 characters long.' },
    { changes: { name: '' }, message: 'The field parameters.name must not be empty.' },
    { changes: {}, fields: { maxOccurrences: 0 }, message: 'The field maxOccurrences must be at least 1, or -1.' },
    { changes: {}, fields: { parameters: 'x' }, message: 'The field parameters must be JSON.' },
    {
      changes: {},
      fields: { hour: '0 0' },
      message: 'The field hour must be a cron expression without blanks, such as * or 0-59/15.',
    },
    { changes: {}, fields: { type: 'CleanGPJobs' }, message: 'The field type must be "CreateBackup".' },
  ]
  for (const { changes, fields = {}, message } of refused) {
    t.same(await create(changes, fields as Fields), errorOf(400, message, [message]))
  }
  t.match(await create({ storeName: 'nowhere' }), errorOf(404, 'The backup store nowhere was not found.'))
  t.equal((await send(TASKS)).result.length, 1, 'only the cleaner')
  const publisher = await tokenOf(server, 'publisher1')
  t.match((await get(server, TASKS, { token: publisher })).json, { error: { code: 403 } })
})

t.test('disableTask, enableTask, updateTask, deleteTask', async t => {
  const { server, read, send, create, names, runs } = await start(t)
  const { taskId } = await create()
  const task = `${TASKS}/${taskId}`
  server.default.clock.advance({ by: '90m' })
  t.same(await send(`${task}/disable`), { status: 'success' })
  t.match(await read(task), { active: false, taskState: 'paused' })
  server.default.clock.advance({ by: '1d' })
  t.same(await names(), ['nightly-2026-06-10-13-00-00'])
  t.same(await send(`${task}/enable`), { status: 'success' })
  t.match(await read(task), { active: true, taskState: 'active' })
  server.default.clock.advance({ by: '1h' })
  t.same((await names()).at(-1), 'nightly-2026-06-11-14-00-00')
  const parameters = JSON.stringify({ name: 'renamed', passcode: 'other-passcode', storeName: 'backupStore' })
  t.same(await send(`${task}/update`, { title: 'New', minute: '30', parameters, maxOccurrences: 4 }), {
    status: 'success',
  })
  t.match(await read(task), { taskTitle: 'New', cronExpression: '0 30 * * * ?', maxOccurrences: 4 })
  server.default.clock.advance({ by: '1d' })
  const renamed = (await read(storePath('backupStore'))).backups.map(({ backupName }: Listed) => backupName)
  t.same(renamed.slice(2), ['renamed-2026-06-11-15-30-00', 'renamed-2026-06-11-16-30-00'], 'four runs in all')
  t.match(
    await send(`${storePath('backupStore')}/renamed-2026-06-11-15-30-00/restore`, { passcode: 'other-passcode' }),
    {
      status: 'success',
    },
  )
  server.default.clock.advance({ by: '1h' })
  t.match(await send(`${task}/update`, { type: 'BackupRetentionCleaner' }), { error: { code: 400 } })
  t.equal((await runs(taskId)).length, 4)
  t.same(await send(`${task}/delete`), { status: 'success' })
  const missing = errorOf(404, `The task ${taskId} was not found.`)
  for (const path of [task, `${task}/runs`]) t.same(await read(path), missing)
  for (const operation of ['update', 'delete', 'enable', 'disable']) t.same(await send(`${task}/${operation}`), missing)
})

t.test('listRuns: statuses of runs', async t => {
  const { server, send, create, runs, read } = await start(t)
  const restorable = await create({ name: 'restorable' }, { maxOccurrences: 1 })
  server.default.clock.advance({ by: '62m' })
  t.match(await runs(restorable.taskId), [{ status: 'succeeded' }])
  const { taskId } = await create()
  server.default.jobs.addRule({ operation: 'createBackup', outcome: { result: 'fail', reason: 'Full.' }, times: 1 })
  server.default.clock.advance({ by: '57m30s' })
  const restore = `${storePath('backupsDefault')}/restorable-2026-06-10-13-00-00/restore`
  t.same(await send(restore, { passcode: 'night-passcode' }), { status: 'success' })
  server.default.clock.advance({ by: '10m' })
  t.match(await runs(taskId), [{ status: 'skipped', result: 'The organization is being restored.' }])
  server.default.clock.advance({ by: '1h' })
  await send(`${ADMIN}/system/disasterrecovery/stores/backupsDefault/unregister`)
  server.default.clock.advance({ by: '1h' })
  const all = await runs(taskId)
  t.match(all, [
    { status: 'skipped' },
    { status: 'failed', result: 'Full.' },
    { status: 'submitfailed', result: 'The backup store backupsDefault was not found.' },
  ])
  const run = `${TASKS}/${taskId}/runs/${all[1].runId}`
  t.same(await send(`${run}/update`, { status: 'scheduled', result: 'Again.' }), { status: 'success' })
  t.match(await read(run), { status: 'scheduled', result: 'Again.', modified: Date.parse('2026-06-10T16:09:30Z') })
  t.match(await send(`${run}/update`, { status: 'lost' }), { error: { code: 400 } })
  t.same(await send(`${run}/delete`), { status: 'success' })
  t.match(await read(run), errorOf(404, `The run ${all[1].runId} was not found.`))
  t.equal((await runs(taskId)).length, 2)
})

t.test('the cleaner: it can be disabled, rescheduled and read', async t => {
  const { server, read, send, create, names, runs } = await start(t)
  await create({ retentionOffset: 60_000 }, { hour: '13', maxOccurrences: 1 })
  const cleaner = `${TASKS}/${CLEANER}`
  t.match(await read(cleaner), {
    taskType: 'BackupRetentionCleaner',
    cronExpression: '0 0 0 * * ?',
    runIntervalSeconds: 86_400,
    taskState: 'active',
  })
  await send(`${cleaner}/disable`)
  server.default.clock.advance({ by: '5d' })
  t.equal((await names()).length, 1)
  t.same(await send(`${cleaner}/update`, { hour: '6' }), { status: 'success' })
  t.match(await read(cleaner), { taskState: 'paused' }, 'a disabled task stays disabled')
  await send(`${cleaner}/enable`)
  server.default.clock.advance({ by: '17h59m' })
  t.equal((await names()).length, 1)
  server.default.clock.advance({ by: '1m' })
  t.equal((await names()).length, 0)
  server.default.clock.advance({ by: '3d' })
  t.match(await runs(CLEANER), [{ status: 'succeeded', result: '1 backups have been removed.' }])
  t.match(await send(`${cleaner}/update`, { parameters: '{}' }), { error: { code: 400 } })
})

t.test('tasks survive an export and an import', async t => {
  const { server, create } = await start(t)
  const { taskId } = await create()
  server.default.clock.advance({ by: '2h' })
  const copy = await boot(t)
  copy.default.state.import(server.default.state.export())
  copy.default.clock.advance({ by: '3h' })
  server.default.clock.advance({ by: '3h' })
  const client = await clientOf(copy)
  t.same(await client.names(), await (await clientOf(server)).names())
  t.equal((await client.runs(taskId)).length, 5)
})

t.test('a document with an invalid schedule is refused', async t => {
  const { server, create } = await start(t)
  const { taskId } = await create()
  const document = JSON.stringify(server.default.state.export())
  const inTask = JSON.parse(document)
  inTask.arcgis.tasks.at(-1).cron.minute = '61'
  t.throws(
    () => server.default.state.import(inTask),
    /"0 61 \* \* \* \?" is not a schedule: Invalid value for minute: 61/,
  )
  const inSchedule = JSON.parse(document)
  inSchedule.schedules.find(({ id }: { id: string }) => id === taskId).subject.cron = 'never'
  t.throws(() => server.default.state.import(inSchedule), /schedules: \w+: "never" is not a schedule/)
  t.doesNotThrow(() => server.default.state.import(JSON.parse(document)))
})
