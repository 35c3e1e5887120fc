// The commands to a running server: each against one, for people and with --json, and what they refuse.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { CommandError, runCommand } from '../../src/cli/index.ts'
import { commands } from '../../src/cli/table.ts'
import { type Firedrill, OptionError, type StartOptions } from '../../src/index.ts'
import { boot } from '../helpers.ts'
import { launch, run } from '../program.ts'

const NOW = '2026-06-10T12:00:00.000Z'
const SOURCE = '10000000-0000-4000-8000-000000000001'
const DESTINATION = '10000000-0000-4000-8000-000000000002'
const RESTORE = `a9s:restore/${DESTINATION}/1`

type Say = (line: string) => Promise<string>

/** A server, and what commands to it say; words are told apart by spaces. */
async function server(t: Test, options: StartOptions = {}): Promise<{ firedrill: Firedrill; say: Say; raw: Say }> {
  const firedrill = await boot(t, options)
  const env = { FIREDRILL_URL: firedrill.url }
  const report = (error: unknown) => t.fail('no command runs a server here', { error })
  const say = async (line: string) => {
    const { text, exitCode } = await runCommand(line.split(' '), { env, report })
    t.equal(exitCode, 0, line)
    return text
  }
  return { firedrill, say, raw: line => say(`${line} --json`) }
}

async function refused(
  t: Test,
  said: Promise<string>,
  kind: typeof OptionError | typeof CommandError,
  name?: string,
): Promise<void> {
  const error = await said.then(
    () => undefined,
    (reason: Error) => reason,
  )
  t.ok(error instanceof kind, name ?? `refused: ${error?.message}`)
}

/** A restore that takes ten seconds. */
async function restore({ url }: { url: string }): Promise<void> {
  const body = JSON.stringify({
    encryption_key: 'second-encryption-key',
    backup_guid: '3a2e59ee-40cb-472a-91d0-502ab259918c',
  })
  const headers = { authorization: 'Bearer demo-token', 'content-type': 'application/json' }
  await fetch(`${url}/v1/instances/${DESTINATION}/disaster-recovery/perform`, { method: 'POST', headers, body })
}

t.test('advance: by, to, to the next event, until idle', async t => {
  const { firedrill, say, raw } = await server(t)
  t.equal(await say('advance 5m'), 'it is 2026-06-10T12:05:00.000Z')
  t.equal(await say('advance --to 2026-06-10T13:00:00Z'), 'it is 2026-06-10T13:00:00.000Z')
  await restore(firedrill)
  const steps = (await say('advance --next')).split('\n')
  t.equal(steps[0], `2026-06-10T13:00:01.000Z  a9s  restore  restore/${DESTINATION}/1  queued  running`)
  t.equal(steps[1], 'it is 2026-06-10T13:00:01.000Z')
  t.match(await say('advance --until-idle'), /running {2}completed\nit is 2026-06-10T13:00:10\.000Z$/)
  t.equal(await say('advance --until-idle --max 1h'), 'it is 2026-06-10T13:00:10.000Z')
  t.match(JSON.parse(await raw('advance 1s')), { now: '2026-06-10T13:00:11.000Z', stopped: false, fired: [] })
  await t.rejects(raw('advance 5x'), { message: /^"5x" is not a duration/ }, 'a refusal is one for programs, too')
  await t.rejects(say('advance 5x'), { message: '"5x" is not a duration; use 5m, 1h30m, 250ms or PT5M.' })
  await t.rejects(say('advance 300'), { message: /^"300" is not a duration/ }, 'without a unit')
  for (const line of ['advance', 'advance 5m --next', 'advance 5m --max 1h', 'advance --to x --until-idle']) {
    await refused(t, say(line), OptionError, line)
  }
  t.equal(firedrill.default.clock.get().now, '2026-06-10T13:00:11.000Z', 'a refusal moves nothing')
})

t.test('advance: more events than are listed, and more than one call applies', async t => {
  const { say } = await server(t)
  const year = (await say('advance 365d')).split('\n')
  t.match(year.slice(1000), [
    /^the first 1000 of 1\d{3} events; by kind:$/,
    /^\S+ +(backupRetentionCleaner|generation) +\d+$/,
    /^\S+ +(backupRetentionCleaner|generation) +\d+$/,
    'it is 2027-06-10T12:00:00.000Z',
  ])
  t.match((await say('advance 3650000d')).split('\n').slice(-2), [
    /^it is 20\d\d-/,
    /^stopped on the way.*advance again/,
  ])
})

