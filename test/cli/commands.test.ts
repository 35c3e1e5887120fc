// What commands have in common: where the server is, wrong usage, help; and the commands about drills.
import t from 'tap'
import { runCommand } from '../../src/cli/index.ts'
import { commands } from '../../src/cli/table.ts'
import { OptionError } from '../../src/index.ts'
import { launch, run } from '../program.ts'
import { contextOf, fails, serverWithCommands } from './server.ts'

t.test('drills: listed, started and judged', async t => {
  const { firedrill, say } = await serverWithCommands(t)
  t.match(await say('drill list'), /^no-retry-403 +dscloud +\S/m)
  const started = await say('drill start no-retry-403')
  const [, url] = /^url +(\S+)$/m.exec(started) ?? []
  t.ok(url?.startsWith(`${firedrill.url}/@`), url ?? started)
  await t.rejects(say('drill verdict no-retry-403'), { exitCode: 1, message: /\S/ }, 'its client did nothing yet')
  await t.rejects(say('drill start nope'), { message: /^There is no drill "nope"/ })
})

t.test('the URL of the server: by option, by environment, and with no server running', async t => {
  const { firedrill } = await serverWithCommands(t, { adminToken: 'secret' })
  const { url } = firedrill
  t.equal((await run(t, { args: ['advance', '1s', '--url', `${url}/`, '--admin-token', 'secret'] })).code, 0)
  const env = { FIREDRILL_URL: url, FIREDRILL_ADMIN_TOKEN: 'secret', FIREDRILL_SANDBOX: 'other' }
  t.match(await run(t, { args: ['advance', '1h'], env }), { code: 0, stdout: 'The time is 2026-06-10T13:00:00.000Z\n' })
  t.equal(firedrill.default.clock.get().now, '2026-06-10T12:00:01.000Z', 'once here, once in the other')
  t.match(await run(t, { args: ['clock', '--url', url] }), {
    code: 1,
    stdout: '',
    stderr: 'firedrill: Send the admin token in the Authorization header (Bearer).\n',
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

t.test('a generated admin token is printed once, and one that was given never', async t => {
  const json = launch(t, { args: ['start', '--port', '0', '--host', '0.0.0.0', '--json'] })
  const ready = JSON.parse(await json.firstLine)
  const [url, token] = [ready.url.replace('0.0.0.0', '127.0.0.1'), ready.adminToken]
  t.equal((await run(t, { args: ['clock', '--url', url, '--admin-token', token] })).code, 0)
  t.equal(ready.environment.FIREDRILL_ADMIN_TOKEN, token)
  const people = launch(t, { args: ['--port', '0', '--host', '0.0.0.0'] })
  await people.firstLine
  people.child.kill()
  t.match((await people.ended).stdout, /\nAdmin token, generated for this run: \S{20,}\n/)
  const given = launch(t, { args: ['--port', '0', '--json', '--admin-token', 'secret'] })
  t.notMatch(await given.firstLine, 'secret')
})

t.test('wrong usage is refused in one line that names valid usage', async t => {
  const { say } = await serverWithCommands(t)
  const lines: [string, string | RegExp][] = [
    ['advnce 5m', "Unknown command 'advnce', the nearest is advance; see --help"],
    ['sand', "Unknown command 'sand', the nearest is sandbox; see --help"],
    ['xyzzy', "Unknown command 'xyzzy'; see --help"],
    ['sandbox', 'sandbox expects one of create, list, drop; see --help'],
    ['sandbox creat x', 'sandbox expects one of create, list, drop, not "creat", the nearest is create; see --help'],
    ['jobs --sandbx x', "Unknown option '--sandbx', the nearest is --sandbox; see --help"],
    ['jobs more', 'jobs does not take "more": firedrill jobs [options]'],
    ['snapshot take', 'snapshot take needs NAME: firedrill snapshot take NAME [options]'],
    ['advance --to', "Option '--to <value>' argument missing; see --help"],
  ]
  for (const [line, message] of lines) {
    await t.rejects(say(line), { message }, line)
    await fails(t, say(line), OptionError, line)
  }
  t.match(await run(t, { args: ['xyzzy'] }), { code: 2, stdout: '', stderr: /^firedrill: [^\n]+\n$/ })
})

t.test('every command has a help, and the overview has every command', async t => {
  const { stdout } = await run(t, { args: ['--help'] })
  for (const { name, summary, flags } of commands) {
    t.ok(stdout.includes(`  ${name.padEnd(18)}${summary}\n`), name)
    const { text } = await runCommand([...name.split(' '), '--help'], contextOf(t))
    t.ok(text.startsWith(`Usage: firedrill ${name} `), text.split('\n')[0] as string)
    t.equal((await runCommand(['help', ...name.split(' ')], contextOf(t))).text, text, `help ${name}`)
    for (const flag of Object.keys(flags)) t.ok(text.includes(`  --${flag} `), `${name} --${flag}`)
  }
})
