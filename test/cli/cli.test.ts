// The command line: what it prints, what it refuses and in how many words, and how it stops.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { apis } from '../../src/apis/index.ts'
import { OptionError } from '../../src/cli/flags.ts'
import { configFromCommandLine, helpText } from '../../src/config.ts'
import { openRegistry } from '../../src/fixtures.ts'
import { inParallel, type Launch, launch, refused, run, serve } from '../program.ts'
import { caught } from '../sandbox/world.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const INSTANCE = '10000000-0000-4000-8000-000000000001'

t.test('the first line is JSON for programs', async t => {
  const { child, firstLine } = launch(t, { args: ['--port', '0', '--json'] })
  const ready = JSON.parse(await firstLine)
  t.match(ready, { ready: true, url: /^http:\/\/127\.0\.0\.1:\d+$/, pid: child.pid })
  t.ok((await fetch(`${ready.url}/v1/instances/x/restores`)).status === 401)
})

t.test('the first line says where, for people; then comes something to try for each API', async t => {
  const program = launch(t, { args: ['--port', '0'] })
  const line = await program.firstLine
  const [, url] = /^Firedrill \S+ is running at (http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? []
  t.ok(url, line)
  t.ok(line.includes(version))
  program.child.kill('SIGTERM')
  const { stdout } = await program.ended
  t.match(stdout, /credentials are part of the demo data and work as they are/)
  for (const { title, mounts, tryIt } of apis) {
    const basePaths = mounts.map(({ basePath }) => basePath).join(', ')
    t.ok(stdout.includes(`${title}: ${basePaths}\n  ${tryIt(url as string)}\n`), title)
  }
})

t.test('--host and --port are where it listens', async t => {
  const { url } = await serve(t, { args: ['--host', '::1'] })
  t.match(url, /^http:\/\/\[::1\]:\d+$/)
  t.equal((await fetch(`${url}/nothing`)).status, 404)
})

t.test('--help names every option with its twin in the environment', async t => {
  const { code, stdout, stderr } = await run(t, { args: ['--help'] })
  t.match({ code, stderr }, { code: 0, stderr: '' })
  t.ok(stdout.startsWith(`${helpText()}\n`))
  t.match(stdout, /^Usage: firedrill /)
  for (const name of OPTIONS) {
    t.ok(stdout.includes(`  --${name} `), name)
    t.ok(stdout.includes(`${twinOf(name)}\n`), `the twin of ${name}`)
  }
  for (const option of ['--json', '--openapi', '-h, --help', '-v, --version'])
    t.ok(stdout.includes(`\n  ${option} `), option)
  t.equal(helpText().match(/FIREDRILL_/g)?.length, OPTIONS.length, 'there are no others')
})

/** Every option, with values that cannot be used and what is said of them. */
const BAD: Record<string, [string, string][]> = {
  port: [
    ['x', 'must be a whole number from 0 to 65535, not "x"'],
    ['65536', 'must be a whole number from 0 to 65535, not "65536"'],
    ['80.5', 'must be a whole number from 0 to 65535, not "80.5"'],
    ['', 'must be a whole number from 0 to 65535, not ""'],
    ['1\n2', 'must be a whole number from 0 to 65535, not "1 2"'],
  ],
  host: [['', 'must be a text that is not empty, not ""']],
  tls: [['yes', 'must be true or false, not "yes"']],
  'tls-ca': [['', 'must be a text that is not empty, not ""']],
  'tls-cert': [['', 'must be a text that is not empty, not ""']],
  'tls-key': [['', 'must be a text that is not empty, not ""']],
  'http-port': [['65536', 'must be a whole number from 0 to 65535, not "65536"']],
  'public-url': [
    ['example.com', 'must be an http or https URL without query, not "example.com"'],
    ['ftp://example.com', 'must be an http or https URL without query, not "ftp://example.com"'],
    ['http://example.com/?a', 'must be an http or https URL without query, not "http://example.com/?a"'],
  ],
  data: [['', 'must be a text that is not empty, not ""']],
  fixtures: [['', 'must be a text that is not empty, not ""']],
  scenario: [
    ['nope', 'must be one of '],
    ['', 'must be a text that is not empty, not ""'],
    ['toString', 'must be one of '],
  ],
  seed: [['', 'must be a text that is not empty, not ""']],
  clock: [
    ['fast', 'must be real, frozen, frozen:INSTANT, scaled:FACTOR or scaled:FACTOR:INSTANT (ISO 8601), not "fast"'],
    ['frozen:', 'must be real, frozen, '],
    ['frozen:soon', 'must be real, frozen, '],
    ['frozen:+6d', 'must be real, frozen, '],
    ['frozen:2026-02-30', 'must be real, frozen, '],
    ['real:2026-01-01', 'must be real, frozen, '],
    ['scaled', 'must be real, frozen, '],
    ['scaled:x', 'must be a number from 0.000001 to 1000000, '],
    ['scaled:-1', 'must be a number from 0.000001 to 1000000, '],
    ['scaled:0', 'must be a number from 0.000001 to 1000000, not "scaled:0"'],
    ['scaled:1.2.3', 'must be a number from 0.000001 to 1000000, '],
    ['scaled:99999999', 'must be a number from 0.000001 to 1000000, '],
  ],
  'job-speed': [
    ['0', 'must be a number from 0.000001 to 1000000, not "0"'],
    ['-1', 'must be a number from 0.000001 to 1000000, not "-1"'],
    ['fast', 'must be a number from 0.000001 to 1000000, not "fast"'],
    ['Infinity', 'must be a number from 0.000001 to 1000000, not "Infinity"'],
    [' ', 'must be a number from 0.000001 to 1000000, not " "'],
  ],
  'job-progression': [
    ['polls', 'must be time, immediate, polls:N (N from 1) or manual, not "polls"'],
    ['polls:0', 'must be time, immediate, polls:N (N from 1) or manual, not "polls:0"'],
  ],
  'archive-password': [['', 'must be a text that is not empty, not ""']],
  'a9s-prepare-status': [['201', 'must be 200 or 202, not "201"']],
  'a9s-perform-status': [['accepted', 'must be 200 or 202, not "accepted"']],
  'max-sandboxes': [['0', 'must be a whole number from 1 to 1000000, not "0"']],
  'sandbox-ttl': [
    ['0s', 'must be a duration like 5m, 1h30m, 250ms or PT5M, not "0s"'],
    ['5', 'must be a duration like 5m, 1h30m, 250ms or PT5M, not "5"'],
  ],
  'shutdown-timeout': [
    ['5', 'must be 0 or a duration like 5s or 250ms of at most 1h, not "5"'],
    ['61m', 'must be 0 or a duration like 5s or 250ms of at most 1h, not "61m"'],
  ],
  'request-timeout': [
    ['0s', 'must be a duration like 5s or 250ms of at most 1h, not "0s"'],
    ['25d', 'must be a duration like 5s or 250ms of at most 1h, not "25d"'],
  ],
  'journal-entries': [['some', 'must be a whole number from ']],
  'journal-total-bytes': [['lots', 'must be a whole number from 0 to 68719476736, not "lots"']],
  'max-listeners': [['0', 'must be a whole number from 1 to 1000000, not "0"']],
  'max-snapshots': [['-1', 'must be a whole number from 1 to 1000000, not "-1"']],
  'max-faults': [['1.5', 'must be a whole number from 1 to 1000000, not "1.5"']],
  'journal-bytes': [['-1', 'must be a whole number from ']],
  'admin-token': [['', 'must be a text that is not empty, not ""']],
  'admin-origin': [
    ['example.com', 'must be an http or https URL without query, not "example.com"'],
    [
      'https://example.com/path',
      'must be an origin without a path, as in https://console.example, not "https://example.com/path"',
    ],
  ],
  'prefer-query': [['yes', 'must be true or false, not "yes"']],
  'no-debug-headers': [['perhaps', 'must be true or false, not "perhaps"']],
  'no-auto-sandbox': [['perhaps', 'must be true or false, not "perhaps"']],
}
const OPTIONS = Object.keys(BAD)
const SWITCHES = ['no-auto-sandbox', 'no-debug-headers', 'prefer-query', 'tls']

const twinOf = (name: string) => `FIREDRILL_${name.replaceAll('-', '_').toUpperCase()}`

t.test('every value that cannot be used, by flag and by environment', async t => {
  for (const [name, values] of Object.entries(BAD)) {
    for (const [value, message] of values) {
      const ways = { [twinOf(name)]: () => configFromCommandLine([], { [twinOf(name)]: value }) }
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

t.test('an option that cannot be used ends it: one line that names it as it was given, and 2', async t => {
  const cases: [string, Launch, string][] = [
    ['by flag', { args: ['--port', 'x'] }, 'firedrill: --port must be a whole number from 0 to 65535, not "x"'],
    ['by environment', { env: { FIREDRILL_JOB_SPEED: '0' } }, 'firedrill: FIREDRILL_JOB_SPEED must be a number '],
    ['of several lines', { args: ['--clock', 'a\nb'] }, 'not "a b"'],
    ['found late', { args: ['--scenario', 'nope'] }, 'firedrill: --scenario must be one of '],
    ['unknown', { args: ['--nope'] }, "firedrill: Unknown option '--nope'; see --help"],
    [
      'misspelt',
      { args: ['--job-speeed', '2'] },
      "Unknown option '--job-speeed', the nearest is --job-speed; see --help",
    ],
    ['no option', { args: ['8080'] }, "'8080'"],
  ]
  await inParallel(cases, async ([name, what, message]) => refused(t, await run(t, what), message, name))
})

t.test('a command line that cannot be read', async t => {
  const cases: [string[], string][] = [
    [['--nope'], "Unknown option '--nope'; see --help"],
    [['--no.pe'], "Unknown option '--no.pe'; see --help"],
    [['-x'], "Unknown option '-x'; see --help"],
    [['--port'], "Option '--port <value>' argument missing; see --help"],
    [['--port', '--json'], "Option '--port' argument is ambiguous; see --help"],
    [['--json=yes'], "Option '--json' does not take an argument; see --help"],
    [['--json', 'yes'], "Unexpected argument 'yes'"],
  ]
  for (const [args, message] of cases) {
    const error = caught(() => configFromCommandLine(args, {}))
    t.type(error, OptionError)
    t.match(error, { message }, args.join(' '))
  }
})

t.test('the command line goes before the environment', async t => {
  const env = { FIREDRILL_PORT: 'x', FIREDRILL_A9S_PREPARE_STATUS: '202' }
  const prepare = async (url: string) => {
    const headers = { authorization: 'bearer demo-token' }
    return (await fetch(`${url}/v1/instances/${INSTANCE}/disaster-recovery/prepare`, { method: 'POST', headers }))
      .status
  }
  t.equal(await prepare((await serve(t, { env })).url), 202, 'where it is silent, the environment holds')
  t.equal(await prepare((await serve(t, { env, args: ['--a9s-prepare-status', '200'] })).url), 200)
})

t.test('a port in use', async t => {
  const other: Server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const line = `${port} on 127.0.0.1 is in use by another program`
  refused(t, await run(t, { args: ['--port', `${port}`] }), `firedrill: --port ${line}`, 'by flag')
  refused(
    t,
    await run(t, { env: { FIREDRILL_PORT: `${port}` } }),
    `firedrill: FIREDRILL_PORT ${line}`,
    'by environment',
  )
})

t.test('a host that is not this one', async t => {
  for (const host of ['192.0.2.1', 'no-such-host.invalid']) {
    const ended = await run(t, { args: ['--port', '0', '--host', host] })
    refused(t, ended, `firedrill: --host ${host} is not an address of this machine`, host)
  }
})

t.test('a document that cannot be used', async t => {
  const row = { id: 'i', backupGuid: 'g' }
  const files: Record<string, [unknown, string]> = {
    'text.json': ['no JSON\nat all', 'is not valid JSON'],
    'cut.json': ['{"a9s":\n', 'Unexpected end of JSON input'],
    'array.json': [[], 'JSON object'],
    'null.json': [null, 'JSON object'],
    'api.json': [{ a8s: {} }, 'unknown field "a8s"; known fields are format, clock, '],
    'proto.json': [{ toString: {} }, 'unknown field "toString"'],
    'section.json': [{ a9s: [] }, 'a9s must be an object whose fields are tables'],
    'table.json': [{ a9s: { instance: [] } }, 'a9s: unknown field "instance"; known fields are '],
    'rows.json': [{ a9s: { instances: {} } }, 'a9s: instances: Expected array'],
    'field.json': [{ a9s: { instances: [{ ...row, color: 1 }] } }, 'a9s: instances/0/color: Unexpected property'],
    'type.json': [{ a9s: { instances: [{ ...row, deleted: 'yes' }] } }, 'a9s: instances/0/deleted: Expected boolean'],
    'missing.json': [{ a9s: { instances: [row, { id: 'j' }] } }, 'a9s: instances/1/backupGuid: '],
    'twice.json': [{ a9s: { instances: [row, row] } }, 'a9s: UNIQUE constraint failed'],
  }
  const texts = Object.entries(files).map(([name, [content]]) => [
    name,
    typeof content === 'string' ? content : JSON.stringify(content),
  ])
  const directory = t.testdir(Object.fromEntries(texts))
  const cases = [
    ['nowhere.json', 'ENOENT: no such file or directory'],
    ...Object.entries(files).map(([name, [, message]]) => [name, message]),
  ] as [string, string][]
  const open = (...args: string[]) => caught(() => openRegistry(configFromCommandLine(args, {}).config).close())
  for (const [name, message] of cases) {
    const error = open('--fixtures', join(directory, name))
    t.type(error, OptionError)
    t.match(error, { message }, name)
    t.match(error, { message: `--fixtures ${join(directory, name)}: ` })
    t.notMatch(error, { message: /\n/ })
  }
  const both = open('--fixtures', join(directory, 'api.json'), '--scenario', 'empty')
  t.match(both, { message: '--fixtures and --scenario exclude each other' })
  const text = join(directory, 'text.json')
  const line = `${text}: Unexpected token 'o', "no JSON at all" is not valid JSON`
  refused(t, await run(t, { args: ['--fixtures', text] }), `firedrill: --fixtures ${line}`, 'by flag')
  refused(
    t,
    await run(t, { env: { FIREDRILL_FIXTURES: text } }),
    `firedrill: FIREDRILL_FIXTURES ${line}`,
    'by environment',
  )
})

t.test('a document in place of the demo data of the APIs that it names', async t => {
  const mine = { a9s: { tokens: [{ token: 'mine' }], instances: [{ id: 'i', backupGuid: 'g' }] } }
  const directory = t.testdir({ 'mine.json': JSON.stringify(mine) })
  const { url } = await serve(t, { args: ['--fixtures', join(directory, 'mine.json')] })
  const ask = (path: string, authorization: string) => fetch(url + path, { headers: { authorization } })
  t.equal((await ask('/v1/instances/i/restores', 'bearer mine')).status, 200)
  t.equal((await ask('/v1/instances/i/restores', 'bearer demo-token')).status, 401)
  t.equal((await ask('/backend/api/v1/disasterRecoveryFiles', 'Bearer YOUR_API_KEY')).status, 200, 'the others stay')
})

t.test('SIGTERM and SIGINT let a running request finish', async t => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const server = await serve(t)
    const headers = { authorization: 'bearer demo-token', 'content-type': 'application/json', expect: '100-continue' }
    const path = `/v1/instances/${INSTANCE}/disaster-recovery/prepare`
    const upload = request(server.url + path, { method: 'POST', headers })
    upload.flushHeaders()
    // The server has the head of the request and waits for the rest.
    await once(upload, 'continue')
    upload.write('{"encryption_key":')
    server.child.kill(signal)
    await refuses(server.url)
    upload.end('"long-enough"}')
    const [response] = await once(upload, 'response')
    t.equal(response.statusCode, 200, signal)
    await response.toArray()
    t.match(await server.ended, { code: 0, signal: null, stderr: '' })
  }
})

/** Resolves once nobody is let in any more. */
async function refuses(url: string): Promise<void> {
  for (;;) {
    const attempt = request(url)
    const outcome = await Promise.race([
      once(attempt.end(), 'response').then(([response]) => response.resume()),
      once(attempt, 'error').then(() => undefined),
    ]).catch(() => undefined)
    if (outcome === undefined) return
  }
}

t.test('SIGTERM does not wait for clients that only keep their connection', async t => {
  const server = await serve(t)
  await (await fetch(`${server.url}/nothing`)).text()
  server.child.kill('SIGTERM')
  t.match(await server.ended, { code: 0, stderr: '' })
})

t.test('a second signal does not wait', async t => {
  const server = await serve(t)
  const upload = request(`${server.url}/v1/instances/${INSTANCE}/disaster-recovery/prepare`, {
    method: 'POST',
    headers: { authorization: 'bearer demo-token', 'content-type': 'application/json', expect: '100-continue' },
  })
  upload.on('error', () => {})
  upload.flushHeaders()
  await once(upload, 'continue')
  server.child.kill('SIGTERM')
  await refuses(server.url)
  server.child.kill('SIGTERM')
  t.match(await server.ended, { code: 1 })
})

t.test('kill on npm start stops the server, not npm alone', async t => {
  const npm = spawn('npm', ['start', '--silent', '--', '--port', '0', '--json'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  t.teardown(() => npm.kill('SIGKILL'))
  const [line] = await once(createInterface(npm.stdout), 'line')
  const { pid } = JSON.parse(line)
  t.teardown(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  // Of all that npm has started, the server is the last to let go of the output.
  const ended = once(npm, 'close', { signal: AbortSignal.timeout(20_000) })
  npm.kill('SIGTERM')
  await ended
  t.notOk(isRunning(pid))
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

t.test('an older Node is refused before anything native is loaded', async t => {
  for (const [old, refuses] of [
    ['20.19.0', true],
    ['22.17.9', true],
    ['22.18.0', false],
    ['26.0.0', false],
  ] as const) {
    const preload = `
      Object.defineProperty(process.versions, 'node', { value: '${old}' })
      const open = process.dlopen
      process.dlopen = (...given) => { process.stderr.write('native ' + given[1]); return open(...given) }`
    const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`]
    const program = launch(t, { nodeArgs, args: ['--port', '0'] })
    if (refuses) {
      const stderr = `firedrill: needs Node.js 22.18 or newer, this is ${old}\n`
      t.same(await program.ended, { code: 1, signal: null, stdout: '', stderr })
    } else {
      await program.firstLine
      program.child.kill()
      t.match(await program.ended, { stderr: /^native .*better-sqlite3.*\.node$/ }, 'which would be noticed')
    }
  }
})

t.test('--openapi prints the committed document', async t => {
  const { code, stdout, stderr } = await run(t, { args: ['--openapi'] })
  t.match({ code, stderr }, { code: 0, stderr: '' })
  t.match(stdout, /^openapi: 3\.1/)
})