t.test('clock, sandbox create, fault: limits are those of the server', async t => {
  const { firedrill, say } = await server(t)
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

t.test('clock: shown and set', async t => {
  const { say, raw } = await server(t)
  t.match(await say('clock'), /^now {9}2026-06-10T12:00:00\.000Z\nmode {8}frozen\nnext event {2}2026-06-1\d/)
  t.match(await say('clock --now 2026-06-10T12:30:00Z'), 'now         2026-06-10T12:30:00.000Z')
  t.match(await say('clock --mode scaled --factor 60'), 'scaled by 60')
  t.match(JSON.parse(await raw('clock --mode frozen')), { mode: 'frozen', factor: 0 })
  await t.rejects(say('clock --mode scaled --factor many'), { message: '--factor must be a number, not "many"' })
  await refused(t, say('clock --mode scaled'), CommandError)
})

t.test('jobs, and moving one', async t => {
  const { say, raw } = await server(t, { scenario: 'empty' })
  t.equal(await say('jobs'), 'No jobs')
  t.same(await raw('jobs'), '[]')
  const { firedrill: demo, say: tell, raw: whole } = await server(t)
  await restore(demo)
  const isRestore = (text: string) =>
    text
      .split('\n')
      .find(line => line.startsWith(RESTORE))
      ?.replaceAll(/ {2,}/g, '  ')
  t.equal(isRestore(await tell('jobs')), `${RESTORE}  restore  running  queued  due 2026-06-10T12:00:01.000Z`)
  t.equal(
    isRestore(await tell(`job step ${RESTORE}`)),
    `${RESTORE}  restore  running  running  due 2026-06-10T12:00:10.000Z`,
  )
  t.match(JSON.parse(await whole(`job fail ${RESTORE} --reason broken`)), { state: 'failed', reason: 'broken' })
  t.match(isRestore(await tell('jobs')), `ended ${NOW}`)
  await refused(t, tell(`job finish ${RESTORE}`), CommandError, 'it has ended')
  await t.rejects(tell('job cancel nope'), { message: 'There is no job "nope".' })
})

t.test('faults: armed by words, by JSON and by profile, listed and disarmed', async t => {
  const { firedrill, say, raw } = await server(t)
  t.equal(await say('faults'), 'no faults are armed')
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
  t.equal(await say(`fault --disarm ${id}`), `disarmed ${id}`)
  t.match(JSON.parse(await raw('fault {"operation":"createBackup","fault":"hang"}')), { api: 'arcgis', hits: 0 })
  t.match(await say('fault --profile slow-jobs'), 'a job rule applies to the jobs of createBackup')
  t.match(await say('fault --profile upstream-down'), '0 hits')
  t.equal((await say('job-rules')).split('\n').length, 3)
  t.equal(await say('fault --clear'), 'no faults are armed any more')
  t.equal(await say('job-rules'), 'No job rules', 'those of the profile are gone')
  t.equal(await raw('faults'), '[]')
  t.match(await say('faults --catalogue'), /^fault=delay +ms \[clock\] +\S[\s\S]*^--profile slow-jobs {2}/m)
  await t.rejects(say('fault operation=nope fault=hang'), { message: /^unknown operation "nope"/i })
  for (const line of ['fault', 'fault nope', 'fault {nope', 'fault a=1 --clear', 'fault --clear --profile slow-jobs']) {
    await refused(t, say(line), OptionError, line)
  }
})

t.test('job rules: added by words and by JSON, listed and removed', async t => {
  const { firedrill, say, raw } = await server(t)
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
    await refused(t, say(line), OptionError, line)
  }
})

t.test('requests: all, the unmatched, and one in other forms', async t => {
  const { firedrill, say, raw } = await server(t)
  t.equal(await say('requests'), 'No requests')
  await (
    await fetch(`${firedrill.url}/v1/instances/${SOURCE}/restores`, { headers: { authorization: 'Bearer demo-token' } })
  ).text()
  await (await fetch(`${firedrill.url}/nothing?a=1`)).text()
  const [first, second, ...more] = (await say('requests')).split('\n')
  t.match(first, new RegExp(`^${NOW}  200  GET  /v1/instances/${SOURCE}/restores  listRestores  [0-9a-f-]{36}$`))
  t.match(second, new RegExp(`^${NOW}  404  GET  /nothing\\?a=1 +unmatched `))
  t.same(more, [])
  t.match(await say('requests --limit 1'), /^\S+ {2}404 [^\n]+$/)
  const unmatched = await say('requests --unmatched')
  t.match(unmatched, /^\S+ {2}404 [^\n]+$/)
  const id = unmatched.split('  ').at(-1)
  t.match(await say(`requests --curl ${id}`), new RegExp(`^curl [\\s\\S]*${firedrill.url}/nothing\\?a=1`))
  t.match(await say(`requests --explain ${id}`), /^GET \/nothing\?a=1\n[\s\S]*nearest:\n/)
  t.match(JSON.parse(await say('requests --har')), { log: { version: '1.2' } })
  t.match(JSON.parse(await raw('requests')), { meta: { total: 2 } })
  t.equal(await say('requests --clear'), 'Journal emptied')
  t.equal(await say('requests'), 'No requests')
  await refused(t, say(`requests --curl ${id}`), CommandError, 'it is gone')
  await refused(t, say('requests --har --unmatched'), OptionError)
})

t.test('sandboxes: made, listed, worked in and dropped', async t => {
  const { firedrill, say, raw } = await server(t)
  const url = `${firedrill.url}/@mine`
  t.equal(await say('sandbox create mine --scenario busy --clock frozen:2027-01-01T00:00:00Z'), `mine  ${url}`)
  t.equal(await say('sandbox list'), `default  ${firedrill.url}/@default\nmine     ${url}`)
  t.equal(await say('advance 1s --sandbox mine'), 'it is 2027-01-01T00:00:01.000Z')
  t.equal(await say(`advance 1s --url ${url}`), 'it is 2027-01-01T00:00:02.000Z', 'its URL leads there, too')
  t.equal(firedrill.default.clock.get().now, NOW, 'the default one is another')
  await t.rejects(say('assert-clean --sandbox mine'), { message: /^job .* is running/ })
  t.equal(await say('reset --sandbox mine'), 'Sandbox reset to its initial state')
  t.equal(firedrill.sandbox('mine').clock.get().now, '2027-01-01T00:00:00.000Z')
  t.equal(await say('sandbox drop mine'), 'Deleted mine')
  t.match(JSON.parse(await raw('sandbox create none --blank')), { name: 'none' })
  t.equal(await raw('sandbox drop none'), '', 'the answer has no body')
  await t.rejects(say('sandbox drop mine'), { message: /^there is no sandbox "mine"/i })
  await refused(t, say('sandbox create x --blank --scenario busy'), OptionError)
})

t.test('snapshots and state documents go out and come back', async t => {
  const { firedrill, say } = await server(t)
  t.equal(await say('snapshot list'), 'No snapshots')
  t.equal(await say('snapshot take early'), 'Took snapshot early')
  await restore(firedrill)
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

t.test('assert-clean: bad news is an answer, and a failure', async t => {
  const { firedrill, say } = await server(t)
  t.equal(await say('assert-clean'), 'Clean')
  await restore(firedrill)
  await t.rejects(say('assert-clean'), { message: /^job .* is running: queued$/, exitCode: 1 })
  const { code, stdout, stderr } = await run(t, { args: ['assert-clean', '--json', '--url', firedrill.url] })
  t.match({ code, stderr }, { code: 1, stderr: '' })
  t.match(JSON.parse(stdout), { clean: false })
})

t.test('drills: listed, started and judged', async t => {
  const { firedrill, say } = await server(t)
  t.match(await say('drill list'), /^no-retry-403 +dscloud +\S/m)
  const started = await say('drill start no-retry-403')
  const [, url] = /^url +(\S+)$/m.exec(started) ?? []
  t.ok(url?.startsWith(`${firedrill.url}/@`), url ?? started)
  await t.rejects(say('drill verdict no-retry-403'), { exitCode: 1, message: /\S/ }, 'its client did nothing yet')
  await t.rejects(say('drill start nope'), { message: /^There is no drill "nope"/ })
})

t.test('where the server is: by option, by environment, and when there is none', async t => {
  const { firedrill } = await server(t, { adminToken: 'secret' })
  const { url } = firedrill
  t.equal((await run(t, { args: ['advance', '1s', '--url', `${url}/`, '--admin-token', 'secret'] })).code, 0)
  const env = { FIREDRILL_URL: url, FIREDRILL_ADMIN_TOKEN: 'secret', FIREDRILL_SANDBOX: 'other' }
  t.match(await run(t, { args: ['advance', '1h'], env }), { code: 0, stdout: 'it is 2026-06-10T13:00:00.000Z\n' })
  t.equal(firedrill.default.clock.get().now, '2026-06-10T12:00:01.000Z', 'once here, once in the other')
  t.match(await run(t, { args: ['clock', '--url', url] }), {
    code: 1,
    stdout: '',
    stderr: 'firedrill: Send the admin token as Authorization: Bearer.\n',
  })
  await firedrill.close()
  const gone = await run(t, { args: ['clock'], env })
  t.match(gone, { code: 1, stdout: '' })
  t.match(gone.stderr, /^firedrill: No server at http:\S+ \(connect ECONNREFUSED \S+\); start one .+ --url\n$/)
  t.match(await run(t, { args: ['clock', '--url', 'nowhere'] }), {
    code: 2,
    stderr: /^firedrill: --url .*"nowhere"\n$/,
  })
})

t.test('a made-up admin token is printed once, and one that was given never', async t => {
  const json = launch(t, { args: ['start', '--port', '0', '--host', '0.0.0.0', '--json'] })
  const ready = JSON.parse(await json.firstLine)
  const [url, token] = [ready.url.replace('0.0.0.0', '127.0.0.1'), ready.adminToken]
  t.equal((await run(t, { args: ['clock', '--url', url, '--admin-token', token] })).code, 0)
  const people = launch(t, { args: ['--port', '0', '--host', '0.0.0.0'] })
  await people.firstLine
  people.child.kill()
  t.match((await people.ended).stdout, /\nAdmin token, made up for this run: \S{20,}\n/)
  const given = launch(t, { args: ['--port', '0', '--json', '--admin-token', 'secret'] })
  t.notMatch(await given.firstLine, 'secret')
})

t.test('wrong usage is one line that says what would be right', async t => {
  const { say } = await server(t)
  const lines: [string, string | RegExp][] = [
    ['advnce 5m', "Unknown command 'advnce', the nearest is advance; see --help"],
    ['sand', "Unknown command 'sand', the nearest is sandbox; see --help"],
    ['xyzzy', "Unknown command 'xyzzy'; see --help"],
    ['sandbox', 'sandbox takes one of create, list, drop; see --help'],
    ['sandbox creat x', 'sandbox takes one of create, list, drop, not "creat", the nearest is create; see --help'],
    ['jobs --sandbx x', "Unknown option '--sandbx', the nearest is --sandbox; see --help"],
    ['jobs more', 'jobs takes no "more": firedrill jobs [options]'],
    ['snapshot take', 'snapshot take needs NAME: firedrill snapshot take NAME [options]'],
    ['advance --to', "Option '--to <value>' argument missing; see --help"],
  ]
  for (const [line, message] of lines) {
    await t.rejects(say(line), { message }, line)
    await refused(t, say(line), OptionError, line)
  }
  t.match(await run(t, { args: ['xyzzy'] }), { code: 2, stdout: '', stderr: /^firedrill: [^\n]+\n$/ })
})

t.test('every command has a help, and the overview has every command', async t => {
  const { stdout } = await run(t, { args: ['--help'] })
  for (const { name, summary, flags } of commands) {
    t.ok(stdout.includes(`  ${name.padEnd(18)}${summary}\n`), name)
    const { text } = await runCommand([...name.split(' '), '--help'], { env: {}, report: () => {} })
    t.ok(text.startsWith(`Usage: firedrill ${name} `), text.split('\n')[0] as string)
    t.equal((await runCommand(['help', ...name.split(' ')], { env: {}, report: () => {} })).text, text, `help ${name}`)
    for (const flag of Object.keys(flags)) t.ok(text.includes(`  --${flag} `), `${name} --${flag}`)
  }
})
