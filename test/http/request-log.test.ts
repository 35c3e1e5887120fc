// The log: one line for each request, without secrets, with why it was refused.
import t, { type Test } from 'tap'
import type { Log, LogLine } from '../../src/http/log-line.ts'
import { start } from '../../src/index.ts'
import { boot, type Call, call } from '../helpers.ts'
import { run } from '../program.ts'

const INSTANCE = '/v1/instances/10000000-0000-4000-8000-000000000001'
const TOKEN = { authorization: 'Bearer demo-token' }

/** A server, and a function that sends a request and returns what is logged of it. */
async function logging(t: Test, options = {}) {
  let next: Log = () => {}
  const server = await boot(t, { ...options, log: line => next(line) })
  const logged = async (what: Call): Promise<LogLine> => {
    const line = new Promise<LogLine>(resolve => {
      next = resolve
    })
    await call(server, { ...what, contract: false }).catch(() => {})
    return line
  }
  return { server, logged }
}

t.test('what a line says of a request', async t => {
  const { server, logged } = await logging(t)
  const line = await logged({ path: `/@t1${INSTANCE}`, headers: TOKEN })
  t.match(line, {
    event: 'request',
    at: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
    sandbox: 't1',
    method: 'GET',
    path: `/@t1${INSTANCE}`,
    status: 200,
    durationMs: Number,
    operation: 'getInstance',
  })
  t.notOk('reason' in line || 'fault' in line || 'forced' in line)
  const reasons: Readonly<Record<string, { what: Call; expected: object }>> = {
    'wrong credentials': {
      what: { path: INSTANCE },
      expected: { status: 401, reason: /^authentication: Unauthorized: / },
    },
    'an error with status 200': {
      what: { path: '/arcgis/admin/jobs?f=json' },
      expected: { status: 200, operation: 'listJobs', reason: /^authentication: TokenRequired: / },
    },
    'an unknown path of an API': {
      what: { path: '/v3/nope', headers: { authorization: '23457145698959364-demo' } },
      expected: { status: 404, reason: /^routing: / },
    },
    'a path of no API': { what: { path: '/nope' }, expected: { status: 404, reason: /Nothing is served at GET/ } },
    'a path that cannot be decoded': {
      what: { path: '/v1/instances/%zz' },
      expected: { status: 404, sandbox: 'default' },
    },
    'a path that cannot be decoded, of no API': {
      what: { path: '/@t1/nope%zz?token=very-secret-value' },
      expected: { status: 404, sandbox: 't1', reason: 'The percent-encoding of the URL is not valid.' },
    },
    'a path of the control API that cannot be decoded': {
      what: { path: '/__admin/%zz' },
      expected: { status: 404, reason: 'The percent-encoding of the URL is not valid.' },
    },
    'a path of the control API with a part that is too long': {
      what: { path: `/__admin/sandboxes/${'a'.repeat(1025)}/clock` },
      expected: { status: 404, reason: 'A part of the path is longer than 1024 characters.' },
    },
    'the control API': {
      what: { path: '/__admin/sandboxes/t9/clock' },
      expected: { status: 404, sandbox: 't9', operation: 'getClock', reason: /t9/ },
    },
    'a forced response': {
      what: { path: INSTANCE, headers: { ...TOKEN, prefer: 'code=404' } },
      expected: { status: 404, forced: String },
    },
  }
  for (const [why, { what, expected }] of Object.entries(reasons)) t.match(await logged(what), expected, why)
  server.default.faults.arm({ operation: 'getInstance', fault: 'reset', times: 1 })
  const reset = await logged({ path: INSTANCE, headers: TOKEN })
  t.match(reset, { fault: 'reset', operation: 'getInstance' })
  t.notOk('status' in reset, 'no response was sent')
})

t.test('preflights, which nothing else records', async t => {
  const { logged } = await logging(t, { cors: 'https://app.example' })
  const preflight = (origin: string, sandbox = ''): Call => ({
    method: 'OPTIONS',
    path: `${sandbox}${INSTANCE}?token=very-secret-value`,
    headers: { origin, 'access-control-request-method': 'POST' },
  })
  const path = `${INSTANCE}?token=[redacted]`
  const allowed = await logged(preflight('https://app.example'))
  t.match(allowed, { event: 'request', sandbox: 'default', method: 'OPTIONS', path, status: 204, durationMs: Number })
  t.match(await logged(preflight('https://app.example', '/@t1')), { sandbox: 't1', path: `/@t1${path}` })
  t.notOk('reason' in allowed)
  const reason = 'Pages of https://other.example may not use the APIs; see --cors.'
  t.match(await logged(preflight('https://other.example')), { method: 'OPTIONS', path, status: 204, reason })
})

t.test('secrets are redacted, also without a journal', async t => {
  for (const journalEntries of [0, 1000]) {
    const { logged } = await logging(t, { journalEntries })
    const inUrl = await logged({ path: '/arcgis/admin/jobs?f=json&token=very-secret-value' })
    t.match(inUrl, { path: '/arcgis/admin/jobs?f=json&token=[redacted]' })
    const inBody = await logged({
      method: 'POST',
      path: '/arcgis/sharing/rest/generateToken?echo=very-secret-value',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'username=siteadmin&password=very-secret-value&f=json',
    })
    t.match(inBody, { operation: 'generateToken', reason: String })
    t.notMatch(JSON.stringify([inUrl, inBody]), /very-secret-value/)
  }
})

t.test('--log prints to standard error: text, in colours where they are wanted, or JSON', async t => {
  const script = 'curl -s -o /dev/null "$FIREDRILL_URL/v3/%1B%5B31m?token=very-secret-value"; echo done'
  const printed = async (log: string, env = {}) => {
    const { code, stdout, stderr } = await run(t, { args: ['exec', log, '--', 'sh', '-c', script], env })
    t.match({ code, stdout }, { code: 0, stdout: 'done\n' })
    return stderr
  }
  const [plain, coloured, json] = await Promise.all([
    printed('--log'),
    printed('--log', { FORCE_COLOR: '1' }),
    printed('--log=json'),
  ])
  t.match(
    plain,
    /^[\d:.]{12} 401 GET \/v3\/%1B%5B31m\?token=\[redacted\] [\d.]+ ms default \(authentication: [^\n]+\)\n$/,
  )
  t.ok(coloured.includes('\u001b[33m401\u001b[39m GET'))
  t.match(JSON.parse(json), { event: 'request', status: 401, path: '/v3/%1B%5B31m?token=[redacted]' })
})

t.test('start() takes a function', async t => {
  await t.rejects(start({ log: 'text' as unknown as Log }), { message: 'log must be a function, which gets each line' })
})
