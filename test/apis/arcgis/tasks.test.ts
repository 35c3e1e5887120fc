// arcgis: tasks that create backups on the virtual clock, over HTTP.
import t from 'tap'
import type { Firedrill } from '../../../src/index.ts'
import { boot } from '../../helpers.ts'
import { ADMIN, errorOf, type Fields, get, storePath, tokenOf } from './client.ts'
import { CLEANER, clientOf, DAY_MS, METADATA, start, TASKS } from './tasks-client.ts'

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

t.test('runIntervalSeconds is the time between the next two runs, also after one of them', async t => {
  const { server, read, create } = await start(t)
  const { taskId } = await create({}, { hour: '6,8' })
  const seconds = async () => (await read(`${TASKS}/${taskId}`)).runIntervalSeconds
  const between6And8 = 2 * 3600
  const between8And6 = 22 * 3600
  t.equal(await seconds(), between6And8)
  server.default.clock.advance({ by: '17h59m59s' })
  t.equal(await seconds(), between6And8)
  server.default.clock.advance({ by: '1s' })
  t.equal(await seconds(), between8And6)
  server.default.clock.advance({ by: '2h' })
  t.equal(await seconds(), between6And8)
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
