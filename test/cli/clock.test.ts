// The commands about the clock: advance and clock.
import t from 'tap'
import { CommandError } from '../../src/cli/index.ts'
import { OptionError } from '../../src/index.ts'
import { DESTINATION, fails, NOW, serverWithCommands, startRestore } from './server.ts'

t.test('advance: by, to, to the next event, until idle', async t => {
  const { firedrill, say, raw } = await serverWithCommands(t)
  t.equal(await say('advance 5m'), 'The time is 2026-06-10T12:05:00.000Z')
  t.equal(await say('advance --to 2026-06-10T13:00:00Z'), 'The time is 2026-06-10T13:00:00.000Z')
  await startRestore(firedrill)
  const steps = (await say('advance --next')).split('\n')
  t.equal(steps[0], `2026-06-10T13:00:01.000Z  a9s  restore  restore/${DESTINATION}/1  queued  running`)
  t.equal(steps[1], 'The time is 2026-06-10T13:00:01.000Z')
  t.match(await say('advance --until-idle'), /running {2}completed\nThe time is 2026-06-10T13:00:10\.000Z$/)
  t.equal(await say('advance --until-idle --max 1h'), 'The time is 2026-06-10T13:00:10.000Z')
  t.match(JSON.parse(await raw('advance 1s')), { now: '2026-06-10T13:00:11.000Z', stopped: false, fired: [] })
  await t.rejects(raw('advance 5x'), { message: /^"5x" is not a duration/ }, 'a refusal is one for programs, too')
  await t.rejects(say('advance 5x'), { message: '"5x" is not a duration; use 5m, 1h30m, 250ms or PT5M.' })
  await t.rejects(say('advance 300'), { message: /^"300" is not a duration/ }, 'without a unit')
  for (const line of ['advance', 'advance 5m --next', 'advance 5m --max 1h', 'advance --to x --until-idle']) {
    await fails(t, say(line), OptionError, line)
  }
  t.equal(firedrill.default.clock.get().now, '2026-06-10T13:00:11.000Z', 'a refusal moves nothing')
})

t.test('advance: more events than are listed, and more than one call applies', async t => {
  const { say } = await serverWithCommands(t)
  const year = (await say('advance 365d')).split('\n')
  t.match(year.slice(1000), [
    /^The first 1000 of 1\d{3} events\. By kind:$/,
    /^arcgis +backupRetentionCleaner +\d+$/,
    /^a9s +nightly +\d+$/,
    /^disaster-recovery-files +generation +\d+$/,
    'The time is 2027-06-10T12:00:00.000Z',
  ])
  t.match((await say('advance 3650000d')).split('\n').slice(-2), [
    /^The time is 20\d\d-/,
    /^Stopped early: .* Advance again to continue\.$/,
  ])
})

t.test('clock, sandbox create, fault: the limits of the server apply', async t => {
  const { firedrill, say } = await serverWithCommands(t)
  for (const [line, message] of [
    ['clock --mode scaled --factor 1e15', /factor .*1000000/],
    ['clock --mode scaled --factor 1e-300', /factor .*0\.000001/],
    ['clock --now 1969-12-31', /not an instant; .* to 9999-12-31T23:59:59\.999Z/],
    ['advance 8640000000000000ms', /too long; at most 3652424d/],
    ['advance --to 10000-01-01', /not an instant; .* to 9999-12-31T23:59:59\.999Z/],
    ['sandbox create old --clock frozen:1969-12-31', /from 1970-01-01 to 9999/],
    ['sandbox create fast --clock scaled:1000001', /from 0\.000001 to 1000000/],
    ['fault operation=* fault=hang times=1e21', /times .*1000000000/],
    ['fault operation=* fault=hang nth=1e21', /nth .*1000000000/],
  ] as const) {
    await t.rejects(say(line), { name: 'Error', message }, line)
  }
  t.equal(firedrill.default.clock.get().now, NOW)
})

t.test('clock: prints the clock and sets it', async t => {
  const { say, raw } = await serverWithCommands(t)
  t.match(await say('clock'), /^now {9}2026-06-10T12:00:00\.000Z\nmode {8}frozen\nnext event {2}2026-06-1\d/)
  t.match(await say('clock --now 2026-06-10T12:30:00Z'), 'now         2026-06-10T12:30:00.000Z')
  t.match(await say('clock --mode scaled --factor 60'), 'scaled by 60')
  t.match(JSON.parse(await raw('clock --mode frozen')), { mode: 'frozen', factor: 0 })
  await t.rejects(say('clock --mode scaled --factor many'), { message: '--factor must be a number, not "many"' })
  await fails(t, say('clock --mode scaled'), CommandError)
})
