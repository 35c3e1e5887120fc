// The commands about jobs and job rules.
import t from 'tap'
import { CommandError } from '../../src/cli/index.ts'
import { OptionError } from '../../src/index.ts'
import { fails, NOW, RESTORE, serverWithCommands, startRestore } from './server.ts'

t.test('jobs: listed, stepped and ended', async t => {
  const { say, raw } = await serverWithCommands(t, { scenario: 'empty' })
  t.equal(await say('jobs'), 'No jobs')
  t.same(await raw('jobs'), '[]')
  const { firedrill: demo, say: tell, raw: whole } = await serverWithCommands(t)
  await startRestore(demo)
  const isRestore = (text: string) =>
    text
      .split('\n')
      .find(line => line.startsWith(RESTORE))
      ?.replaceAll(/ {2,}/g, '  ')
  t.match((await tell('jobs')).split('\n')[0], /^job +kind +state +last phase +when$/)
  t.equal(isRestore(await tell('jobs')), `${RESTORE}  restore  running  queued  due 2026-06-10T12:00:01.000Z`)
  t.equal(
    isRestore(await tell(`job step ${RESTORE}`)),
    `${RESTORE}  restore  running  running  due 2026-06-10T12:00:10.000Z`,
  )
  t.match(JSON.parse(await whole(`job fail ${RESTORE} --reason broken`)), { state: 'failed', reason: 'broken' })
  t.match(isRestore(await tell('jobs')), `ended ${NOW}`)
  await fails(t, tell(`job finish ${RESTORE}`), CommandError, 'it has ended')
  await t.rejects(tell('job cancel nope'), { message: 'There is no job "nope".' })
})

t.test('job rules: added by words and by JSON, listed and removed', async t => {
  const { firedrill, say, raw } = await serverWithCommands(t)
  t.equal(await say('job-rules'), 'No job rules')
  const added = await say('job-rule operation=createBackup speed=0.1 progression=time times=2')
  const [id] = added.split(' ')
  t.equal(added, `${id}  createBackup  0 of 2 jobs  -  progression=time speed=0.1`)
  const json = '{"operation":"performDisasterRecovery","outcome":{"result":"stuck"}}'
  t.match(JSON.parse(await raw(`job-rule ${json}`)), { outcome: { result: 'stuck' }, used: 0 })
  await say('fault --profile slow-jobs')
  const lines = (await say('job-rules')).split('\n')
  t.match(lines[1], /performDisasterRecovery {2}0 of all jobs {2}- +outcome=\{"result":"stuck"\}$/)
  t.match(lines[2], /createBackup +0 of all jobs {2}profile slow-jobs {2}speed=0\.1$/)
  t.equal(await say(`job-rule --remove ${id}`), `Removed job rule ${id}`)
  t.equal(firedrill.default.jobs.rules().length, 4)
  t.equal(await say('job-rule --clear'), 'All job rules removed')
  t.same(firedrill.default.jobs.rules(), [])
  await t.rejects(say(`job-rule --remove ${id}`), { message: `There is no job rule "${id}".` })
  for (const line of ['job-rule', 'job-rule nope', 'job-rule {nope', 'job-rule a=1 --clear']) {
    await fails(t, say(line), OptionError, line)
  }
})
