// Environment variables that begin like Firedrill's own: misspelt ones, those of exec, those of Kubernetes.
import t from 'tap'
import { OptionError } from '../src/cli/flags.ts'
import { configFromCommandLine } from '../src/config.ts'
import { start } from '../src/index.ts'
import { refused, run } from './program.ts'
import { caught } from './sandbox/world.ts'

t.test('a variable that is probably misspelt is refused, and others are left alone', async t => {
  const configure = (env: Record<string, string>) => configFromCommandLine([], env).config
  for (const [name, nearest] of [
    ['FIREDRILL_PROT', 'FIREDRILL_PORT'],
    ['FIREDRILL_HOSTS', 'FIREDRILL_HOST'],
    ['FIREDRILL_JOB_SPEEED', 'FIREDRILL_JOB_SPEED'],
    ['FIREDRILL_SANDBOX_TLL', 'FIREDRILL_SANDBOX_TTL'],
    ['FIREDRILL_ADMINTOKEN', 'FIREDRILL_ADMIN_TOKEN'],
    ['FIREDRILL_ULR', 'FIREDRILL_URL'],
    ['FIREDRILL_SANBOX', 'FIREDRILL_SANDBOX'],
  ] as const) {
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
  t.equal(configure(environment).adminToken, 'secret', 'what exec hands out is not misspelt')
  configure({
    FIREDRILL_HOME: '/x',
    FIREDRILL_TEST: '1',
    FIREDRILL_IMAGE: 'i',
    FIREDRILL_CREDENTIAL: 'c',
    FIRE_PROT: '1',
  })
})

t.test('Kubernetes service links are no options', async t => {
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
