// The options of the command line: help, invalid values and precedence.
import t from 'tap'
import { OptionError } from '../../src/cli/flags.ts'
import { configFromCommandLine, helpText } from '../../src/config.ts'
import { openRegistry } from '../../src/fixtures.ts'
import { inParallel, type Launch, refused, run, serve } from '../program.ts'
import { caught } from '../sandbox/bakery.ts'

const INSTANCE = '10000000-0000-4000-8000-000000000001'

t.test('--help lists every option with its environment variable', async t => {
  const { code, stdout, stderr } = await run(t, { args: ['--help'] })
  t.match({ code, stderr }, { code: 0, stderr: '' })
  t.ok(stdout.startsWith(`${helpText()}\n`))
  t.match(stdout, /^Usage: firedrill /)
  for (const name of OPTIONS) {
    t.ok(stdout.includes(`  --${name} `), name)
    t.ok(stdout.includes(`${variableOf(name)}\n`), `the variable of ${name}`)
  }
  for (const option of ['--json', '--openapi', '-h, --help', '-v, --version'])
    t.ok(stdout.includes(`\n  ${option} `), option)
  t.equal(helpText().match(/FIREDRILL_/g)?.length, OPTIONS.length, 'no other variables')
})

interface InvalidValue {
  value: string
  /** The start of the message after the name of the option. */
  message: string
}

