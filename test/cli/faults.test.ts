// The commands about faults.
import t from 'tap'
import { OptionError } from '../../src/index.ts'
import { fails, SOURCE, serverWithCommands } from './server.ts'

t.test('faults: armed by words, by JSON and by profile, listed and disarmed', async t => {
  const { firedrill, say, raw } = await serverWithCommands(t)
  t.equal(await say('faults'), 'No faults are armed')
  const armed = await say('fault operation=prepareDisasterRecovery fault=status status=503 body="busy" times=1')
  const [id] = armed.split(' ')
  t.equal(armed, `${id}  a9s:prepareDisasterRecovery  status  0 hits  status=503 body=busy times=1`)
  const prepare = () =>
    fetch(`${firedrill.url}/v1/instances/${SOURCE}/disaster-recovery/prepare`, {
      method: 'POST',
      headers: { authorization: 'Bearer demo-token' },
    })
  t.same([(await prepare()).status, (await prepare()).status], [503, 200])
  t.match(await say('faults'), '  1 hit, used up  ')
  t.equal(await say(`fault --disarm ${id}`), `Disarmed fault ${id}`)
  t.match(JSON.parse(await raw('fault {"operation":"createBackup","fault":"hang"}')), { api: 'arcgis', hits: 0 })
  t.match(await say('fault --profile slow-jobs'), 'Job rule for the jobs of createBackup')
  t.match(await say('fault --profile upstream-down'), '0 hits')
  t.equal((await say('job-rules')).split('\n').length, 3)
  t.equal(await say('fault --clear'), 'All faults disarmed')
  t.equal(await say('job-rules'), 'No job rules', 'those of the profile are gone')
  t.equal(await raw('faults'), '[]')
  t.match(
    await say('faults --catalogue'),
    /^fault=delay ms \[clock\]\n {2}\S[^\n]+\n {2}Client bug that it provokes: \S[\s\S]*^--profile slow-jobs\n {2}\S/m,
  )
  await t.rejects(say('fault operation=nope fault=hang'), { message: /^unknown operation "nope"/i })
  await t.rejects(say('fault createBackup'), { message: 'Expected key=value, got "createBackup"' })
  for (const line of ['fault', 'fault nope', 'fault {nope', 'fault a=1 --clear', 'fault --clear --profile slow-jobs']) {
    await fails(t, say(line), OptionError, line)
  }
})
