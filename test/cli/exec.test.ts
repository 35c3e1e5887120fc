// `firedrill exec`: the environment and the exit code of the command, and that the server ends with it.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { start } from '../../src/index.ts'
import { launch, run } from '../program.ts'

/** A command line that runs this JavaScript. */
const node = (script: string) => ['--', process.execPath, '--input-type=module', '--eval', script]

/** Prints the URL of the server, then runs until it gets a signal. */
const WAITS = `
  process.on('SIGINT', () => process.exit(41))
  console.log(process.env.FIREDRILL_URL)
  process.stdin.resume()
`

async function isGone(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    ({ cause }) => cause.code === 'ECONNREFUSED',
  )
}

t.test('the environment has working URLs and credentials for the server and every API', async t => {
  const script = `
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('FIREDRILL_')))
    const bearer = token => ({ headers: { authorization: token } })
    const asked = await Promise.all([
      fetch(env.FIREDRILL_DRF_URL + '/disasterRecoveryFiles', bearer('Bearer ' + env.FIREDRILL_DRF_API_KEY)),
      fetch(env.FIREDRILL_A9S_URL + '/instances/' + env.FIREDRILL_A9S_INSTANCE_ID + '/restores', bearer('Bearer ' + env.FIREDRILL_A9S_TOKEN)),
      fetch(env.FIREDRILL_A9S_URL + '/instances/' + env.FIREDRILL_A9S_DESTINATION_ID + '/restores', bearer('Bearer ' + env.FIREDRILL_A9S_TOKEN)),
      fetch(env.FIREDRILL_DSCLOUD_URL + '/apps/' + env.FIREDRILL_DSCLOUD_APP_ID + '/backups', bearer(env.FIREDRILL_DSCLOUD_API_KEY)),
      fetch(env.FIREDRILL_DSCLOUD_DOWNLOAD_URL + '/nothing'),
      fetch(env.FIREDRILL_ARCGIS_URL + '/sharing/rest/generateToken', { method: 'POST', body: new URLSearchParams({
        username: env.FIREDRILL_ARCGIS_USERNAME, password: env.FIREDRILL_ARCGIS_PASSWORD, client: 'requestip', f: 'json' }) }),
    ])
    const last = await asked.at(-1).json()
    console.log(JSON.stringify({ env, kept: process.env.KEPT, statuses: asked.map(({ status }) => status), token: last.token }))
  `
  const args = ['exec', '--archive-password', 'mine', ...node(script)]
  const { code, stdout, stderr } = await run(t, { args, env: { KEPT: 'yes' } })
  t.match({ code, stderr }, { code: 0, stderr: '' })
  const { env, kept, statuses, token } = JSON.parse(stdout)
  t.same(statuses, [200, 200, 200, 200, 404, 200])
  t.ok(token)
  t.equal(kept, 'yes', 'the rest of the environment is unchanged')
  t.equal(env.FIREDRILL_DRF_ARCHIVE_PASSWORD, 'mine', 'options apply to the server')
  t.notMatch(env, { FIREDRILL_PORT: /./ })
  t.ok(await isGone(env.FIREDRILL_URL), 'the server has stopped')
})

t.test('the embedded API has the same environment, for the server and for each sandbox', async t => {
  const { environment, sandbox, url, close } = await start()
  t.teardown(close)
  const mine = sandbox('mine').environment
  t.same(Object.keys(mine), Object.keys(environment))
  t.equal(environment.FIREDRILL_URL, url)
  for (const [name, value] of Object.entries(environment)) t.equal(mine[name], value.replace(url, `${url}/@mine`), name)
})

t.test('the exit code is that of the command', async t => {
  for (const exitCode of [0, 1, 42]) {
    t.match(await run(t, { args: ['exec', ...node(`process.exit(${exitCode})`)] }), {
      code: exitCode,
      stdout: '',
      stderr: '',
    })
  }
  t.match(await run(t, { args: ['exec', ...node("process.kill(process.pid, 'SIGKILL')")] }), { code: 128 + 9 })
  const missing = await run(t, { args: ['exec', '--', 'no-such-command', '--help'] })
  t.same(missing, { code: 127, signal: null, stdout: '', stderr: 'firedrill: There is no command "no-such-command"\n' })
  const folder = await run(t, { args: ['exec', '--', t.testdir()] })
  t.match(folder, { code: 126, stderr: /^firedrill: "[^"]+" cannot be run: [^\n]+\n$/ })
})

t.test('the command has its own stdin, stdout and stderr', async t => {
  const script = 'process.stdin.pipe(process.stdout); console.error("heard")'
  const { child, ended } = launch(t, { args: ['exec', ...node(script)] })
  child.stdin?.end('said')
  t.same(await ended, { code: 0, signal: null, stdout: 'said', stderr: 'heard\n' })
})

t.test('SIGINT and SIGTERM are forwarded to the command, and the server ends with it', async t => {
  for (const { signal, code } of [
    { signal: 'SIGINT', code: 41 },
    { signal: 'SIGTERM', code: 128 + 15 },
  ] as const) {
    const { child, firstLine, ended } = launch(t, { args: ['exec', ...node(WAITS)] })
    const url = await firstLine
    child.kill(signal)
    t.match(await ended, { code, signal: null, stderr: '' }, signal)
    t.ok(await isGone(url), `${signal}: the server has stopped`)
  }
})

t.test('each command has its own server, on the given port or a free one', async t => {
  const programs = [1, 2].map(() => launch(t, { args: ['exec', ...node(WAITS)] }))
  const urls = await Promise.all(programs.map(({ firstLine }) => firstLine))
  t.not(urls[0], urls[1])
  const port = new URL(urls[0] as string).port
  const taken = `${port} on 127.0.0.1 is in use by another program\n`
  for (const { launched, label } of [
    { launched: { args: ['exec', '--port', port, ...node('')] }, label: '--port' },
    { launched: { args: ['exec', ...node('')], env: { FIREDRILL_PORT: port } }, label: 'FIREDRILL_PORT' },
  ]) {
    t.same(await run(t, launched), { code: 2, signal: null, stdout: '', stderr: `firedrill: ${label} ${taken}` })
  }
  for (const { child } of programs) child.kill()
  await Promise.all(programs.map(({ child }) => child.exitCode ?? once(child, 'close')))
})

t.test('firedrill commands inside it use its server', async t => {
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
  const args = ['exec', '--clock', 'frozen:2026-06-10T12:00:00Z', '--admin-token', 'secret']
  const { code, stdout } = await run(t, { args: [...args, '--', process.execPath, cli, 'advance', '5m'] })
  t.match({ code, stdout }, { code: 0, stdout: 'The time is 2026-06-10T12:05:00.000Z\n' })
})

t.test('wrong usage starts no command', async t => {
  const usage = 'firedrill: exec expects its command after --, as in: firedrill exec -- npm test\n'
  for (const args of [['exec'], ['exec', '--'], ['exec', 'true'], ['exec', 'true', '--', 'true']]) {
    t.match(await run(t, { args }), { code: 2, stdout: '', stderr: usage }, args.join(' '))
  }
  t.match(await run(t, { args: ['exec', '--sed', 'x', '--', 'true'] }), {
    code: 2,
    stderr: "firedrill: Unknown option '--sed', the nearest is --seed; see --help\n",
  })
})