/** Invalid values of every option. */
const INVALID: Record<string, InvalidValue[]> = {
  port: [
    { value: 'x', message: 'must be a whole number from 0 to 65535, not "x"' },
    { value: '65536', message: 'must be a whole number from 0 to 65535, not "65536"' },
    { value: '80.5', message: 'must be a whole number from 0 to 65535, not "80.5"' },
    { value: '', message: 'must be a whole number from 0 to 65535, not ""' },
    { value: '1\n2', message: 'must be a whole number from 0 to 65535, not "1 2"' },
  ],
  host: [{ value: '', message: 'must be a text that is not empty, not ""' }],
  tls: [{ value: 'yes', message: 'must be true or false, not "yes"' }],
  cors: [
    { value: 'app.example', message: 'must be an http or https URL without query, not "app.example"' },
    { value: '*,http://a.example', message: 'must be * alone, or origins, not "*,http://a.example"' },
  ],
  log: [{ value: 'xml', message: 'must be text or json, not "xml"' }],
  'tls-ca': [{ value: '', message: 'must be a text that is not empty, not ""' }],
  'tls-cert': [{ value: '', message: 'must be a text that is not empty, not ""' }],
  'tls-key': [{ value: '', message: 'must be a text that is not empty, not ""' }],
  'http-port': [{ value: '65536', message: 'must be a whole number from 0 to 65535, not "65536"' }],
  'public-url': [
    { value: 'example.com', message: 'must be an http or https URL without query, not "example.com"' },
    { value: 'ftp://example.com', message: 'must be an http or https URL without query, not "ftp://example.com"' },
    {
      value: 'http://example.com/?a',
      message: 'must be an http or https URL without query, not "http://example.com/?a"',
    },
  ],
  data: [{ value: '', message: 'must be a text that is not empty, not ""' }],
  fixtures: [{ value: '', message: 'must be a text that is not empty, not ""' }],
  scenario: [
    { value: 'nope', message: 'must be one of ' },
    { value: '', message: 'must be a text that is not empty, not ""' },
    { value: 'toString', message: 'must be one of ' },
  ],
  seed: [{ value: '', message: 'must be a text that is not empty, not ""' }],
  clock: [
    {
      value: 'fast',
      message: 'must be real, frozen, frozen:INSTANT, scaled:FACTOR or scaled:FACTOR:INSTANT (ISO 8601), not "fast"',
    },
    { value: 'frozen:', message: 'must be real, frozen, ' },
    { value: 'frozen:soon', message: 'must be real, frozen, ' },
    { value: 'frozen:+6d', message: 'must be real, frozen, ' },
    { value: 'frozen:2026-02-30', message: 'must be real, frozen, ' },
    { value: 'real:2026-01-01', message: 'must be real, frozen, ' },
    { value: 'scaled', message: 'must be real, frozen, ' },
    { value: 'scaled:x', message: 'must be a number from 0.000001 to 1000000, ' },
    { value: 'scaled:-1', message: 'must be a number from 0.000001 to 1000000, ' },
    { value: 'scaled:0', message: 'must be a number from 0.000001 to 1000000, not "scaled:0"' },
    { value: 'scaled:1.2.3', message: 'must be a number from 0.000001 to 1000000, ' },
    { value: 'scaled:99999999', message: 'must be a number from 0.000001 to 1000000, ' },
  ],
  'job-speed': [
    { value: '0', message: 'must be a number from 0.000001 to 1000000, not "0"' },
    { value: '-1', message: 'must be a number from 0.000001 to 1000000, not "-1"' },
    { value: 'fast', message: 'must be a number from 0.000001 to 1000000, not "fast"' },
    { value: 'Infinity', message: 'must be a number from 0.000001 to 1000000, not "Infinity"' },
    { value: ' ', message: 'must be a number from 0.000001 to 1000000, not " "' },
  ],
  'job-progression': [
    { value: 'polls', message: 'must be time, immediate, polls:N (N from 1) or manual, not "polls"' },
    { value: 'polls:0', message: 'must be time, immediate, polls:N (N from 1) or manual, not "polls:0"' },
  ],
  'archive-password': [{ value: '', message: 'must be a text that is not empty, not ""' }],
  'download-personality': [
    {
      value: 'apache',
      message: 'must be standard or nginx or go or s3 or cdn-gzip, not "apache"',
    },
  ],
  'archive-size': [
    {
      value: '4095',
      message: 'must be a size such as 5000000, 50MB or 20GiB: 0, or from 4096 bytes to 100GiB, not "4095"',
    },
  ],
  'a9s-prepare-status': [{ value: '201', message: 'must be 200 or 202, not "201"' }],
  'a9s-perform-status': [{ value: 'accepted', message: 'must be 200 or 202, not "accepted"' }],
  'dscloud-limits': [{ value: 'yes', message: 'must be true or false, not "yes"' }],
  'max-sandboxes': [{ value: '0', message: 'must be a whole number from 1 to 1000000, not "0"' }],
  'max-open-files': [{ value: '0', message: 'must be a whole number from 1 to 1000000, not "0"' }],
  'sandbox-ttl': [
    { value: '0s', message: 'must be a duration like 5m, 1h30m, 250ms or PT5M, not "0s"' },
    { value: '5', message: 'must be a duration like 5m, 1h30m, 250ms or PT5M, not "5"' },
  ],
  'drain-delay': [
    { value: '5', message: 'must be 0 or a duration like 5s or 250ms of at most 1h, not "5"' },
    { value: '61m', message: 'must be 0 or a duration like 5s or 250ms of at most 1h, not "61m"' },
  ],
  'shutdown-timeout': [
    { value: '5', message: 'must be 0 or a duration like 5s or 250ms of at most 1h, not "5"' },
    { value: '61m', message: 'must be 0 or a duration like 5s or 250ms of at most 1h, not "61m"' },
  ],
  'request-timeout': [
    { value: '0s', message: 'must be a duration like 5s or 250ms of at most 1h, not "0s"' },
    { value: '25d', message: 'must be a duration like 5s or 250ms of at most 1h, not "25d"' },
  ],
  'journal-entries': [{ value: 'some', message: 'must be a whole number from ' }],
  'journal-total-bytes': [{ value: 'lots', message: 'must be a whole number from 0 to 68719476736, not "lots"' }],
  history: [{ value: '-1', message: 'must be a whole number from 0 to 1000000, not "-1"' }],
  'history-bytes': [{ value: '0', message: 'must be a whole number from 1 to 68719476736, not "0"' }],
  'max-listeners': [{ value: '0', message: 'must be a whole number from 1 to 1000000, not "0"' }],
  'max-snapshots': [{ value: '-1', message: 'must be a whole number from 1 to 1000000, not "-1"' }],
  'max-faults': [{ value: '1.5', message: 'must be a whole number from 1 to 1000000, not "1.5"' }],
  'journal-bytes': [{ value: '-1', message: 'must be a whole number from ' }],
  'admin-token': [{ value: '', message: 'must be a text that is not empty, not ""' }],
  'admin-origin': [
    { value: 'example.com', message: 'must be an http or https URL without query, not "example.com"' },
    {
      value: 'https://example.com/path',
      message: 'must be an origin without a path, as in https://console.example, not "https://example.com/path"',
    },
  ],
  config: [
    { value: '', message: 'must be a text that is not empty, not ""' },
    { value: 'no-such-file.json', message: 'no-such-file.json cannot be read: ENOENT' },
  ],
  'prefer-query': [{ value: 'yes', message: 'must be true or false, not "yes"' }],
  'allow-unsafe-archives': [{ value: 'perhaps', message: 'must be true or false, not "perhaps"' }],
  'no-debug-headers': [{ value: 'perhaps', message: 'must be true or false, not "perhaps"' }],
  'no-auto-sandbox': [{ value: 'perhaps', message: 'must be true or false, not "perhaps"' }],
}
const OPTIONS = Object.keys(INVALID)
const SWITCHES = [
  'allow-unsafe-archives',
  'dscloud-limits',
  'no-auto-sandbox',
  'no-debug-headers',
  'prefer-query',
  'tls',
]

