// The commands about sandboxes, snapshots, state documents and assert-clean.
import { join } from 'node:path'
import t from 'tap'
import { OptionError } from '../../src/index.ts'
import { run } from '../program.ts'
import { fails, NOW, RESTORE, serverWithCommands, startRestore } from './server.ts'

t.test('sandboxes: created, listed, used and dropped', async t => {
  const { firedrill, say, raw } = await serverWithCommands(t)
  const url = `${firedrill.url}/@mine`
  t.equal(await say('sandbox create mine --scenario busy --clock frozen:2027-01-01T00:00:00Z'), `mine  ${url}`)
  t.equal(await say('sandbox list'), `default  ${firedrill.url}/@default\nmine     ${url}`)
  t.equal(await say('advance 1s --sandbox mine'), 'The time is 2027-01-01T00:00:01.000Z')
  t.equal(await say(`advance 1s --url ${url}`), 'The time is 2027-01-01T00:00:02.000Z', 'its URL leads there, too')
  t.equal(firedrill.default.clock.get().now, NOW, 'the default one is another')
  await t.rejects(say('assert-clean --sandbox mine'), { message: /^job .* is running/ })
  t.equal(await say('reset --sandbox mine'), 'Sandbox reset to its initial state')
  t.equal(firedrill.sandbox('mine').clock.get().now, '2027-01-01T00:00:00.000Z')
  t.equal(await say('sandbox drop mine'), 'Deleted mine')
  t.match(JSON.parse(await raw('sandbox create none --blank')), { name: 'none' })
  t.equal(await raw('sandbox drop none'), '', 'the answer has no body')
  await t.rejects(say('sandbox drop mine'), { message: /^there is no sandbox "mine"/i })
  await fails(t, say('sandbox create x --blank --scenario busy'), OptionError)
})

t.test('sandbox create: as another sandbox was at a moment of its history', async t => {
  const { firedrill, say } = await serverWithCommands(t, { history: 10 })
  await say('advance 1h')
  await startRestore(firedrill)
  const [request] = firedrill.default.requests.list().requests
  await say('advance 1h')
  await say('sandbox create early --from default --at=-90m')
  t.notMatch(await say('jobs --sandbox early'), RESTORE)
  await say(`sandbox create late --from default --at ${request?.id}`)
  t.match(await say('jobs --sandbox late'), RESTORE)
  await t.rejects(say('sandbox create x --from default --at 2026-06-01'), { message: /is too early: the history of/ })
  await fails(t, say('sandbox create x --from default'), OptionError)
  await fails(t, say('sandbox create x --from default --at=-1m --blank'), OptionError)
})

t.test('snapshots and state documents: saved and restored', async t => {
  const { firedrill, say } = await serverWithCommands(t)
  t.equal(await say('snapshot list'), 'No snapshots')
  t.equal(await say('snapshot take early'), 'Took snapshot early')
  await startRestore(firedrill)
  t.equal(await say('snapshot take late'), 'Took snapshot late')
  t.equal(await say('snapshot list'), 'early\nlate')
  const document = await say('state export')
  t.equal(await say('snapshot restore early'), 'Restored snapshot early')
  t.notMatch(await say('jobs'), RESTORE)
  const file = join(t.testdir({ 'state.json': document }), 'state.json')
  t.equal(await say(`state import ${file}`), `Imported ${file}`)
  t.match(await say('jobs'), RESTORE)
  await say('sandbox create copy --snapshot late')
  t.match(await say('jobs --sandbox copy'), RESTORE)
  t.equal(await say('snapshot drop late'), 'Deleted late')
  await t.rejects(say('snapshot restore late'), { message: /^there is no snapshot "late"/i })
  await t.rejects(say('state import /nowhere.json'), { message: /^\/nowhere\.json: ENOENT/ })
})

t.test('assert-clean: problems are printed, and the exit code is 1', async t => {
  const { firedrill, say } = await serverWithCommands(t)
  t.equal(await say('assert-clean'), 'Clean')
  await startRestore(firedrill)
  await t.rejects(say('assert-clean'), { message: /^job .* is running: queued$/, exitCode: 1 })
  const { code, stdout, stderr } = await run(t, { args: ['assert-clean', '--json', '--url', firedrill.url] })
  t.match({ code, stderr }, { code: 1, stderr: '' })
  t.match(JSON.parse(stdout), { clean: false })
})
