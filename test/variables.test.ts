// Environment variables that start with FIREDRILL_: misspelt ones, those that exec sets, and those that Kubernetes sets.
import t from 'tap'
import { OptionError } from '../src/cli/flags.ts'
import { configFromCommandLine } from '../src/config.ts'
import { start } from '../src/index.ts'
import { refused, run } from './program.ts'
import { caught } from './sandbox/bakery.ts'

t.test('a variable that is probably misspelt is refused, and others are ignored', async t => {
  const configure = (env: Record<string, string>) => configFromCommandLine([], env).config
  for (const { name, nearest } of [
    { name: 'FIREDRILL_PROT', nearest: 'FIREDRILL_PORT' },
    { name: 'FIREDRILL_HOSTS', nearest: 'FIREDRILL_HOST' },
    { name: 'FIREDRILL_JOB_SPEEED', nearest: 'FIREDRILL_JOB_SPEED' },
    { name: 'FIREDRILL_SANDBOX_TLL', nearest: 'FIREDRILL_SANDBOX_TTL' },
    { name: 'FIREDRILL_ADMINTOKEN', nearest: 'FIREDRILL_ADMIN_TOKEN' },
    { name: 'FIREDRILL_ULR', nearest: 'FIREDRILL_URL' },
    { name: 'FIREDRILL_SANBOX', nearest: 'FIREDRILL_SANDBOX' },
  ]) {
    const message = `Unknown environment variable ${name}, the nearest is ${nearest}; see --help`
    t.match(
      caught(() => configure({ [name]: '1' })),
      { message },
      name,
    )
    t.type(
      caught(() => configure({ [name]: '1' })),
      OptionError,
    )
  }
  const named = `firedrill: Unknown environment variable FIREDRILL_SEDE, the nearest is FIREDRILL_SEED; see --help`
  const env = { FIREDRILL_SEDE: 'x' }
  refused(t, await run(t, { env }), named, 'the server')
  refused(t, await run(t, { env, args: ['exec', '--', 'true'] }), named, 'exec')
  refused(t, await run(t, { env, args: ['clock'] }), named, 'a command to a running server')
  const { environment, close } = await start({ adminToken: 'secret' })
  await close()
  t.ok(Object.keys(environment).length > 12)
  t.equal(configure(environment).adminToken, 'secret', 'the variables that exec sets are accepted')
  configure({
    FIREDRILL_HOME: '/x',
    FIREDRILL_TEST: '1',
    FIREDRILL_IMAGE: 'i',
    FIREDRILL_CREDENTIAL: 'c',
    FIRE_PROT: '1',
  })
})

t.test('variables of Kubernetes services are not read as options', async t => {
  const links = {
    FIREDRILL_SERVICE_HOST: '10.0.0.1',
    FIREDRILL_SERVICE_PORT: '8420',
    FIREDRILL_SERVICE_PORT_HTTP: '8420',
    FIREDRILL_PORT: 'tcp://10.0.0.1:8420',
    FIREDRILL_PORT_8420_TCP: 'tcp://10.0.0.1:8420',
    FIREDRILL_PORT_8420_TCP_ADDR: '10.0.0.1',
    FIREDRILL_PORT_80_TCP_PORT: '80',
    FIREDRILL_HOS_SERVICE_HOST: '10.0.0.1',
    FIREDRILL_HOS_PORT: 'tcp://10.0.0.1:80',
  }
  t.equal(configFromCommandLine([], links).config.port, 8420)
  t.equal(configFromCommandLine(['--port', '1'], links).config.port, 1)
  const script = 'console.log(process.env.FIREDRILL_URL, process.env.FIREDRILL_PORT)'
  const { code, stdout } = await run(t, { env: links, args: ['exec', '--', process.execPath, '-e', script] })
  t.match({ code, stdout }, { code: 0, stdout: /^http:\/\/127\.0\.0\.1:\d+ tcp:\/\/10\.0\.0\.1:8420\n$/ })
  t.notMatch(stdout, /127\.0\.0\.1:8420 /, 'exec takes a free port')
})