const variableOf = (name: string) => `FIREDRILL_${name.replaceAll('-', '_').toUpperCase()}`

t.test('every invalid value, by flag and by environment variable', async t => {
  for (const [name, values] of Object.entries(INVALID)) {
    for (const { value, message } of values) {
      const ways = { [variableOf(name)]: () => configFromCommandLine([], { [variableOf(name)]: value }) }
      if (!SWITCHES.includes(name)) ways[`--${name}`] = () => configFromCommandLine([`--${name}=${value}`], {})
      for (const [label, configure] of Object.entries(ways)) {
        const error = caught(() => openRegistry(configure().config).close())
        t.type(error, OptionError)
        t.match(error, { message: `${label} ${message}` }, `${label}=${JSON.stringify(value)}`)
        t.notMatch(error, { message: /\n/ })
      }
    }
  }
})

t.test('an invalid option: one line that names it as it was given, and exit code 2', async t => {
  const cases: { name: string; launch: Launch; message: string }[] = [
    {
      name: 'by flag',
      launch: { args: ['--port', 'x'] },
      message: 'firedrill: --port must be a whole number from 0 to 65535, not "x"',
    },
    {
      name: 'by environment',
      launch: { env: { FIREDRILL_JOB_SPEED: '0' } },
      message: 'firedrill: FIREDRILL_JOB_SPEED must be a number ',
    },
    { name: 'of several lines', launch: { args: ['--clock', 'a\nb'] }, message: 'not "a b"' },
    { name: 'found late', launch: { args: ['--scenario', 'nope'] }, message: 'firedrill: --scenario must be one of ' },
    { name: 'unknown', launch: { args: ['--nope'] }, message: "firedrill: Unknown option '--nope'; see --help" },
    {
      name: 'misspelt',
      launch: { args: ['--job-speeed', '2'] },
      message: "Unknown option '--job-speeed', the nearest is --job-speed; see --help",
    },
    { name: 'no option', launch: { args: ['8080'] }, message: "'8080'" },
  ]
  await inParallel(cases, async ({ name, launch, message }) => refused(t, await run(t, launch), message, name))
})

t.test('a command line that cannot be parsed', async t => {
  const cases: { args: string[]; message: string }[] = [
    { args: ['--nope'], message: "Unknown option '--nope'; see --help" },
    { args: ['--no.pe'], message: "Unknown option '--no.pe'; see --help" },
    { args: ['-x'], message: "Unknown option '-x'; see --help" },
    { args: ['--port'], message: "Option '--port <value>' argument missing; see --help" },
    { args: ['--port', '--json'], message: "Option '--port' argument is ambiguous; see --help" },
    { args: ['--json=yes'], message: "Option '--json' does not take an argument; see --help" },
    { args: ['--json', 'yes'], message: "Unexpected argument 'yes'" },
  ]
  for (const { args, message } of cases) {
    const error = caught(() => configFromCommandLine(args, {}))
    t.type(error, OptionError)
    t.match(error, { message }, args.join(' '))
  }
})

t.test('the value of --log is optional', async t => {
  const formatOf = (...args: string[]) => configFromCommandLine(args, {}).config.log
  t.equal(formatOf('--log'), 'text')
  t.equal(formatOf('--log', '--json'), 'text')
  t.equal(formatOf('--log', 'json', '--port', '0'), 'json')
  t.equal(formatOf('--log=json'), 'json')
  t.equal(formatOf(), undefined)
  t.throws(() => formatOf('--log', 'xml'), { message: /^Unexpected argument 'xml'/ })
})

t.test('the command line takes precedence over the environment', async t => {
  const env = { FIREDRILL_PORT: 'x', FIREDRILL_A9S_PREPARE_STATUS: '202' }
  const prepare = async (url: string) => {
    const headers = { authorization: 'bearer demo-token' }
    return (await fetch(`${url}/v1/instances/${INSTANCE}/disaster-recovery/prepare`, { method: 'POST', headers }))
      .status
  }
  t.equal(await prepare((await serve(t, { env })).url), 202, 'without the flag the environment variable counts')
  t.equal(await prepare((await serve(t, { env, args: ['--a9s-prepare-status', '200'] })).url), 200)
})
