// assert-clean: what a test left behind.
import t from 'tap'
import { REQUESTS } from '../../fault-requests.ts'
import { boot, call } from '../../helpers.ts'
import { faultedRequests, send, TEAPOT } from '../faults/requests.ts'

t.test('readCleanliness, assertClean: faults that did not fire as often as they should, and running jobs', async t => {
  const server = await boot(t)
  const clean = async () => {
    const { json } = await send(server, 'GET', '/assert-clean')
    t.same((await send(server, 'POST', '/assert-clean')).json, json)
    t.same(server.default.assertClean(), json)
    return json
  }
  t.same(await clean(), { clean: true, problems: [] })
  server.default.faults.arm({ operation: '*', match: { method: 'PUT' }, ...TEAPOT })
  t.match(await clean(), { clean: false, problems: [/^fault \S+ \(status on \*\) is still armed, without a limit$/] })
  server.default.faults.clear()
  const { id } = server.default.faults.arm({ operation: 'listApplicationBackups', ...TEAPOT, times: 2 })
  server.default.faults.arm({ operation: 'createBackup', sequence: [TEAPOT, { fault: 'none' }, { fault: 'hang' }] })
  await faultedRequests(server, 1)
  t.match(await clean(), {
    clean: false,
    problems: [
      `fault ${id} (status on dscloud listApplicationBackups) fired 1 of 2 times`,
      /\(status, none, hang on arcgis createBackup\) fired 0 of 2 times$/,
    ],
  })
  server.default.faults.clear()
  const body = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
  const { path, headers } = REQUESTS.prepareDisasterRecovery
  await call(server, { method: 'POST', path: path.replace('prepare', 'perform'), headers, body })
  t.match((await clean()).problems, [/^job .* \(performDisasterRecovery in a9s\) is running: queued$/])
  server.default.clock.advance({ by: '10s' })
  t.equal((await clean()).clean, true)
})

t.test('readCleanliness, assertClean: job rules that still apply', async t => {
  const server = await boot(t)
  const problems = () => server.default.assertClean().problems
  const { id } = server.default.jobs.addRule({ operation: 'createBackup', speed: 2 })
  t.same(problems(), [`job rule ${id} (for jobs of createBackup) still applies, without a limit`])
  server.default.jobs.removeRule(id)
  server.default.faults.armProfile('slow-jobs')
  t.equal(problems().length, 3)
  t.match(problems()[0], /\(for jobs of createBackup, of profile slow-jobs\)/)
  server.default.faults.clear()
  const once = server.default.jobs.addRule({ operation: 'performDisasterRecovery', progression: 'immediate', times: 1 })
  t.same(problems(), [`job rule ${once.id} (for jobs of performDisasterRecovery) was applied to 0 of 1 jobs`])
  const { path, headers } = REQUESTS.prepareDisasterRecovery
  const body = { backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c', encryption_key: 'second-encryption-key' }
  await call(server, { method: 'POST', path: path.replace('prepare', 'perform'), headers, body })
  t.same(problems(), [], 'a rule that is used up is not a problem')
})
