// arcgis: changes of scheduled tasks, their runs, and the task that cleans up backups, over HTTP.
import t from 'tap'
import { boot } from '../../helpers.ts'
import { ADMIN, errorOf, storePath } from './client.ts'
import { CLEANER, clientOf, type Listed, start, TASKS } from './tasks-client.ts'

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
